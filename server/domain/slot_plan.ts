/** What one tick makes of a schedule that is due: its slots, the runs that they ask for, and its next instant. */
import type { MisfirePolicy, OverlapPolicy, SlotOutcome } from "../../schema/states.ts";
import type { Container } from "../../schema/tables/container.ts";
import { dueInstants, type PlannedSchedule, planNextFire } from "./planning.ts";
import { type MissedSlots, planMissed } from "./rules/misfire.ts";
import type { RunMade, RunRequest } from "./runs/create.ts";
import type { ScheduleLimits } from "./schedule_rows.ts";

/** Slots of one schedule that one transaction writes; what is left stays due. */
const SLOTS_AT_ONCE = 10_000;

export interface DueSchedule extends PlannedSchedule {
  readonly overlap: OverlapPolicy;
  readonly misfire: MisfirePolicy;
  readonly maxCatchUp: number;
  readonly lateAfterSeconds: number;
  readonly nextFireAt: Date;
}

export interface SlotRecord {
  readonly containerId: number;
  readonly at: Date;
  readonly outcome: SlotOutcome;
  readonly reason: string | null;
  readonly runId: number | null;
}

export interface SlotPlan {
  readonly schedule: DueSchedule;
  /** Fired as they are, oldest first. */
  readonly onTime: readonly Date[];
  readonly missed: MissedSlots;
  readonly nextFireAt: Date | null;
  /** Not all that is due fitted into this transaction. */
  readonly more: boolean;
  /** Why the expression cannot be planned; then it has one slot, the promised one, and none to come. */
  readonly fault: string | null;
}

export function planSlots(schedule: DueSchedule, now: Date, limits: ScheduleLimits): SlotPlan {
  try {
    return planReadable(schedule, now, limits);
  } catch (error) {
    // It was sound when it was stored, by the rules and the time zones of then. The others go on.
    const fault = error instanceof Error ? error.message : String(error);
    const missed = planMissed(schedule.misfire, [], 0);
    return { schedule, onTime: [schedule.nextFireAt], missed, nextFireAt: null, more: false, fault };
  }
}

function planReadable(schedule: DueSchedule, now: Date, { missedAfterSeconds }: ScheduleLimits): SlotPlan {
  const later = dueInstants(schedule, new Date(schedule.nextFireAt.getTime() + 1), now, SLOTS_AT_ONCE);
  // The next instant was promised when it was planned: it is a slot even if the expression was edited since.
  const instants = [schedule.nextFireAt, ...later];
  const more = later.length === SLOTS_AT_ONCE;
  const line = now.getTime() - missedAfterSeconds * 1000;
  const late = instants.filter((at) => at.getTime() < line);
  const last = instants.at(-1) ?? now;
  return {
    schedule,
    onTime: instants.filter((at) => at.getTime() >= line),
    missed: planMissed(schedule.misfire, late, schedule.maxCatchUp),
    nextFireAt: planNextFire(schedule, more ? last : now),
    more,
    fault: null,
  };
}

export function requestsOf(
  { schedule, onTime, missed }: SlotPlan,
  container: Container,
): readonly { readonly request: RunRequest; readonly slots: readonly Date[] }[] {
  const request = {
    container,
    overlap: schedule.overlap,
    environment: {},
    startedBy: null,
    idempotency: null,
    singleTaskIndex: null,
    again: null,
  };
  return [
    ...missed.caughtUp.map(({ at, slots }) => ({
      request: { ...request, cause: "CATCH_UP" as const, scheduledFor: at },
      slots,
    })),
    ...onTime.map((at) => ({
      request: { ...request, cause: "SCHEDULE" as const, scheduledFor: at },
      slots: [at],
    })),
  ];
}

export function firedSlots(
  request: RunRequest,
  slots: readonly Date[],
  made: RunMade | undefined,
): readonly SlotRecord[] {
  if (made === undefined) throw new Error("A slot was planned and neither fired nor refused");
  const containerId = request.container.id;
  if (made.kind === "refused") {
    return slots.map((at) => ({
      containerId,
      at,
      outcome: "SKIPPED",
      reason: `Overlap: ${made.reason}`,
      runId: null,
    }));
  }
  const caughtUp = request.cause === "CATCH_UP";
  return slots.map((at) => ({
    containerId,
    at,
    outcome: caughtUp ? "CAUGHT_UP" : "FIRED",
    reason: caughtUp ? "No server was up when it was due" : null,
    runId: made.runId,
  }));
}

export function missedSlots({ schedule, missed }: SlotPlan): readonly SlotRecord[] {
  const { containerId } = schedule;
  return missed.missed.map((at) => ({
    containerId,
    at,
    outcome: "MISSED",
    reason: missed.reason,
    runId: null,
  }));
}

export function emptySlots(plan: SlotPlan): readonly SlotRecord[] {
  return skippedSlots(plan, "Empty: the container has no enabled task");
}

export function faultySlots(plan: SlotPlan): readonly SlotRecord[] {
  return skippedSlots(plan, `The schedule cannot be planned: ${plan.fault}`);
}

function skippedSlots({ schedule, onTime, missed }: SlotPlan, reason: string): readonly SlotRecord[] {
  const slots = [...missed.missed, ...missed.caughtUp.flatMap((catchUp) => catchUp.slots), ...onTime];
  return slots.map((at) => ({
    containerId: schedule.containerId,
    at,
    outcome: "SKIPPED",
    reason,
    runId: null,
  }));
}
