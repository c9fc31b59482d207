/**
 * The clock may be set back under waits that were counted with it. A retry that is to start in ten seconds must not wait
 * for an hour and ten seconds, nor must a time limit: what lies ahead of the clock by more than any doubt starts anew.
 * A clock that is set forth ends them early, which cannot be told from a machine that slept.
 */
import { type SQL, sql } from "drizzle-orm";
import { idArray } from "../../db/parameters.ts";
import { transaction } from "../../db/transaction.ts";
import type { QueuePorts } from "./queue.ts";

/** Nothing can be written so far ahead of the clock but by a clock that was set back since. */
const DOUBT_SECONDS = 2;
/** Runs that one transaction takes; the next takes the rest. */
const RUNS_AT_ONCE = 200;

const ahead = sql`clock_timestamp() + ${DOUBT_SECONDS} * interval '1 second'`;
const waits = sql`state = 'READY' and not released and retry_at is not null and ready_at > ${ahead}`;
const limits =
  sql`state = 'RUNNING' and deadline_at is not null and stop_cause is null and started_at > ${ahead}`;

/** Ids of runs with waits that lie ahead of the clock. */
export const runsAhead: SQL =
  sql`select run_id as id from task_runs where ${waits} union select id from runs where ${limits}`;

/** Answers whether there may be more. */
export async function followClock({ db, bus }: Pick<QueuePorts, "db" | "bus">): Promise<boolean> {
  return await transaction(db, async (tx, after) => {
    const rows = await tx.execute<{ id: number }>(sql`
      select id from (${runsAhead}) found order by id limit ${RUNS_AT_ONCE}`);
    if (rows.length === 0) return false;
    const ids = idArray(rows.map(({ id }) => id));
    await tx.execute(sql`select 1 from runs where id = any(${ids}) order by id for update`);
    await tx.execute(sql`
      update task_runs set retry_at = clock_timestamp() + (retry_at - ready_at), ready_at = clock_timestamp()
      where run_id = any(${ids}) and ${waits}`);
    await tx.execute(sql`
      update runs set deadline_at = clock_timestamp() + (deadline_at - started_at), started_at = clock_timestamp()
      where id = any(${ids}) and ${limits}`);
    after(() => bus.publish({ kind: "queue" }));
    return rows.length === RUNS_AT_ONCE;
  });
}
