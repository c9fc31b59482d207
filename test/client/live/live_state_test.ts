import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  countTasks,
  ENDED_TASKS,
  isActive,
  type LiveBoard,
  type LiveTask,
  putAwayEnded,
  SHOWN_TASKS,
  takeChange,
  takeRunning,
  unnamedTasks,
} from "../../../client/live/live_state.ts";

Deno.test("takeRunning() groups tasks by run, the oldest first", () => {
  const board = empty();

  takeRunning(board, [running("c", "two"), running("b", "one"), running("a", "one")], false, none);

  deepStrictEqual(shape(board), { one: ["a", "b"], two: ["c"] });
});

Deno.test("takeRunning() keeps rows that still run, and what ended unseen with its final state", () => {
  const board = empty();
  takeRunning(board, [running("d", "two"), running("c"), running("b"), running("a")], false, none);
  const [kept, ending] = board.runs[0]?.tasks ?? [];
  const now = [running("e"), running("a")];

  const asked = unnamedTasks(board, now);
  takeRunning(board, now, false, {
    asked,
    found: [{ ...ended("b", 1), run: run("one") }, { ...ended("c", 2), state: "FAILED", run: run("one") }],
  });

  deepStrictEqual(asked, ["b", "c", "d"]);
  deepStrictEqual(shape(board), { one: ["a", "b", "c", "e"] });
  deepStrictEqual(board.runs[0]?.tasks.map(({ state }) => state), [
    "RUNNING",
    "SUCCEEDED",
    "FAILED",
    "RUNNING",
  ]);
  strictEqual(board.runs[0]?.tasks[0], kept);
  strictEqual(board.runs[0]?.tasks[1], ending);
});

Deno.test("takeRunning() leaves what began or ended while it was asked as it is", () => {
  const board = empty();
  takeRunning(board, [running("b"), running("a")], false, none);
  const listed = [running("b"), running("a")];
  takeChange(board, { run: run("one"), taskRuns: [ended("a", 1), task("c")] });

  takeRunning(board, listed, false, none);

  deepStrictEqual(shape(board), { one: ["a", "b", "c"] });
  strictEqual(board.runs[0]?.tasks[0]?.state, "SUCCEEDED");
});

Deno.test("takeRunning() keeps no more ended tasks than an event does", () => {
  const board = empty();
  const many = Array.from({ length: ENDED_TASKS + 2 }, (_task, number) => running(`t${number}`));
  takeRunning(board, many.toReversed(), false, none);

  takeRunning(board, [], false, {
    asked: many.map(({ id }) => id),
    found: many.map(({ id }, number) => ({ ...ended(id, number), run: run("one") })),
  });

  strictEqual(countTasks(board, true), ENDED_TASKS);
  strictEqual(board.runs[0]?.tasks[0]?.id, "t2");
});

Deno.test("takeChange() puts what begins behind, changes rows in place, passes over what never ran here", () => {
  const board = empty();
  takeRunning(board, [running("a")], false, none);

  takeChange(board, { run: run("two"), taskRuns: [task("b"), ended("x", 1)] });
  takeChange(board, { run: run("one"), taskRuns: [{ ...task("a"), attempt: 2 }] });

  deepStrictEqual(shape(board), { one: ["a"], two: ["b"] });
  strictEqual(board.runs[0]?.tasks[0]?.attempt, 2);
});

Deno.test("takeChange() keeps so many ended tasks, and lets those go that ended first", () => {
  const board = empty();
  for (let number = 0; number < ENDED_TASKS + 2; number++) {
    takeChange(board, { run: run("one"), taskRuns: [task(`t${number}`)] });
  }

  for (let number = 0; number < ENDED_TASKS + 2; number++) {
    takeChange(board, { run: run("one"), taskRuns: [ended(`t${number}`, number)] });
  }

  strictEqual(countTasks(board, true), ENDED_TASKS);
  strictEqual(board.runs[0]?.tasks[0]?.id, "t2");
});

Deno.test("takeChange() shows no more than so many, and says that there are more", () => {
  const board = empty();

  const many = Array.from({ length: SHOWN_TASKS + 1 }, (_task, number) => task(`t${number}`));
  takeChange(board, { run: run("one"), taskRuns: many });

  strictEqual(countTasks(board, false), SHOWN_TASKS);
  strictEqual(board.more, true);
});

Deno.test("isActive() is false of a run whose tasks have ended, though it is shown", () => {
  const board = empty();
  takeRunning(board, [running("b", "two"), running("a", "one")], false, none);

  takeChange(board, { run: run("one"), taskRuns: [ended("a", 1)] });

  deepStrictEqual(board.runs.map(isActive), [false, true]);
});

Deno.test("putAwayEnded() leaves what runs", () => {
  const board = empty();
  takeRunning(board, [running("b", "two"), running("a", "one")], false, none);
  takeChange(board, { run: run("one"), taskRuns: [ended("a", 1)] });

  putAwayEnded(board);

  deepStrictEqual(shape(board), { two: ["b"] });
});

const none = { asked: [], found: [] };

function empty(): LiveBoard {
  return { runs: [], more: false };
}

function shape({ runs }: LiveBoard): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(runs.map(({ id, tasks }) => [id, tasks.map((task) => task.id)]));
}

const at = "2026-03-01T10:00:00.000Z";

function run(id: string): { id: string; containerName: string; createdAt: string; startedAt: string } {
  return { id, containerName: id, createdAt: at, startedAt: at };
}

function task(id: string): LiveTask {
  return { id, name: id, state: "RUNNING", attempt: 1, startedAt: at, finishedAt: null, agent: null };
}

function ended(id: string, second: number): LiveTask {
  const finishedAt = `2026-03-01T10:01:${String(second).padStart(2, "0")}.000Z`;
  return { ...task(id), state: "SUCCEEDED", finishedAt };
}

function running(id: string, runId = "one"): LiveTask & { readonly run: ReturnType<typeof run> } {
  return { ...task(id), run: run(runId) };
}
