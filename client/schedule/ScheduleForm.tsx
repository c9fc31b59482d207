import { createQuery } from "@urql/solid";
import { createEffect, createSignal, For, type JSX, Match, on, onCleanup, Show, Switch } from "solid-js";
import { misfirePolicies, overlapPolicies } from "../../schema/states.ts";
import { faultMessage, refusalReason } from "../graphql/refusals.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { formatDuration } from "../lib/time.ts";
import { Field } from "../ui/Field.tsx";
import { Select } from "../ui/Select.tsx";
import { Ago, At } from "../ui/Time.tsx";
import { changeSettings, type SettingsDraft } from "../containers/container_draft.ts";
import { CronPreviewDocument } from "../containers/container_documents.ts";
import type { ContainerEditor } from "../containers/container_editor.ts";

const PREVIEW_FIRES = 5;
/** While somebody types the server is not asked for every letter. */
const PREVIEW_PAUSE_MS = 200;

export function ScheduleForm(props: { readonly editor: ContainerEditor }): JSX.Element {
  const t = useTexts();
  const settings = (): SettingsDraft => props.editor.draft.settings;
  const change = (fields: Partial<SettingsDraft>, subject: keyof SettingsDraft): void =>
    props.editor.change((draft) => changeSettings(draft, fields), `settings.${subject}`);
  const fault = (field: keyof SettingsDraft): string | undefined =>
    props.editor.faults()[`settings.${field}`];
  const zones = Intl.supportedValuesOf("timeZone");
  return (
    <div class="sheet form padded">
      <Field label={t("schedule.expression")} hint={t("schedule.expressionHint")} error={fault("expression")}>
        {(ties) => (
          <input
            {...ties}
            class="input mono"
            spellcheck={false}
            autocapitalize="none"
            autocomplete="off"
            placeholder="*/15 * * * *"
            value={settings().expression}
            onInput={(event) => change({ expression: event.currentTarget.value }, "expression")}
          />
        )}
      </Field>
      <Field label={t("schedule.timezone")} error={fault("timezone")}>
        {(ties) => (
          <>
            <input
              {...ties}
              class="input"
              list="time-zones"
              value={settings().timezone}
              onInput={(event) => change({ timezone: event.currentTarget.value }, "timezone")}
            />
            <datalist id="time-zones">
              <For each={["UTC", ...zones.filter((zone) => zone !== "UTC")]}>
                {(zone) => <option value={zone} />}
              </For>
            </datalist>
          </>
        )}
      </Field>
      <Preview expression={settings().expression.trim()} timezone={settings().timezone.trim()} />
      <div class="field-grid wide">
        <Field label={t("schedule.overlap")} error={fault("overlap")}>
          {(ties) => (
            <Select
              ties={ties}
              value={settings().overlap}
              options={overlapPolicies}
              nameOf={(one) => t(`overlaps.${one}`)}
              change={(overlap) => change({ overlap }, "overlap")}
            />
          )}
        </Field>
        <Field label={t("schedule.misfire")} error={fault("misfire")}>
          {(ties) => (
            <Select
              ties={ties}
              value={settings().misfire}
              options={misfirePolicies}
              nameOf={(one) => t(`misfires.${one}`)}
              change={(misfire) => change({ misfire }, "misfire")}
            />
          )}
        </Field>
      </div>
    </div>
  );
}

/** The expression in words, and when it fires next. The server reads it: there is one dialect, and it knows it. */
function Preview(props: { readonly expression: string; readonly timezone: string }): JSX.Element {
  const { texts } = useServices();
  const t = useTexts();
  const asked = createPaused(() => ({ expression: props.expression, timezone: props.timezone }));
  const [result] = createQuery({
    query: CronPreviewDocument,
    variables: () => ({ ...asked(), count: PREVIEW_FIRES, language: texts.language() }),
    pause: () => asked().expression === "" || asked().timezone === "",
  });
  const preview = (): NonNullable<typeof result.data>["cronPreview"] | undefined => result.data?.cronPreview;
  return (
    <div class="preview" aria-live="polite">
      <Show when={props.expression !== ""} fallback={<span class="muted">{t("schedule.none")}</span>}>
        <Switch>
          <Match when={result.error}>
            <span class="field-error">{faultMessage(result.error)}</span>
          </Match>
          <Match when={asPreview(preview())}>
            {(fine) => (
              <>
                <strong>{fine().description}</strong>
                <Show
                  when={fine().fires.length > 0}
                  fallback={<span class="muted">{t("schedule.noFires")}</span>}
                >
                  <ol class="fires" aria-label={t("schedule.preview")}>
                    <For each={fine().fires}>
                      {(at) => (
                        <li>
                          <At at={at} timezone={props.timezone} /> <Ago class="muted" at={at} />
                        </li>
                      )}
                    </For>
                  </ol>
                </Show>
                <Show when={fine().minimumGapSeconds}>
                  {(gap) => <span class="muted small">{t("schedule.gap", formatDuration(gap() * 1000))}
                  </span>}
                </Show>
              </>
            )}
          </Match>
          <Match when={asRefusal(preview())}>
            {(refusal) => <span class="field-error" role="alert">{refusalReason(refusal().message)}</span>}
          </Match>
        </Switch>
      </Show>
    </div>
  );
}

type Answer = { readonly __typename: string } | undefined;

function asPreview<A extends Answer>(answer: A): Extract<A, { __typename: "CronPreview" }> | undefined {
  // The type name says which member of the union it is.
  return answer?.__typename === "CronPreview"
    ? answer as Extract<A, { __typename: "CronPreview" }>
    : undefined;
}

function asRefusal<A extends Answer>(answer: A): Extract<A, { message: string }> | undefined {
  // Every other member of the union is a refusal.
  return answer !== undefined && answer.__typename !== "CronPreview"
    ? answer as Extract<A, { message: string }>
    : undefined;
}

/** A value that waits until it has stood still for a moment. */
function createPaused<T>(value: () => T): () => T {
  const [paused, setPaused] = createSignal(value());
  createEffect(on(value, (next) => {
    const timer = setTimeout(() => setPaused(() => next), PREVIEW_PAUSE_MS);
    onCleanup(() => clearTimeout(timer));
  }, { defer: true }));
  return paused;
}
