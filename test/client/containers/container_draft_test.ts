import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  addTask,
  changedParts,
  changedTasks,
  changeSettings,
  changeTask,
  type ContainerDraft,
  countChanges,
  draftOf,
  draftOnTop,
  possibleUpstreams,
  removeTask,
  setWait,
} from "../../../client/containers/container_draft.ts";
import { definition, draft } from "./draft_fixture.ts";

const named = (number: number): string => `task-${number}`;
const names = (tasks: readonly { readonly name: string }[]): readonly string[] =>
  tasks.map(({ name }) => name);

Deno.test("draftOf() keeps an environment's values whatever lines they have", () => {
  const [task] = draftOf(definition()).tasks;

  deepStrictEqual(task?.environment, [{ name: "TEXT", value: "one\ntwo=2" }]);
});

Deno.test("addTask() names a task by the first number that is free", () => {
  const added = addTask(changeTask(draft(), "b", { name: "task-4" }), "new", named);

  strictEqual(added.tasks.at(-1)?.name, "task-5");
});

Deno.test("changeTask() renames a task without losing what waits for it", () => {
  const renamed = changeTask(draft(), "a", { name: "other" });

  deepStrictEqual(renamed.waits, draft().waits);
  strictEqual(renamed.tasks[0]?.name, "other");
});

Deno.test("removeTask() takes the waits of both sides with it", () => {
  const removed = removeTask(draft(), "b");

  deepStrictEqual(names(removed.tasks), ["first", "third"]);
  deepStrictEqual(removed.waits, []);
});

Deno.test("setWait() keeps at most one wait for a pair, changes its condition, and takes it away", () => {
  const changed = setWait(draft(), "a", "b", "FAILURE");
  const gone = setWait(changed, "a", "b", null);

  deepStrictEqual(changed.waits.map(({ condition }) => condition), ["FAILURE", "SUCCESS"]);
  strictEqual(gone.waits.length, 1);
});

Deno.test("draftOnTop() makes anew what somebody else deleted, and leaves the rest", () => {
  const theirs = { ...definition(), tasks: definition().tasks.slice(1) };

  const kept = draftOnTop(draft(), theirs);

  deepStrictEqual(kept.tasks.map(({ id }) => id), [null, "b", "c"]);
  deepStrictEqual(kept.waits, draft().waits);
});

const upstreams: readonly (readonly [string, readonly string[]])[] = [
  // a -> b -> c
  ["a", []],
  ["b", []],
  ["c", ["first"]],
];

for (const [key, expected] of upstreams) {
  Deno.test(`possibleUpstreams() offers ${key} only what closes no cycle and is not waited for yet`, () => {
    deepStrictEqual(names(possibleUpstreams(draft(), key)), expected);
  });
}

const changes: readonly (readonly [string, (draft: ContainerDraft) => ContainerDraft, number])[] = [
  ["nothing", (one) => one, 0],
  ["a setting", (one) => changeSettings(one, { priority: 3 }), 1],
  ["a field of a task", (one) => changeTask(one, "a", { command: "false" }), 1],
  ["a new task", (one) => addTask(one, "new", named), 1],
  ["a task and its two waits gone", (one) => removeTask(one, "b"), 3],
  ["a condition", (one) => setWait(one, "a", "b", "ALWAYS"), 1],
  [
    "a change taken back",
    (one) => changeTask(changeTask(one, "a", { name: "x" }), "a", { name: "first" }),
    0,
  ],
];

for (const [what, change, count] of changes) {
  Deno.test(`countChanges() counts ${what} as ${count}`, () => {
    strictEqual(countChanges(draft(), change(draft())), count);
  });
}

Deno.test("changedTasks() names new and changed tasks", () => {
  const changed = addTask(changeTask(draft(), "c", { enabled: false }), "new", named);

  deepStrictEqual([...changedTasks(draft(), changed)], ["c", "new"]);
});

Deno.test("changedParts() names the tabs on which something differs", () => {
  const parts = (changed: ContainerDraft): readonly string[] => [...changedParts(draft(), changed)];

  deepStrictEqual(parts(draft()), []);
  deepStrictEqual(parts(changeSettings(draft(), { name: "other" })), ["settings"]);
  deepStrictEqual(parts(changeSettings(draft(), { repeated: "BOTH" })), ["schedule"]);
  deepStrictEqual(parts(removeTask(draft(), "a")), ["graph"]);
  deepStrictEqual(parts(setWait(changeSettings(draft(), { expression: "@daily" }), "a", "b", null)), [
    "schedule",
    "graph",
  ]);
});
