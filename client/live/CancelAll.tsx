/** Asks before all runs are cancelled: also those that wait and are not shown. */
import { useClient } from "@urql/solid";
import { createSignal, type JSX } from "solid-js";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { SquareIcon } from "../ui/icons.ts";
import type { LiveFilter } from "./live_board.ts";
import { CancelAllDocument } from "./live_documents.ts";

export function CancelAll(props: { readonly filter: LiveFilter }): JSX.Element {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  const [asking, setAsking] = createSignal(false);
  const restricted = (): boolean => props.filter.project !== null || props.filter.containerId !== null;
  const cancel = async (): Promise<void> => {
    setAsking(false);
    const result = await client.mutation(CancelAllDocument, props.filter);
    const outcome = readOutcome(result, result.data?.cancelAllRuns);
    if (outcome.kind === "done") toasts.good(t("live.cancelledAll", outcome.value.count));
    else toasts.bad(refusalReason(outcome.refusal.message));
  };
  return (
    <>
      <ChangeButton class="button danger" onClick={() => setAsking(true)}>
        <SquareIcon size={13} />
        {t("live.cancelAll")}
      </ChangeButton>
      <Dialog open={asking()} title={t("live.cancelAllTitle")} close={() => setAsking(false)}>
        <p>{restricted() ? t("live.cancelSelectedText") : t("live.cancelAllText")}</p>
        <div class="form-actions end">
          <button type="button" class="button" onClick={() => setAsking(false)}>
            {t("live.keepRunning")}
          </button>
          <button type="button" class="button danger" onClick={() => void cancel()}>
            {t("live.cancelAll")}
          </button>
        </div>
      </Dialog>
    </>
  );
}
