/** Which slots of a span would run under a schedule's settings, and how two answers differ. */
import type { MisfirePolicy, OverlapPolicy } from "../../../schema/states.ts";
import { planMissed } from "./misfire.ts";

/** Two fires further apart than this have nothing to do with each other. */
const MOVED_LIMIT_MS = 24 * 3_600_000;

interface SimulatedPolicies {
  readonly overlap: OverlapPolicy;
  readonly misfire: MisfirePolicy;
  readonly maxCatchUp: number;
}

/** What the span was like. */
export interface SimulatedWorld {
  /** How long a run takes. */
  readonly durationMs: number;
  /** When no server was up: both ends included, in order. */
  readonly outages: readonly { readonly from: Date; readonly to: Date }[];
}

interface Difference {
  readonly kept: number;
  readonly added: readonly Date[];
  readonly lost: readonly Date[];
  readonly moved: readonly { readonly from: Date; readonly to: Date }[];
}

/** The instants, oldest first, that a run stands for. `fires` is sorted. */
export function simulateRuns(
  fires: readonly Date[],
  policies: SimulatedPolicies,
  world: SimulatedWorld,
): readonly Date[] {
  return overlapping(caughtUp(fires, policies, world.outages), policies.overlap, world.durationMs);
}

/** What became of each instant of `before`. One that is gone counts as moved to the nearest new one that is left for it. */
export function compareRuns(before: readonly Date[], after: readonly Date[]): Difference {
  const [old, now] = [new Set(before.map(Number)), new Set(after.map(Number))];
  const lost = before.filter((at) => !now.has(at.getTime()));
  const added = after.filter((at) => !old.has(at.getTime()));
  const moved = lost.length <= added.length
    ? pair(lost, added)
    : pair(added, lost).map(({ from, to }) => ({ from: to, to: from }));
  const [left, reached] = [new Set(moved.map(({ from }) => from)), new Set(moved.map(({ to }) => to))];
  return {
    kept: before.length - lost.length,
    added: added.filter((at) => !reached.has(at)),
    lost: lost.filter((at) => !left.has(at)),
    moved,
  };
}

/** Each of the fewer, in order, with the nearest of the many behind the last one taken. */
function pair(
  few: readonly Date[],
  many: readonly Date[],
): readonly { readonly from: Date; readonly to: Date }[] {
  const pairs: { readonly from: Date; readonly to: Date }[] = [];
  let next = 0;
  for (const [place, from] of few.entries()) {
    const distance = (index: number): number =>
      Math.abs((many[index]?.getTime() ?? Infinity) - from.getTime());
    // Enough has to be left for those that come after.
    const last = many.length - (few.length - place);
    let best = next;
    while (best < last && distance(best + 1) <= distance(best)) best += 1;
    const to = many[best];
    if (to === undefined || distance(best) > MOVED_LIMIT_MS) continue;
    pairs.push({ from, to });
    next = best + 1;
  }
  return pairs;
}

function caughtUp(
  fires: readonly Date[],
  { misfire, maxCatchUp }: SimulatedPolicies,
  outages: SimulatedWorld["outages"],
): readonly Date[] {
  if (outages.length === 0) return fires;
  const outageOf = (at: Date): number => outages.findIndex(({ from, to }) => at >= from && at <= to);
  return [...Map.groupBy(fires, outageOf)].flatMap(([outage, own]) =>
    outage === -1 ? own : planMissed(misfire, own, maxCatchUp).caughtUp.map(({ at }) => at)
  ).sort((one, two) => one.getTime() - two.getTime());
}

function overlapping(
  fires: readonly Date[],
  overlap: OverlapPolicy,
  durationMs: number,
): readonly Date[] {
  // Every one of these starts, beside the active run or in its place.
  if (overlap === "ALLOW" || overlap === "REPLACE") return fires;
  let startsAt = -Infinity;
  let endsAt = -Infinity;
  return fires.filter((fire) => {
    const at = fire.getTime();
    const refused = overlap === "SKIP" ? at < endsAt : at < startsAt;
    if (refused) return false;
    startsAt = Math.max(at, endsAt);
    endsAt = startsAt + durationMs;
    return true;
  });
}
