/** Thirteen weeks, day by day: how many runs ended, and how. */
import { For, type JSX, Show } from "solid-js";
import { createLiveQuery } from "../graphql/live_query.ts";
import { createStream } from "../graphql/streams.ts";
import { useServices, useTexts } from "../lib/services.ts";
import { BASE_PATH } from "../lib/base_path.ts";
import { createThrottle } from "../lib/throttle.ts";
import { ownTimezone } from "../lib/time.ts";
import { QueryFaces } from "../ui/faces.tsx";
import { type CalendarDay, dayRange, layCalendar, monthOf } from "./calendar_state.ts";
import { CalendarDocument, RunListEventsDocument } from "./runs_documents.ts";
import "./calendar.css";

const REREAD_MS = 5_000;
/** A Monday: names of the days are made from it. */
const SOME_MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 24 * 3_600_000;
const parts = ["succeeded", "failed", "cancelled"] as const;
const stateOf = { succeeded: "SUCCEEDED", failed: "FAILED", cancelled: "CANCELLED" } as const;

export default function RunCalendar(): JSX.Element {
  const t = useTexts();
  const { texts } = useServices();
  const outcomes = createLiveQuery({
    document: CalendarDocument,
    variables: () => ({ timezone: ownTimezone() }),
  });
  const reread = createThrottle(outcomes.refetch, REREAD_MS);
  createStream({ document: RunListEventsDocument, variables: () => ({ containerId: null }), next: reread });
  const newest = (): string | undefined => outcomes.data?.runOutcomes.at(-1)?.day;
  const monthName = (month: string): string =>
    new Intl.DateTimeFormat(texts.language(), { month: "long", year: "numeric", timeZone: "UTC" })
      .format(new Date(`${month}-01T00:00:00Z`));
  const weekdays = (): readonly string[] =>
    Array.from(
      { length: 7 },
      (_, day) =>
        new Intl.DateTimeFormat(texts.language(), { weekday: "short", timeZone: "UTC" })
          .format(SOME_MONDAY + day * DAY_MS),
    );
  return (
    <>
      <p class="muted small grid-note calendar-note">
        {t("runViews.calendarNote")}
        <For each={parts}>
          {(part) => <span class="calendar-key" data-tone={part}>{t(`states.${stateOf[part]}`)}</span>}
        </For>
      </p>
      <QueryFaces query={outcomes} rows={8} sheet />
      <Show when={outcomes.data}>
        {(data) => (
          <table class="calendar" aria-label={t("runViews.calendarOf")}>
            <thead>
              <tr>
                <For each={weekdays()}>{(name) => <th scope="col">{name}</th>}</For>
              </tr>
            </thead>
            <tbody>
              <For each={layCalendar(data().runOutcomes)}>
                {(week) => (
                  <>
                    <Show when={week.newestOfMonth}>
                      <tr>
                        <th scope="rowgroup" colspan={7} class="calendar-month">{monthName(week.month)}</th>
                      </tr>
                    </Show>
                    <tr>
                      <For each={week.days}>
                        {(day) => (
                          <td>
                            {day === null
                              ? null
                              : <Day day={day} month={week.month} today={day.day === newest()} />}
                          </td>
                        )}
                      </For>
                    </tr>
                  </>
                )}
              </For>
            </tbody>
          </table>
        )}
      </Show>
    </>
  );
}

function Day(props: {
  readonly day: CalendarDay;
  /** The one that is written above. */
  readonly month: string;
  readonly today: boolean;
}): JSX.Element {
  const t = useTexts();
  const { texts } = useServices();
  const name = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(texts.language(), { ...options, timeZone: "UTC" })
      .format(new Date(`${props.day.day}T00:00:00Z`));
  const label = (): string =>
    t(
      "runViews.dayOf",
      name({ dateStyle: "full" }),
      props.day.succeeded,
      props.day.failed,
      props.day.cancelled,
    );
  const shown = (): string =>
    name({ day: "numeric", ...(monthOf(props.day.day) === props.month ? {} : { month: "short" }) });
  return (
    <a
      class="day"
      aria-current={props.today ? "date" : undefined}
      data-empty={props.day.total === 0 ? "" : undefined}
      href={`${BASE_PATH}/runs?${new URLSearchParams(dayRange(props.day.day))}`}
      title={label()}
    >
      <span class="unseen">{label()}</span>
      <span class="day-name" aria-hidden="true">{shown()}</span>
      <Show when={props.day.total > 0}>
        <span class="day-counts" aria-hidden="true">
          <span>{t("runViews.dayRuns", props.day.total)}</span>
          <Show when={props.day.failed > 0}>
            <span data-tone="failed" class="day-failed">{t("runViews.dayFailed", props.day.failed)}</span>
          </Show>
        </span>
        <span class="day-bar" aria-hidden="true" style={{ "--level": props.day.level.toFixed(2) }}>
          <For each={parts}>
            {(part) => <span data-tone={part} style={{ "flex-grow": String(props.day[part]) }} />}
          </For>
        </span>
      </Show>
    </a>
  );
}
