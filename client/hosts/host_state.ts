/** How busy a machine was, as lines of one height: values of an hour, the newest right. */
import type { ResultOf } from "../graphql/tada.ts";
import type { HostFiguresFragment } from "./hosts_documents.ts";

export type HostFigures = ResultOf<typeof HostFiguresFragment>;

export const HISTORY_MS = 3_600_000;
/** A gap of this many milliseconds is a time in which the server was away. */
const GAP_MS = 60_000;

export interface Point {
  readonly at: number;
  readonly value: number;
}

/** The last hour with the newest figures at its end. */
export function addFigures(history: readonly HostFigures[], newest: HostFigures): readonly HostFigures[] {
  const from = Date.parse(newest.at) - HISTORY_MS;
  return [...history.filter(({ at }) => Date.parse(at) >= from && at < newest.at), newest];
}

export function pointsOf(
  history: readonly HostFigures[],
  valueOf: (figures: HostFigures) => number,
): readonly Point[] {
  return history.map((figures) => ({ at: Date.parse(figures.at), value: valueOf(figures) }));
}

/** The path of a line in a box of that size; broken where nothing was measured. */
export function linePath(
  points: readonly Point[],
  box: { readonly width: number; readonly height: number; readonly to: number; readonly top: number },
): string {
  let previous: Point | null = null;
  return points.map((point) => {
    const x = box.width * (1 - (box.to - point.at) / HISTORY_MS);
    const y = box.height * (1 - Math.min(1, point.value / Math.max(box.top, Number.MIN_VALUE)));
    const broken = previous === null || point.at - previous.at > GAP_MS;
    previous = point;
    return `${broken ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`;
  }).join("");
}

/** "3.4 GB": two figures are enough for a memory. */
export function formatBytes(bytes: number, language: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: units[step] ?? "byte",
    unitDisplay: "short",
    maximumSignificantDigits: 3,
  }).format(bytes / 1024 ** step);
}
