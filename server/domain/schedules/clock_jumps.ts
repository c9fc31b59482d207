/**
 * The clock may jump back after schedules were planned by it. Their next instants are planned anew by the time that it
 * shows now; otherwise none would fire before it shows the later time again.
 */
import { and, inArray, sql } from "drizzle-orm";
import { sentenceOf } from "../../../schema/errors.ts";
import type { Sentence } from "../../../schema/sentences.ts";
import type { Database } from "../../db/database.ts";
import { containers } from "../../../schema/tables/container.ts";
import { type Schedule, schedules } from "../../../schema/tables/schedule.ts";
import { idArray } from "../../db/parameters.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { readRecorded } from "./due_schedules.ts";
import { planNextFire } from "./planning.ts";
import { databaseNow } from "./schedule_rows.ts";
import { moveSchedules, plannedAhead } from "./fire_schedules.ts";

/** Schedules that one transaction plans; the next takes the rest. */
const SCHEDULES_AT_ONCE = 2_000;

/** Answers whether there may be more. */
export async function replanSchedules(
  { db, bus }: { readonly db: Database; readonly bus: Bus },
): Promise<boolean> {
  const found = await db.execute<{ id: number }>(sql`
    select container_id as id from schedules where ${plannedAhead} limit ${SCHEDULES_AT_ONCE}`);
  if (found.length === 0) return false;
  return await transaction(db, async (tx, after) => {
    const locked = await tx.select({ id: containers.id, enabled: containers.enabled }).from(containers)
      .where(inArray(containers.id, found.map(({ id }) => id))).for("update", { skipLocked: true });
    const now = await databaseNow(tx);
    const planned = await tx.update(schedules)
      .set({ anchorAt: sql`least(anchor_at, ${now.toISOString()}::timestamptz)` })
      .where(and(inArray(schedules.containerId, locked.map(({ id }) => id)), plannedAhead)).returning();
    const ids = planned.map(({ containerId }) => containerId);
    await forgetUnfired(tx, ids, now);
    const recorded = await readRecorded(
      tx,
      sql`s.container_id = any(${idArray(ids)})`,
      sql`${now.toISOString()}::timestamptz`,
    );
    const enabled = new Set(locked.filter((container) => container.enabled).map(({ id }) => id));
    const plans = planned.map((schedule) => ({
      schedule,
      ...(enabled.has(schedule.containerId)
        ? plan(schedule, now, recorded.get(schedule.containerId))
        : { nextFireAt: null, fault: null }),
    }));
    await moveSchedules(tx, plans, now);
    after(() => bus.publish({ kind: "slots", containerIds: ids }));
    return found.length === SCHEDULES_AT_ONCE;
  });
}

/** What lies ahead of the clock and has no run of its own was never due; what fired is kept and does not fire again. */
async function forgetUnfired(tx: Transaction, ids: readonly number[], now: Date): Promise<void> {
  const ahead = now.toISOString();
  // First the backlogs: whoever holds one writes slots.
  await tx.execute(sql`
    update slot_backlogs set until_at = ${ahead}::timestamptz
    where container_id = any(${idArray(ids)}) and until_at > ${ahead}::timestamptz`);
  await tx.execute(sql`
    delete from slots s where s.container_id = any(${idArray(ids)}) and s.at > ${ahead}::timestamptz
      and not exists (select 1 from runs r where r.id = s.run_id and r.scheduled_for = s.at)`);
}

function plan(
  schedule: Schedule,
  now: Date,
  recorded: ReadonlySet<number> | undefined,
): { readonly nextFireAt: Date | null; readonly fault: Sentence | null } {
  const { expression } = schedule;
  if (expression === null) return { nextFireAt: null, fault: null };
  try {
    return { nextFireAt: planNextFire({ ...schedule, expression }, now, recorded), fault: null };
  } catch (error) {
    return { nextFireAt: null, fault: sentenceOf(error) };
  }
}
