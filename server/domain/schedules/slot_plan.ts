/** What one tick makes of a schedule that is due: its slots, the runs that they ask for, and its next instant. */
import { sentenceOf } from "../../../schema/errors.ts";
import { say, type Sentence } from "../../../schema/sentences.ts";
import type { MisfirePolicy, OverlapPolicy, SlotOutcome } from "../../../schema/states.ts";
import type { Container } from "../../../schema/tables/container.ts";
import type { Backlog } from "./backlog.ts";
import { dueInstants, latestInstant, type PlannedSchedule, planNextFire } from "./planning.ts";
import { type MissedSlots, OUTAGE_REASON, planLongOutage, planMissed } from "../rules/misfire.ts";
import type { RunMade, RunRequest } from "../runs/create.ts";
import { parameterVariables, readParameterValues } from "../rules/parameters.ts";
import type { ScheduleLimits } from "./schedule_rows.ts";

/** Slots of one schedule that one tick writes; of an outage the rest is written later, of others it stays due. */
const SLOTS_AT_ONCE = 1_000;

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
  readonly reason: Sentence | null;
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
  readonly fault: Sentence | null;
}

/** `recorded` are instants that the ledger has already: the clock was set back over them. */
export function planSlots(
  schedule: DueSchedule,
  now: Date,
  limits: ScheduleLimits,
  recorded: ReadonlySet<number>,
): SlotPlan {
  try {
    return planReadable(schedule, now, limits, recorded);
  } catch (error) {
    // It was sound when it was stored, by the rules and the time zones of then. The others go on.
    const fault = sentenceOf(error);
    const missed = planMissed(schedule.misfire, [], 0);
    const onTime = [schedule.nextFireAt].filter((at) => !recorded.has(at.getTime()));
    return { schedule, onTime, missed, nextFireAt: null, more: false, fault };
  }
}

function planReadable(
  schedule: DueSchedule,
  now: Date,
  { missedAfterSeconds }: ScheduleLimits,
  recorded: ReadonlySet<number>,
): SlotPlan {
  const line = new Date(now.getTime() - missedAfterSeconds * 1000);
  const onTime = slotsWithin(schedule, line, now, SLOTS_AT_ONCE);
  const more = onTime.length === SLOTS_AT_ONCE;
  const last = onTime.at(-1) ?? now;
  return {
    schedule,
    onTime: onTime.filter((at) => !recorded.has(at.getTime())),
    missed: planOutage(schedule, new Date(line.getTime() - 1), recorded),
    nextFireAt: planNextFire(schedule, more ? last : now, recorded),
    more,
    fault: null,
  };
}

function planOutage(schedule: DueSchedule, last: Date, recorded: ReadonlySet<number>): MissedSlots {
  const { misfire, maxCatchUp, nextFireAt } = schedule;
  // Those that get a run are all listed.
  const most = misfire === "ALL" ? Math.max(maxCatchUp, SLOTS_AT_ONCE) : SLOTS_AT_ONCE;
  const late = slotsWithin(schedule, nextFireAt, last, most + 1);
  const oldest = late.filter((at) => !recorded.has(at.getTime()));
  if (late.length <= most) return planMissed(misfire, oldest, maxCatchUp);
  let newest = latestInstant(schedule, nextFireAt, last);
  while (newest !== null && recorded.has(newest.getTime())) {
    newest = latestInstant(schedule, nextFireAt, new Date(newest.getTime() - 1));
  }
  return newest === null
    ? planMissed(misfire, oldest, maxCatchUp)
    : planLongOutage(misfire, { since: nextFireAt, oldest, newest }, maxCatchUp);
}

/** What was promised when it was planned is a slot, whatever the expression says by now. */
function slotsWithin(schedule: DueSchedule, from: Date, last: Date, limit: number): readonly Date[] {
  const { nextFireAt } = schedule;
  if (nextFireAt < from) return dueInstants(schedule, from, last, limit);
  if (nextFireAt > last) return [];
  return [nextFireAt, ...dueInstants(schedule, new Date(nextFireAt.getTime() + 1), last, limit - 1)];
}

/** A container whose parameters want a value that no default gives has no request. */
function defaultVariables({ parameters }: Container): RunRequest["environment"] {
  const read = readParameterValues(parameters, {});
  return "values" in read ? parameterVariables(read.values) : {};
}

export function requestsOf(
  { schedule, onTime, missed }: SlotPlan,
  container: Container,
): readonly { readonly request: RunRequest; readonly slots: readonly Date[] }[] {
  const request = {
    container,
    overlap: schedule.overlap,
    environment: defaultVariables(container),
    startedBy: null,
    startAt: null,
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
      reason: say("SLOT_OVERLAP", { why: made.reason }),
      runId: null,
    }));
  }
  const caughtUp = request.cause === "CATCH_UP";
  return slots.map((at) => ({
    containerId,
    at,
    outcome: caughtUp ? "CAUGHT_UP" : "FIRED",
    reason: caughtUp ? OUTAGE_REASON : null,
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

export interface Readiness extends Record<string, unknown> {
  /** No task of it is enabled. */
  readonly empty: boolean;
  /** Why its project, or everything, is paused; null: neither is. */
  readonly pause: string | null;
}

/** Why none of its slots gets a run; null when they may. */
export function whySkipped(
  { fault }: SlotPlan,
  { shadow, parameters }: Container,
  ready: Readiness | undefined,
): Sentence | null {
  if (fault !== null) return say("SLOT_UNPLANNED", { why: fault });
  if (shadow) return say("SLOT_SHADOW");
  if (ready === undefined || ready.empty) return say("SLOT_EMPTY");
  if (ready.pause !== null) return say("SLOT_PAUSED", { reason: ready.pause });
  const read = readParameterValues(parameters, {});
  return "why" in read ? say("SLOT_PARAMETERS", { name: read.path.join("."), why: read.why }) : null;
}

/** The slots that a plan writes at once. */
export function slotsIn({ onTime, missed }: SlotPlan): number {
  return onTime.length + missed.missed.length +
    missed.caughtUp.reduce((count, { slots }) => count + slots.length, 0);
}

/** What is left of an outage, once the run that it points to is made; none when there is nothing left. */
export function backlogOf(
  { schedule, missed }: SlotPlan,
  records: readonly SlotRecord[],
  skipped: Sentence | null,
  now: Date,
): readonly Backlog[] {
  if (missed.rest === null) return [];
  const { from, until, outcome } = missed.rest;
  const { containerId, lateAfterSeconds } = schedule;
  const none = { schedule, from, until, runId: null, lateBefore: null };
  if (skipped !== null) return [{ ...none, outcome: "SKIPPED", reason: skipped }];
  if (outcome === "MISSED") return [{ ...none, outcome, reason: missed.reason }];
  const newest = records.find((record) => record.containerId === containerId && record.at > until);
  if (newest === undefined) throw new Error("An outage is caught up with and its newest slot has no record");
  const { runId, reason } = newest;
  const lateBefore = runId === null ? null : new Date(now.getTime() - lateAfterSeconds * 1000);
  return [{ ...none, outcome: newest.outcome, reason, runId, lateBefore }];
}

export function skippedSlots(
  { schedule, onTime, missed }: SlotPlan,
  reason: Sentence,
): readonly SlotRecord[] {
  const slots = [...missed.missed, ...missed.caughtUp.flatMap((catchUp) => catchUp.slots), ...onTime];
  return slots.map((at) => ({
    containerId: schedule.containerId,
    at,
    outcome: "SKIPPED",
    reason,
    runId: null,
  }));
}
