import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { TaskRunState } from "../../../schema/states.ts";
import { decideSelection, orderTaskRuns, tasksInNeed } from "../../../client/runs/run_state.ts";

const taskRuns = (...states: readonly TaskRunState[]): readonly { id: string; state: TaskRunState }[] =>
  states.map((state, index) => ({ id: String(index), state }));

const cases: readonly (readonly [string, readonly TaskRunState[], string | null, string | null])[] = [
  ["what failed rather than what runs", ["SUCCEEDED", "RUNNING", "FAILED"], null, "2"],
  ["what timed out as well", ["SUCCEEDED", "TIMED_OUT"], null, "1"],
  ["what runs rather than what is over", ["SUCCEEDED", "RUNNING"], null, "1"],
  ["the first while nothing has started", ["PENDING", "PENDING"], null, "0"],
  ["the running one that is shown already", ["RUNNING", "RUNNING"], "1", "1"],
  ["the failed one that is shown already", ["FAILED", "FAILED"], "1", "1"],
  ["the next running one once the shown one is over", ["RUNNING", "SUCCEEDED"], "1", "0"],
  ["the last shown one when all is over", ["SUCCEEDED", "SUCCEEDED"], "1", "1"],
  ["nothing when there is nothing", [], null, null],
];

for (const [what, states, previous, expected] of cases) {
  Deno.test(`decideSelection() shows ${what}`, () => {
    strictEqual(decideSelection(taskRuns(...states), previous), expected);
  });
}

Deno.test("orderTaskRuns() puts no task before one that it waits for, and keeps the order otherwise", () => {
  const relations = [
    { upstream: { id: "c" }, downstream: { id: "a" } },
    { upstream: { id: "b" }, downstream: { id: "a" } },
  ];

  const ordered = orderTaskRuns([{ id: "a" }, { id: "b" }, { id: "c" }, { id: "d" }], relations);

  deepStrictEqual(ordered.map(({ id }) => id), ["b", "c", "d", "a"]);
});

const needs: readonly (readonly [string, readonly TaskRunState[], string | null, string])[] = [
  ["nothing while nothing failed", ["SUCCEEDED", "RUNNING"], "0", ""],
  ["nothing when only the selected task failed", ["SUCCEEDED", "FAILED"], "1", ""],
  ["what failed beside the selected task", ["FAILED", "SUCCEEDED", "TIMED_OUT"], "0", "0 2"],
  ["what failed while another task is selected", ["FAILED", "SUCCEEDED"], "1", "0"],
  ["the first three of many", ["FAILED", "FAILED", "FAILED", "FAILED", "FAILED"], "1", "0 1 2"],
  ["the selected one among many", ["FAILED", "FAILED", "FAILED", "FAILED", "FAILED"], "4", "0 1 4"],
];

for (const [outcome, states, selected, expected] of needs) {
  Deno.test(`tasksInNeed() names ${outcome}`, () => {
    strictEqual(tasksInNeed(taskRuns(...states), selected).map(({ id }) => id).join(" "), expected);
  });
}
