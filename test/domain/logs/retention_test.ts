/** Projects keep their output for shorter or longer than the server does; how much is stored is known. */
import assert from "node:assert/strict";
import { sql } from "drizzle-orm";
import { NotFoundError } from "../../../schema/errors.ts";
import type { Database } from "../../../server/db/database.ts";
import { createLogs } from "../../../server/domain/logs/logs.ts";
import { ensurePartitions } from "../../../server/domain/logs/partitions.ts";
import { retireLogs } from "../../../server/domain/logs/retention.ts";
import { updateProject } from "../../../server/domain/projects/edits.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain } from "../../support/domain.ts";

const DAY_MS = 24 * 3600_000;
const NOW = new Date("2026-12-30T12:00:00Z");
const DAYS = [1, 5, 20, 40, 50, 60];

/** One chunk for each of the days before now, in each project, and as many where there is no partition. */
async function fill(domain: TestDomain, partitioned: boolean): Promise<void> {
  const { db } = domain;
  await db.execute(sql`insert into projects (slug, name) values ('short', 'Short'), ('long', 'Long')`);
  for (const days of DAYS) {
    const at = new Date(NOW.getTime() - days * DAY_MS);
    if (partitioned) await ensurePartitions(db, at);
    await db.execute(sql`
      insert into log_chunks (day, attempt_id, first_seq, line_count, attempt, task_run_id, run_id, task_id,
        container_id, project_id, first_at, last_at, streams, delays, body)
      select (${at.toISOString()}::timestamptz at time zone 'UTC')::date, p.id * 1000 + n, 1, 2, 1, n, n, n, n, p.id,
        ${at.toISOString()}::timestamptz, ${at.toISOString()}::timestamptz, 'OO', '{0,0}', 'one' || chr(10) || 'two'
      from projects p, generate_series(1, 250) n where n <= case when p.slug = 'default' then 250 else 2 end`);
  }
}

async function daysLeft(db: Database, slug: string): Promise<readonly number[]> {
  const rows = await db.execute<{ day: string }>(sql`
    select distinct day::text as day from log_chunks l join projects p on p.id = l.project_id
    where p.slug = ${slug} order by 1 desc`);
  return rows.map(({ day }) => Math.round((NOW.getTime() - Date.parse(`${day}T12:00:00Z`)) / DAY_MS));
}

async function partitionCount(db: Database): Promise<number> {
  const rows = await db.execute(sql`
    select 1 from pg_inherits where inhparent = 'log_chunks'::regclass`);
  return rows.length;
}

const test = (name: string, body: (domain: TestDomain) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db));
  });
};

for (const partitioned of [true, false]) {
  test(
    `retireLogs() takes what is past its project's days ${
      partitioned ? "by partitions" : "without partitions"
    }`,
    async (domain) => {
      const { db, viewer } = domain;
      await fill(domain, partitioned);
      await updateProject(db, viewer, { slug: "short", logRetentionDays: 10 });
      await updateProject(db, viewer, { slug: "long", logRetentionDays: 55 });

      await retireLogs(db, NOW, 30);
      await retireLogs(db, NOW, 30);

      assert.deepEqual(await daysLeft(db, "short"), [1, 5]);
      assert.deepEqual(await daysLeft(db, "default"), [1, 5, 20]);
      assert.deepEqual(await daysLeft(db, "long"), [1, 5, 20, 40, 50]);
    },
  );
}

test("retireLogs() drops the days that nobody keeps, also when a project keeps others", async (domain) => {
  const { db, viewer } = domain;
  await fill(domain, true);
  await updateProject(db, viewer, { slug: "long", logRetentionDays: 55 });
  await db.execute(sql`delete from log_chunks where day = '2026-11-20' and project_id <>
    (select id from projects where slug = 'default')`);
  const before = await partitionCount(db);

  await retireLogs(db, NOW, 30);

  // Of the 40th day nothing is the keeper's, the 60th is past what it keeps; so are days that hold nothing.
  const there = await db.execute<{ a: boolean; b: boolean; c: boolean }>(sql`
    select to_regclass('log_chunks_20261120') is null as a, to_regclass('log_chunks_20261031') is null as b,
      to_regclass('log_chunks_20261110') is not null as c`);
  assert.deepEqual(there[0], { a: true, b: true, c: true });
  assert.ok(await partitionCount(db) < before);
});

test("retireLogs() goes by the server's days again once the project has none of its own", async (domain) => {
  const { db, viewer } = domain;
  await fill(domain, true);
  await updateProject(db, viewer, { slug: "long", logRetentionDays: 55 });
  await updateProject(db, viewer, { slug: "long" });
  await retireLogs(db, NOW, 30);
  const kept = await daysLeft(db, "long");
  await updateProject(db, viewer, { slug: "long", logRetentionDays: null });

  await retireLogs(db, NOW, 30);

  assert.deepEqual(kept, [1, 5, 20, 40, 50]);
  assert.deepEqual(await daysLeft(db, "long"), [1, 5, 20]);
});

test("usage() tells bytes and lines of each day, of one project and of all", async (domain) => {
  await fill(domain, true);
  const { usage } = createLogs(domain);

  const all = await usage("all", null);
  const short = await usage("all", "short");

  assert.equal(all.lines, 254 * 2 * DAYS.length);
  assert.equal(short.lines, 2 * 2 * DAYS.length);
  assert.deepEqual(short.days.map(({ day }) => day), [
    "2026-10-31",
    "2026-11-10",
    "2026-11-20",
    "2026-12-10",
    "2026-12-25",
    "2026-12-29",
  ]);
  assert.ok(short.days.every(({ lines, bytes }) => lines === 4 && bytes > 0));
  assert.equal(short.bytes, short.days.reduce((sum, { bytes }) => sum + bytes, 0));
  assert.ok(all.bytes > 100 * short.bytes);
  await assert.rejects(() => usage("all", "nobody"), NotFoundError);
});
