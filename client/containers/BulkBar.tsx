/** What can be done to all ticked containers at once. What the server refuses stays ticked, and is told by name. */
import { useClient } from "@urql/solid";
import { createSignal, For, type JSX, Show } from "solid-js";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { IconButton } from "../ui/IconButton.tsx";
import { PlayIcon, Trash2Icon, XIcon } from "../ui/icons.ts";
import {
  DeleteContainerDocument,
  EnableContainerDocument,
  TriggerRunDocument,
} from "./containers_documents.ts";
import type { Selection } from "./selection.ts";

/** Names in a question or a message; the rest is counted. */
const NAMES_SHOWN = 6;

type Deed = "enable" | "disable" | "run" | "delete";

export function BulkBar(props: {
  readonly selection: Selection;
  readonly nameOf: (id: string) => string;
  readonly done: () => void;
}): JSX.Element {
  const t = useTexts();
  const { toasts } = useServices();
  const perform = createDeeds();
  const [busy, setBusy] = createSignal<Deed | null>(null);
  const [asking, setAsking] = createSignal(false);
  const names = (): readonly string[] => props.selection.ids().map(props.nameOf);
  const run = async (deed: Deed): Promise<void> => {
    const ids = props.selection.ids();
    setAsking(false);
    setBusy(deed);
    const refused: { readonly id: string; readonly why: string }[] = [];
    // One after the other: an order that a person can follow, and no burst on the server.
    for (const id of ids) {
      const why = await perform(deed, id);
      if (why !== null) refused.push({ id, why });
    }
    setBusy(null);
    props.selection.setAll(refused.map(({ id }) => id), true);
    const [first] = refused;
    if (first === undefined) toasts.good(t(`bulk.${deed}Done`, ids.length));
    else {toasts.bad(
        t("bulk.refused", { count: refused.length, name: props.nameOf(first.id), why: first.why }),
      );}
    props.done();
  };
  const button = (deed: Deed): JSX.Element => (
    <ChangeButton
      class="button"
      disabled={busy() !== null}
      onClick={() => void run(deed)}
    >
      <Show when={deed === "run"}>
        <PlayIcon size={13} />
      </Show>
      {t(`bulk.${deed}`)}
    </ChangeButton>
  );
  return (
    <Show when={props.selection.ids().length > 0}>
      <div class="bulk" role="toolbar" aria-label={t("bulk.label")}>
        <strong role="status">{t("bulk.count", props.selection.ids().length)}</strong>
        {button("run")}
        {button("enable")}
        {button("disable")}
        <ChangeButton
          class="button danger"
          disabled={busy() !== null}
          onClick={() => setAsking(true)}
        >
          <Trash2Icon size={13} />
          {t("bulk.delete")}
        </ChangeButton>
        <span class="spread" />
        <IconButton name={t("bulk.clear")} press={() => props.selection.clear()}>
          <XIcon />
        </IconButton>
      </div>
      <Dialog
        open={asking()}
        title={t("bulk.deleteTitle", props.selection.ids().length)}
        close={() => setAsking(false)}
      >
        <ul class="bulk-names">
          <For each={names().slice(0, NAMES_SHOWN)}>{(name) => <li>{name}</li>}</For>
          <Show when={names().length > NAMES_SHOWN}>
            <li class="muted">{t("bulk.more", names().length - NAMES_SHOWN)}</li>
          </Show>
        </ul>
        <p class="muted">{t("bulk.deleteText")}</p>
        <div class="form-actions">
          <button type="button" class="button" onClick={() => setAsking(false)}>{t("common.cancel")}</button>
          <button type="button" class="button danger" onClick={() => void run("delete")}>
            {t("bulk.deleteSubmit", props.selection.ids().length)}
          </button>
        </div>
      </Dialog>
    </Show>
  );
}

/** Answers why it was refused; null when it was done. */
function createDeeds(): (deed: Deed, id: string) => Promise<string | null> {
  const client = useClient();
  const { texts } = useServices();
  return async (deed, id) => {
    const outcome = await ask(deed, id);
    return outcome.kind === "done" ? null : refusalReason(outcome.refusal.message);
  };

  async function ask(deed: Deed, id: string): Promise<ReturnType<typeof readOutcome>> {
    switch (deed) {
      case "enable":
      case "disable": {
        const variables = { id, enabled: deed === "enable", language: texts.language() };
        const result = await client.mutation(EnableContainerDocument, variables);
        return readOutcome(result, result.data?.updateContainer);
      }
      case "run": {
        const result = await client.mutation(TriggerRunDocument, { containerId: id });
        return readOutcome(result, result.data?.triggerRun);
      }
      case "delete": {
        const result = await client.mutation(DeleteContainerDocument, { id });
        return readOutcome(result, result.data?.deleteContainer);
      }
      default:
        throw new Error(`Unknown deed ${deed satisfies never}`);
    }
  }
}
