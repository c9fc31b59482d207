/**
 * The instants of an expression. Croner searches on the wall clock, where no clock ever changes; here its answers become
 * instants, stretch by stretch of the zone, which leaves the missing and the repeated hours to the setting.
 */
import { CronDate, type CronPattern } from "croner";
import { scheduleFields } from "../../../schema/definition/container.ts";
import type { ClockChange } from "../../../schema/definition/field.ts";
import type { CalendarPart, Expression, Part } from "./cron.ts";
import { type Stretch, stretchAt, stretchesOf } from "./cron_zone.ts";

export interface FireStart {
  readonly timezone: string;
  /** What `@every` counts from. */
  readonly anchorAt: Date;
  /** Every answer is later than this. */
  readonly from: Date;
  readonly dst?: ClockChange;
}

interface FireQuery extends FireStart {
  readonly count: number;
  /** Answers later than this are left out. */
  readonly until?: Date;
}

export const usualClockChange: ClockChange = scheduleFields.dst.default;
/** What a wildcard or a step in the hour asks for: every instant at which the wall clock matches, and no other. */
const realTime: ClockChange = { missing: "SKIP", repeated: "BOTH" };

/** Ascending, none twice; fewer than `count` when there are no more, none when there never is one. */
export function nextFires(expression: Expression, query: FireQuery): readonly Date[] {
  const fires: Date[] = [];
  if (query.count < 1) return fires;
  for (const fire of eachFire(expression, query)) {
    if (query.until !== undefined && fire > query.until) break;
    fires.push(fire);
    if (fires.length === query.count) break;
  }
  return fires;
}

/** The same, one at a time for as long as they are asked for. */
export function* eachFire(expression: Expression, query: FireStart): Generator<Date> {
  const searches = expression.parts.map((part) => searchOf(part, query));
  let after = query.from.getTime();
  for (;;) {
    after = Math.min(...searches.map((search) => search(after)));
    if (after === Infinity) return;
    yield new Date(after);
  }
}

/** Gives the first instant after the given one, in milliseconds; infinity when there is none. */
type Search = (after: number) => number;

function searchOf(part: Part, query: FireStart): Search {
  switch (part.kind) {
    case "calendar":
      return remembering(searchCalendar(part, query));
    case "every":
      return (after) => nextOfEvery(part.seconds * 1_000, query.anchorAt.getTime(), after);
    case "reboot":
      return () => Infinity;
    case "instants":
      return (after) => part.instants.find((instant) => instant > after) ?? Infinity;
  }
}

/** Asked again for a time before its last answer, a search has the same answer. */
function remembering(search: Search): Search {
  let from = Infinity;
  let answer = -Infinity;
  return (after) => {
    if (after >= from && after < answer) return answer;
    from = after;
    answer = search(after);
    return answer;
  };
}

/** Whole seconds from the anchor's second on; the first fire is one interval after it. */
function nextOfEvery(interval: number, anchor: number, after: number): number {
  const start = Math.floor(anchor / 1_000) * 1_000;
  return start + Math.max(1, Math.floor((after - start) / interval) + 1) * interval;
}

function searchCalendar(part: CalendarPart, query: FireStart): Search {
  const stretches = stretchesOf(query.timezone);
  const change = part.realTime ? realTime : query.dst ?? usualClockChange;
  const nextWall = remembering((after) =>
    Math.min(...part.patterns.map((pattern) => matchAfter(pattern, after)))
  );
  return (after) => {
    for (let index = stretchAt(stretches, after); index < stretches.length; index++) {
      const found = findWithin(neighboursOf(stretches, index), after, change, nextWall);
      if (found !== null) return found;
    }
    return Infinity;
  };
}

interface Neighbours {
  readonly stretch: Stretch;
  /** Where the wall clock stood when the stretch before ended, and where it stands when the next one begins. */
  readonly wallBefore: number;
  readonly wallAfter: number;
}

function neighboursOf(stretches: readonly Stretch[], index: number): Neighbours {
  const stretch = stretches[index];
  if (stretch === undefined) throw new Error(`There is no stretch ${index} of ${stretches.length}`);
  return {
    stretch,
    wallBefore: stretch.startAt + (stretches[index - 1]?.offset ?? stretch.offset),
    wallAfter: stretch.endAt + (stretches[index + 1]?.offset ?? stretch.offset),
  };
}

/** The first fire after the instant that lies in this stretch. */
function findWithin(
  { stretch, wallBefore, wallAfter }: Neighbours,
  after: number,
  change: ClockChange,
  nextWall: Search,
): number | null {
  const wallStart = stretch.startAt + stretch.offset;
  const wallEnd = stretch.endAt + stretch.offset;
  const first = change.repeated === "FIRST" ? Math.max(wallStart, wallBefore) : wallStart;
  const end = change.repeated === "SECOND" ? Math.min(wallEnd, wallAfter) : wallEnd;
  const begins = after < stretch.startAt;
  // The clock jumped from wallBefore to wallStart: what it left out fires as it lands.
  if (begins && change.missing === "SHIFT" && nextWall(wallBefore - 1) < wallStart) return stretch.startAt;
  const wall = nextWall(Math.max(first - 1, begins ? -Infinity : after + stretch.offset));
  return wall < end ? wall - stretch.offset : null;
}

function matchAfter(pattern: CronPattern, wall: number): number {
  // The wall clock is read as if it were UTC: an offset of 0 keeps croner from looking at any zone.
  const match = new CronDate(new Date(wall), 0).increment(pattern, { domAndDow: false }, false);
  return match?.getTime() ?? Infinity;
}
