import { useClient } from "@urql/solid";
import { createSignal, type JSX, Show } from "solid-js";
import type { ContainerEditor } from "../containers/container_editor.ts";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { plainCopy } from "../lib/plain_copy.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { RotateCcwIcon } from "../ui/icons.ts";
import { RestoreVersionDocument } from "./versions_documents.ts";

/** Asks first: what is there now becomes an old version. Unsaved changes would be in its way. */
export function RestoreButton(props: {
  readonly containerId: string;
  readonly version: number;
  readonly editor: ContainerEditor;
  /** What the version was made of is known. */
  readonly kept: boolean;
  readonly restored: () => void;
}): JSX.Element {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  const [asking, setAsking] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const [fault, setFault] = createSignal<string | null>(null);
  const hindrance = (): string | undefined => {
    if (!props.kept) return t("versions.notKeptTitle");
    return props.editor.changes() > 0 ? t("container.saveFirst") : undefined;
  };
  const restore = async (): Promise<void> => {
    setBusy(true);
    setFault(null);
    const result = await client.mutation(RestoreVersionDocument, {
      id: props.containerId,
      version: props.version,
      expected: props.editor.version(),
    });
    setBusy(false);
    const outcome = readOutcome(result, result.data?.restoreVersion);
    if (outcome.kind === "refused") {
      setFault(refusalReason(outcome.refusal.message));
      return;
    }
    setAsking(false);
    toasts.good(t("versions.restored", props.version));
    props.editor.theirs(plainCopy(outcome.value));
    props.restored();
  };
  return (
    <>
      <ChangeButton
        class="button"
        disabled={hindrance() !== undefined}
        title={hindrance()}
        onClick={() => setAsking(true)}
      >
        <RotateCcwIcon size={14} />
        {t("versions.restore")}
      </ChangeButton>
      <Dialog
        open={asking()}
        title={t("versions.restoreTitle", props.version)}
        close={() => setAsking(false)}
      >
        <p>{t("versions.restoreText", props.editor.version() + 1)}</p>
        <Show when={fault()}>{(reason) => <p class="field-error" role="alert">{reason()}</p>}</Show>
        <div class="form-actions end">
          <button type="button" class="button" onClick={() => setAsking(false)}>{t("common.cancel")}</button>
          <button type="button" class="button primary" disabled={busy()} onClick={() => void restore()}>
            {t("versions.restoreSubmit")}
          </button>
        </div>
      </Dialog>
    </>
  );
}
