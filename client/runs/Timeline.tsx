/**
 * The run along the time: the list of its tasks, each with its bar: pale while it waited, full for each attempt, marked when
 * it decided the length.
 */
import { createMemo, For, type JSX, Show } from "solid-js";
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
import type { ShownRun } from "./run_state.ts";
import { TaskRunTable, type TaskRunTableProps } from "./TaskRunTable.tsx";
import "./timeline.css";

/** From here on a label lies before its line, so that it stays inside. */
const LATE = 0.88;

export default function Timeline(
  props: Omit<TaskRunTableProps, "bar"> & { readonly run: ShownRun },
): JSX.Element {
  const { ticker } = useServices();
  const t = useTexts();
  const gantt = createMemo((): Gantt => {
    const now = props.run.finishedAt === null ? ticker.now() : 0;
    return buildGantt(props.run, props.taskRuns, props.run.relations, now);
  });
  return (
    <div class="timeline">
      <div class="timeline-head muted small" aria-hidden="true">
        <div class="timeline-legend">
          <span class="timeline-key" data-kind="waiting">{t("timeline.waiting")}</span>
          <span class="timeline-key" data-kind="attempt" data-tone="running">{t("timeline.running")}</span>
          <span class="timeline-key" data-kind="critical" title={t("timeline.criticalHint")}>
            {t("timeline.critical")}
          </span>
        </div>
        <div class="timeline-axis">
          <div class="timeline-ticks">
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
        </div>
      </div>
      <TaskRunTable
        {...props}
        bar={(index) => (
          <Show when={gantt().rows[index()]}>
            {(row) => <TimelineBars row={row()} spanMs={gantt().spanMs} />}
          </Show>
        )}
      />
    </div>
  );
}

function TimelineBars(props: { readonly row: GanttRow; readonly spanMs: number }): JSX.Element {
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
    <span class="timeline-track">
      <span class="unseen">{summary()}</span>
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
  );
}
