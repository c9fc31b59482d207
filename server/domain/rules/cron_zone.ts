/** When the clocks of a time zone change, and by how much they are off before and after. */
import { LRUCache } from "lru-cache";
import { FIRST_YEAR, LAST_YEAR } from "./cron_field.ts";

/** Zones whose changes are kept: more than anybody uses at once. */
const MAX_ZONES = 200;

/** A stretch of time in which local time is UTC plus one offset. All in milliseconds. */
export interface Stretch {
  /** The first instant of it. */
  readonly startAt: number;
  /** The first instant after it. */
  readonly endAt: number;
  readonly offset: number;
}

/**
 * The stretches of a zone, in order and without gaps: the first begins and the last ends at infinity. Remembered, since
 * they are the same at every call and take a millisecond to find.
 */
export function stretchesOf(timezone: string): readonly Stretch[] {
  const known = remembered.get(timezone);
  if (known !== undefined) return known;
  const stretches = findStretches(timezone);
  remembered.set(timezone, stretches);
  return stretches;
}

const remembered = new LRUCache<string, readonly Stretch[]>({ max: MAX_ZONES });

/** The place of the stretch that holds the instant. */
export function stretchAt(stretches: readonly Stretch[], instant: number): number {
  let low = 0;
  let high = stretches.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((stretches[middle]?.startAt ?? Infinity) <= instant) low = middle;
    else high = middle - 1;
  }
  return low;
}

function findStretches(timezone: string): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(Date.UTC(FIRST_YEAR)).toZonedDateTimeISO(timezone);
  let startAt = -Infinity;
  for (;;) {
    const change = at.getTimeZoneTransition("next");
    const endAt = change === null || change.epochMilliseconds >= Date.UTC(LAST_YEAR + 1)
      ? Infinity
      : change.epochMilliseconds;
    stretches.push({ startAt, endAt, offset: at.offsetNanoseconds / 1e6 });
    if (change === null || endAt === Infinity) return stretches;
    at = change;
    startAt = endAt;
  }
}
