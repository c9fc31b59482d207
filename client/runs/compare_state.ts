/** A run beside the last good one: task by task, what is different. */
import type { TaskRunState } from "../../schema/states.ts";

export interface ComparedTask {
  readonly name: string;
  readonly state: TaskRunState;
  readonly command: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface ComparedSide {
  readonly state: TaskRunState;
  readonly durationMs: number | null;
  /** "exit 3", "SIGKILL"; null when there is nothing to say. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly command: string;
}

export interface ComparedRow {
  readonly name: string;
  /** Null: it was not part of that run. */
  readonly now: ComparedSide | null;
  readonly then: ComparedSide | null;
  readonly stateChanged: boolean;
  readonly commandChanged: boolean;
  /** How many times as long it took; null unless both took time that can be told apart. */
  readonly slower: number | null;
}

/** Shorter than this and a ratio says more about the machine than about the task. */
const MIN_COMPARED_MS = 500;
/** From here on a duration counts as different. */
const MUCH_SLOWER = 1.5;

/** What differs comes first; otherwise the order of the run. */
export function compareTasks(
  now: readonly ComparedTask[],
  then: readonly ComparedTask[],
): readonly ComparedRow[] {
  const before = new Map(then.map((task) => [task.name, task]));
  const present = new Set(now.map(({ name }) => name));
  const rows = [
    ...now.map((task) => compareTask(task.name, task, before.get(task.name) ?? null)),
    ...then.filter(({ name }) => !present.has(name)).map((task) => compareTask(task.name, null, task)),
  ];
  return [...rows.filter(differs), ...rows.filter((row) => !differs(row))];
}

export function differs(row: ComparedRow): boolean {
  return row.now === null || row.then === null || row.stateChanged || row.commandChanged ||
    (row.slower !== null && (row.slower >= MUCH_SLOWER || row.slower <= 1 / MUCH_SLOWER));
}

function compareTask(name: string, now: ComparedTask | null, then: ComparedTask | null): ComparedRow {
  const [left, right] = [sideOf(now), sideOf(then)];
  return {
    name,
    now: left,
    then: right,
    stateChanged: left !== null && right !== null && left.state !== right.state,
    commandChanged: left !== null && right !== null && left.command !== right.command,
    slower: ratio(left?.durationMs ?? null, right?.durationMs ?? null),
  };
}

function sideOf(task: ComparedTask | null): ComparedSide | null {
  if (task === null) return null;
  const { state, exitCode, signal, command, startedAt, finishedAt } = task;
  const durationMs = startedAt === null || finishedAt === null
    ? null
    : Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt));
  return { state, exitCode, signal, command, durationMs };
}

function ratio(now: number | null, then: number | null): number | null {
  if (now === null || then === null || Math.max(now, then) < MIN_COMPARED_MS) return null;
  return Math.max(now, 1) / Math.max(then, 1);
}
