/** Deletes what is older than its retention: output by whole days, everything else row by row, in batches. */
import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../db/database.ts";
import { deleteGoneServers } from "./agents/servers.ts";
import { databaseNow } from "./schedules/schedule_rows.ts";
import { prunePartialLines } from "./logs/partial_lines.ts";
import { retireLogs } from "./logs/retention.ts";
import { ensurePartitions } from "./logs/partitions.ts";

/**
 * Rows that one statement deletes. A run takes its task runs and attempts with it: the transaction stays short enough for
 * a stop of the server, and for autovacuum, which removes nothing that is younger than the oldest transaction.
 */
const BATCH = 2_000;
const HOUR_MS = 3600 * 1000;
const DAY_MS = 24 * HOUR_MS;

export interface Retention {
  readonly logDays: number;
  readonly runDays: number;
  readonly messageHours: number;
  readonly auditDays: number;
}

export async function prune(db: Database, retention: Retention): Promise<void> {
  const now = await databaseNow(db);
  await ensurePartitions(db, now);
  await retireLogs(db, now, retention.logDays);
  await prunePartialLines(db);
  await deleteSessions(db);
  await deleteGoneServers(db);
  await deleteRuns(db, now, retention.runDays);
  await deleteSlots(db, now, retention.runDays);
  await deleteVersions(db);
  await deleteAuditEntries(db, new Date(now.getTime() - retention.auditDays * DAY_MS).toISOString());
  await deleteMessages(db, new Date(now.getTime() - retention.messageHours * HOUR_MS).toISOString());
}

async function deleteSessions(db: Database): Promise<void> {
  await inBatches(
    db,
    sql`
    delete from sessions where id in (
      select id from sessions where expires_at < clock_timestamp() limit ${BATCH}) returning 1`,
  );
}

/** A container's last run stays, and so do the earlier runs that a run of today came from. Each project is read by its own index. */
async function deleteRuns(db: Database, now: Date, days: number): Promise<void> {
  await inBatches(
    db,
    sql`
    delete from runs where id in (
      select old.id from projects p cross join lateral (
        select r.id from runs r
        where r.project_id = p.id and r.created_at < ${beginningOf(now, days)}
          and r.state in ('SUCCEEDED', 'FAILED', 'CANCELLED')
          and exists (select 1 from runs n where n.container_id = r.container_id
            and (n.created_at, n.id) > (r.created_at, r.id))
        order by r.created_at, r.id limit ${BATCH}) old
      limit ${BATCH}) returning 1`,
  );
}

async function deleteSlots(db: Database, now: Date, days: number): Promise<void> {
  await inBatches(
    db,
    sql`
    delete from slots where (container_id, at) in (
      select old.container_id, old.at
      from projects p join containers c on c.project_id = p.id cross join lateral (
        select s.container_id, s.at from slots s
        where s.container_id = c.id and s.at < ${beginningOf(now, days)} and s.created_at < ${
      beginningOf(now, days)
    }
        order by s.at limit ${BATCH}) old
      limit ${BATCH})
    returning 1`,
  );
}

/** Before it, history of project p goes: a project may have a retention of its own. */
function beginningOf(now: Date, days: number): SQL {
  return sql`(${now.toISOString()}::timestamptz - make_interval(days => coalesce(p.run_retention_days, ${days})))`;
}

async function deleteMessages(db: Database, before: string): Promise<void> {
  await inBatches(
    db,
    sql`
    delete from messages where id in (
      select id from messages where at < ${before}::timestamptz order by at limit ${BATCH}) returning 1`,
  );
}

async function deleteAuditEntries(db: Database, before: string): Promise<void> {
  await inBatches(
    db,
    sql`
    delete from audit_entries where id in (
      select id from audit_entries where at < ${before}::timestamptz order by at limit ${BATCH}) returning 1`,
  );
}

/** Definitions that no run goes by and that are no container's present one. */
async function deleteVersions(db: Database): Promise<void> {
  await inBatches(
    db,
    sql`
    delete from container_versions where id in (
      select v.id from container_versions v
      where not exists (select 1 from runs r where r.version_id = v.id)
        and not exists (select 1 from containers c where c.id = v.container_id and c.version = v.version)
      limit ${BATCH}) returning 1`,
  );
}

async function inBatches(db: Database, statement: SQL): Promise<void> {
  for (;;) {
    const rows = await db.execute(statement);
    if (rows.length < BATCH) return;
  }
}
