import { deepStrictEqual } from "node:assert/strict";
import { type ComparedTask, compareTasks, differs } from "../../../client/runs/compare_state.ts";

const task = (name: string, more: Partial<ComparedTask> = {}): ComparedTask => ({
  name,
  state: "SUCCEEDED",
  command: "true",
  exitCode: 0,
  signal: null,
  startedAt: "2026-01-01T00:00:00.000Z",
  finishedAt: "2026-01-01T00:00:01.000Z",
  ...more,
});
const lasting = (ms: number): Partial<ComparedTask> => ({
  finishedAt: new Date(Date.parse("2026-01-01T00:00:00.000Z") + ms).toISOString(),
});

const cases: readonly (readonly [string, ComparedTask, ComparedTask, boolean])[] = [
  ["equal tasks", task("a"), task("a"), false],
  ["another end", task("a", { state: "FAILED", exitCode: 3 }), task("a"), true],
  ["another command", task("a", { command: "false" }), task("a"), true],
  ["twice the time", task("a", lasting(2000)), task("a"), true],
  ["half the time", task("a", lasting(400)), task("a"), true],
  ["a little more time", task("a", lasting(1200)), task("a"), false],
  ["ten times nearly nothing", task("a", lasting(100)), task("a", lasting(10)), false],
];

for (const [what, now, then, expected] of cases) {
  Deno.test(`compareTasks() ${expected ? "marks" : "does not mark"} ${what}`, () => {
    deepStrictEqual(compareTasks([now], [then]).map(differs), [expected]);
  });
}

Deno.test("compareTasks() names what is new and what is gone, and puts what differs first", () => {
  const rows = compareTasks([task("same"), task("new")], [task("same"), task("gone")]);

  deepStrictEqual(rows.map(({ name, now, then }) => [name, now !== null, then !== null]), [
    ["new", true, false],
    ["gone", false, true],
    ["same", true, true],
  ]);
});
