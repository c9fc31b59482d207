import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { changedTasks, countChanges } from "../../../client/containers/container_draft.ts";
import {
  addTaskAfter,
  forgetPlaces,
  placeTasks,
  removeTasks,
} from "../../../client/containers/draft_graph.ts";
import { draft } from "./draft_fixture.ts";

Deno.test("placeTasks() moves what is named, which is one change and none of a task", () => {
  const moved = placeTasks(draft(), new Map([["a", { x: 50, y: 60 }], ["b", { x: 70, y: 80 }]]));

  deepStrictEqual(moved.tasks.map(({ position }) => position), [
    { x: 50, y: 60 },
    { x: 70, y: 80 },
    { x: 1, y: 2 },
  ]);
  strictEqual(countChanges(draft(), moved), 1);
  strictEqual(changedTasks(draft(), moved).size, 0);
});

Deno.test("forgetPlaces() puts everything where a task is made", () => {
  deepStrictEqual(
    new Set(forgetPlaces(draft()).tasks.map(({ position }) => `${position?.x} ${position?.y}`)),
    new Set(["0 0"]),
  );
});

Deno.test("removeTasks() takes tasks with their waits", () => {
  const { tasks, waits } = removeTasks(draft(), ["a", "c"]);

  deepStrictEqual([tasks.map(({ key }) => key), waits], [["b"], []]);
});

Deno.test("addTaskAfter() adds a task that waits for those before it, at its place", () => {
  const { tasks, waits } = addTaskAfter(draft(), "new", (number) => `task-${number}`, ["a", "c"], {
    at: { x: 9, y: 8 },
    places: new Map([["a", { x: 50, y: 60 }]]),
  });

  const added = tasks.at(-1);
  deepStrictEqual([added?.key, added?.position], ["new", { x: 9, y: 8 }]);
  // The others stay where they are drawn: nothing is laid out anew.
  deepStrictEqual(tasks[0]?.position, { x: 50, y: 60 });
  deepStrictEqual(
    waits.filter(({ downstream }) => downstream === "new").map(({ upstream, condition }) =>
      `${upstream} ${condition}`
    ),
    ["a SUCCESS", "c SUCCESS"],
  );
});
