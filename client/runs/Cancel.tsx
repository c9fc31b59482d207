import { useClient } from "@urql/solid";
import { createEffect, createSignal, type JSX, on } from "solid-js";
import { type Outcome, readOutcome, refusalReason } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { SquareIcon } from "../ui/icons.ts";
import { CancelRunDocument, CancelTaskRunDocument } from "./runs_documents.ts";

/** Stops a run; `byKey`: where it is the only one, a key does the same. */
export function CancelRun(props: { readonly id: string; readonly byKey?: boolean }): JSX.Element {
  const client = useClient();
  const t = useTexts();
  const ask = async (): Promise<Outcome<unknown>> => {
    const result = await client.mutation(CancelRunDocument, { id: props.id });
    return readOutcome(result, result.data?.cancelRun);
  };
  return (
    <CancelButton id={props.id} ask={ask} label={t("run.cancel")} quiet={!props.byKey} byKey={props.byKey} />
  );
}

/** Stops one task of a run. */
export function CancelTask(props: { readonly id: string }): JSX.Element {
  const client = useClient();
  const t = useTexts();
  const ask = async (): Promise<Outcome<unknown>> => {
    const result = await client.mutation(CancelTaskRunDocument, { id: props.id });
    return readOutcome(result, result.data?.cancelTaskRun);
  };
  return <CancelButton id={props.id} ask={ask} label={t("run.cancelTask")} quiet />;
}

/** It stays asked: the event that ends the run or the task takes the button away. */
function CancelButton(props: {
  readonly id: string;
  readonly ask: () => Promise<Outcome<unknown>>;
  readonly label: string;
  readonly quiet: boolean;
  readonly byKey?: boolean | undefined;
}): JSX.Element {
  const { keyboard, toasts } = useServices();
  const t = useTexts();
  const [asked, setAsked] = createSignal(false);
  createEffect(on(() => props.id, () => setAsked(false), { defer: true }));
  const cancel = async (): Promise<void> => {
    if (asked()) return;
    setAsked(true);
    const outcome = await props.ask();
    if (outcome.kind === "done") return;
    setAsked(false);
    toasts.bad(refusalReason(outcome.refusal.message));
  };
  if (props.byKey) {
    keyboard.bind([{ keys: "s", meaning: () => t("keys.stop"), changes: true, run: () => void cancel() }]);
  }
  return (
    <ChangeButton
      class="button danger"
      classList={{ quiet: props.quiet }}
      disabled={asked()}
      onClick={() => void cancel()}
    >
      <SquareIcon size={props.quiet ? 12 : 13} />
      {asked() ? t("run.cancelRequested") : props.label}
    </ChangeButton>
  );
}
