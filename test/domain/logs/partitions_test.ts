import assert from "node:assert/strict";
import { sql } from "drizzle-orm";
import type { Database } from "../../../server/db/database.ts";
import { dropPartitions, ensurePartitions } from "../../../server/domain/logs/partitions.ts";
import { openTestDatabase, type TestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain } from "../../support/domain.ts";
import { lines, only, openAppend, startRun, stored, texts } from "./writer.ts";

const DAY_MS = 24 * 3600_000;

async function partitions(db: Database): Promise<readonly string[]> {
  const rows = await db.execute<{ name: string }>(sql`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'log_chunks'::regclass order by 1`);
  return rows.map(({ name }) => name);
}

async function countIn(db: Database, table: string): Promise<number> {
  const rows = await db.execute<{ count: number }>(sql`
    select count(*)::integer as count from ${sql.identifier(table)}`);
  return rows[0]?.count ?? 0;
}

async function today(db: Database): Promise<Date> {
  const rows = await db.execute<{ now: number }>(
    sql`select (extract(epoch from now()) * 1000)::float8 as now`,
  );
  return new Date(rows[0]?.now ?? 0);
}

const test = (name: string, body: (domain: TestDomain, opened: TestDatabase) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db), opened);
  });
};

test("ensurePartitions() makes today and two more days, once", async ({ db }) => {
  const day = new Date("2026-12-30T23:59:59.999Z");
  const names = ["log_chunks_20261230", "log_chunks_20261231", "log_chunks_20270101"];

  const made = await ensurePartitions(db, day);
  const again = await ensurePartitions(db, day);
  const next = await ensurePartitions(db, new Date("2026-12-31T00:00:00Z"));

  assert.deepEqual(made, names);
  assert.deepEqual(again, []);
  assert.deepEqual(next, ["log_chunks_20270102"]);
  assert.deepEqual(await partitions(db), [...names, "log_chunks_20270102", "log_chunks_other"]);
});

test("ensurePartitions() can be called by several at once", async ({ db }) => {
  const day = new Date("2026-12-30T12:00:00Z");

  const made = await Promise.all([1, 2, 3].map(() => ensurePartitions(db, day)));

  assert.equal(made.flat().length, 3);
  assert.equal((await partitions(db)).length, 4);
});

test("ensurePartitions() takes along what the day has stored already", async (domain) => {
  const { db } = domain;
  const writer = only(await startRun(domain, ["a"]));
  const append = openAppend(domain);
  await append(domain.agentId, [writer.batch(lines(2, "early"))]);
  const [name = ""] = await ensurePartitions(db, await today(db));

  await append(domain.agentId, [writer.batch(lines(2, "late"))]);

  assert.equal(await countIn(db, "log_chunks_other"), 0);
  assert.equal(await countIn(db, name), 2);
  assert.deepEqual(texts(await stored(domain, writer.taskRunId)), [
    "early 1",
    "early 2",
    "late 1",
    "late 2",
  ]);
});

test("ensurePartitions() leaves a day that has stored much where it is", async (domain) => {
  const { db } = domain;
  const writer = only(await startRun(domain, ["a"]));
  await openAppend(domain)(domain.agentId, [writer.batch(lines(1))]);
  await copyChunk(db, 300);

  const made = await ensurePartitions(db, await today(db));

  assert.equal(made.length, 2);
  assert.equal(await countIn(db, "log_chunks_other"), 301);
});

test("dropPartitions() drops whole days before the instant, and what never had a partition", async (domain) => {
  const { db } = domain;
  const writer = only(await startRun(domain, ["a"]));
  await openAppend(domain)(domain.agentId, [writer.batch(lines(1))]);
  await copyChunk(db, 450);
  const now = await today(db);
  const later = now.getTime() + 400 * DAY_MS;
  const [first, second, third = ""] = await ensurePartitions(db, new Date(later));

  const none = await dropPartitions(db, now);
  const keptToday = await countIn(db, "log_chunks_other");
  const dropped = await dropPartitions(db, new Date(later + 2 * DAY_MS));

  assert.deepEqual(none, []);
  assert.equal(keptToday, 451);
  assert.deepEqual(dropped, [first, second]);
  assert.deepEqual(await partitions(db), [third, "log_chunks_other"]);
  assert.equal(await countIn(db, "log_chunks_other"), 0);
});

test("dropPartitions() leaves to the next turn what somebody holds for long", async ({ db }, opened) => {
  const day = new Date("2026-12-30T12:00:00Z");
  const [name = ""] = await ensurePartitions(db, day);

  const held = await opened.sql.begin(async (reader) => {
    await reader.unsafe(`lock table ${name} in access share mode`);
    return await dropPartitions(db, new Date(day.getTime() + DAY_MS));
  });
  const free = await dropPartitions(db, new Date(day.getTime() + DAY_MS));

  assert.deepEqual(held, []);
  assert.deepEqual(free, [name]);
});

async function copyChunk(db: Database, count: number): Promise<void> {
  await db.execute(sql`
    insert into log_chunks (day, attempt_id, first_seq, line_count, attempt, task_run_id, run_id, task_id, container_id,
      project_id, first_at, last_at, streams, delays, body)
    select day, attempt_id, 1 + n, 1, attempt, task_run_id, run_id, task_id, container_id, project_id,
      first_at, last_at, 'O', '{0}', 'x' from log_chunks, generate_series(1, ${count}::integer) n`);
}
