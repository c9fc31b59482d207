import { deepStrictEqual } from "node:assert/strict";
import { findCriticalPath, type TimedRelation, type TimedTask } from "../../../client/runs/critical_path.ts";

const at = (second: number): string => new Date(second * 1000).toISOString();
const task = (id: string, start: number | null, end: number | null): TimedTask => ({
  id,
  startedAt: start === null ? null : at(start),
  finishedAt: end === null ? null : at(end),
});
const links = (...pairs: readonly string[]): readonly TimedRelation[] =>
  pairs.map((pair) => ({ upstream: { id: pair.slice(0, 1) }, downstream: { id: pair.slice(1) } }));

const cases: readonly (readonly [string, readonly TimedTask[], readonly TimedRelation[], string])[] = [
  ["nothing of a run that has not begun", [task("a", null, null)], [], ""],
  [
    "the longer side of a diamond",
    [
      task("a", 0, 1),
      task("b", 1, 2),
      task("c", 1, 5),
      task("d", 5, 6),
    ],
    links("ab", "ac", "bd", "cd"),
    "acd",
  ],
  ["no branch that ended early", [task("a", 0, 9), task("b", 0, 2)], [], "a"],
  [
    "through a task that was skipped, without it",
    [task("a", 0, 3), task("b", null, 3), task("c", 3, 4)],
    links("ab", "bc"),
    "ac",
  ],
  [
    "not an upstream that ended after the start: it was not waited for",
    [
      task("a", 0, 1),
      task("b", 0, 8),
      task("c", 1, 9),
    ],
    links("ac", "bc"),
    "ac",
  ],
  [
    "of what still runs, the one that has run longest",
    [task("a", 0, 1), task("b", 1, null), task("c", 3, null)],
    links("ab"),
    "ab",
  ],
];

for (const [what, tasks, relations, expected] of cases) {
  Deno.test(`findCriticalPath() takes ${what}`, () => {
    deepStrictEqual([...findCriticalPath(tasks, relations)].sort().join(""), expected);
  });
}
