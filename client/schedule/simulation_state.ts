/** What a change of the schedule would do, laid on a line of time and said in short lists. */

export interface SimulationLike {
  readonly kept: number;
  readonly added: readonly string[];
  readonly lost: readonly string[];
  readonly moved: readonly { readonly from: string; readonly to: string }[];
}

export const spans = ["1h", "1d", "7d", "30d", "90d"] as const;
export type Span = typeof spans[number];

const HOUR_MS = 3_600_000;
const spanMs: { readonly [S in Span]: number } = {
  "1h": HOUR_MS,
  "1d": 24 * HOUR_MS,
  "7d": 7 * 24 * HOUR_MS,
  "30d": 30 * 24 * HOUR_MS,
  "90d": 90 * 24 * HOUR_MS,
};
/** Unless the reader asks for more. */
const DEFAULT_SPANS: readonly Span[] = ["30d", "7d", "1d"];
/** The server looks at no more than 10,000 of either schedule. */
const MAX_FIRES = 9_000;

export function lengthOf(span: Span): number {
  return spanMs[span];
}

/** The longest of the usual spans that schedules with this smallest gap do not overfill. */
export function usualSpan(gapSeconds: number | null): Span {
  const gapMs = (gapSeconds ?? Infinity) * 1000;
  return DEFAULT_SPANS.find((span) => spanMs[span] / gapMs <= MAX_FIRES) ?? "1h";
}

/** The smallest gap between instants that follow each other, in seconds; null when there are not two. */
export function smallestGap(instants: readonly string[]): number | null {
  const gaps = instants.slice(1).map((at, index) => Date.parse(at) - Date.parse(instants[index] ?? at));
  return gaps.length === 0 ? null : Math.min(...gaps) / 1000;
}

export type MarkKind = "added" | "lost" | "moved";

export interface Mark {
  readonly kind: MarkKind;
  /** Percent of the line, from its start. */
  readonly place: number;
  readonly count: number;
}

/** Marks that lie closer are drawn as one. */
const COLUMNS = 240;

export function marksOf(simulation: SimulationLike, from: number, to: number): readonly Mark[] {
  const moved = simulation.moved.map((move) => move.to);
  return [
    ...marks("lost", simulation.lost, from, to),
    ...marks("moved", moved, from, to),
    ...marks("added", simulation.added, from, to),
  ];
}

export function changesNothing({ added, lost, moved }: SimulationLike): boolean {
  return added.length + lost.length + moved.length === 0;
}

/** Midnights in the line's time, at most so many: where its dates stand. */
export function daysOf(from: number, to: number, most: number): readonly number[] {
  const first = new Date(from);
  first.setHours(24, 0, 0, 0);
  const days: number[] = [];
  for (const day = first; day.getTime() < to; day.setDate(day.getDate() + 1)) days.push(day.getTime());
  const each = Math.max(1, Math.ceil(days.length / most));
  return days.filter((_day, index) => index % each === 0);
}

/** Percent of the line. */
export function placeOf(at: number, from: number, to: number): number {
  return to <= from ? 0 : Math.min(100, Math.max(0, ((at - from) / (to - from)) * 100));
}

function marks(kind: MarkKind, instants: readonly string[], from: number, to: number): readonly Mark[] {
  const columns = new Map<number, number>();
  for (const instant of instants) {
    const column = Math.floor((placeOf(Date.parse(instant), from, to) / 100) * COLUMNS);
    columns.set(column, (columns.get(column) ?? 0) + 1);
  }
  return [...columns].map(([column, count]) => ({ kind, count, place: (column / COLUMNS) * 100 }));
}
