/** Schedules that are due, with the locks that keep them so. */
import { inArray, type SQL, sql } from "drizzle-orm";
import { type Container, containers } from "../../../schema/tables/container.ts";
import { idArray } from "../../db/parameters.ts";
import type { Transaction } from "../../db/transaction.ts";
import { databaseNow } from "./schedule_rows.ts";
import type { DueSchedule } from "./slot_plan.ts";

/** Schedules that one transaction takes; the next takes the rest. What it makes starts after its commit, not beside the others. */
export const SCHEDULES_AT_ONCE = 2_000;

export interface DueSchedules {
  readonly locked: ReadonlyMap<number, Container>;
  /** The longest overdue first. */
  readonly due: readonly DueSchedule[];
  /** Container -> instants to come that the ledger has already: the clock was set back over them. */
  readonly recorded: ReadonlyMap<number, ReadonlySet<number>>;
  readonly now: Date;
}

/**
 * The containers' locks come first, as with every other change, so that an edit and a tick cannot cross. What another
 * server has locked is left to it.
 */
export async function lockDue(tx: Transaction): Promise<DueSchedules> {
  const now = await databaseNow(tx);
  const rows = await tx.execute<{ id: number }>(sql`
    select c.id from schedules s join containers c on c.id = s.container_id
    where s.next_fire_at <= ${now.toISOString()}::timestamptz
    order by s.next_fire_at limit ${SCHEDULES_AT_ONCE} for update of c skip locked`);
  if (rows.length === 0) return { locked: new Map(), due: [], recorded: new Map(), now };
  return await readDue(tx, rows.map(({ id }) => id), now);
}

/** The same for one container whose lock the caller holds. */
export async function findDue(tx: Transaction, containerId: number): Promise<DueSchedules> {
  return await readDue(tx, [containerId], await databaseNow(tx));
}

interface DueRow extends DueSchedule, Record<string, unknown> {
  readonly recorded: boolean;
}

async function readDue(tx: Transaction, ids: readonly number[], now: Date): Promise<DueSchedules> {
  const isDue = sql`s.container_id = any(${
    idArray(ids)
  }) and s.next_fire_at <= ${now.toISOString()}::timestamptz`;
  const [locked, rows] = await Promise.all([
    tx.select().from(containers).where(inArray(containers.id, [...ids])),
    tx.execute<DueRow>(sql`
      select container_id as "containerId", expression, timezone, overlap, misfire,
        missing_time as "missingTime", repeated_time as "repeatedTime", max_catch_up as "maxCatchUp",
        late_after_seconds as "lateAfterSeconds", next_fire_at as "nextFireAt", anchor_at as "anchorAt",
        exists (select 1 from slots l where l.container_id = s.container_id and l.at >= s.next_fire_at) as recorded
      from schedules s where ${isDue} and expression is not null
      order by next_fire_at, container_id`),
  ]);
  return {
    locked: new Map(locked.map((container) => [container.id, container])),
    due: rows.map(({ recorded: _recorded, ...schedule }) => schedule),
    recorded: rows.some(({ recorded }) => recorded)
      ? await readRecorded(tx, isDue, sql`s.next_fire_at`)
      : new Map(),
    now,
  };
}

/** Of the schedules `s` that this finds, the slots since the given instant. */
export async function readRecorded(
  tx: Transaction,
  which: SQL,
  since: SQL,
): Promise<DueSchedules["recorded"]> {
  const rows = await tx.execute<{ containerId: number; at: Date }>(sql`
    select l.container_id as "containerId", l.at
    from schedules s join slots l on l.container_id = s.container_id and l.at >= ${since}
    where ${which}`);
  const byContainer = Map.groupBy(rows, ({ containerId }) => containerId);
  return new Map([...byContainer].map(([id, own]) => [id, new Set(own.map(({ at }) => at.getTime()))]));
}
