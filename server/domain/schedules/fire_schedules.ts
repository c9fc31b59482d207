/**
 * The scheduler's one step: whoever finds schedules that are due writes their slots and their runs and moves their next
 * instant, all in one transaction. The slot's key makes a second fire impossible; a crash before the commit leaves
 * everything as it was. Any server may do it, several may do it at once.
 */
import { sql } from "drizzle-orm";
import type { Container } from "../../../schema/tables/container.ts";
import type { Database } from "../../db/database.ts";
import { idArray, jsonRows } from "../../db/parameters.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import { addBacklogs } from "./backlog.ts";
import { type DueSchedules, findDue, lockDue, SCHEDULES_AT_ONCE } from "./due_schedules.ts";
import { lateText } from "./lateness.ts";
import { noteLateRuns, noteMissedSlots } from "../messages/messages.ts";
import { createRuns, type RunPorts } from "../runs/create.ts";
import type { ScheduleLimits } from "./schedule_rows.ts";
import {
  backlogOf,
  firedSlots,
  missedSlots,
  planSlots,
  type Readiness,
  requestsOf,
  skippedSlots,
  type SlotPlan,
  type SlotRecord,
  slotsIn,
  whySkipped,
} from "./slot_plan.ts";
import { pauseReason } from "../pauses/paused.ts";
import type { UnitOfWork } from "../unit_of_work.ts";

/** Slots that one transaction writes, unless a single schedule has more; the next takes the rest. */
const SLOTS_AT_ONCE = 2_000;

export interface TickPorts extends RunPorts {
  readonly db: Database;
  readonly limits: ScheduleLimits;
}

type TickUnit = UnitOfWork & Omit<TickPorts, "db">;

/** Fires what is due. Answers whether there may be more. */
export async function fireDueSchedules(ports: TickPorts): Promise<boolean> {
  return await transaction(ports.db, async (tx, after) => {
    const found = await lockDue(tx);
    const more = await fire({ ...ports, tx, after }, found);
    return more || found.due.length === SCHEDULES_AT_ONCE;
  });
}

/** Fires what this container has due before its schedule is changed. The caller holds the container's lock. */
export async function fireBeforeChange(
  unit: TickUnit,
  containerId: number,
): Promise<void> {
  await fire(unit, await findDue(unit.tx, containerId));
}

/** Answers whether there is more to do. */
async function fire(
  unit: TickUnit,
  found: DueSchedules,
): Promise<boolean> {
  const plans = planAll(found, unit.limits);
  if (plans.length === 0) return false;
  const { locked, now } = found;
  const readiness = await readReadiness(unit.tx, plans.map(({ schedule }) => schedule.containerId));
  const skipped = new Map(plans.map((plan) => {
    const container = containerOf(locked, plan);
    return [plan, whySkipped(plan, container, readiness.get(container.id))];
  }));
  const running = plans.filter((plan) => skipped.get(plan) === null);
  const requests = running.flatMap((plan) => requestsOf(plan, containerOf(locked, plan)));
  const made = await createRuns(unit, requests.map(({ request }) => request));
  const records = [
    ...[...skipped].flatMap(([plan, why]) => why === null ? missedSlots(plan) : skippedSlots(plan, why)),
    ...requests.flatMap(({ request, slots }, place) => firedSlots(request, slots, made[place])),
  ];
  const late = lateOnes(records, plans, now);
  const backlogs = plans.flatMap((plan) => backlogOf(plan, records, skipped.get(plan) ?? null, now));
  await writeSlots(unit.tx, records, late);
  await addBacklogs(unit.tx, backlogs);
  await noteMissedSlots(unit, records, backlogs);
  await noteLateRuns(unit, describeLate(late, now));
  await moveSchedules(unit.tx, plans, now);
  publishSkipped(unit, records);
  publishFaults(unit, plans, locked);
  return plans.length < found.due.length || plans.some(({ more }) => more);
}

/** The plans of as many schedules as one transaction can bear, of one at least. */
function planAll({ due, recorded, now }: DueSchedules, limits: ScheduleLimits): readonly SlotPlan[] {
  const plans: SlotPlan[] = [];
  let slots = 0;
  for (const schedule of due) {
    const plan = planSlots(schedule, now, limits, recorded.get(schedule.containerId) ?? NONE_RECORDED);
    slots += slotsIn(plan);
    if (slots > SLOTS_AT_ONCE && plans.length > 0) break;
    plans.push(plan);
  }
  return plans;
}

const NONE_RECORDED: ReadonlySet<number> = new Set();

function containerOf(locked: DueSchedules["locked"], { schedule }: SlotPlan): Container {
  const container = locked.get(schedule.containerId);
  if (container === undefined) throw new Error(`Schedule ${schedule.containerId} was not locked`);
  return container;
}

/** Slow statements and rounding explain a smaller difference. */
const TOLERANCE_SECONDS = 2;

/**
 * Of schedules that were planned by a clock that has jumped back since. The statement's time is one for all rows, so that
 * the index can be asked for it: clock_timestamp() cannot.
 */
export const plannedAhead =
  sql`planned_at > statement_timestamp() + ${TOLERANCE_SECONDS} * interval '1 second'`;

/**
 * Milliseconds until the next slot is due, by the database's clock; 0 while some of a long outage are to be written or
 * schedules to be planned anew, null when no schedule has one. An idle server asks nothing else.
 */
export async function nextSlotInMs(db: Database): Promise<number | null> {
  const [row] = await db.execute<{ dueInMs: number | null }>(sql`
    select case when exists (select from slot_backlogs) or exists (select from schedules where ${plannedAhead}) then 0
      else extract(epoch from min(next_fire_at) - clock_timestamp()) * 1000 end as "dueInMs"
    from schedules where next_fire_at is not null`);
  return row?.dueInMs ?? null;
}

/** What may keep containers from running now, by their ids. */
async function readReadiness(
  tx: Transaction,
  ids: readonly number[],
): Promise<ReadonlyMap<number, Readiness>> {
  const rows = await tx.execute<Readiness & { readonly id: number }>(sql`
    select c.id, not exists (select from tasks t where t.container_id = c.id and t.enabled) as empty,
      ${pauseReason(sql`c.project_id`)} as pause
    from containers c where c.id = any(${idArray(ids)})`);
  return new Map(rows.map((row) => [row.id, row]));
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
      as s("containerId" bigint, at timestamptz, outcome slot_outcome, reason jsonb, "runId" bigint, late boolean)`);
}

/** Writes what was planned by the time that the clock shows now. */
export async function moveSchedules(
  tx: Transaction,
  plans: readonly (Pick<SlotPlan, "nextFireAt" | "fault"> & {
    readonly schedule: { readonly containerId: number };
  })[],
  now: Date,
): Promise<void> {
  const records = plans.map(({ schedule, nextFireAt, fault }) => ({
    id: schedule.containerId,
    next: nextFireAt,
    fault,
  }));
  await tx.execute(sql`
    update schedules s set next_fire_at = x.next, fault = x.fault, planned_at = ${now.toISOString()}::timestamptz
    from json_to_recordset(${jsonRows(records)}) as x(id bigint, next timestamptz, fault jsonb)
    where s.container_id = x.id`);
}

/** A word for each run, however many slots it stands for: the newest of them is the one it is made for. */
function describeLate(late: ReadonlySet<SlotRecord>, now: Date): Parameters<typeof noteLateRuns>[1] {
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
function publishSkipped(
  { after, bus }: UnitOfWork,
  records: readonly SlotRecord[],
): void {
  const ids = new Set(records.filter(({ runId }) => runId === null).map(({ containerId }) => containerId));
  if (ids.size > 0) after(() => bus.publish({ kind: "slots", containerIds: [...ids] }));
}

/** A schedule that cannot be planned holds up nobody else; somebody has to be told of it. */
function publishFaults(
  { after, bus }: UnitOfWork,
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
