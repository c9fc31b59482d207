import assert from "node:assert/strict";
import { sql } from "drizzle-orm";
import { InvalidInputError, NotFoundError } from "../../../schema/errors.ts";
import type { Database } from "../../../server/db/database.ts";
import { agents } from "../../../schema/tables/agent.ts";
import { containerVersions } from "../../../schema/tables/container.ts";
import { projects } from "../../../schema/tables/project.ts";
import { type NewRun, runs } from "../../../schema/tables/run.ts";
import { createFigures } from "../../../server/domain/statistics/figures.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain } from "../../support/domain.ts";

const clock = { now: () => 1_767_225_600_000 };

const spool = () => ({ usedBytes: 8, limitBytes: 9 });

Deno.test("overview() counts what is active now and what ended today", async () => {
  await using test = await openTestDatabase();
  const domain = await openDomain(test.db);
  const containerId = await domain.container();
  await domain.container({ enabled: false });
  const yesterday = await ago(test.db, "1 day");
  const add = await runMaker(test.db, containerId);
  await add({ state: "RUNNING" }, { state: "RUNNING", createdAt: yesterday }, { state: "QUEUED" });
  await add({ state: "SUCCEEDED" }, { state: "SUCCEEDED" }, { state: "FAILED" }, { state: "CANCELLED" });
  // Began yesterday and ended today counts, ended yesterday does not.
  await add({ state: "FAILED", createdAt: yesterday });
  await add({ state: "FAILED", createdAt: yesterday, finishedAt: yesterday });
  const figures = createFigures({ db: test.db, clock, running: () => 0, spool, agentId: () => null });
  const wanted = {
    containers: 2,
    enabledContainers: 1,
    running: 2,
    waiting: 1,
    succeededToday: 2,
    failedToday: 2,
    cancelledToday: 1,
    missedToday: 0,
    lateToday: 0,
    lateNow: 0,
  };

  assert.deepEqual({ ...await figures.overview("all", { project: null, timezone: "UTC" }) }, wanted);
  assert.deepEqual({ ...await figures.overview("all", { project: "default", timezone: "UTC" }) }, wanted);
  await test.db.insert(projects).values({ slug: "other", name: "Other" });
  const nothing = Object.fromEntries(Object.keys(wanted).map((key) => [key, 0]));
  assert.deepEqual({ ...await figures.overview("all", { project: "other", timezone: "UTC" }) }, nothing);
  await assert.rejects(figures.overview("all", { project: "none", timezone: "UTC" }), NotFoundError);
});

Deno.test("overview() counts the day that runOutcomes() counts, in every time zone", async () => {
  await using test = await openTestDatabase();
  const add = await runMaker(test.db, await (await openDomain(test.db)).container());
  for (let hours = 0; hours < 26; hours++) {
    await add({ state: "SUCCEEDED", finishedAt: await ago(test.db, `${hours} hours`) });
  }
  const figures = createFigures({ db: test.db, clock, running: () => 0, spool, agentId: () => null });

  // Whatever the time is now, their midnights lie hours apart.
  for (const timezone of ["UTC", "Pacific/Guadalcanal", "Asia/Kathmandu", "America/St_Johns"]) {
    const { succeededToday } = await figures.overview("all", { project: null, timezone });
    const [today] = await figures.runOutcomes("all", { project: null, days: 1, timezone });
    assert.equal(succeededToday, today?.succeeded, timezone);
  }
  await assert.rejects(figures.overview("all", { project: null, timezone: "Nowhere" }), InvalidInputError);
});

Deno.test("countRuns() counts what matches, and no more than 10,000", async () => {
  await using test = await openTestDatabase();
  const domain = await openDomain(test.db);
  const containerId = await domain.container();
  const add = await runMaker(test.db, containerId);
  const old = new Date("2020-01-01T00:00:00.000Z");
  await add({ state: "SUCCEEDED", createdAt: old }, { state: "FAILED" }, {
    state: "RUNNING",
    cause: "API",
  });
  const figures = createFigures({ db: test.db, clock, running: () => 0, spool, agentId: () => null });

  assert.equal(await figures.countRuns("all", {}), 3);
  assert.equal(await figures.countRuns("all", { states: ["FAILED", "RUNNING"] }), 2);
  assert.equal(await figures.countRuns("all", { states: [] }), 0);
  assert.equal(await figures.countRuns("all", { causes: ["API"] }), 1);
  assert.equal(await figures.countRuns("all", { containerId }), 3);
  assert.equal(await figures.countRuns("all", { containerId: 0 }), 0);
  assert.equal(await figures.countRuns("all", { projectId: 0 }), 0);
  assert.equal(await figures.countRuns("all", { to: old }), 0);
  assert.equal(await figures.countRuns("all", { from: old }), 3);
  assert.equal(await figures.countRuns("all", { from: new Date(old.getTime() + 1) }), 2);
  await test.db.execute(
    sql`insert into runs (project_id, container_id, container_name, container_version, version_id, state, cause, created_at, finished_at, number)
    select project_id, container_id, container_name, container_version, version_id, 'FAILED', 'MANUAL', created_at, created_at, 100 + n
    from runs, generate_series(1, 10000) n where state = 'RUNNING'`,
  );
  assert.equal(await figures.countRuns("all", {}), 10_000);
  assert.equal(await figures.countRuns("all", { states: ["SUCCEEDED"] }), 1);
});

Deno.test("hostStats() measures this machine, for its own agent only", async () => {
  await using test = await openTestDatabase();
  const domain = await openDomain(test.db);
  let now = clock.now();
  const figures = createFigures({
    db: test.db,
    clock: { now: () => now },
    running: () => 4,
    spool,
    agentId: () => domain.agentId,
  });
  const [other] = await test.db.insert(agents).values({ key: "other", name: "other", capacity: 1 })
    .returning();

  const stats = await figures.hostStats(domain.agentId);
  now += 60_000;
  const later = await figures.hostStats(null);

  assert.equal(stats.at.getTime(), clock.now());
  assert.equal(stats.running, 4);
  assert.deepEqual([stats.spoolUsedBytes, stats.spoolLimitBytes], [8, 9]);
  for (
    const { cpuPercent, memoryUsedBytes, memoryTotalBytes, processMemoryBytes, load } of [stats, later]
  ) {
    assert.ok(cpuPercent >= 0 && cpuPercent <= 100, `${cpuPercent}`);
    assert.ok(memoryUsedBytes > 0 && memoryUsedBytes < memoryTotalBytes);
    assert.ok(processMemoryBytes > 1_000_000);
    assert.equal(load.length, 3);
  }
  await assert.rejects(figures.hostStats(other?.id ?? 0), NotFoundError);
  await assert.rejects(figures.hostStats(0), NotFoundError);
});

type RunValues = Partial<NewRun> & Pick<NewRun, "state">;

async function runMaker(
  db: Database,
  containerId: number,
): Promise<(...values: readonly RunValues[]) => Promise<void>> {
  const definition = { timeoutSeconds: 0, maxParallel: 0, priority: 0, tasks: [], relations: [] };
  const [version] = await db.insert(containerVersions).values({ containerId, version: 1, definition })
    .returning();
  let count = 0;
  return async (...values) => {
    await db.insert(runs).values(values.map((value) => ({
      number: ++count,
      projectId: 1,
      containerId,
      containerName: "c",
      containerVersion: 1,
      versionId: version?.id ?? 0,
      cause: "MANUAL" as const,
      ...(value.state === "RUNNING" || value.state === "QUEUED"
        ? {}
        : { finishedAt: sql`clock_timestamp()` }),
      ...value,
    })));
  };
}

async function ago(db: Database, interval: string): Promise<Date> {
  const [row] = await db.execute<{ at: number }>(
    sql`select (extract(epoch from clock_timestamp() - ${interval}::interval) * 1000)::float8 as at`,
  );
  return new Date(Math.floor(row?.at ?? 0));
}
