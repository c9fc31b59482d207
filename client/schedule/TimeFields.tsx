/** The time of day, the days of a week and the days of a month of a rhythm. */
import { For, type JSX } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { Field } from "../ui/Field.tsx";
import type { WrittenRhythm } from "./RhythmFields.tsx";
import {
  type MonthDay,
  readTimeOfDay,
  type Rhythm,
  toggleDay,
  type Weekday,
  weekdays,
  writeTimeOfDay,
} from "./rhythm_state.ts";

type Timed = Extract<Rhythm, { readonly kind: "days" | "weekdays" | "monthDays" }>;
type Dayed = Extract<Rhythm, { readonly kind: "weekdays" | "monthDays" }>;

const monthDays: readonly MonthDay[] = [...Array.from({ length: 31 }, (_day, index) => index + 1), "L"];
const WHOLE_TIME_LENGTH = "00:00".length;
/** A Monday, in UTC. */
const SOME_MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

export function TimeField(props: {
  readonly rhythm: Timed;
  readonly write: (next: WrittenRhythm) => void;
}): JSX.Element {
  const t = useTexts();
  const write = (text: string): void => {
    const time = readTimeOfDay(text);
    if (time !== null) props.write({ ...props.rhythm, ...time });
  };
  return (
    <Field label={t("schedule.time")} hint={t("schedule.timeHint")} class="time-field">
      {(ties) => (
        // Not type="time": that shows the hours as the browser's language has them, 12 in English.
        <input
          {...ties}
          class="input"
          inputmode="numeric"
          autocomplete="off"
          maxlength={WHOLE_TIME_LENGTH}
          value={writeTimeOfDay(props.rhythm)}
          onInput={({ currentTarget: { value } }) => {
            if (value.length === WHOLE_TIME_LENGTH) write(value);
          }}
          onChange={(event) => {
            write(event.currentTarget.value);
            event.currentTarget.value = writeTimeOfDay(props.rhythm);
          }}
        />
      )}
    </Field>
  );
}

export function DaysField(props: {
  readonly rhythm: Dayed;
  readonly write: (next: WrittenRhythm) => void;
}): JSX.Element {
  return props.rhythm.kind === "weekdays"
    ? <WeekdayButtons rhythm={props.rhythm} write={props.write} />
    : <MonthDayButtons rhythm={props.rhythm} write={props.write} />;
}

function WeekdayButtons(props: {
  readonly rhythm: Extract<Rhythm, { readonly kind: "weekdays" }>;
  readonly write: (next: WrittenRhythm) => void;
}): JSX.Element {
  const { texts } = useServices();
  const t = useTexts();
  const name = (day: Weekday, weekday: "short" | "long"): string =>
    new Intl.DateTimeFormat(texts.language(), { weekday, timeZone: "UTC" })
      .format(SOME_MONDAY + (day - 1) * DAY_MS);
  return (
    <div class="day-buttons" role="group" aria-label={t("schedule.weekdays")}>
      <For each={weekdays}>
        {(day) => (
          <button
            type="button"
            class="day-button"
            aria-pressed={props.rhythm.days.includes(day)}
            aria-label={name(day, "long")}
            onClick={() => props.write({ ...props.rhythm, days: toggleDay(props.rhythm.days, day) })}
          >
            {name(day, "short")}
          </button>
        )}
      </For>
    </div>
  );
}

function MonthDayButtons(props: {
  readonly rhythm: Extract<Rhythm, { readonly kind: "monthDays" }>;
  readonly write: (next: WrittenRhythm) => void;
}): JSX.Element {
  const t = useTexts();
  return (
    <div class="day-buttons month" role="group" aria-label={t("schedule.monthDays")}>
      <For each={monthDays}>
        {(day) => (
          <button
            type="button"
            class="day-button"
            classList={{ last: day === "L" }}
            aria-pressed={props.rhythm.days.includes(day)}
            onClick={() => props.write({ ...props.rhythm, days: toggleDay(props.rhythm.days, day) })}
          >
            {day === "L" ? t("schedule.lastDay") : day}
          </button>
        )}
      </For>
    </div>
  );
}
