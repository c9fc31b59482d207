/** The builder: a rhythm chosen and filled in by hand, which writes the expression. */
import { For, type JSX, Match, Show, Switch } from "solid-js";
import { useTexts } from "../lib/services.ts";
import { Field } from "../ui/Field.tsx";
import { NumberInput } from "../ui/NumberInput.tsx";
import { Select } from "../ui/Select.tsx";
import { DaysField, TimeField } from "./TimeFields.tsx";
import {
  intervalUnits,
  isUneven,
  presets,
  readRhythm,
  type Rhythm,
  rhythmKinds,
  turnInto,
  writeRhythm,
} from "./rhythm_state.ts";
import type { ScheduleForm } from "./schedule_form.ts";

const MAX_MINUTES = 59;
const MAX_HOURS = 23;

export type WrittenRhythm = Exclude<Rhythm, { readonly kind: "text" }>;

export function RhythmFields(props: { readonly form: ScheduleForm }): JSX.Element {
  const t = useTexts();
  const rhythm = (): Rhythm => readRhythm(props.form.settings.expression);
  const write = (next: WrittenRhythm | null): void => {
    if (next !== null) props.form.change({ expression: writeRhythm(next) }, "expression");
  };
  return (
    <>
      <Presets form={props.form} />
      <div class="field">
        <span class="field-label" id="rhythm-kinds">{t("schedule.rhythm")}</span>
        <div class="segments wrapping" role="group" aria-labelledby="rhythm-kinds">
          <For each={rhythmKinds}>
            {(kind) => (
              <button
                type="button"
                class="segment"
                aria-pressed={rhythm().kind === kind}
                disabled={kind === "text" && rhythm().kind !== "text"}
                title={kind === "text" ? t("schedule.textHint") : undefined}
                onClick={() => {
                  if (rhythm().kind !== kind) write(turnInto(rhythm(), kind));
                }}
              >
                {t(`rhythms.${kind}`)}
              </button>
            )}
          </For>
        </div>
      </div>
      <KindFields rhythm={rhythm()} write={write} />
      <Show when={isUneven(rhythm())}>
        <p class="muted small">{t("schedule.uneven")}</p>
      </Show>
    </>
  );
}

function Presets(props: { readonly form: ScheduleForm }): JSX.Element {
  const t = useTexts();
  return (
    <div class="presets" role="group" aria-label={t("schedule.presets")}>
      <For each={presets}>
        {({ name, expression }) => (
          <button
            type="button"
            class="preset"
            title={expression}
            aria-pressed={props.form.settings.expression.trim() === expression}
            onClick={() => props.form.change({ expression }, "expression")}
          >
            {t(`presets.${name}`)}
          </button>
        )}
      </For>
    </div>
  );
}

function KindFields(props: {
  readonly rhythm: Rhythm;
  readonly write: (next: WrittenRhythm) => void;
}): JSX.Element {
  return (
    <Switch>
      <Match when={ofKind(props.rhythm, "minutes")}>
        {(rhythm) => (
          <EveryField
            most={MAX_MINUTES}
            every={rhythm().every}
            unit="minutes"
            write={props.write}
            rhythm={rhythm()}
          />
        )}
      </Match>
      <Match when={ofKind(props.rhythm, "hours")}>
        {(rhythm) => (
          <div class="field-grid">
            <EveryField
              most={MAX_HOURS}
              every={rhythm().every}
              unit="hours"
              write={props.write}
              rhythm={rhythm()}
            />
            <MinuteField rhythm={rhythm()} write={props.write} />
          </div>
        )}
      </Match>
      <Match when={ofKind(props.rhythm, "days")}>
        {(rhythm) => <TimeField rhythm={rhythm()} write={props.write} />}
      </Match>
      <Match when={ofKind(props.rhythm, "weekdays")}>
        {(rhythm) => (
          <>
            <DaysField rhythm={rhythm()} write={props.write} />
            <TimeField rhythm={rhythm()} write={props.write} />
          </>
        )}
      </Match>
      <Match when={ofKind(props.rhythm, "monthDays")}>
        {(rhythm) => (
          <>
            <DaysField rhythm={rhythm()} write={props.write} />
            <TimeField rhythm={rhythm()} write={props.write} />
          </>
        )}
      </Match>
      <Match when={ofKind(props.rhythm, "interval")}>
        {(rhythm) => <IntervalFields rhythm={rhythm()} write={props.write} />}
      </Match>
    </Switch>
  );
}

type Every = Extract<Rhythm, { readonly kind: "minutes" | "hours" }>;

function EveryField(props: {
  readonly rhythm: Every;
  readonly every: number;
  readonly most: number;
  readonly unit: "minutes" | "hours";
  readonly write: (next: WrittenRhythm) => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <Field
      label={t(`schedule.every`)}
      hint={props.unit === "minutes" ? t("schedule.minutesHint") : t("schedule.hoursHint")}
    >
      {(ties) => (
        <NumberInput
          ties={ties}
          least={1}
          most={props.most}
          value={props.every}
          change={(every) => {
            if (every !== null) props.write({ ...props.rhythm, every });
          }}
        />
      )}
    </Field>
  );
}

function MinuteField(props: {
  readonly rhythm: Extract<Rhythm, { readonly kind: "hours" }>;
  readonly write: (next: WrittenRhythm) => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <Field label={t("schedule.minute")} hint={t("schedule.minuteHint")}>
      {(ties) => (
        <NumberInput
          ties={ties}
          most={MAX_MINUTES}
          value={props.rhythm.minute}
          change={(minute) => {
            if (minute !== null) props.write({ ...props.rhythm, minute });
          }}
        />
      )}
    </Field>
  );
}

function IntervalFields(props: {
  readonly rhythm: Extract<Rhythm, { readonly kind: "interval" }>;
  readonly write: (next: WrittenRhythm) => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <div class="field-grid">
      <Field label={t("schedule.every")} hint={t("schedule.intervalHint")}>
        {(ties) => (
          <NumberInput
            ties={ties}
            least={1}
            most={MAX_INTERVAL}
            value={props.rhythm.count}
            change={(count) => {
              if (count !== null) props.write({ ...props.rhythm, count });
            }}
          />
        )}
      </Field>
      <Field label={t("schedule.unit")}>
        {(ties) => (
          <Select
            ties={ties}
            value={props.rhythm.unit}
            options={intervalUnits}
            nameOf={(unit) => t(`intervalUnits.${unit}`)}
            change={(unit) => props.write({ ...props.rhythm, unit })}
          />
        )}
      </Field>
    </div>
  );
}

/** As many digits as the expression's reader takes for a rhythm of the builder. */
const MAX_INTERVAL = 9_999_999;

function ofKind<Kind extends Rhythm["kind"]>(
  rhythm: Rhythm,
  kind: Kind,
): Extract<Rhythm, { readonly kind: Kind }> | undefined {
  // The tag says which member it is; the compiler does not narrow by a type parameter.
  return rhythm.kind === kind ? rhythm as Extract<Rhythm, { readonly kind: Kind }> : undefined;
}
