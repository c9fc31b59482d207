import assert from "node:assert/strict";
import type { ContainerChanged, RunChanged } from "../../../schema/events.ts";
import type { ChangeKind } from "../../../schema/states.ts";
import { ContainerChanges, RunChanges } from "../../../server/domain/watch/changes.ts";

function runChanged(runId: number, taskRunIds: readonly number[]): RunChanged {
  return { kind: "run", runId, containerId: 1, projectId: 1, taskRunIds };
}

function containerChanged(containerId: number, change: ChangeKind): ContainerChanged {
  return { kind: "container", change, containerId, projectId: 1 };
}

Deno.test("RunChanges folds the changes of a run and gives them in the order of the first", () => {
  const changes = new RunChanges();
  changes.add(runChanged(1, [11]));
  changes.add(runChanged(2, []));
  changes.add(runChanged(1, [12, 11]));

  const batch = changes.take();

  assert.deepEqual(batch, [{ runId: 1, taskRunIds: [11, 12] }, { runId: 2, taskRunIds: [] }]);
  assert.ok(changes.empty);
  assert.deepEqual(changes.take(), []);
});

Deno.test("RunChanges closes a batch before it is too large", () => {
  const changes = new RunChanges();
  const many = Array.from({ length: 3000 }, (_, place) => place);
  for (const runId of [1, 2, 3]) changes.add(runChanged(runId, many));

  const batches = [changes.take(), changes.take(), changes.take()];

  assert.deepEqual(batches.map((batch) => batch.map(({ runId }) => runId)), [[1, 2], [3], []]);
});

Deno.test("RunChanges tells a run as a whole beyond its limit, and remembers others again once it is told", () => {
  const changes = new RunChanges();
  for (let round = 0; round < 60; round++) {
    changes.add(runChanged(1, Array.from({ length: 1000 }, (_, place) => round * 1000 + place)));
  }
  changes.add(runChanged(1, [1]));
  changes.add(runChanged(2, [2]));

  const batches = [changes.take(), changes.take()];

  assert.deepEqual(batches, [[{ runId: 1, taskRunIds: null }], [{ runId: 2, taskRunIds: [2] }]]);
});

Deno.test("RunChanges forgets those that waited longest beyond its limit", () => {
  const changes = new RunChanges();
  for (let runId = 1; runId <= 6000; runId++) changes.add(runChanged(runId, [runId]));

  const [first] = changes.take();

  assert.deepEqual(first, { runId: 1001, taskRunIds: [1001] });
});

Deno.test("ContainerChanges folds what became of a container", () => {
  const cases: readonly [readonly ChangeKind[], ChangeKind][] = [
    [["UPDATED", "UPDATED"], "UPDATED"],
    [["CREATED", "UPDATED"], "CREATED"],
    [["CREATED", "UPDATED", "DELETED"], "DELETED"],
    [["UPDATED", "DELETED"], "DELETED"],
  ];

  for (const [kinds, expected] of cases) {
    const changes = new ContainerChanges();
    for (const kind of kinds) changes.add(containerChanged(7, kind));

    assert.deepEqual(changes.take().map(({ change }) => change), [expected]);
    assert.ok(changes.empty);
  }
});

Deno.test("ContainerChanges forgets those that waited longest beyond its limit", () => {
  const changes = new ContainerChanges();
  for (let id = 1; id <= 6000; id++) changes.add(containerChanged(id, "UPDATED"));

  const batch = changes.take();

  assert.equal(batch[0]?.containerId, 1001);
  assert.equal(batch.length, 500);
});
