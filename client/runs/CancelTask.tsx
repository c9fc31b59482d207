import { useClient } from "@urql/solid";
import { createEffect, createSignal, type JSX, on } from "solid-js";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { SquareIcon } from "../ui/icons.ts";
import { CancelTaskRunDocument } from "./runs_documents.ts";

/** Stops one task of a run. It stays asked: the event that ends the task takes the button away. */
export function CancelTask(props: { readonly id: string }): JSX.Element {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  const [asked, setAsked] = createSignal(false);
  createEffect(on(() => props.id, () => setAsked(false), { defer: true }));
  const cancel = async (): Promise<void> => {
    setAsked(true);
    const result = await client.mutation(CancelTaskRunDocument, { id: props.id });
    const outcome = readOutcome(result, result.data?.cancelTaskRun);
    if (outcome.kind === "done") return;
    setAsked(false);
    toasts.bad(refusalReason(outcome.refusal.message));
  };
  return (
    <ChangeButton class="button quiet danger" disabled={asked()} onClick={() => void cancel()}>
      <SquareIcon size={12} />
      {asked() ? t("run.cancelRequested") : t("run.cancelTask")}
    </ChangeButton>
  );
}
