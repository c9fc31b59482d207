/** What becomes of slots that were due while no server was up. */
import type { MisfirePolicy } from "../../../schema/states.ts";

export interface MissedSlots {
  /** One CATCH_UP run each: the instant it stands for, and the slots that point to it. */
  readonly caughtUp: readonly { readonly at: Date; readonly slots: readonly Date[] }[];
  readonly missed: readonly Date[];
  /** Why the missed ones are not caught up with. */
  readonly reason: string;
}

/** `late` is sorted, oldest first. */
export function planMissed(policy: MisfirePolicy, late: readonly Date[], catchUps: number): MissedSlots {
  const reason = "No server was up when it was due";
  const newest = late.at(-1);
  if (newest === undefined) return { caughtUp: [], missed: [], reason };
  switch (policy) {
    case "SKIP":
      return { caughtUp: [], missed: late, reason };
    case "ONCE":
      return { caughtUp: [{ at: newest, slots: late }], missed: [], reason };
    case "ALL":
      return {
        caughtUp: late.slice(0, catchUps).map((at) => ({ at, slots: [at] })),
        missed: late.slice(catchUps),
        reason: `${reason}, and more than ${catchUps} slots were missed`,
      };
    default:
      throw new Error(`Unknown misfire policy ${policy satisfies never}`);
  }
}
