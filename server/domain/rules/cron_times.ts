/** Fires as the clock on the wall shows them, with what a change of the clocks did to each. */
import type { ClockChangeKind } from "../../../schema/states.ts";
import type { Expression } from "./cron.ts";
import { type FireStart, nextFires, usualClockChange } from "./cron_fires.ts";
import { type Stretch, stretchAt, stretchesOf } from "./cron_zone.ts";

export interface FireTime {
  readonly at: Date;
  /** YYYY-MM-DD HH:MM:SS in the zone. */
  readonly local: string;
  /** Of the zone from UTC then, e.g. +02:00. */
  readonly offset: string;
  readonly clockChange: ClockChangeKind | null;
}

/** `fires` are what the expression has after `start.from`, without a gap. */
export function localizeFires(
  expression: Expression,
  start: FireStart,
  fires: readonly Date[],
): readonly FireTime[] {
  const stretches = stretchesOf(start.timezone);
  let before = stretchAt(stretches, start.from.getTime());
  return fires.map((at) => {
    const index = stretchAt(stretches, at.getTime());
    const offset = stretches[index]?.offset ?? 0;
    const clockChange = kindOf(expression, start, at, { stretches, index, before });
    before = index;
    return { at, local: wallText(at, offset), offset: offsetText(offset), clockChange };
  });
}

interface Place {
  readonly stretches: readonly Stretch[];
  readonly index: number;
  /** Place of the stretch that held the fire before. */
  readonly before: number;
}

function kindOf(expression: Expression, start: FireStart, at: Date, place: Place): ClockChangeKind | null {
  const { stretches, index, before } = place;
  const [last, own, next] = [stretches[index - 1], stretches[index], stretches[index + 1]];
  if (own === undefined) throw new Error(`There is no stretch ${index} of ${stretches.length}`);
  const instant = at.getTime();
  if (last !== undefined && instant === own.startAt && own.offset > last.offset) {
    // At the end of a gap; unless it would be there without one.
    const dst = { ...usualClockChange, ...start.dst, missing: "SKIP" } as const;
    const from = new Date(instant - 1);
    if (nextFires(expression, { ...start, dst, from, until: at, count: 1 }).length === 0) return "SHIFTED";
  }
  const wall = instant + own.offset;
  const first = next !== undefined && wall >= own.endAt + next.offset;
  const second = last !== undefined && wall < own.startAt + last.offset;
  if (first || second) return "REPEATED";
  return index === before ? null : "AFTER_CHANGE";
}

function wallText(at: Date, offset: number): string {
  return new Date(at.getTime() + offset).toISOString().slice(0, 19).replace("T", " ");
}

function offsetText(offset: number): string {
  const minutes = Math.trunc(Math.abs(offset) / 60_000);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
