/** The database's clock is set while things wait for it. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { sql } from "drizzle-orm";
import type { Database } from "../../../server/db/database.ts";
import { followClock } from "../../../server/domain/runs/clock_steps.ts";
import { expireRuns, nextDueInMs, releaseRetries } from "../../../server/domain/runs/queue.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain, pass, type TestDomain, triggerRun } from "../../support/domain.ts";

const HOUR = 3_600;

/** All that was written with the clock as it was lies ahead of the clock as it is now. */
async function setBack(db: Database, seconds: number): Promise<void> {
  const interval = sql`${seconds} * interval '1 second'`;
  await db.execute(sql`
    update task_runs set ready_at = ready_at + ${interval}, started_at = started_at + ${interval},
      retry_at = retry_at + ${interval}`);
  await db.execute(sql`
    update runs set started_at = started_at + ${interval}, created_at = created_at + ${interval},
      deadline_at = deadline_at + ${interval}`);
}

const test = (name: string, run: (domain: TestDomain) => Promise<void>): void =>
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await run(await openDomain(opened.db));
  });

test("followClock() lets a retry wait its own delay when the clock is set back by an hour", async (domain) => {
  const containerId = await domain.container();
  await domain.task(containerId, "flaky", { maxRetries: 1, retryDelaySeconds: 20 });
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  await domain.exchange();
  await domain.end({ flaky: 1 });

  await setBack(domain.db, HOUR);
  const unfollowedInMs = await nextDueInMs(domain.db);
  await followClock(domain.ports);
  await releaseRetries(domain.ports);
  const early = await domain.exchange();
  const dueInMs = await nextDueInMs(domain.db) ?? 0;
  await pass(domain.db, 20);
  await releaseRetries(domain.ports);
  await domain.finish();

  equal([unfollowedInMs, early.work], [0, []]);
  ok(dueInMs > 0 && dueInMs <= 20_000, `it is due in ${dueInMs} ms`);
  equal((await domain.run(runId)).state, "SUCCEEDED");
});

test("followClock() counts a run's time limit anew when the clock is set back by an hour", async (domain) => {
  const containerId = await domain.container({ timeoutSeconds: 30 });
  await domain.task(containerId, "only");
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  await domain.exchange();

  await setBack(domain.db, HOUR);
  const unfollowedInMs = await nextDueInMs(domain.db);
  await followClock(domain.ports);
  const dueInMs = await nextDueInMs(domain.db) ?? 0;
  await pass(domain.db, 30);
  await expireRuns(domain.ports);
  await domain.end({ only: { cause: "STOPPED" } });

  equal(unfollowedInMs, 0);
  ok(dueInMs > 0 && dueInMs <= 30_000, `it is due in ${dueInMs} ms`);
  equal((await domain.run(runId)).state, "FAILED");
});

test("followClock() changes nothing while the clock goes on as it should", async (domain) => {
  const containerId = await domain.container({ timeoutSeconds: 30 });
  await domain.task(containerId, "flaky", { maxRetries: 1, retryDelaySeconds: HOUR });
  await triggerRun(domain.ports, domain.viewer, { containerId });
  await domain.exchange();
  await domain.end({ flaky: 1 });
  const waits = (): Promise<readonly unknown[]> =>
    domain.db.execute(sql`
      select retry_at::text, ready_at::text, deadline_at::text from task_runs t join runs r on r.id = t.run_id`);
  const before = await waits();

  const more = await followClock(domain.ports);

  equal([more, ...await waits()], [false, ...before]);
});

test("a run that ends after the clock was set back has not ended before it began", async (domain) => {
  const containerId = await domain.container();
  await domain.task(containerId, "only");
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  await domain.exchange();

  await setBack(domain.db, HOUR);
  await domain.end({ only: 0 });

  const { startedAt, finishedAt } = await domain.run(runId);
  equal(finishedAt, startedAt);
});
