import { createSignal, type JSX, lazy, onCleanup, onMount, Show, Suspense } from "solid-js";
import { markFoot } from "../lib/foot.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Notice, Skeleton } from "../ui/faces.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { Redo2Icon, SaveIcon, Undo2Icon } from "../ui/icons.ts";
import type { ContainerDraft } from "./container_draft.ts";
import type { Conflict, ContainerEditor } from "./container_editor.ts";

const ConflictDiff = lazy(() => import("../versions/ConflictDiff.tsx"));

/** Lies at the foot of the page while there is something to save, or somebody else has saved. */
export function SaveBar(props: { readonly editor: ContainerEditor }): JSX.Element {
  const { toasts } = useServices();
  const t = useTexts();
  const save = async (how: () => Promise<boolean>): Promise<void> => {
    if (await how()) toasts.good(t("container.saved"));
  };
  saveByKey(() => {
    if (props.editor.changes() > 0) void save(props.editor.save);
  });
  const general = (): string | undefined => props.editor.faults()[""];
  return (
    <Show when={props.editor.changes() > 0 || props.editor.canRedo() || props.editor.conflict()}>
      <footer ref={markFoot} class="save-bar">
        <Show when={props.editor.conflict()}>
          {(conflict) => (
            <ConflictNotice
              conflict={conflict()}
              draft={props.editor.plain()}
              takeTheirs={props.editor.takeTheirs}
              keepMine={() => void save(props.editor.keepMine)}
            />
          )}
        </Show>
        <Show when={general()}>
          {(reason) => <Notice tone="failed" title={t("container.refused")} text={reason()} />}
        </Show>
        <div class="save-line">
          <span>
            <strong>{t("container.unsaved", props.editor.changes())}</strong>
            <Show when={Object.keys(props.editor.faults()).length > 0}>
              <span class="field-error">
                {t("container.faulty", Object.keys(props.editor.faults()).length)}
              </span>
            </Show>
          </span>
          <span class="spread" />
          <IconButton
            name={t("container.undo")}
            disabled={!props.editor.canUndo()}
            press={() => props.editor.undo()}
          >
            <Undo2Icon />
          </IconButton>
          <IconButton
            name={t("container.redo")}
            disabled={!props.editor.canRedo()}
            press={() => props.editor.redo()}
          >
            <Redo2Icon />
          </IconButton>
          <button type="button" class="button" onClick={() => props.editor.discard()}>
            {t("container.discard")}
          </button>
          <button
            type="button"
            class="button primary"
            disabled={props.editor.changes() === 0 || props.editor.saving() ||
              props.editor.conflict() !== null}
            onClick={() => void save(props.editor.save)}
          >
            <SaveIcon size={14} />
            {props.editor.saving() ? t("container.saving") : t("common.save")}
          </button>
        </div>
      </footer>
    </Show>
  );
}

function ConflictNotice(props: {
  readonly conflict: Conflict;
  readonly draft: ContainerDraft;
  readonly takeTheirs: () => void;
  readonly keepMine: () => void;
}): JSX.Element {
  const t = useTexts();
  const [comparing, setComparing] = createSignal(false);
  return (
    <>
      <Notice
        tone="timed-out"
        title={t("container.conflictTitle")}
        text={t("container.conflictText", props.conflict.mine, props.conflict.theirs.version)}
      >
        <button type="button" class="button" onClick={() => setComparing(true)}>
          {t("container.compare")}
        </button>
        <button type="button" class="button" onClick={() => props.takeTheirs()}>
          {t("container.theirs")}
        </button>
        <button type="button" class="button" onClick={() => props.keepMine()}>{t("container.mine")}</button>
      </Notice>
      <Dialog
        open={comparing()}
        title={t("container.compareTitle", props.conflict.theirs.version)}
        close={() => setComparing(false)}
        wide
      >
        <Suspense fallback={<Skeleton rows={4} />}>
          <ConflictDiff theirs={props.conflict.theirs} mine={props.draft} />
        </Suspense>
      </Dialog>
    </>
  );
}

/** Ctrl-S and Cmd-S, also while typing. */
function saveByKey(save: () => void): void {
  const pressed = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    save();
  };
  onMount(() => addEventListener("keydown", pressed));
  onCleanup(() => removeEventListener("keydown", pressed));
}
