/** Definition files: planned, applied, and exported. */
import { useClient } from "@urql/solid";
import { createSignal, For, type JSX, Show } from "solid-js";
import { readOutcome, refusalReason } from "../graphql/refusals.ts";
import { exportFiles } from "../lib/export_files.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { ChangeButton } from "../ui/Changes.tsx";
import { Notice } from "../ui/faces.tsx";
import { DownloadIcon } from "../ui/icons.ts";
import { type ChosenFile, FileField } from "./FileField.tsx";
import { ApplyFilesDocument, type FilePlan, PlanFilesDocument } from "./moving_documents.ts";
import { sayMessage } from "./moving_state.ts";

const CHANGED = { additionalTypenames: ["ContainerConnection", "Container"] };
const PASTED = "containers.yaml";

export function FilesImport(): JSX.Element {
  const client = useClient();
  const { toasts } = useServices();
  const t = useTexts();
  const [files, setFiles] = createSignal<readonly ChosenFile[]>([{ path: PASTED, text: "" }]);
  const [plan, setPlan] = createSignal<FilePlan | null>(null);
  const [fault, setFault] = createSignal<string | null>(null);
  const [busy, setBusy] = createSignal(false);
  const edit = (next: readonly ChosenFile[]): void => {
    setFiles(next);
    setPlan(null);
    setFault(null);
  };
  const ask = async (): Promise<void> => {
    setBusy(true);
    setFault(null);
    const result = await client.query(PlanFilesDocument, { files: [...files()] }, {
      requestPolicy: "network-only",
    });
    const outcome = readOutcome(result, result.data?.planFiles);
    setBusy(false);
    if (outcome.kind === "done") setPlan(outcome.value);
    else setFault(refusalReason(outcome.refusal.message));
  };
  const apply = async (shown: FilePlan): Promise<void> => {
    setBusy(true);
    const expected = shown.containers.map(({ name, version }) => ({ name, version }));
    const result = await client.mutation(ApplyFilesDocument, { files: [...files()], expected }, CHANGED);
    const outcome = readOutcome(result, result.data?.applyFiles);
    setBusy(false);
    if (outcome.kind === "refused") {
      setFault(refusalReason(outcome.refusal.message));
      return;
    }
    toasts.good(t("moving.applied", outcome.value.containers.length + outcome.value.deleted.length));
    await ask();
  };
  const changes = (): number => plan()?.containers.filter(({ action }) => action !== "UNCHANGED").length ?? 0;
  const download = async (): Promise<void> => {
    const fault = await exportFiles(client, null);
    if (fault !== null) toasts.bad(fault);
  };
  return (
    <>
      <div class="sheet form moving-form">
        <FileField
          label={files().length === 1 ? t("moving.filesText") : files().map(({ path }) => path).join(", ")}
          hint={t("moving.filesHint")}
          text={files().length === 1
            ? files()[0]?.text ?? ""
            : files().map(({ text }) => text).join("\n---\n")}
          many
          write={(text) => edit([{ path: PASTED, text }])}
          choose={edit}
        />
        <Show when={fault()}>{(message) => <Notice tone="failed" title={message()} />}</Show>
        <div class="form-actions">
          <ChangeButton
            class="button primary"
            disabled={busy() || files().every(({ text }) => text.trim() === "")}
            onClick={() => void ask()}
          >
            {t("moving.plan")}
          </ChangeButton>
          <button type="button" class="button" onClick={() => void download()}>
            <DownloadIcon size={14} />
            {t("moving.exportAll")}
          </button>
        </div>
      </div>
      <Show when={plan()}>
        {(shown) => (
          <>
            <PlanTable plan={shown()} />
            <Show when={shown().faults.length === 0 && changes() > 0}>
              <div class="form-actions">
                <ChangeButton class="button primary" disabled={busy()} onClick={() => void apply(shown())}>
                  {t("moving.apply")}
                </ChangeButton>
              </div>
            </Show>
            <Show when={shown().faults.length === 0 && changes() === 0}>
              <Notice tone="succeeded" title={t("moving.nothing")} />
            </Show>
          </>
        )}
      </Show>
    </>
  );
}

function PlanTable(props: { readonly plan: FilePlan }): JSX.Element {
  const t = useTexts();
  const { texts } = useServices();
  const said = (message: unknown, text: string): string => sayMessage(texts.words(), message, text);
  return (
    <>
      <Show when={props.plan.faults.length > 0}>
        <Notice tone="failed" title={t("moving.faults")} />
        <div class="sheet moving-jobs">
          <For each={props.plan.faults}>
            {(fault) => (
              <div class="moving-fault">
                <strong>{t("moving.faultAt", fault.path, fault.line, fault.column)}</strong>
                <span>{said(fault.messageValues, fault.message)}</span>
              </div>
            )}
          </For>
        </div>
      </Show>
      <div class="sheet moving-jobs">
        <For each={props.plan.containers.filter(({ action }) => action !== "UNCHANGED")}>
          {(planned) => (
            <div class="moving-job">
              <span class="moving-line" data-action={planned.action}>{t(`moving.${planned.action}`)}</span>
              <div class="moving-what">
                <strong>{planned.name}</strong>
                <ul class="moving-notes">
                  <For each={planned.changes}>
                    {(change, place) => <li>{said(planned.changeMessages[place()], change)}</li>}
                  </For>
                  <Show when={planned.fires}>
                    {(fires) => <li>{t("moving.fires", fires().addedCount, fires().removedCount)}</li>}
                  </Show>
                </ul>
              </div>
              <span class="moving-becomes muted">{planned.path}</span>
            </div>
          )}
        </For>
      </div>
    </>
  );
}
