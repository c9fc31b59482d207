/**
 * The scheduler's one step: whoever finds schedules that are due writes their slots and their runs and moves their next
 * instant, all in one transaction. The slot's key makes a second fire impossible; a crash before the commit leaves
 * everything as it was. Any server may do it, several may do it at once.
 */
import { inArray, sql } from "drizzle-orm";
import type { Container } from "../../schema/tables/container.ts";
import { containers } from "../../schema/tables/container.ts";
import type { Database } from "../../schema/graphql/context.ts";
import { idArray, jsonRows } from "../db/parameters.ts";
import { type AfterCommit, type Transaction, transaction } from "../db/transaction.ts";
import { lateText } from "./lateness.ts";
import { noteLateRuns, noteMissedSlots } from "./messages.ts";
import { createRuns, type RunPorts, type RunRequest } from "./runs/create.ts";
import { databaseNow, type ScheduleLimits } from "./schedule_rows.ts";
import {
  type DueSchedule,
  emptySlots,
  faultySlots,
  firedSlots,
  missedSlots,
  planSlots,
  requestsOf,
  type SlotPlan,
  type SlotRecord,
} from "./slot_plan.ts";

/** Schedules that one transaction takes; the next takes the rest. */
const SCHEDULES_AT_ONCE = 500;
export interface TickPorts extends RunPorts {
  readonly db: Database;
  readonly limits: ScheduleLimits;
}

/** Fires what is due. Answers whether there may be more. */
export async function fireDueSchedules(ports: TickPorts): Promise<boolean> {
  return await transaction(ports.db, async (tx, after) => {
    const { locked, due, now } = await lockDue(tx);
    if (due.length === 0) return false;
    const filled = await containersWithTasks(tx, due.map(({ containerId }) => containerId));
    const plans = due.map((schedule) => planSlots(schedule, now, ports.limits));
    const records: SlotRecord[] = [];
    const requests: { readonly request: RunRequest; readonly slots: readonly Date[] }[] = [];
    for (const plan of plans) {
      const container = locked.get(plan.schedule.containerId);
      if (container === undefined) throw new Error(`Schedule ${plan.schedule.containerId} was not locked`);
      if (plan.fault !== null) records.push(...faultySlots(plan));
      else if (!filled.has(container.id)) records.push(...emptySlots(plan));
      else {
        records.push(...missedSlots(plan));
        requests.push(...requestsOf(plan, container));
      }
    }
    const made = await createRuns(tx, after, ports, requests.map(({ request }) => request));
    requests.forEach(({ request, slots }, place) => records.push(...firedSlots(request, slots, made[place])));
    const late = lateOnes(records, plans, now);
    await writeSlots(tx, records, late);
    await noteMissedSlots(tx, after, ports.bus, records);
    await noteLateRuns(tx, after, ports.bus, describeLate(late, now));
    await moveSchedules(tx, plans);
    tellSkipped(after, ports, records);
    tellFaults(after, ports, plans, locked);
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
        missing_time as "missingTime", repeated_time as "repeatedTime", max_catch_up as "maxCatchUp",
        late_after_seconds as "lateAfterSeconds",
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

async function containersWithTasks(tx: Transaction, ids: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await tx.execute<{ id: number }>(sql`
    select distinct container_id::float8 as id from tasks
    where enabled and container_id = any(${idArray(ids)})`);
  return new Set(rows.map(({ id }) => id));
}

/** Slots that have a run, though later than their container allows: they are late before it starts. */
function lateOnes(
  records: readonly SlotRecord[],
  plans: readonly SlotPlan[],
  now: Date,
): ReadonlySet<SlotRecord> {
  const graceOf = new Map(plans.map(({ schedule }) => [schedule.containerId, schedule.lateAfterSeconds]));
  return new Set(
    records.filter(({ containerId, at, runId }) =>
      runId !== null && now.getTime() - at.getTime() > (graceOf.get(containerId) ?? Infinity) * 1000
    ),
  );
}

async function writeSlots(
  tx: Transaction,
  records: readonly SlotRecord[],
  late: ReadonlySet<SlotRecord>,
): Promise<void> {
  const rows = records.map((record) => ({ ...record, late: late.has(record) }));
  await tx.execute(sql`
    insert into slots (container_id, at, outcome, reason, run_id, late_at)
    select "containerId", at, outcome, reason, "runId", case when late then clock_timestamp() end
    from json_to_recordset(${jsonRows(rows)})
      as s("containerId" bigint, at timestamptz, outcome slot_outcome, reason text, "runId" bigint, late boolean)`);
}

async function moveSchedules(tx: Transaction, plans: readonly SlotPlan[]): Promise<void> {
  const records = plans.map(({ schedule, nextFireAt, fault }) => ({
    id: schedule.containerId,
    next: nextFireAt,
    fault,
  }));
  await tx.execute(sql`
    update schedules s set next_fire_at = x.next, fault = x.fault
    from json_to_recordset(${jsonRows(records)}) as x(id bigint, next timestamptz, fault text)
    where s.container_id = x.id`);
}

/** A word for each run, however many slots it stands for: the newest of them is the one it is made for. */
function describeLate(late: ReadonlySet<SlotRecord>, now: Date): Parameters<typeof noteLateRuns>[3] {
  const newestOf = new Map<number, SlotRecord>();
  for (const record of late) {
    const known = newestOf.get(record.runId ?? 0);
    if (known === undefined || known.at < record.at) newestOf.set(record.runId ?? 0, record);
  }
  return [...newestOf].map(([runId, { containerId, at }]) => ({
    containerId,
    runId,
    text: lateText(at, Math.floor((now.getTime() - at.getTime()) / 1000)),
  }));
}

/** Fired slots are told by their runs. */
function tellSkipped(after: AfterCommit, { bus }: TickPorts, records: readonly SlotRecord[]): void {
  const ids = new Set(records.filter(({ runId }) => runId === null).map(({ containerId }) => containerId));
  if (ids.size > 0) after(() => bus.publish({ kind: "slots", containerIds: [...ids] }));
}

/** A schedule that cannot be planned holds up nobody else; somebody has to be told of it. */
function tellFaults(
  after: AfterCommit,
  { bus }: TickPorts,
  plans: readonly SlotPlan[],
  locked: ReadonlyMap<number, Container>,
): void {
  for (const { schedule: { containerId }, fault } of plans) {
    const container = locked.get(containerId);
    if (fault === null || container === undefined) continue;
    const { id, name, projectId } = container;
    after(() => {
      bus.publish({ kind: "schedule-fault", containerId: id, containerName: name, fault });
      bus.publish({ kind: "container", change: "UPDATED", containerId: id, projectId });
    });
  }
}
