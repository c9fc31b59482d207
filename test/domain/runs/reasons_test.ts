/** Whatever way something comes to its end, it says why in words. */
import { match } from "node:assert/strict";
import { eq, sql } from "drizzle-orm";
import { attempts } from "../../../schema/tables/attempt.ts";
import { taskRuns } from "../../../schema/tables/run.ts";
import type { Ended } from "../../../server/agent/port.ts";
import { giveUpAttempts, touchServer } from "../../../server/domain/agents/agents.ts";
import { expireRuns } from "../../../server/domain/runs/queue.ts";
import { cancelAllRuns, cancelRun, cancelTaskRun } from "../../../server/domain/runs/stop.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain, pass, type TestDomain, triggerRun } from "../../support/domain.ts";
import { quote, readText } from "../../support/sentences.ts";

interface Way {
  readonly name: string;
  /** Of the first task of two. */
  readonly ending: number | Partial<Ended> | ((domain: TestDomain, runId: number) => Promise<void>);
  readonly first: RegExp;
  /** Of the second, which waits for the success of the first. */
  readonly second: RegExp;
  readonly run: RegExp;
}

const SKIPPED = /^SKIPPED It waited for "first" to succeed, which ended failed$/;

const ways: readonly Way[] = [
  {
    name: "an exit code",
    ending: 3,
    first: /^FAILED Exit code 3$/,
    second: SKIPPED,
    run: /^FAILED Task "first" failed: Exit code 3$/,
  },
  {
    name: "a signal",
    ending: { exitCode: 137, signal: "SIGKILL" },
    first: /^FAILED Killed by SIGKILL$/,
    second: SKIPPED,
    run: /^FAILED Task "first" failed: Killed by SIGKILL$/,
  },
  {
    name: "no process",
    ending: { cause: "NOT_STARTED", startedAt: null, reason: quote('Cannot start the process: no "x"') },
    first: /^FAILED Cannot start the process: no "x"$/,
    second: SKIPPED,
    run: /^FAILED Task "first" failed: Cannot start the process/,
  },
  {
    name: "a kill from outside",
    ending: { cause: "VANISHED" },
    first: /^FAILED Killed from outside: its process left no status$/,
    second: SKIPPED,
    run: /^FAILED Task "first" failed: Killed from outside/,
  },
  {
    name: "a restart of the machine",
    ending: { cause: "LOST", startedAt: null },
    first: /^FAILED The machine was restarted under it$/,
    second: SKIPPED,
    run: /^FAILED Task "first" failed: The machine was restarted/,
  },
  {
    name: "the task's time limit, with survivors",
    ending: { cause: "TIMED_OUT", reason: quote("Stopped outside its process group: sh (7)") },
    first: /^TIMED_OUT Its time limit was over; Stopped outside its process group: sh \(7\)$/,
    second: /^SKIPPED It waited for "first" to succeed, which ended timed out$/,
    run: /^FAILED Task "first" failed: Its time limit was over/,
  },
  {
    name: "a cancel of the task run",
    async ending(domain, runId): Promise<void> {
      await cancelTaskRun(domain.ports, domain.viewer, { id: await firstTaskRun(domain, runId) });
      await domain.end({ first: { cause: "STOPPED" } });
    },
    first: /^CANCELLED Cancelled by admin$/,
    second: /^SKIPPED It waited for "first" to succeed, which ended cancelled$/,
    run: /^CANCELLED Task "first" was cancelled: Cancelled by admin$/,
  },
  {
    name: "a cancel of the run",
    async ending(domain, runId): Promise<void> {
      await cancelRun(domain.ports, domain.viewer, { id: runId });
      await domain.end({ first: { cause: "STOPPED" } });
    },
    first: /^CANCELLED Cancelled by admin$/,
    second: /^CANCELLED Cancelled by admin$/,
    run: /^CANCELLED Cancelled by admin$/,
  },
  {
    name: "a cancel of all runs, after which it succeeded",
    async ending(domain): Promise<void> {
      await cancelAllRuns(domain.ports, domain.viewer, {});
      await domain.end({ first: 0 });
    },
    first: /^CANCELLED Cancelled by admin$/,
    second: /^CANCELLED Cancelled by admin$/,
    run: /^CANCELLED Cancelled by admin$/,
  },
  {
    name: "the run's time limit",
    async ending(domain): Promise<void> {
      await pass(domain.db, 3_600);
      await expireRuns(domain.ports);
      await domain.end({ first: { cause: "STOPPED" } });
    },
    first: /^TIMED_OUT The time limit of the run was over$/,
    second: /^CANCELLED The time limit of the run was over$/,
    run: /^FAILED The time limit of the run was over$/,
  },
  {
    name: "a newer run",
    async ending(domain, runId): Promise<void> {
      const { containerId } = await domain.run(runId);
      await triggerRun(domain.ports, domain.viewer, { containerId });
      await domain.end({ first: { cause: "STOPPED" } });
    },
    first: /^CANCELLED Replaced by a newer run of its container$/,
    second: /^CANCELLED Replaced by a newer run of its container$/,
    run: /^CANCELLED Replaced by a newer run of its container$/,
  },
  {
    name: "an agent that stays away",
    async ending(domain): Promise<void> {
      await touchServer(domain.db, 0);
      await domain.db.execute(sql`update fleet set servers_up_since = clock_timestamp() - interval '1 hour'`);
      await domain.db.execute(
        sql`update agents set last_seen_at = clock_timestamp() - interval '301 seconds'`,
      );
      await giveUpAttempts(domain.ports);
    },
    first: /^FAILED Agent "test" was not heard of for 301 s and was given up$/,
    second: SKIPPED,
    run: /^FAILED Task "first" failed: Agent "test" was not heard of/,
  },
];

for (const { name, ending, ...reasons } of ways) {
  Deno.test(`attempt, task runs and run say why they ended after ${name}`, async () => {
    await using opened = await openTestDatabase();
    const domain = await openDomain(opened.db);
    const containerId = await domain.container({ overlap: "REPLACE", timeoutSeconds: 60 });
    await domain.relation(
      await domain.task(containerId, "first"),
      await domain.task(containerId, "second"),
    );
    const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
    await domain.exchange();

    if (typeof ending === "function") await ending(domain, runId);
    else await domain.end({ first: ending });

    const [first, second] = await domain.db.select().from(taskRuns).where(eq(taskRuns.runId, runId))
      .orderBy(taskRuns.taskIndex);
    const [attempt] = await domain.db.select().from(attempts).where(eq(attempts.taskRunId, first?.id ?? 0));
    const run = await domain.run(runId);
    match(`${first?.state} ${readText(first?.reason)}`, reasons.first);
    match(`${second?.state} ${readText(second?.reason)}`, reasons.second);
    match(`${run.state} ${readText(run.reason)}`, reasons.run);
    match(readText(attempt?.reason), /\w/);
  });
}

Deno.test("a task run that never starts says why, and its run too", async () => {
  await using opened = await openTestDatabase();
  const domain = await openDomain(opened.db);
  const containerId = await domain.container();
  const off = await domain.task(containerId, "off", { enabled: false });
  const after = await domain.task(containerId, "after");
  await domain.relation(off, after, "FAILURE");
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });

  const rows = await domain.db.select().from(taskRuns).where(eq(taskRuns.runId, runId))
    .orderBy(taskRuns.taskIndex);
  const run = await domain.run(runId);

  match(`${rows[0]?.state} ${readText(rows[0]?.reason)}`, /^SKIPPED The task is disabled$/);
  match(
    `${rows[1]?.state} ${readText(rows[1]?.reason)}`,
    /^SKIPPED It waited for "off" to fail, which was passed over$/,
  );
  match(`${run.state} ${readText(run.reason)}`, /^SUCCEEDED Every task was skipped$/);
});

async function firstTaskRun(domain: TestDomain, runId: number): Promise<number> {
  const [row] = await domain.db.select().from(taskRuns).where(eq(taskRuns.runId, runId))
    .orderBy(taskRuns.taskIndex);
  return row?.id ?? 0;
}
