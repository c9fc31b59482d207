import assert from "node:assert/strict";
import { eq } from "drizzle-orm";
import { NotFoundError } from "../../../schema/errors.ts";
import type { RunChange } from "../../../server/domain/watch/interface.ts";
import { taskRuns } from "../../../schema/tables/run.ts";
import { createBus } from "../../../server/events/bus.ts";
import { createTask } from "../../../server/domain/containers/tasks.ts";
import { updateContainer } from "../../../server/domain/containers/containers.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain, triggerRun } from "../../support/domain.ts";
import { openWatch, read, type Reader } from "./reader.ts";

async function chain(domain: TestDomain): Promise<number> {
  const id = await domain.container();
  const a = await domain.task(id, "a");
  const b = await domain.task(id, "b");
  await domain.relation(a, b);
  return id;
}

async function taskRunIds(domain: TestDomain, runId: number): Promise<readonly number[]> {
  const rows = await domain.db.select().from(taskRuns).where(eq(taskRuns.runId, runId)).orderBy(
    taskRuns.taskIndex,
  );
  return rows.map(({ id }) => id);
}

/** All that was told of a run, whatever the batches. */
function told(reader: Reader<readonly RunChange[]>, runId: number): ReadonlySet<number> {
  return new Set(
    reader.batches.flat().filter((change) => change.runId === runId).flatMap((change) => change.taskRunIds),
  );
}

const test = (name: string, body: (domain: TestDomain) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db));
  });
};

test("runs() of one run gives its present state at once and ends with its final one", async (domain) => {
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: await chain(domain) });
  const ids = await taskRunIds(domain, runId);

  const reader = read((signal) => openWatch(domain).runs({ visible: "all", runId }, signal));
  await reader.until((batches) => batches.length > 0);
  const present = reader.batches[0];
  await domain.finish();
  await reader.over;

  assert.deepEqual(present, [{ runId, taskRunIds: ids }]);
  assert.deepEqual(reader.batches.at(-1), [{ runId, taskRunIds: ids }]);
  assert.equal((await domain.run(runId)).state, "SUCCEEDED");
});

test("runs() of a finished run gives it once and ends", async (domain) => {
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: await chain(domain) });
  await domain.finish();

  const reader = read((signal) => openWatch(domain).runs({ visible: "all", runId }, signal));
  await reader.over;

  assert.deepEqual(reader.batches, [[{ runId, taskRunIds: await taskRunIds(domain, runId) }]]);
});

test("runs() of one run ends though another server ended it", async (domain) => {
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: await chain(domain) });
  const reader = read((signal) =>
    openWatch(domain, { bus: createBus() }).runs({ visible: "all", runId }, signal)
  );
  await reader.until((batches) => batches.length > 0);

  await domain.finish();
  await reader.over;

  assert.equal(reader.batches.length, 2);
});

test("runs() refuses an unknown run", async (domain) => {
  await assert.rejects(
    read((signal) => openWatch(domain).runs({ visible: "all", runId: 1 }, signal)).over,
    (error) => {
      assert.ok(error instanceof NotFoundError);
      assert.deepEqual(error.path, ["runId"]);
      return true;
    },
  );
});

test("runs() tells the changes of its filter only", async (domain) => {
  const [one, other] = [await chain(domain), await chain(domain)];
  const watch = openWatch(domain);
  const ofOne = read((signal) => watch.runs({ visible: "all", containerId: one }, signal));
  const ofAll = read((signal) => watch.runs({ visible: "all" }, signal));

  const runOne = await triggerRun(domain.ports, domain.viewer, { containerId: one });
  const runOther = await triggerRun(domain.ports, domain.viewer, { containerId: other });
  await domain.finish();
  const [idsOne, idsOther] = [await taskRunIds(domain, runOne), await taskRunIds(domain, runOther)];
  await ofOne.until(() => told(ofOne, runOne).size === idsOne.length);
  await ofAll.until(() => told(ofAll, runOther).size === idsOther.length);
  await Promise.all([ofOne.stop(), ofAll.stop()]);

  assert.deepEqual([...told(ofOne, runOne)].sort(), idsOne);
  assert.equal(told(ofOne, runOther).size, 0);
  assert.deepEqual([...told(ofAll, runOther)].sort(), idsOther);
});

test("runs() folds what changes often and asks for a run too large to remember", async (domain) => {
  const { bus } = domain.ports;
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId: await chain(domain) });
  const ids = await taskRunIds(domain, runId);
  const event = { kind: "run", runId, containerId: 1, projectId: 1 } as const;
  const held = Promise.withResolvers<void>();
  const reader = read(
    (signal) => openWatch(domain).runs({ visible: "all", containerId: 1 }, signal),
    () => held.promise,
  );
  bus.publish({ ...event, taskRunIds: [1] });
  await reader.until((batches) => batches.length === 1);

  for (let round = 0; round < 1000; round++) bus.publish({ ...event, taskRunIds: [round % 7] });
  for (let round = 0; round < 60; round++) {
    const many = Array.from({ length: 1000 }, (_, place) => round * 1000 + place);
    bus.publish({ ...event, runId: runId + 1, taskRunIds: many });
  }
  bus.publish({ ...event, runId: runId + 2, taskRunIds: [] });
  held.resolve();
  await reader.until((batches) => batches.flat().some((change) => change.runId === runId + 2));
  await reader.stop();

  const [, ...folded] = reader.batches.flat();
  assert.deepEqual(folded.map((change) => [change.runId, change.taskRunIds.length]), [
    [runId, 7],
    // It is not stored, so the whole of it is nothing.
    [runId + 1, 0],
    [runId + 2, 0],
  ]);
  assert.equal(ids.length, 2);
});

test("containers() folds the changes of a project's containers", async (domain) => {
  const watch = openWatch(domain);
  const all = read((signal) => watch.containers("all", signal));
  const elsewhere = read((signal) => watch.containers([999], signal));

  const id = await domain.container({ name: "made" });
  await updateContainer(domain.ports, domain.viewer, { id, description: "changed" });
  await createTask(domain.ports, domain.viewer, { containerId: id, name: "a", command: ":" });
  await all.until((batches) => batches.flat().length > 0);
  await Promise.all([all.stop(), elsewhere.stop()]);

  assert.equal(all.batches.flat()[0]?.containerId, id);
  assert.equal(all.batches.flat()[0]?.change, "CREATED");
  assert.deepEqual(elsewhere.batches, []);
});
