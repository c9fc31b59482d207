/** A crontab: what each line becomes, before it does. */
import { A } from "@solidjs/router";
import { useClient } from "@urql/solid";
import { createSignal, type JSX, Show } from "solid-js";
import { readOutcome, refusalReason, refusedField } from "../graphql/refusals.ts";
import { useTexts } from "../lib/services.ts";
import { ownTimezone } from "../lib/time.ts";
import { ChangeButton, Changes } from "../ui/Changes.tsx";
import { Blank, Notice } from "../ui/faces.tsx";
import { Field } from "../ui/Field.tsx";
import { Select } from "../ui/Select.tsx";
import { Switch } from "../ui/Switch.tsx";
import { FileField } from "./FileField.tsx";
import { JobTable } from "./JobTable.tsx";
import {
  type CrontabInput,
  ImportCrontabDocument,
  type Job,
  PreviewCrontabDocument,
} from "./moving_documents.ts";
import { kindOf } from "./moving_state.ts";

const kinds = ["SYSTEM", "USER"] as const;
/** Lists that were read before are no longer right. */
const CHANGED = { additionalTypenames: ["ContainerConnection", "Container"] };

interface Fault {
  readonly field: string | null;
  readonly message: string;
}

export function CrontabImport(): JSX.Element {
  const client = useClient();
  const t = useTexts();
  const [text, setText] = createSignal("");
  const [source, setSource] = createSignal("crontab");
  const [chosenKind, setKind] = createSignal<typeof kinds[number] | null>(null);
  const [timezone, setTimezone] = createSignal(ownTimezone());
  const [shadow, setShadow] = createSignal(true);
  const [jobs, setJobs] = createSignal<readonly Job[] | null>(null);
  const [imported, setImported] = createSignal<number | null>(null);
  const [fault, setFault] = createSignal<Fault | null>(null);
  const [busy, setBusy] = createSignal(false);
  const kind = (): typeof kinds[number] => chosenKind() ?? kindOf(source(), text());
  const input = (): CrontabInput => ({
    kind: kind(),
    source: source(),
    text: text(),
    timezone: timezone(),
    shadow: shadow(),
  });
  const importable = (): number => jobs()?.filter((job) => job.fault === null).length ?? 0;
  const edit = (change: () => void): void => {
    change();
    setJobs(null);
    setImported(null);
    setFault(null);
  };
  const preview = async (): Promise<void> => {
    setBusy(true);
    const result = await client.query(PreviewCrontabDocument, { input: input() }, {
      requestPolicy: "network-only",
    });
    const outcome = readOutcome(result, result.data?.previewCrontab);
    setBusy(false);
    if (outcome.kind === "done") setJobs(outcome.value.jobs);
    else setFault({ field: refusedField(outcome.refusal), message: refusalReason(outcome.refusal.message) });
  };
  const bringIn = async (): Promise<void> => {
    setBusy(true);
    const result = await client.mutation(ImportCrontabDocument, { input: input() }, CHANGED);
    const outcome = readOutcome(result, result.data?.importCrontab);
    setBusy(false);
    if (outcome.kind === "done") setImported(outcome.value.containers.length);
    else setFault({ field: refusedField(outcome.refusal), message: refusalReason(outcome.refusal.message) });
  };
  const faultOf = (field: string): string | null =>
    fault()?.field === field ? fault()?.message ?? null : null;
  return (
    <>
      <div class="sheet form moving-form">
        <FileField
          label={t("moving.crontabText")}
          hint={t("moving.crontabHint")}
          error={faultOf("text")}
          text={text()}
          write={(next) => edit(() => setText(next))}
          choose={([file]) =>
            edit(() => {
              if (file === undefined) return;
              setText(file.text);
              setSource(file.path);
            })}
        />
        <div class="field-grid">
          <Field label={t("moving.source")} hint={t("moving.sourceHint")} error={faultOf("source")}>
            {(ties) => (
              <input
                {...ties}
                class="input mono"
                value={source()}
                onInput={(event) => edit(() => setSource(event.currentTarget.value))}
              />
            )}
          </Field>
          <Field label={t("moving.kind")}>
            {(ties) => (
              <Select
                ties={ties}
                value={kind()}
                options={kinds}
                nameOf={(each) => t(`moving.${each}`)}
                change={(each) => edit(() => setKind(each))}
              />
            )}
          </Field>
          <Field
            label={t("moving.timezone")}
            hint={t("moving.timezoneHint", ownTimezone())}
            error={faultOf("timezone")}
          >
            {(ties) => (
              <input
                {...ties}
                class="input"
                value={timezone()}
                onInput={(event) => edit(() => setTimezone(event.currentTarget.value))}
              />
            )}
          </Field>
        </div>
        <Show when={fault() !== null && !["text", "source", "timezone"].includes(fault()?.field ?? "")}>
          <Notice tone="failed" title={fault()?.message ?? ""} />
        </Show>
        <div class="form-actions">
          <ChangeButton
            class="button primary"
            disabled={busy() || text().trim() === ""}
            onClick={() => void preview()}
          >
            {t("moving.preview")}
          </ChangeButton>
        </div>
      </div>
      <Show when={jobs()}>
        {(found) => (
          <Show
            when={found().length > 0}
            fallback={<Blank title={t("moving.noJobs")} text={t("moving.noJobsText")} />}
          >
            <JobTable jobs={found()} />
            <Show when={imported() === null && importable() > 0}>
              <div class="sheet form moving-form">
                <Changes>
                  <Switch checked={shadow()} label={t("moving.shadow")} onChange={setShadow} />
                </Changes>
                <div class="form-actions">
                  <ChangeButton class="button primary" disabled={busy()} onClick={() => void bringIn()}>
                    {t("moving.import", importable())}
                  </ChangeButton>
                </div>
              </div>
            </Show>
          </Show>
        )}
      </Show>
      <Show when={imported() !== null}>
        <Notice
          tone="succeeded"
          title={t("moving.imported", imported() ?? 0)}
          text={shadow() ? t("moving.importedText") : undefined}
        >
          <A class="button" href="/containers">{t("moving.toContainers")}</A>
        </Notice>
      </Show>
    </>
  );
}
