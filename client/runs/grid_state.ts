/** How runs are laid on a grid of containers and equal steps of time. */
import type { RunState } from "../../schema/states.ts";
import type { RunRow } from "./runs_state.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** As many columns as can be told apart. */
const MAX_COLUMNS = 31;
const steps = [
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  DAY_MS,
  7 * DAY_MS,
  30 * DAY_MS,
];
/** A label is wider than one column. */
const COLUMNS_A_LABEL = 4;
/** The state that a cell of several runs is shown in: what needs somebody comes first. */
const weight: readonly RunState[] = ["FAILED", "RUNNING", "QUEUED", "CANCELLED", "SUCCEEDED"];

export interface GridCell {
  /** Null when nothing ran. */
  readonly state: RunState | null;
  readonly count: number;
  /** The run, when there is just one. */
  readonly runId: string | null;
}
export interface GridRow {
  /** Null for a container that was deleted. */
  readonly containerId: string | null;
  readonly name: string;
  readonly cells: readonly GridCell[];
}
export interface Grid {
  /** Where each column begins. */
  readonly columns: readonly number[];
  readonly stepMs: number;
  readonly rows: readonly GridRow[];
}

/** As the server sorts names: only the letters A to Z have small ones there. */
function compareNames(left: string, right: string): number {
  const [one, other] = [left, right].map((name) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));
  return one === other ? 0 : (one ?? "") < (other ?? "") ? -1 : 1;
}

/** Rows by name. The steps are those of local time, so that a day is a day. */
export function layGrid(runs: readonly RunRow[], from: number, to: number, offsetMs: number): Grid {
  const stepMs = steps.find((step) => (to - from) / step <= MAX_COLUMNS - 1) ?? steps.at(-1) ?? DAY_MS;
  const first = Math.floor((from + offsetMs) / stepMs) * stepMs - offsetMs;
  const columns: number[] = [];
  for (let at = first; at < to && columns.length < MAX_COLUMNS; at += stepMs) columns.push(at);
  const groups = Map.groupBy(runs, (run) => run.container?.id ?? run.containerName);
  const rows = [...groups.values()].flatMap((own): GridRow[] => {
    const [newest] = own;
    if (newest === undefined) return [];
    return [{
      containerId: newest.container?.id ?? null,
      name: newest.containerName,
      cells: layCells(own, columns, stepMs),
    }];
  });
  return { columns, stepMs, rows: rows.sort((left, right) => compareNames(left.name, right.name)) };
}

/**
 * Whether a column has room for its name, told by the minute of the day at which it begins: with few columns a day only
 * the days are named.
 */
export function isNamed(minuteOfDay: number, place: number, stepMs: number): boolean {
  if (stepMs >= DAY_MS) return place % COLUMNS_A_LABEL === 0;
  const fewADay = DAY_MS / stepMs <= 2 * COLUMNS_A_LABEL;
  return fewADay ? minuteOfDay === 0 : (minuteOfDay * MINUTE_MS) % (COLUMNS_A_LABEL * stepMs) === 0;
}

function layCells(runs: readonly RunRow[], columns: readonly number[], stepMs: number): readonly GridCell[] {
  const first = columns[0] ?? 0;
  const byColumn = Map.groupBy(runs, ({ createdAt }) => Math.floor((Date.parse(createdAt) - first) / stepMs));
  return columns.map((_at, place) => {
    const own = byColumn.get(place) ?? [];
    const state = weight.find((known) => own.some((run) => run.state === known)) ?? null;
    return { state, count: own.length, runId: own.length === 1 ? own[0]?.id ?? null : null };
  });
}
