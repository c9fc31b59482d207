/** The run along the time. Each line is a task: pale while it waited, full for each attempt, marked when it decided the length. */
import { For, type JSX, Show } from "solid-js";
import { useServices, useTexts } from "../lib/services.ts";
import { stateLooks } from "../lib/states.ts";
import { formatDuration } from "../lib/time.ts";
import {
  barPlace,
  buildGantt,
  criticalSpan,
  type Gantt,
  type GanttBar,
  type GanttRow,
} from "./gantt_state.ts";
import type { ShownRun, ShownTaskRun } from "./run_state.ts";
import "./timeline.css";

/** From here on a label lies before its line, so that it stays inside. */
const LATE = 0.88;

export default function Timeline(props: {
  readonly run: ShownRun;
  readonly taskRuns: readonly ShownTaskRun[];
  readonly selected: string | null;
  readonly select: (id: string) => void;
}): JSX.Element {
  const { ticker } = useServices();
  const t = useTexts();
  const gantt = (): Gantt => {
    const now = props.run.finishedAt === null ? ticker.now() : 0;
    return buildGantt(props.run, props.taskRuns, props.run.relations, now);
  };
  return (
    <div class="timeline">
      <div class="timeline-legend muted small" aria-hidden="true">
        <span class="timeline-key" data-kind="waiting">{t("timeline.waiting")}</span>
        <span class="timeline-key" data-kind="attempt" data-tone="running">{t("timeline.running")}</span>
        <span class="timeline-key" data-kind="critical" title={t("timeline.criticalHint")}>
          {t("timeline.critical")}
        </span>
      </div>
      <div class="timeline-axis muted small" aria-hidden="true">
        <For each={gantt().ticks}>
          {(tick) => (
            <span
              class="timeline-tick"
              data-late={tick / gantt().spanMs > LATE ? "" : undefined}
              style={{ "--at": tick / gantt().spanMs }}
            >
              {tick === 0 ? "0" : formatDuration(tick)}
            </span>
          )}
        </For>
      </div>
      <ul class="timeline-rows" style={{ "--ticks": gantt().ticks.length }}>
        <For each={props.taskRuns}>
          {(taskRun, index) => (
            <Show when={gantt().rows[index()]}>
              {(row) => (
                <TimelineRow
                  row={row()}
                  spanMs={gantt().spanMs}
                  selected={props.selected === taskRun.id}
                  select={() => props.select(taskRun.id)}
                />
              )}
            </Show>
          )}
        </For>
      </ul>
    </div>
  );
}

function TimelineRow(props: {
  readonly row: GanttRow;
  readonly spanMs: number;
  readonly selected: boolean;
  readonly select: () => void;
}): JSX.Element {
  const t = useTexts();
  const words = (bar: GanttBar): string => {
    const time = formatDuration(bar.to - bar.from);
    return bar.state === null
      ? t("timeline.waited", time)
      : t("timeline.attempt", bar.number, t(`states.${bar.state}`), time);
  };
  const placed = (bar: Pick<GanttBar, "from" | "to">): JSX.CSSProperties => {
    const { left, width } = barPlace(bar, props.spanMs);
    return { "inset-inline-start": `${left}%`, "inline-size": `${width}%` };
  };
  const summary = (): string =>
    [
      props.row.bars.length === 0 ? t("timeline.neverRan") : props.row.bars.map(words).join("; "),
      ...(props.row.critical ? [t("timeline.critical")] : []),
    ].join("; ");
  return (
    <li>
      <button
        type="button"
        class="timeline-row"
        aria-pressed={props.selected}
        onClick={() => props.select()}
      >
        <span class="timeline-name truncate">{props.row.name}</span>
        <span class="unseen">{summary()}</span>
        <span class="timeline-track" aria-hidden="true">
          <For each={props.row.bars}>
            {(bar) => (
              <span
                class="timeline-bar"
                data-kind={bar.kind}
                data-tone={bar.state === null ? undefined : stateLooks[bar.state].tone}
                title={words(bar)}
                style={placed(bar)}
              />
            )}
          </For>
          <Show when={props.row.critical && criticalSpan(props.row)}>
            {(span) => <span class="timeline-bar" data-kind="critical" style={placed(span())} />}
          </Show>
        </span>
      </button>
    </li>
  );
}
