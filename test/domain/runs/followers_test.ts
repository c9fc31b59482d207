/** A graph travels with its work: what follows a task is reserved for its agent, which starts it by itself. */
import { deepEqual as equal } from "node:assert/strict";
import { sql } from "drizzle-orm";
import type { Ended, Work } from "../../../server/agent/port.ts";
import { cancelRun, cancelTaskRun } from "../../../server/domain/runs/stop.ts";
import { endedAs, inDomain, type TestDomain, triggerRun } from "../../support/domain.ts";

function test(name: string, body: Parameters<typeof inDomain>[0]): void {
  Deno.test(name, inDomain(body));
}

interface Chain {
  readonly runId: number;
  readonly work: readonly Work[];
  id(name: string): number;
}

/** A run of a -> b -> c -> d, of which the first was just claimed. */
async function chain(domain: TestDomain, inputs: Readonly<Record<string, object>> = {}): Promise<Chain> {
  const containerId = await domain.container();
  let before: number | null = null;
  for (const name of ["a", "b", "c", "d"]) {
    const { condition = "SUCCESS", ...input } = (inputs[name] ?? {}) as { condition?: "SUCCESS" | "ALWAYS" };
    const id = await domain.task(containerId, name, input);
    if (before !== null) await domain.relation(before, id, condition);
    before = id;
  }
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  const { work } = await domain.exchange();
  return {
    runId,
    work,
    id: (name) => work.find(({ environment }) => environment.ORRERY_TASK === name)?.attemptId ?? 0,
  };
}

function followed(attemptId: number): Ended {
  return { ...endedAs(attemptId, 0), followed: true };
}

async function attemptsOf(domain: TestDomain, runId: number): Promise<readonly string[]> {
  const rows = await domain.db.execute<{ text: string }>(sql`
    select t.name || ' ' || a.number || ' ' || a.state as text
    from attempts a join task_runs t on t.id = a.task_run_id where t.run_id = ${runId} order by a.id`);
  return rows.map(({ text }) => text);
}

test("a task goes to its agent with all that waits for it alone, and says RUNNING only once it started", async (domain) => {
  const { runId, work, id } = await chain(domain);
  const follows = work.map(({ follows }) => follows);

  equal(follows, [null, { attemptId: id("a"), task: "a" }, { attemptId: id("b"), task: "b" }, {
    attemptId: id("c"),
    task: "c",
  }]);
  equal(await domain.states(runId), { a: "RUNNING", b: "PENDING", c: "PENDING", d: "PENDING" });

  const started = [{ attemptId: id("c"), startedAt: Date.now() }];
  const { work: more } = await domain.exchange({ ended: [followed(id("b")), followed(id("a"))], started });

  equal(more, []);
  equal(await domain.states(runId), { a: "SUCCEEDED", b: "SUCCEEDED", c: "RUNNING", d: "PENDING" });
  await domain.exchange({ ended: [followed(id("c")), endedAs(id("d"), 0)] });
  equal((await domain.run(runId)).state, "SUCCEEDED");
  equal(await attemptsOf(domain, runId), [
    "a 1 SUCCEEDED",
    "b 1 SUCCEEDED",
    "c 1 SUCCEEDED",
    "d 1 SUCCEEDED",
  ]);
});

test("when the task does not succeed, what was to follow is released without a trace", async (domain) => {
  const { runId, id } = await chain(domain, {
    a: { maxRetries: 1, retryDelaySeconds: 0 },
    b: { condition: "ALWAYS" },
  });

  await domain.exchange({ ended: [endedAs(id("a"), 1)], freeSlots: 0 });

  equal(await domain.states(runId), { a: "READY", b: "PENDING", c: "PENDING", d: "PENDING" });
  equal(await attemptsOf(domain, runId), ["a 1 FAILED"]);
  await domain.finish({ a: 1 });
  equal(await domain.states(runId), { a: "FAILED", b: "SUCCEEDED", c: "SUCCEEDED", d: "SUCCEEDED" });
  equal((await attemptsOf(domain, runId)).at(-1), "d 1 SUCCEEDED");
});

test("nothing travels that another order, another agent or a limit could need", async (domain) => {
  const otherLabels = await chain(domain, { c: { requiredLabels: ["agent:test"] } });
  equal(otherLabels.work.map(({ environment }) => environment.ORRERY_TASK), ["a", "b"]);
  await domain.finish();

  const containerId = await domain.container({ maxParallel: 2 });
  await domain.relation(await domain.task(containerId, "a"), await domain.task(containerId, "b"));
  await triggerRun(domain.ports, domain.viewer, { containerId });
  equal((await domain.exchange()).work.length, 1);
  await domain.finish();

  const forked = await domain.container();
  const root = await domain.task(forked, "a");
  const join = await domain.task(forked, "d");
  for (const name of ["b", "c"]) {
    const middle = await domain.task(forked, name);
    await domain.relation(root, middle);
    await domain.relation(middle, join);
  }
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: forked });
  const names = ({ work }: { readonly work: readonly Work[] }) =>
    work.map(({ environment }) => environment.ORRERY_TASK);
  equal(names(await domain.exchange()), ["a"]);
  equal(names(await domain.end({ a: 0 })), ["b", "c"]);
  // The other way into the join is final by now.
  equal(names(await domain.end({ b: 1 }, 0)), []);
  await domain.finish({ b: 1 });
  equal((await domain.states(runId)).d, "SKIPPED");
});

test("a join travels once all else that it waits for is final", async (domain) => {
  const containerId = await domain.container();
  const last = await domain.task(containerId, "last");
  const early = await domain.task(containerId, "early");
  const middle = await domain.task(containerId, "middle");
  await domain.relation(early, last);
  await domain.relation(middle, last);
  await domain.relation(await domain.task(containerId, "first"), middle);
  await triggerRun(domain.ports, domain.viewer, { containerId });

  const names = (work: readonly Work[]): readonly string[] =>
    work.map(({ environment }) => environment.ORRERY_TASK ?? "").sort();
  equal(names((await domain.exchange({ freeSlots: 1 })).work), ["early"]);
  const { work } = await domain.end({ early: 0 });
  equal(names(work), ["first", "last", "middle"]);
});

test("cancelRun() leaves what may have started to its agent, and ends it whatever that says", async (domain) => {
  const { runId, id } = await chain(domain);
  await cancelRun(domain.ports, domain.viewer, { id: runId });
  const { stops } = await domain.exchange({ freeSlots: 0 });
  equal([...stops].sort(), ["a", "b", "c", "d"].map(id).sort());

  // It had started b before it heard of it.
  const ended = [
    followed(id("a")),
    ...["c", "d"].map((name) => endedAs(id(name), { cause: "STOPPED", startedAt: null })),
  ];
  const { stops: left } = await domain.exchange({
    ended,
    started: [{ attemptId: id("b"), startedAt: Date.now() }],
    freeSlots: 0,
  });

  equal(left, [id("b")]);
  equal(await domain.states(runId), { a: "SUCCEEDED", b: "RUNNING", c: "CANCELLED", d: "CANCELLED" });
  await domain.exchange({ ended: [endedAs(id("b"), { cause: "STOPPED" })] });
  equal((await domain.run(runId)).state, "CANCELLED");
});

test("cancelTaskRun() of one that is reserved waits for its agent's word", async (domain) => {
  const { runId, id } = await chain(domain);
  const [row] = await domain.db.execute<{ id: number }>(sql`
    select id from task_runs where run_id = ${runId} and name = 'c'`);

  const cancelled = cancelTaskRun(domain.ports, domain.viewer, { id: row?.id ?? 0 });
  for (let stops: readonly number[] = []; stops.length === 0;) {
    ({ stops } = await domain.exchange({ freeSlots: 0 }));
  }
  await domain.exchange({ ended: [endedAs(id("c"), { cause: "STOPPED", startedAt: null })], freeSlots: 0 });
  await cancelled;

  equal(await domain.states(runId), { a: "RUNNING", b: "PENDING", c: "CANCELLED", d: "SKIPPED" });
  await domain.exchange({ ended: [followed(id("a")), endedAs(id("b"), 0)] });
  equal(await domain.states(runId), { a: "SUCCEEDED", b: "SUCCEEDED", c: "CANCELLED", d: "SKIPPED" });
});

test("what follows an attempt that was given up is refused, and a resume names what still holds", async (domain) => {
  const { runId, id } = await chain(domain);
  const { work } = await domain.exchange({ resume: true });
  equal(work.map(({ follows }) => follows?.task ?? null), [null, "a", "b", "c"]);

  await domain.exchange({ ended: [endedAs(id("a"), { cause: "LOST" })], freeSlots: 0 });
  const { refused } = await domain.exchange({ ended: [endedAs(id("b"), 0)], freeSlots: 0 });

  equal(refused, [id("b")]);
  equal(await domain.states(runId), { a: "FAILED", b: "SKIPPED", c: "SKIPPED", d: "SKIPPED" });
});

test("one that starts although what it follows is not told yet is refused", async (domain) => {
  const { runId, id } = await chain(domain);

  const { refused } = await domain.exchange({
    started: [{ attemptId: id("c"), startedAt: Date.now() }],
    freeSlots: 0,
  });

  equal(refused, [id("c")]);
  equal(await domain.states(runId), { a: "RUNNING", b: "PENDING", c: "PENDING", d: "PENDING" });
  await domain.exchange({ ended: [followed(id("a")), endedAs(id("b"), 0)] });
  await domain.finish();
  equal((await domain.run(runId)).state, "SUCCEEDED");
});

test("what follows a task that is given back goes wherever that goes", async (domain) => {
  const { runId, id } = await chain(domain);

  const { work } = await domain.exchange({
    ended: [endedAs(id("a"), { cause: "GIVEN_BACK", startedAt: null })],
  });

  equal(work.map(({ environment }) => environment.ORRERY_TASK), ["a", "b", "c", "d"]);
  const [a = 0, b = 0, c = 0, d = 0] = work.map(({ attemptId }) => attemptId);
  await domain.exchange({ ended: [followed(a), followed(b), followed(c), endedAs(d, 0)] });
  equal((await domain.run(runId)).state, "SUCCEEDED");
  equal(await attemptsOf(domain, runId), [
    "a 1 SUCCEEDED",
    "b 1 SUCCEEDED",
    "c 1 SUCCEEDED",
    "d 1 SUCCEEDED",
  ]);
});
