/** Asks before output goes, twice: what would go is named first, then a word has to be typed. */
import { useClient } from "@urql/solid";
import { createEffect, createSignal, type JSX, on, Show } from "solid-js";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Notice } from "../ui/faces.tsx";
import { Field } from "../ui/Field.tsx";
import { DeleteLogsDocument } from "./logs_documents.ts";
import type { LogFilterInput } from "./logs_state.ts";

/** How much is stored is another number then. */
const CHANGED = { additionalTypenames: ["LogUsage"] };

export interface Deletion {
  /** What goes, for people. */
  readonly what: string;
  readonly filter: LogFilterInput;
}

export function DeleteLogs(props: {
  /** Null while nothing is asked. */
  readonly deletion: Deletion | null;
  readonly close: () => void;
  readonly done: () => void;
}): JSX.Element {
  const t = useTexts();
  const client = useClient();
  const { toasts } = useServices();
  const [sure, setSure] = createSignal(false);
  const [typed, setTyped] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const [refusal, setRefusal] = createSignal<string | null>(null);
  createEffect(on(() => props.deletion, () => {
    setSure(false);
    setTyped("");
    setRefusal(null);
  }));
  const right = (): boolean => typed().trim().toLowerCase() === t("logs.deleteWord");
  const remove = async (): Promise<void> => {
    if (props.deletion === null || !right() || busy()) return;
    setBusy(true);
    const result = await client.mutation(DeleteLogsDocument, { filter: props.deletion.filter }, CHANGED);
    setBusy(false);
    const outcome = readOutcome(result, result.data?.deleteLogs);
    if (outcome.kind === "refused") {
      setRefusal(refusalReason(outcome.refusal.message));
      return;
    }
    toasts.good(t("logs.deleted", outcome.value.deletedLines));
    props.close();
    props.done();
  };
  return (
    <Dialog open={props.deletion !== null} title={t("logs.deleteTitle")} close={props.close}>
      <p>{props.deletion?.what}</p>
      <p class="muted">{t("logs.deleteText")}</p>
      <Show when={refusal()}>
        {(message) => <Notice tone="failed" title={t("logs.notDeleted")} text={message()} />}
      </Show>
      <Show when={sure()}>
        <Field label={t("logs.deleteType", t("logs.deleteWord"))}>
          {(ties) => (
            <input
              {...ties}
              ref={(element) => queueMicrotask(() => element.focus())}
              class="input"
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              value={typed()}
              onInput={(event) => setTyped(event.currentTarget.value)}
              onKeyDown={(event) => event.key === "Enter" && void remove()}
            />
          )}
        </Field>
      </Show>
      <div class="form-actions">
        <button type="button" class="button" onClick={() => props.close()}>{t("common.cancel")}</button>
        <Show
          when={sure()}
          fallback={
            <button type="button" class="button danger" onClick={() => setSure(true)}>
              {t("logs.deleteNext")}
            </button>
          }
        >
          <button
            type="button"
            class="button danger"
            disabled={!right() || busy()}
            onClick={() => void remove()}
          >
            {busy() ? t("logs.deleting") : t("logs.deleteSubmit")}
          </button>
        </Show>
      </div>
    </Dialog>
  );
}
