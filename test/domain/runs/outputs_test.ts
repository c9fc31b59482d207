/** Outputs on their way: from a report into the database, and from there to those that waited. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { eq, sql } from "drizzle-orm";
import { encodeId } from "../../../schema/ids.ts";
import { taskRuns } from "../../../schema/tables/run.ts";
import type { TaskInputs } from "../../../server/agent/port.ts";
import { cancelTaskRun } from "../../../server/domain/runs/stop.ts";
import { retryRun, runTask } from "../../../server/domain/runs/trigger.ts";
import { openApi } from "../../support/api.ts";
import { openTestDatabase } from "../../support/database.ts";
import { endedAs, openDomain, pass, taskOf, type TestDomain, triggerRun } from "../../support/domain.ts";
import { releaseRetries } from "../../../server/domain/runs/queue.ts";

const SUCCESS = { exitCode: 0 };

const test = (name: string, run: (domain: TestDomain) => Promise<void>): void =>
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await run(await openDomain(opened.db));
  });

test("createWork() hands a task the outputs of what it waited for, by name, and no others", async (domain) => {
  const { containerId } = await diamond(domain);
  await triggerRun(domain.ports, domain.viewer, { containerId });
  await domain.exchange();
  await domain.end({ top: { ...SUCCESS, outputs: { deep: "1" } } });

  await domain.end({ left: { ...SUCCESS, outputs: { "a-b": 'x\n"y" ☃' } } });
  const { work } = await domain.end({ right: 0 });

  equal(work.map(taskOf), ["join"]);
  equal(work[0]?.inputs, { left: { "a-b": 'x\n"y" ☃' } });
});

test("createWork() hands out the same inputs again in a retry and after a resume", async (domain) => {
  const { containerId } = await diamond(domain, { maxRetries: 1 });
  await triggerRun(domain.ports, domain.viewer, { containerId });
  await domain.exchange();
  await domain.end({ top: { ...SUCCESS, outputs: { deep: "1" } } });
  const inputs: TaskInputs = { top: { deep: "1" } };

  await domain.end({ left: 1 });
  await pass(domain.db, 3_600);
  await releaseRetries(domain.ports);
  const { work } = await domain.exchange();
  const resumed = await domain.exchange({ resume: true });

  equal(work.map((one) => [taskOf(one), one.environment.ORRERY_ATTEMPT, one.inputs]), [[
    "left",
    "2",
    inputs,
  ]]);
  equal(resumed.work.map((one) => [taskOf(one), one.inputs]).sort(), [["left", inputs], ["right", inputs]]);
});

test("retryRun() hands what ran before to what runs again", async (domain) => {
  const { containerId } = await diamond(domain);
  const id = await triggerRun(domain.ports, domain.viewer, { containerId });
  await domain.finish({
    top: { ...SUCCESS, outputs: { deep: "1" } },
    left: { ...SUCCESS, outputs: { l: "2" } },
    right: 1,
  });

  await retryRun(domain.ports, domain.viewer, { id, fromFailed: true });
  const right = await domain.exchange();
  const join = await domain.end({ right: { ...SUCCESS, outputs: { r: "3" } } });

  equal(right.work.map((one) => [taskOf(one), one.inputs]), [["right", { top: { deep: "1" } }]]);
  equal(join.work[0]?.inputs, { left: { l: "2" }, right: { r: "3" } });
});

test("exchangeWithAgent() keeps no outputs of a task that was stopped, and runTask() hands out none", async (domain) => {
  const { containerId, left } = await diamond(domain);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  await domain.exchange();
  const top = await taskRun(domain, runId, "top");
  await cancelTaskRun(domain.ports, domain.viewer, { id: top.id });

  await domain.end({ top: { ...SUCCESS, outputs: { deep: "1" } } });
  await runTask(domain.ports, domain.viewer, { taskId: left });
  const { work } = await domain.exchange();

  equal((await taskRun(domain, runId, "top")).outputs, null);
  equal((await taskRun(domain, runId, "top")).state, "CANCELLED");
  equal(work.map((one) => [taskOf(one), one.inputs]), [["left", null]]);
});

test("exchangeWithAgent() keeps outputs once when an end is told twice, and tells a fault as a line", async (domain) => {
  const containerId = await domain.container();
  await domain.task(containerId, "only");
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  const { work } = await domain.exchange();
  const ended = endedAs(work[0]?.attemptId ?? 0, {
    ...SUCCESS,
    outputs: { first: "1" },
    outputFault: "Cannot read all outputs: line 2 is not key=value",
  });

  await domain.exchange({ ended: [ended] });
  await domain.exchange({ ended: [{ ...ended, outputs: { second: "2" } }] });

  const lines = await domain.db.execute<{ streams: string; body: string }>(
    sql`select streams, body from log_chunks`,
  );
  equal((await taskRun(domain, runId, "only")).outputs, { first: "1" });
  equal((await domain.run(runId)).state, "SUCCEEDED");
  equal(lines.map(({ body }) => body.trim()), ["Cannot read all outputs: line 2 is not key=value"]);
});

Deno.test("TaskRun.outputs tells them, and null when there are none", async () => {
  await using opened = await openTestDatabase();
  const { domain, ask } = await openApi(opened.db);
  const { containerId } = await diamond(domain);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  await domain.finish({ top: { ...SUCCESS, outputs: { deep: "1" } } });

  const { data } = await ask(`{ run(id: "${encodeId("Run", runId)}") { taskRuns { name outputs } } }`);

  equal(data.run.taskRuns.map(({ name, outputs }: { name: string; outputs: unknown }) => [name, outputs]), [
    ["top", { deep: "1" }],
    ["left", null],
    ["right", null],
    ["join", null],
  ]);
});

async function diamond(
  domain: TestDomain,
  left: { readonly maxRetries?: number } = {},
): Promise<{ readonly containerId: number; readonly left: number }> {
  const containerId = await domain.container();
  const ids: number[] = [];
  for (const name of ["top", "left", "right", "join"]) {
    ids.push(await domain.task(containerId, name, name === "left" ? left : {}));
  }
  const [topId = 0, leftId = 0, rightId = 0, joinId = 0] = ids;
  await domain.relation(topId, leftId);
  await domain.relation(topId, rightId);
  await domain.relation(leftId, joinId);
  await domain.relation(rightId, joinId);
  return { containerId, left: leftId };
}

async function taskRun(
  { db }: TestDomain,
  runId: number,
  name: string,
): Promise<typeof taskRuns.$inferSelect> {
  const rows = await db.select().from(taskRuns).where(eq(taskRuns.runId, runId));
  const found = rows.find((row) => row.name === name);
  if (found === undefined) throw new Error(`Run ${runId} has no task "${name}"`);
  return found;
}
