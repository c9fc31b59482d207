/** What becomes of slots that were due while no server was up. */
import { say, type Sentence } from "../../../schema/sentences.ts";
import type { MisfirePolicy } from "../../../schema/states.ts";

export interface MissedSlots {
  /** One CATCH_UP run each: the instant it stands for, and the slots that point to it. */
  readonly caughtUp: readonly { readonly at: Date; readonly slots: readonly Date[] }[];
  readonly missed: readonly Date[];
  /** Why the missed ones are not caught up with. */
  readonly reason: Sentence;
  /** What is left of a long outage. */
  readonly rest: RestOfOutage | null;
}

/** All slots between the two, both included; those that are CAUGHT_UP point to the one run. */
interface RestOfOutage {
  readonly from: Date;
  readonly until: Date;
  readonly outcome: "MISSED" | "CAUGHT_UP";
}

/** An outage with more slots than are listed. */
interface LongOutage {
  readonly since: Date;
  /** Oldest first, as many as may be caught up with and more. */
  readonly oldest: readonly Date[];
  readonly newest: Date;
}

export const OUTAGE_REASON = say("SLOT_OUTAGE");

/** `late` is sorted, oldest first. */
export function planMissed(policy: MisfirePolicy, late: readonly Date[], catchUps: number): MissedSlots {
  const none = { caughtUp: [], missed: [], reason: OUTAGE_REASON, rest: null };
  const newest = late.at(-1);
  if (newest === undefined) return none;
  switch (policy) {
    case "SKIP":
      return { ...none, missed: late };
    case "ONCE":
      return { ...none, caughtUp: [{ at: newest, slots: late }] };
    case "ALL":
      return {
        ...none,
        caughtUp: late.slice(0, catchUps).map((at) => ({ at, slots: [at] })),
        missed: late.slice(catchUps),
        reason: say("SLOT_OUTAGE_LONG", { count: catchUps }),
      };
    default:
      throw new Error(`Unknown misfire policy ${policy satisfies never}`);
  }
}

/** The same for a long outage: the runs at once, the rest for later. */
export function planLongOutage(
  policy: MisfirePolicy,
  { since, oldest, newest }: LongOutage,
  catchUps: number,
): MissedSlots {
  const none = { caughtUp: [], missed: [], reason: OUTAGE_REASON };
  const first = oldest.slice(0, 1);
  switch (policy) {
    case "SKIP":
      return {
        ...none,
        missed: first,
        rest: { from: behind(first, since), until: newest, outcome: "MISSED" },
      };
    case "ONCE":
      return {
        ...none,
        caughtUp: [{ at: newest, slots: [...first, newest] }],
        rest: { from: behind(first, since), until: new Date(newest.getTime() - 1), outcome: "CAUGHT_UP" },
      };
    case "ALL": {
      const caughtUp = oldest.slice(0, catchUps);
      return {
        caughtUp: caughtUp.map((at) => ({ at, slots: [at] })),
        missed: [],
        reason: say("SLOT_OUTAGE_LONG", { count: catchUps }),
        rest: { from: behind(caughtUp, since), until: newest, outcome: "MISSED" },
      };
    }
    default:
      throw new Error(`Unknown misfire policy ${policy satisfies never}`);
  }
}

function behind(slots: readonly Date[], since: Date): Date {
  const last = slots.at(-1);
  return last === undefined ? since : new Date(last.getTime() + 1);
}
