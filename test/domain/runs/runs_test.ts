import assert from "node:assert/strict";
import { eq, sql } from "drizzle-orm";
import { ConflictError, InvalidInputError, NotFoundError, NotRunningError } from "../../../schema/errors.ts";
import { attempts } from "../../../schema/tables/attempt.ts";
import { runs, taskRuns } from "../../../schema/tables/run.ts";
import { deleteContainer, updateContainer } from "../../../server/domain/containers/containers.ts";
import { createExchange } from "../../../server/domain/runs/exchange.ts";
import { expireRuns, promoteRuns, releaseRetries } from "../../../server/domain/runs/queue.ts";
import { cancelAllRuns, cancelRun, cancelTaskRun } from "../../../server/domain/runs/stop.ts";
import { retryRun, runTask } from "../../../server/domain/runs/trigger.ts";
import { deleteTask, updateTask } from "../../../server/domain/containers/tasks.ts";
import { endedAs, inDomain, pass, taskOf, type TestDomain, triggerRun } from "../../support/domain.ts";
import { readText } from "../../support/sentences.ts";

function test(name: string, body: Parameters<typeof inDomain>[0]): void {
  Deno.test(name, inDomain(body));
}

/** a -> b, c -> d */
async function diamond(domain: TestDomain, input: Parameters<TestDomain["container"]>[0] = {}): Promise<{
  readonly id: number;
  readonly tasks: Readonly<Record<"a" | "b" | "c" | "d", number>>;
}> {
  const id = await domain.container(input);
  const [a, b, c, d] = [
    await domain.task(id, "a"),
    await domain.task(id, "b"),
    await domain.task(id, "c"),
    await domain.task(id, "d"),
  ];
  await domain.relation(a, b);
  await domain.relation(a, c);
  await domain.relation(b, d);
  await domain.relation(c, d);
  return { id, tasks: { a, b, c, d } };
}

async function taskRunId(domain: TestDomain, runId: number, name: string): Promise<number> {
  const rows = await domain.db.select().from(taskRuns).where(eq(taskRuns.runId, runId));
  const found = rows.find((row) => row.name === name);
  if (found === undefined) throw new Error(`Run ${runId} has no task run "${name}"`);
  return found.id;
}

async function single(
  domain: TestDomain,
  input: Parameters<TestDomain["container"]>[0] = {},
): Promise<number> {
  const id = await domain.container(input);
  await domain.task(id, "only");
  return id;
}

test("triggerRun() starts what waits for nothing, and each task when its relations hold", async (domain) => {
  const { id } = await diamond(domain);

  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: id });
  await domain.exchange();
  const first = domain.living();
  await domain.end({ a: 0 });
  const second = domain.living();
  await domain.end({ b: 0 });
  const third = domain.living();
  await domain.end({ c: 0 });
  const fourth = domain.living();
  await domain.end({ d: 0 });

  assert.deepEqual([first, second, third, fourth], [["a"], ["b", "c"], ["c"], ["d"]]);
  const run = await domain.run(runId);
  assert.equal(run.state, "SUCCEEDED");
  assert.equal(run.cause, "API");
  assert.equal(run.startedBy, domain.viewer.userId);
});

test("exchangeWithAgent() takes many endings at once and the same ending twice", async (domain) => {
  const { id } = await diamond(domain);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: id });
  await domain.exchange();
  const reply = await domain.end({ a: 0 });
  const ended = reply.work.map(({ attemptId }) => endedAs(attemptId, 0));

  await domain.exchange({ ended });
  const again = await domain.exchange({ ended });

  assert.deepEqual(again.refused, []);
  assert.deepEqual(again.work, []);
  assert.deepEqual(await domain.states(runId), {
    a: "SUCCEEDED",
    b: "SUCCEEDED",
    c: "SUCCEEDED",
    d: "RUNNING",
  });
});

test("exchangeWithAgent() refuses a word from an agent that does not have the attempt", async (domain) => {
  const containerId = await single(domain);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  const { work: [work] } = await domain.exchange();
  const attemptId = work?.attemptId ?? 0;

  const reply = await createExchange(domain.ports)({
    agentId: domain.agentId + 1_000,
    started: [],
    ended: [endedAs(attemptId, 0)],
    freeSlots: 0,
    ahead: 0,
    abovePriority: null,
    resume: false,
  });

  assert.deepEqual(reply.refused, [attemptId]);
  assert.deepEqual(await domain.states(runId), { only: "RUNNING" });
});

test("exchangeWithAgent() hands every living attempt out again at a resume, and no new one", async (domain) => {
  const { id } = await diamond(domain);
  await triggerRun(domain.ports, domain.viewer, { containerId: id });
  await domain.exchange();
  const before = await domain.end({ a: 0 }, 1);

  const resumed = await domain.exchange({ resume: true });

  assert.deepEqual(resumed.work, before.work);
});

test("a failed task skips what needs its success, and the run says why", async (domain) => {
  const { id } = await diamond(domain);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: id });

  await domain.finish({ b: 3 });

  assert.deepEqual(await domain.states(runId), {
    a: "SUCCEEDED",
    b: "FAILED",
    c: "SUCCEEDED",
    d: "SKIPPED",
  });
  const run = await domain.run(runId);
  assert.equal(run.state, "FAILED");
  assert.equal(readText(run.reason), 'Task "b" failed: Exit code 3');
});

test("a retry waits for its delay, keeps its attempts apart and survives in the database", async (domain) => {
  const containerId = await domain.container();
  await domain.task(containerId, "flaky", { maxRetries: 2, retryDelaySeconds: 600 });
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  await domain.exchange();

  await domain.end({ flaky: 1 });
  await releaseRetries(domain.ports);
  const tooEarly = await domain.exchange();
  await pass(domain.db, 601);
  await releaseRetries(domain.ports);
  await domain.exchange();
  await domain.end({ flaky: { exitCode: 137, signal: "SIGKILL" } });
  await pass(domain.db, 1_201);
  await releaseRetries(domain.ports);
  await domain.exchange();
  await domain.end({ flaky: 0 });

  assert.deepEqual(tooEarly.work, []);
  assert.equal((await domain.run(runId)).state, "SUCCEEDED");
  const rows = await domain.db.select().from(attempts).orderBy(attempts.number);
  assert.deepEqual(rows.map(({ number, state, exitCode, signal }) => [number, state, exitCode, signal]), [
    [1, "FAILED", 1, null],
    [2, "FAILED", 137, "SIGKILL"],
    [3, "SUCCEEDED", 0, null],
  ]);
});

test("maxParallel is never exceeded and the next one goes when a place is free", async (domain) => {
  const containerId = await domain.container({ maxParallel: 2 });
  for (const name of ["a", "b", "c", "d", "e"]) await domain.task(containerId, name);
  await triggerRun(domain.ports, domain.viewer, { containerId });

  await domain.exchange();
  const first = domain.living();
  await domain.end({ a: 0 });
  const second = domain.living();

  assert.deepEqual([first, second], [["a", "b"], ["b", "c"]]);
});

test("claims go by priority, then age, and never beyond the free slots", async (domain) => {
  const low = await single(domain, { name: "low", priority: 0 });
  const high = await single(domain, { name: "high", priority: 5 });
  await triggerRun(domain.ports, domain.viewer, { containerId: low });
  await triggerRun(domain.ports, domain.viewer, { containerId: high });

  const reply = await domain.exchange({ freeSlots: 1 });

  assert.deepEqual(reply.work.map(({ environment }) => environment.ORRERY_CONTAINER), ["high"]);
});

test("claims ahead run for the scheduler, but have not started until the agent says so", async (domain) => {
  const id = await domain.container();
  for (const name of ["a", "b", "c"]) await domain.task(id, name);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: id });
  const startedOf = async (): Promise<Readonly<Record<string, number | null>>> => {
    const rows = await domain.db.select().from(taskRuns).where(eq(taskRuns.runId, runId));
    return Object.fromEntries(rows.map(({ name, startedAt }) => [name, startedAt?.getTime() ?? null]));
  };

  const { work } = await domain.exchange({ freeSlots: 1, ahead: 1 });
  const claimed = await startedOf();
  await domain.exchange({
    freeSlots: 0,
    started: [{ attemptId: work[1]?.attemptId ?? 0, startedAt: 5_000 }],
  });
  const told = await startedOf();

  assert.deepEqual(domain.living(), ["a", "b"]);
  assert.deepEqual([claimed.a === null, claimed.b, claimed.c], [false, null, null]);
  assert.deepEqual([told.a, told.b, told.c], [claimed.a, 5_000, null]);
});

test("what is given back is READY again, as old as before, and no try of it is counted", async (domain) => {
  const id = await domain.container({ maxParallel: 2 });
  for (const name of ["a", "b", "c"]) await domain.task(id, name);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: id });
  const rowsOf = async (): Promise<readonly unknown[]> =>
    (await domain.db.select().from(taskRuns).where(eq(taskRuns.runId, runId)).orderBy(taskRuns.taskIndex))
      .map(({ state, released, readyAt, startedAt, agentId, attempt }) => ({
        ...{ state, released, readyAt, startedAt, agentId, attempt },
      }));
  const before = await rowsOf();
  const { work } = await domain.exchange({ freeSlots: 2 });
  const ended = work.map(({ attemptId }) => endedAs(attemptId, { cause: "GIVEN_BACK", startedAt: null }));

  const reply = await domain.exchange({ freeSlots: 0, ended });
  const after = await rowsOf();
  const repeated = await domain.exchange({ freeSlots: 0, ended });
  await domain.finish();

  assert.deepEqual(reply.refused, []);
  assert.deepEqual(after, before);
  // Nobody knows them any more.
  assert.deepEqual(repeated.refused, work.map(({ attemptId }) => attemptId));
  assert.equal((await domain.run(runId)).state, "SUCCEEDED");
});

test("what is given back after it was stopped is cancelled", async (domain) => {
  const id = await single(domain, { name: "stopped" });
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: id });
  const { work } = await domain.exchange();
  await cancelRun(domain.ports, domain.viewer, { id: runId });

  await domain.exchange({
    ended: work.map(({ attemptId }) => endedAs(attemptId, { cause: "GIVEN_BACK", startedAt: null })),
  });

  assert.equal((await domain.run(runId)).state, "CANCELLED");
});

test("claims above a priority leave all others", async (domain) => {
  for (const priority of [1, 2, 3]) {
    const containerId = await single(domain, { name: `p${priority}`, priority });
    await triggerRun(domain.ports, domain.viewer, { containerId });
  }

  const { work } = await domain.exchange({ freeSlots: 0, ahead: 5, abovePriority: 1 });

  assert.deepEqual(work.map(({ priority }) => priority), [3, 2]);
});

test("cancelRun() is recorded at once, tells the agent, and ends when the last process is gone", async (domain) => {
  const { id } = await diamond(domain);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: id });
  await domain.exchange();
  await domain.end({ a: 0 });

  await cancelRun(domain.ports, domain.viewer, { id: runId });
  await cancelRun(domain.ports, domain.viewer, { id: runId });
  const { stops } = await domain.exchange();
  const between = await domain.run(runId);
  await domain.end({ b: { cause: "STOPPED" }, c: 0 });

  assert.equal(stops.length, 2);
  assert.equal(between.state, "RUNNING");
  // The success of "c" came after the cancel was recorded.
  assert.deepEqual(await domain.states(runId), {
    a: "SUCCEEDED",
    b: "CANCELLED",
    c: "CANCELLED",
    d: "CANCELLED",
  });
  const run = await domain.run(runId);
  assert.deepEqual([run.state, readText(run.reason)], ["CANCELLED", "Cancelled by admin"]);
  await assert.rejects(cancelRun(domain.ports, domain.viewer, { id: runId }), NotRunningError);
  await assert.rejects(cancelRun(domain.ports, domain.viewer, { id: 0 }), NotFoundError);
});

test("cancelTaskRun() skips what needs it, lets other branches go on and cancels the run at its end", async (domain) => {
  const { id } = await diamond(domain);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: id });
  await domain.exchange();
  await domain.end({ a: 0 });

  await cancelTaskRun(domain.ports, domain.viewer, { id: await taskRunId(domain, runId, "b") });
  await domain.end({ b: { cause: "STOPPED" } });
  const between = await domain.states(runId);
  await domain.end({ c: 0 });

  assert.deepEqual(between, { a: "SUCCEEDED", b: "CANCELLED", c: "RUNNING", d: "SKIPPED" });
  assert.equal((await domain.run(runId)).state, "CANCELLED");
  const id2 = await taskRunId(domain, runId, "b");
  await assert.rejects(cancelTaskRun(domain.ports, domain.viewer, { id: id2 }), NotRunningError);
});

test("cancelTaskRun() cancels one that waits without a process", async (domain) => {
  const { id } = await diamond(domain);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: id });

  await cancelTaskRun(domain.ports, domain.viewer, { id: await taskRunId(domain, runId, "c") });
  await domain.finish();

  assert.deepEqual(await domain.states(runId), {
    a: "SUCCEEDED",
    b: "SUCCEEDED",
    c: "CANCELLED",
    d: "SKIPPED",
  });
});

test("cancelAllRuns() counts what it cancelled, once", async (domain) => {
  for (let index = 0; index < 3; index++) {
    await triggerRun(domain.ports, domain.viewer, { containerId: await single(domain) });
  }

  const first = await cancelAllRuns(domain.ports, domain.viewer, {});
  const second = await cancelAllRuns(domain.ports, domain.viewer, {});

  assert.deepEqual([first.count, first.runIds.length, second.count], [3, 3, 0]);
});

test("expireRuns() times out what runs, cancels what waits and fails the run", async (domain) => {
  const { id } = await diamond(domain, { timeoutSeconds: 30 });
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: id });
  await domain.exchange();

  await expireRuns(domain.ports);
  const early = (await domain.exchange()).stops;
  await pass(domain.db, 31);
  await expireRuns(domain.ports);
  await domain.end({ a: { cause: "STOPPED" } });

  assert.deepEqual(early, []);
  assert.deepEqual(await domain.states(runId), {
    a: "TIMED_OUT",
    b: "CANCELLED",
    c: "CANCELLED",
    d: "CANCELLED",
  });
  const run = await domain.run(runId);
  assert.deepEqual([run.state, readText(run.reason)], ["FAILED", "The time limit of the run was over"]);
});

test("overlap SKIP: of 50 callers at once exactly one gets a run", async (domain) => {
  const containerId = await single(domain);

  const results = await Promise.allSettled(
    Array.from({ length: 50 }, () => triggerRun(domain.ports, domain.viewer, { containerId })),
  );

  const refused = results.filter((result) =>
    result.status === "rejected" && result.reason instanceof ConflictError
  );
  assert.equal(refused.length, 49);
});

test("overlap ALLOW: all 20 callers get a run of their own", async (domain) => {
  const containerId = await single(domain, { overlap: "ALLOW" });

  const ids = await Promise.all(
    Array.from({ length: 20 }, () => triggerRun(domain.ports, domain.viewer, { containerId })),
  );

  assert.equal(new Set(ids).size, 20);
});

test("overlap QUEUE: one waits, the others are refused, and it starts when the first one ends", async (domain) => {
  const containerId = await single(domain, { overlap: "QUEUE" });
  const first = await triggerRun(domain.ports, domain.viewer, { containerId });

  const results = await Promise.allSettled(
    Array.from({ length: 20 }, () => triggerRun(domain.ports, domain.viewer, { containerId })),
  );
  const [second] = results.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
  const waiting = await domain.run(second ?? 0);
  await promoteRuns(domain.ports);
  const stillWaiting = await domain.run(second ?? 0);
  await domain.finish();

  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  assert.deepEqual([waiting.state, stillWaiting.state], ["QUEUED", "QUEUED"]);
  assert.equal((await domain.run(first)).state, "SUCCEEDED");
  assert.equal((await domain.run(second ?? 0)).state, "SUCCEEDED");
});

test("overlap REPLACE: the active run is cancelled, the waiting one too, the newest goes next", async (domain) => {
  const containerId = await single(domain, { overlap: "REPLACE" });
  const first = await triggerRun(domain.ports, domain.viewer, { containerId });
  await domain.exchange();
  const second = await triggerRun(domain.ports, domain.viewer, { containerId });
  const third = await triggerRun(domain.ports, domain.viewer, { containerId });
  const waiting = [(await domain.run(second)).state, (await domain.run(third)).state];

  await domain.end({ only: { cause: "STOPPED" } });
  await promoteRuns(domain.ports);
  await domain.finish();

  assert.deepEqual(waiting, ["CANCELLED", "QUEUED"]);
  assert.equal(readText((await domain.run(first)).reason), "Replaced by a newer run of its container");
  assert.equal((await domain.run(third)).state, "SUCCEEDED");
});

test("triggerRun() answers the same run for the same idempotency key, and refuses other arguments", async (domain) => {
  const containerId = await single(domain);
  const input = { containerId, environment: { A: "1", B: "2" }, idempotencyKey: "night" };

  const ids = await Promise.all(
    Array.from({ length: 10 }, () => triggerRun(domain.ports, domain.viewer, input)),
  );
  const reordered = await triggerRun(domain.ports, domain.viewer, {
    ...input,
    environment: { B: "2", A: "1" },
  });

  assert.equal(new Set([...ids, reordered]).size, 1);
  const other = { ...input, environment: { A: "3" } };
  await assert.rejects(triggerRun(domain.ports, domain.viewer, other), ConflictError);
});

test("triggerRun() takes an idempotency key anew after a day", async (domain) => {
  const containerId = await single(domain, { overlap: "ALLOW" });
  const first = await triggerRun(domain.ports, domain.viewer, { containerId, idempotencyKey: "night" });
  await domain.db.update(runs).set({ createdAt: sql`created_at - interval '25 hours'` });

  const second = await triggerRun(domain.ports, domain.viewer, { containerId, idempotencyKey: "night" });

  assert.notEqual(second, first);
});

test("triggerRun() refuses an unknown container, one without enabled tasks and a bad environment", async (domain) => {
  const empty = await domain.container();
  await domain.task(empty, "off", { enabled: false });
  const full = await single(domain);
  const trigger = (input: Parameters<typeof triggerRun>[2]): Promise<number> =>
    triggerRun(domain.ports, domain.viewer, input);

  await assert.rejects(trigger({ containerId: 0 }), NotFoundError);
  await assert.rejects(trigger({ containerId: empty }), InvalidInputError);
  for (
    const environment of [{ "A-B": "1" }, { ORRERY_RUN_ID: "1" }, { A: 1 }, ["A"], "A=1", {
      A: "x".repeat(200_000),
    }]
  ) {
    await assert.rejects(
      trigger({ containerId: full, environment }),
      (error) => error instanceof InvalidInputError && error.path?.[0] === "environment",
    );
  }
  assert.deepEqual(await domain.db.select().from(runs), []);
});

test("runTask() runs one task by itself, also a disabled one, beside an active run", async (domain) => {
  const { id, tasks } = await diamond(domain);
  await triggerRun(domain.ports, domain.viewer, { containerId: id });
  await updateTask(domain.ports, domain.viewer, { id: tasks.d, enabled: false });

  const runId = await runTask(domain.ports, domain.viewer, { taskId: tasks.d, environment: { WHO: "me" } });
  const { work } = await domain.exchange();
  await domain.end({ d: 0 });

  assert.deepEqual(await domain.states(runId), { d: "SUCCEEDED" });
  assert.equal((await domain.run(runId)).state, "SUCCEEDED");
  assert.equal(work.find((one) => taskOf(one) === "d")?.environment.WHO, "me");
});

test("retryRun() keeps what succeeded, runs the rest on the version that ran", async (domain) => {
  const { id, tasks } = await diamond(domain);
  const first = await triggerRun(domain.ports, domain.viewer, { containerId: id });
  await domain.finish({ b: 1 });
  await updateTask(domain.ports, domain.viewer, { id: tasks.b, command: "echo changed" });

  const second = await retryRun(domain.ports, domain.viewer, { id: first, fromFailed: true });
  const { work } = await domain.exchange();
  const started = domain.living();
  await domain.finish();

  assert.deepEqual(started, ["b"]);
  assert.equal(work[0]?.command, ":");
  const run = await domain.run(second);
  assert.deepEqual([run.state, run.cause, run.retryOf], ["SUCCEEDED", "RETRY", first]);
  const rows = await domain.db.select().from(taskRuns).where(eq(taskRuns.runId, second));
  assert.equal(rows.find(({ name }) => name === "a")?.reusedFrom, await taskRunId(domain, first, "a"));
});

test("retryRun() refuses an active run, one with nothing to rerun and an unknown one", async (domain) => {
  const containerId = await single(domain);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  const retry = (id: number, fromFailed: boolean): Promise<number> =>
    retryRun(domain.ports, domain.viewer, { id, fromFailed });

  await assert.rejects(retry(runId, true), ConflictError);
  await domain.finish();
  await assert.rejects(retry(runId, true), InvalidInputError);
  await assert.rejects(retry(0, true), NotFoundError);
  assert.notEqual(await retry(runId, false), runId);
});

test("an edit, a deletion or a disabling during a run changes nothing in it", async (domain) => {
  const { id, tasks } = await diamond(domain);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: id });
  await domain.exchange();

  await updateTask(domain.ports, domain.viewer, { id: tasks.b, command: "exit 9", enabled: false });
  await deleteTask(domain.ports, domain.viewer, { id: tasks.d });
  await updateContainer(domain.ports, domain.viewer, { id, enabled: false, maxParallel: 1 });
  await assert.rejects(deleteContainer(domain.ports, domain.viewer, { id }), ConflictError);
  await domain.finish();

  assert.deepEqual(await domain.states(runId), {
    a: "SUCCEEDED",
    b: "SUCCEEDED",
    c: "SUCCEEDED",
    d: "SUCCEEDED",
  });
  await deleteContainer(domain.ports, domain.viewer, { id });
  assert.equal((await domain.run(runId)).containerName, "container 1");
});

test("only those who may run can start, stop and repeat", async (domain) => {
  const containerId = await single(domain);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });

  for (
    const call of [
      () => triggerRun(domain.ports, domain.reader, { containerId }),
      () => cancelRun(domain.ports, domain.reader, { id: runId }),
      () => cancelAllRuns(domain.ports, domain.reader, {}),
      () => retryRun(domain.ports, domain.reader, { id: runId, fromFailed: true }),
    ]
  ) await assert.rejects(call, { code: "FORBIDDEN" });
});

test("events name the run and its changed task runs, after the commit", async (domain) => {
  const { id } = await diamond(domain);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: id });
  await domain.exchange();
  domain.events.length = 0;

  await domain.end({ a: 0 }, 0);

  const changed = domain.events.flatMap((event) => event.kind === "run" ? event.taskRunIds : []);
  const expected = [];
  for (const name of ["a", "b", "c"]) expected.push(await taskRunId(domain, runId, name));
  assert.deepEqual([...new Set(changed)].sort(), expected.sort());
});
