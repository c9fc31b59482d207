/**
 * The days of the log: a partition each, made ahead, so that retention drops a table instead of rows. What is stored
 * before its day's partition is there sits in log_chunks_other.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import { sqlState } from "../../db/constraints.ts";
import { idRows } from "../../db/parameters.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";

/** Made ahead, so that a pruner that stands still for a day or two does no harm. */
const DAYS_AHEAD = 2;
/** A partition comes or goes under a lock that others wait behind, so it is not waited for long; the next turn tries again. */
const LOCK_TIMEOUT_MS = 2000;
/** Chunks that are moved into a new partition while everybody waits; a day with more stays where it is. */
const MOVED_CHUNKS = 200;
/**
 * Chunks that one statement deletes where there is no partition to drop: a stop of the server waits for it, and autovacuum
 * removes nothing that is younger than the oldest transaction.
 */
const BATCH = 1_000;
const LOCK_NOT_AVAILABLE = "55P03";
const DAY_MS = 24 * 3600 * 1000;

/** Makes the partitions of this UTC day and the next; answers the names of those that were made now. */
export async function ensurePartitions(db: Database, today: Date): Promise<readonly string[]> {
  const made: string[] = [];
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
    const day = dayOf(new Date(today.getTime() + ahead * DAY_MS));
    const next = dayOf(new Date(today.getTime() + (ahead + 1) * DAY_MS));
    if (await exists(db, nameOf(day))) continue;
    const done = await unlessLocked(db, (tx) => createPartition(tx, day, next));
    if (done === true) made.push(nameOf(day));
  }
  return made;
}

/** A project whose output stays longer than that of others: until it was stored before this instant. */
export interface Keeper {
  readonly projectId: number;
  readonly olderThan: Date;
}

/**
 * Drops the days that ended before this instant; answers the names of the partitions that went. A day of which a keeper
 * still wants its own stays, and loses what is of others.
 */
export async function dropPartitions(
  db: Database,
  olderThan: Date,
  keepers: readonly Keeper[] = [],
): Promise<readonly string[]> {
  const oldest = dayOf(olderThan);
  const dropped: string[] = [];
  for (const name of await listPartitions(db)) {
    if (name >= nameOf(oldest)) break;
    const wanted = keepers.filter((keeper) => name >= nameOf(dayOf(keeper.olderThan)));
    const projectIds = wanted.map(({ projectId }) => projectId);
    if (await holdsAny(db, name, projectIds)) await deleteRows(db, name, notOf(projectIds));
    else if (await dropPartition(db, name)) dropped.push(name);
  }
  await deleteOthers(db, oldest, keepers);
  return dropped;
}

async function listPartitions(db: Database): Promise<readonly string[]> {
  const rows = await db.execute<{ name: string }>(sql`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'log_chunks'::regclass and c.relname ~ '^log_chunks_[0-9]{8}$' order by 1`);
  return rows.map(({ name }) => name);
}

/** Deletes what the project stored on days that ended before this instant; answers how many chunks went. */
export async function deleteOfProject(db: Database, { projectId, olderThan }: Keeper): Promise<number> {
  const oldest = dayOf(olderThan);
  return await deleteRows(
    db,
    "log_chunks",
    sql`project_id = ${projectId}::bigint and last_at < ${`${oldest}T00:00:00Z`}::timestamptz and day < ${oldest}::date`,
  );
}

async function createPartition(tx: Transaction, day: string, next: string): Promise<boolean> {
  const name = sql.identifier(nameOf(day));
  // Nobody adds to the day while its rows move, and of two servers only the first makes the partition.
  await tx.execute(sql`lock table log_chunks_other in access exclusive mode`);
  if (await exists(tx, nameOf(day))) return false;
  const sitting = await tx.execute(sql`
    select 1 from log_chunks_other where day = ${day}::date limit ${MOVED_CHUNKS + 1}`);
  if (sitting.length > MOVED_CHUNKS) return false;
  await tx.execute(sql`create table ${name} (like log_chunks including defaults including constraints
    including storage including compression)`);
  await tx.execute(sql`
    with moved as (delete from log_chunks_other where day = ${day}::date returning *)
    insert into ${name} select * from moved`);
  await tx.execute(
    // A partition's bounds take no parameters; both are days that we have written ourselves.
    sql`alter table log_chunks attach partition ${name} for values from (${sql.raw(`'${day}'`)}) to (${
      sql.raw(`'${next}'`)
    })`,
  );
  return true;
}

/** Undefined when somebody else held the lock for too long. */
async function unlessLocked<T>(
  db: Database,
  work: (tx: Transaction) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await transaction(db, async (tx) => {
      await tx.execute(sql.raw(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`));
      return await work(tx);
    });
  } catch (error) {
    if (sqlState(error) === LOCK_NOT_AVAILABLE) return undefined;
    throw error;
  }
}

async function dropPartition(db: Database, name: string): Promise<boolean> {
  const done = await unlessLocked(db, async (tx) => {
    await tx.execute(sql`drop table if exists ${sql.identifier(name)}`);
    return true;
  });
  return done === true;
}

async function deleteOthers(db: Database, oldest: string, keepers: readonly Keeper[]): Promise<void> {
  const kept = keepers.map(({ projectId }) => projectId);
  await deleteRows(db, "log_chunks_other", sql`day < ${oldest}::date and ${notOf(kept)}`);
  for (const { projectId, olderThan } of keepers) {
    const own = sql`project_id = ${projectId}::bigint and day < ${dayOf(olderThan)}::date`;
    await deleteRows(db, "log_chunks_other", own);
  }
}

async function deleteRows(db: Database, table: string, condition: SQL): Promise<number> {
  const name = sql.identifier(table);
  let count = 0;
  for (;;) {
    const rows = await db.execute(sql`
      delete from ${name} where (day, attempt_id, first_seq) in (
        select day, attempt_id, first_seq from ${name} where ${condition} limit ${BATCH})
      returning 1`);
    count += rows.length;
    if (rows.length < BATCH) return count;
  }
}

function notOf(projectIds: readonly number[]): SQL {
  return sql`project_id not in (${idRows(projectIds)})`;
}

async function holdsAny(db: Database, table: string, projectIds: readonly number[]): Promise<boolean> {
  if (projectIds.length === 0) return false;
  const rows = await db.execute(sql`
    select 1 from ${sql.identifier(table)} where project_id in (${idRows(projectIds)}) limit 1`);
  return rows.length > 0;
}

async function exists(db: Database | Transaction, name: string): Promise<boolean> {
  const rows = await db.execute<{ there: boolean }>(sql`select to_regclass(${name}) is not null as there`);
  return rows[0]?.there ?? false;
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

function nameOf(day: string): string {
  return `log_chunks_${day.replaceAll("-", "")}`;
}
