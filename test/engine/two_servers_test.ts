/** Two servers over one PostgreSQL, one of them killed in the middle of its work: every slot fires once. */
import assert from "node:assert/strict";
import { createTestDatabase, createTestLog } from "../support/database.ts";
import { type OpenDatabase, openDatabase } from "../../server/db/open.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const SCHEDULES = 1_000;
const EVERY_SECONDS = 5;
/** Rounds of all schedules before one server is killed, and after that. */
const ROUNDS = 2;
const PATIENCE_MS = 120_000;

Deno.test(
  "of two servers one is killed: no slot is fired twice and none is lost",
  async () => {
    const databaseUrl = await createTestDatabase(true);
    // They start no processes, and nothing is missed however slow this machine is: each slot is to have its own run.
    const environment = { ORRERY_CAPACITY: "0", ORRERY_MISFIRE_GRACE_SECONDS: "3600" };
    const start = (): Promise<TestServer> => startServer({ databaseUrl, environment });
    await using first = await start();
    await using second = await start();
    const opened = await openDatabase({ url: databaseUrl, dataDir: "", log: createTestLog() });
    try {
      await schedule(opened);
      await until("both have fired", async () => await slots(opened) >= ROUNDS * SCHEDULES, PATIENCE_MS);
      const before = await slots(opened);
      // The next round has begun: somebody is in the middle of it.
      await until("a round begins", async () => await slots(opened) > before, PATIENCE_MS);

      await first.stop("SIGKILL");
      const left = await slots(opened);
      await until(
        "the other went on",
        async () => await slots(opened) >= left + ROUNDS * SCHEDULES,
        PATIENCE_MS,
      );
      assert.equal(await second.stop("SIGTERM"), 0);

      await checkLedger(opened);
    } finally {
      await opened.close();
    }
  },
);

async function schedule({ sql }: OpenDatabase): Promise<void> {
  await sql`
    with made as (
      insert into containers (project_id, name)
      select p.id, 'many ' || n from projects p, generate_series(1, ${SCHEDULES}) n where p.slug = 'default'
      returning id
    ), planned as (
      insert into schedules (container_id, expression, overlap, next_fire_at)
      select id, ${`*/${EVERY_SECONDS} * * * * *`}, 'ALLOW',
        date_bin(${EVERY_SECONDS} * interval '1 second', clock_timestamp(), '2026-01-01Z')
          + ${EVERY_SECONDS} * interval '1 second'
      from made
    )
    insert into tasks (container_id, name, command) select id, 'only', ':' from made`;
}

async function slots({ sql }: OpenDatabase): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from slots s join containers c on c.id = s.container_id where c.name like 'many %'`;
  return row?.count ?? 0;
}

/** For each container: an unbroken row of slots up to the next one, each with one run of its own and its one task run. */
async function checkLedger({ sql }: OpenDatabase): Promise<void> {
  const rows = await sql`
    select c.name from containers c join schedules p on p.container_id = c.id
    left join lateral (
      select count(*)::int as slots, count(distinct s.run_id)::int as runs, min(s.at) as first,
        bool_and(s.outcome = 'FIRED') as fired
      from slots s where s.container_id = c.id) s on true
    left join lateral (
      select count(*)::int as runs, count(distinct r.scheduled_for)::int as instants,
        (select count(*)::int from task_runs t where t.container_id = c.id) as tasks
      from runs r where r.container_id = c.id) r on true
    where c.name like 'many %' and not (
      s.fired and s.slots >= ${2 * ROUNDS} and s.slots = s.runs and s.slots = r.runs and s.slots = r.instants
      and s.slots = r.tasks and extract(epoch from p.next_fire_at - s.first) = s.slots * ${EVERY_SECONDS}::int)`;
  assert.deepEqual(rows.map(({ name }) => name), []);
  const [counted] = await sql<{ count: number }[]>`
    select count(*)::int as count from containers where name like 'many %'`;
  assert.equal(counted?.count, SCHEDULES);
}
