/**
 * The scheduler's one step: whoever finds schedules that are due writes their slots and their runs and moves their next
 * instant, all in one transaction. The slot's key makes a second fire impossible; a crash before the commit leaves
 * everything as it was. Any server may do it, several may do it at once.
 */
import { inArray, sql } from "drizzle-orm";
import type { MisfirePolicy, OverlapPolicy, SlotOutcome } from "../../schema/states.ts";
import type { Container } from "../../schema/tables/container.ts";
import { containers } from "../../schema/tables/container.ts";
import type { Database } from "../../schema/graphql/context.ts";
import { idArray, jsonRows } from "../db/parameters.ts";
import { type AfterCommit, type Transaction, transaction } from "../db/transaction.ts";
import { noteMissedSlots } from "./messages.ts";
import { type MissedSlots, planMissed } from "./rules/misfire.ts";
import { createRuns, type RunMade, type RunPorts, type RunRequest } from "./runs/create.ts";
import { databaseNow } from "./schedule_rows.ts";
import { dueInstants, planNextFire } from "./schedules.ts";

/** Schedules that one transaction takes; the next takes the rest. */
const SCHEDULES_AT_ONCE = 500;
/** Slots of one schedule that one transaction writes; what is left stays due. */
const SLOTS_AT_ONCE = 10_000;
/** A slot found later than this was missed, since no server was up. */
const MISSED_AFTER_MS = 5_000;
/** With ALL, so many missed slots are caught up with. */
const CATCH_UPS = 100;

export interface TickPorts extends RunPorts {
  readonly db: Database;
}

interface DueSchedule {
  readonly containerId: number;
  readonly expression: string;
  readonly timezone: string;
  readonly overlap: OverlapPolicy;
  readonly misfire: MisfirePolicy;
  readonly nextFireAt: Date;
  readonly anchorAt: Date;
}

interface SlotRecord {
  readonly containerId: number;
  readonly at: Date;
  readonly outcome: SlotOutcome;
  readonly reason: string | null;
  readonly runId: number | null;
}

/** Fires what is due. Answers whether there may be more. */
export async function fireDueSchedules(ports: TickPorts): Promise<boolean> {
  return await transaction(ports.db, async (tx, after) => {
    const { locked, due, now } = await lockDue(tx);
    if (due.length === 0) return false;
    const filled = await containersWithTasks(tx, due.map(({ containerId }) => containerId));
    const plans = due.map((schedule) => planSlots(schedule, now));
    const records: SlotRecord[] = [];
    const requests: { readonly request: RunRequest; readonly slots: readonly Date[] }[] = [];
    for (const plan of plans) {
      const container = locked.get(plan.schedule.containerId);
      if (container === undefined) throw new Error(`Schedule ${plan.schedule.containerId} was not locked`);
      if (!filled.has(container.id)) records.push(...emptySlots(plan));
      else {
        records.push(...missedSlots(plan));
        requests.push(...requestsOf(plan, container));
      }
    }
    const made = await createRuns(tx, after, ports, requests.map(({ request }) => request));
    requests.forEach(({ request, slots }, place) => records.push(...firedSlots(request, slots, made[place])));
    await writeSlots(tx, records);
    await noteMissedSlots(tx, after, ports.bus, records);
    await moveSchedules(tx, plans);
    tellSkipped(after, ports, records);
    return due.length === SCHEDULES_AT_ONCE || plans.some(({ more }) => more);
  });
}

/** Milliseconds until the next slot is due, by the database's clock; null when no schedule has one. */
export async function nextSlotInMs(db: Database): Promise<number | null> {
  const [row] = await db.execute<{ due_in_ms: number | null }>(sql`
    select (extract(epoch from min(next_fire_at) - clock_timestamp()) * 1000)::float8 as due_in_ms from schedules
    where next_fire_at is not null`);
  return row?.due_in_ms ?? null;
}

/** The containers' locks come first, as with every other change, so that an edit and a tick cannot cross. */
async function lockDue(tx: Transaction): Promise<{
  readonly locked: ReadonlyMap<number, Container>;
  readonly due: readonly DueSchedule[];
  readonly now: Date;
}> {
  const now = await databaseNow(tx);
  const rows = await tx.execute<{ id: number }>(sql`
    select c.id::float8 as id from containers c where c.id in (
      select container_id from schedules where next_fire_at <= ${now.toISOString()}::timestamptz
      order by next_fire_at limit ${SCHEDULES_AT_ONCE})
    order by c.id for update skip locked`);
  if (rows.length === 0) return { locked: new Map(), due: [], now };
  const ids = rows.map(({ id }) => id);
  const [locked, due] = await Promise.all([
    tx.select().from(containers).where(inArray(containers.id, ids)),
    tx.execute<Record<string, unknown>>(sql`
      select container_id::float8 as "containerId", expression, timezone, overlap, misfire,
        (extract(epoch from next_fire_at) * 1000)::float8 as "nextFireAt",
        (extract(epoch from anchor_at) * 1000)::float8 as "anchorAt"
      from schedules where container_id = any(${idArray(ids)}) and expression is not null
        and next_fire_at <= ${now.toISOString()}::timestamptz
      order by next_fire_at, container_id`),
  ]);
  return {
    locked: new Map(locked.map((container) => [container.id, container])),
    due: due.map(readDue),
    now,
  };
}

function readDue(row: Record<string, unknown>): DueSchedule {
  // The statement above names each of these columns with this type.
  const due = row as unknown as Omit<DueSchedule, "nextFireAt" | "anchorAt"> & {
    nextFireAt: number;
    anchorAt: number;
  };
  return { ...due, nextFireAt: new Date(due.nextFireAt), anchorAt: new Date(due.anchorAt) };
}

interface SlotPlan {
  readonly schedule: DueSchedule;
  /** Fired as they are, oldest first. */
  readonly onTime: readonly Date[];
  readonly missed: MissedSlots;
  readonly nextFireAt: Date | null;
  /** Not all that is due fitted into this transaction. */
  readonly more: boolean;
}

function planSlots(schedule: DueSchedule, now: Date): SlotPlan {
  const later = dueInstants(schedule, new Date(schedule.nextFireAt.getTime() + 1), now, SLOTS_AT_ONCE);
  // The next instant was promised when it was planned: it is a slot even if the expression was edited since.
  const instants = [schedule.nextFireAt, ...later];
  const more = later.length === SLOTS_AT_ONCE;
  const line = now.getTime() - MISSED_AFTER_MS;
  const late = instants.filter((at) => at.getTime() < line);
  const last = instants.at(-1) ?? now;
  return {
    schedule,
    onTime: instants.filter((at) => at.getTime() >= line),
    missed: planMissed(schedule.misfire, late, CATCH_UPS),
    nextFireAt: planNextFire(schedule, more ? last : now),
    more,
  };
}

function requestsOf(
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

function firedSlots(
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

function missedSlots({ schedule, missed }: SlotPlan): readonly SlotRecord[] {
  const { containerId } = schedule;
  return missed.missed.map((at) => ({
    containerId,
    at,
    outcome: "MISSED",
    reason: missed.reason,
    runId: null,
  }));
}

function emptySlots({ schedule, onTime, missed }: SlotPlan): readonly SlotRecord[] {
  const slots = [...missed.missed, ...missed.caughtUp.flatMap((catchUp) => catchUp.slots), ...onTime];
  const reason = "Empty: the container has no enabled task";
  return slots.map((at) => ({
    containerId: schedule.containerId,
    at,
    outcome: "SKIPPED",
    reason,
    runId: null,
  }));
}

async function containersWithTasks(tx: Transaction, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await tx.execute<{ id: number }>(sql`
    select distinct container_id::float8 as id from tasks
    where enabled and container_id = any(${idArray(ids)})`);
  return new Set(rows.map(({ id }) => id));
}

async function writeSlots(tx: Transaction, records: readonly SlotRecord[]): Promise<void> {
  await tx.execute(sql`
    insert into slots (container_id, at, outcome, reason, run_id)
    select "containerId", at, outcome, reason, "runId"
    from json_to_recordset(${jsonRows(records)})
      as s("containerId" bigint, at timestamptz, outcome slot_outcome, reason text, "runId" bigint)`);
}

async function moveSchedules(tx: Transaction, plans: readonly SlotPlan[]): Promise<void> {
  const records = plans.map(({ schedule, nextFireAt }) => ({ id: schedule.containerId, next: nextFireAt }));
  await tx.execute(sql`
    update schedules s set next_fire_at = x.next
    from json_to_recordset(${jsonRows(records)}) as x(id bigint, next timestamptz)
    where s.container_id = x.id`);
}

/** Fired slots are told by their runs. */
function tellSkipped(after: AfterCommit, { bus }: TickPorts, records: readonly SlotRecord[]): void {
  const ids = new Set(records.filter(({ runId }) => runId === null).map(({ containerId }) => containerId));
  if (ids.size > 0) after(() => bus.publish({ kind: "slots", containerIds: [...ids] }));
}
