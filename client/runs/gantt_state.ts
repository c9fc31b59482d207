/** A run along the time: who waited for what, who ran, and how often. */
import type { AttemptState, TaskRunState } from "../../schema/states.ts";
import { findCriticalPath, type TimedRelation } from "./critical_path.ts";

export interface GanttAttempt {
  readonly number: number;
  readonly state: AttemptState;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface GanttTask {
  readonly id: string;
  readonly name: string;
  readonly state: TaskRunState;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly attempts: readonly GanttAttempt[];
}

/** Times are milliseconds since the run was asked for. */
export interface GanttBar {
  readonly kind: "waiting" | "attempt";
  readonly state: AttemptState | null;
  /** Of the attempt; of the one that is waited for. */
  readonly number: number;
  readonly from: number;
  readonly to: number;
}

export interface GanttRow {
  readonly id: string;
  readonly name: string;
  readonly state: TaskRunState;
  readonly critical: boolean;
  readonly bars: readonly GanttBar[];
}

export interface Gantt {
  readonly rows: readonly GanttRow[];
  readonly spanMs: number;
  readonly ticks: readonly number[];
}

export interface GanttRun {
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** So that a run of no time at all still has a scale. */
const MIN_SPAN_MS = 100;
const MAX_TICKS = 6;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS: readonly number[] = [
  ...[20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 30].map((count) => count * DAY),
];

export function buildGantt(
  run: GanttRun,
  tasks: readonly GanttTask[],
  relations: readonly TimedRelation[],
  now: number,
): Gantt {
  const origin = Date.parse(run.createdAt);
  const end = run.finishedAt === null ? now : Date.parse(run.finishedAt);
  const spanMs = Math.max(MIN_SPAN_MS, end - origin);
  const critical = findCriticalPath(tasks, relations);
  const endings = upstreamEndings(tasks, relations);
  return {
    rows: tasks.map((task) => ({
      id: task.id,
      name: task.name,
      state: task.state,
      critical: critical.has(task.id),
      bars: barsOf(task, endings.get(task.id) ?? [], { origin, end: Math.max(end, origin) }),
    })),
    spanMs,
    ticks: chooseTicks(spanMs),
  };
}

/** Round times inside the span, the first 0. */
export function chooseTicks(spanMs: number): readonly number[] {
  const step = STEPS.find((size) => spanMs / size <= MAX_TICKS) ??
    Math.ceil(spanMs / MAX_TICKS / DAY) * DAY;
  return Array.from({ length: Math.floor(spanMs / step) + 1 }, (_tick, index) => index * step);
}

/** Where a bar lies, in per cent of the span. */
export function barPlace(
  bar: Pick<GanttBar, "from" | "to">,
  spanMs: number,
): { readonly left: number; readonly width: number } {
  const left = Math.min(100, (bar.from / spanMs) * 100);
  return { left, width: Math.max(0, Math.min(100 - left, ((bar.to - bar.from) / spanMs) * 100)) };
}

/** The part of the run that a task of the critical path stands for: its waiting and its attempts. */
export function criticalSpan(row: GanttRow): Pick<GanttBar, "from" | "to"> | null {
  const [first, last] = [row.bars[0], row.bars.at(-1)];
  return first === undefined || last === undefined ? null : { from: first.from, to: last.to };
}

interface Bounds {
  readonly origin: number;
  readonly end: number;
}

function barsOf(task: GanttTask, endings: readonly number[], { origin, end }: Bounds): readonly GanttBar[] {
  const bars: GanttBar[] = [];
  const attempts = task.attempts.filter(({ startedAt }) => startedAt !== null);
  const add = (bar: GanttBar): void => {
    if (bar.to > bar.from || bar.kind === "attempt") bars.push(bar);
  };
  const firstStart = Date.parse(attempts[0]?.startedAt ?? "");
  let readyAt = attempts.length > 0 || task.state === "READY"
    ? Math.max(origin, ...endings.filter((at) => Number.isNaN(firstStart) || at <= firstStart)) - origin
    : null;
  for (const { number, state, startedAt, finishedAt } of attempts) {
    const from = Date.parse(startedAt ?? "") - origin;
    const to = (finishedAt === null ? end : Date.parse(finishedAt)) - origin;
    if (readyAt !== null) add({ kind: "waiting", state: null, number, from: readyAt, to: from });
    add({ kind: "attempt", state, number, from, to: Math.max(from, to) });
    readyAt = to;
  }
  if (task.state === "READY" && readyAt !== null) {
    const number = attempts.length + 1;
    add({ kind: "waiting", state: null, number, from: readyAt, to: end - origin });
  }
  return bars;
}

function upstreamEndings(
  tasks: readonly GanttTask[],
  relations: readonly TimedRelation[],
): ReadonlyMap<string, readonly number[]> {
  const endedAt = new Map(
    tasks.flatMap(({ id, finishedAt }) => finishedAt === null ? [] : [[id, Date.parse(finishedAt)] as const]),
  );
  const endings = new Map<string, number[]>();
  for (const { upstream, downstream } of relations) {
    const at = endedAt.get(upstream.id);
    if (at === undefined) continue;
    const held = endings.get(downstream.id);
    if (held === undefined) endings.set(downstream.id, [at]);
    else held.push(at);
  }
  return endings;
}
