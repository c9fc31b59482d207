import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { addTask, changeTask, removeTask, setWait } from "../../../client/containers/container_draft.ts";
import { diffVersions, sameVersions } from "../../../client/versions/version_diff.ts";
import { emptyShape, readShape, shapeOfDraft } from "../../../client/versions/version_shape.ts";
import { draft } from "../containers/draft_fixture.ts";

const base = shapeOfDraft(draft());

Deno.test("diffVersions() finds nothing between equal drafts, wherever their tasks are drawn", () => {
  const moved = changeTask(draft(), "a", { position: { x: 900, y: 900 } });

  ok(sameVersions(diffVersions(base, shapeOfDraft(moved))));
});

Deno.test("diffVersions() tells tasks that came, went and changed, and settings", () => {
  let next = changeTask(draft(), "a", { command: "echo\ntwo", maxRetries: 3 });
  next = removeTask(next, "c");
  next = changeTask(addTask(next, "new", () => "fourth"), "new", { command: "echo four" });
  next = { ...next, settings: { ...next.settings, timezone: "Europe/Berlin" } };

  const diff = diffVersions(base, shapeOfDraft(next));

  deepStrictEqual(diff.settings, [{ field: "timezone", before: "UTC", after: "Europe/Berlin" }]);
  deepStrictEqual(diff.tasks, [
    {
      kind: "changed",
      name: "first",
      fields: [{ field: "command", before: "true", after: "echo\ntwo" }, {
        field: "maxRetries",
        before: "0",
        after: "3",
      }],
    },
    { kind: "added", name: "fourth", fields: [{ field: "command", before: "", after: "echo four" }] },
    { kind: "removed", name: "third", fields: [{ field: "command", before: "true", after: "" }] },
  ]);
  deepStrictEqual(diff.relations, [
    { kind: "removed", upstream: "second", downstream: "third", before: "SUCCESS", after: null },
  ]);
});

Deno.test("diffVersions() follows a renamed task: its relations are still the same", () => {
  const renamed = changeTask(draft(), "b", { name: "middle" });

  const diff = diffVersions(base, shapeOfDraft(renamed));

  deepStrictEqual(diff.relations, []);
  deepStrictEqual(diff.tasks, [
    { kind: "changed", name: "middle", fields: [{ field: "name", before: "second", after: "middle" }] },
  ]);
});

Deno.test("diffVersions() tells a changed condition and a new relation", () => {
  const next = setWait(setWait(draft(), "a", "b", "FAILURE"), "a", "c", "ALWAYS");

  deepStrictEqual(diffVersions(base, shapeOfDraft(next)).relations, [
    { kind: "changed", upstream: "first", downstream: "second", before: "SUCCESS", after: "FAILURE" },
    { kind: "added", upstream: "first", downstream: "third", before: null, after: "ALWAYS" },
  ]);
});

Deno.test("diffVersions() takes a task that was made anew for the one of its name", () => {
  const task = { name: "a", command: "true" };
  const before = readShape({ settings: {}, tasks: [{ id: "old", ...task }], relations: [] });
  const after = readShape({ settings: {}, tasks: [{ id: "new", ...task }], relations: [] });

  ok(before !== null && after !== null);
  ok(sameVersions(diffVersions(before, after)));
});

Deno.test("diffVersions() does not take a task for another one that got its name", () => {
  const shape = (names: Readonly<Record<string, string>>) =>
    readShape({
      settings: {},
      tasks: Object.entries(names).map(([id, name]) => ({ id, name, command: id })),
      relations: [],
    }) ?? emptyShape;

  const diff = diffVersions(shape({ one: "a", two: "b" }), shape({ one: "b", two: "a" }));

  deepStrictEqual(diff.tasks.map(({ fields }) => fields), [
    [{ field: "name", before: "a", after: "b" }],
    [{ field: "name", before: "b", after: "a" }],
  ]);
});

Deno.test("readShape() refuses what is no definition", () => {
  for (const wrong of [null, 3, [], {}, { settings: {}, tasks: {}, relations: [] }]) {
    strictEqual(readShape(wrong), null);
  }
});

Deno.test("readShape() writes variables one a line, by name", () => {
  const shape = readShape({
    settings: {},
    tasks: [{ id: "a", name: "a", environment: { B: "2", A: "1" } }],
    relations: [],
  });

  strictEqual(shape?.tasks[0]?.fields.get("environment"), "A=1\nB=2");
});
