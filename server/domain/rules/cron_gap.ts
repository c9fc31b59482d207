/** How close together the fires of an expression come. */
import { type FieldPath, InvalidCronError } from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";
import type { Expression } from "./cron.ts";
import { eachFire, type FireStart } from "./cron_fires.ts";

/** Fires that are looked at: beyond these a pattern repeats, or its fires are rare enough to be far apart. */
const MAX_FIRES = 500;
/** The same for rare ones: a leap year and all its neighbours. */
const MAX_SPAN_MS = 4 * 366 * 24 * 3_600_000;
/** Nothing is closer: instants are whole seconds. */
export const MIN_GAP_SECONDS = 1;

/** The smallest gap between two of the coming fires, in seconds; null when fewer than two are to come. */
export function minimumGapSeconds(expression: Expression, start: FireStart): number | null {
  let smallest = Infinity;
  let previous: Date | null = null;
  let count = 0;
  for (const fire of eachFire(expression, start)) {
    if (previous !== null) smallest = Math.min(smallest, (fire.getTime() - previous.getTime()) / 1_000);
    previous = fire;
    count += 1;
    const over = smallest < Infinity && fire.getTime() - start.from.getTime() > MAX_SPAN_MS;
    if (count === MAX_FIRES || over || smallest <= MIN_GAP_SECONDS) break;
  }
  return smallest === Infinity ? null : smallest;
}

/** Refuses what fires more often than the server allows. */
export function refuseShortGap(
  text: string,
  gapSeconds: number | null,
  shortestSeconds: number,
  path: FieldPath,
): void {
  if (gapSeconds === null || gapSeconds >= shortestSeconds) return;
  throw new InvalidCronError({
    sentence: say("CRON_GAP", { expression: text, seconds: gapSeconds, least: shortestSeconds }),
    field: null,
    offset: 0,
    length: text.length,
  }, path);
}
