/**
 * What the live console shows: runs with the tasks of theirs that run, in the order in which they came. Nothing moves
 * while somebody reads: what begins comes behind, what has ended stays where it is until it is put away or too much.
 */
import { finalTaskRun } from "../../schema/states.ts";
import type { ResultOf } from "../graphql/tada.ts";
import type { LiveRunFragment, LiveTaskRunFragment, LiveTasksDocument } from "./live_documents.ts";

/** More at once can neither be read nor drawn at every change. */
export const SHOWN_TASKS = 100;
/** Tasks that have ended and are still shown. */
export const ENDED_TASKS = 20;

export type LiveTask = ResultOf<typeof LiveTaskRunFragment>;
type RunFields = ResultOf<typeof LiveRunFragment>;
type RunningTask = ResultOf<typeof LiveTasksDocument>["taskRuns"]["edges"][number]["node"];

export interface LiveRun extends RunFields {
  readonly tasks: LiveTask[];
}

export interface LiveBoard {
  runs: LiveRun[];
  /** More run than are shown. */
  more: boolean;
}

export interface LiveChange {
  readonly run: RunFields;
  readonly taskRuns: readonly LiveTask[];
}

/** What is shown as running though the list of what runs does not name it: it ended unseen, or waits for its retry. */
export function unnamedTasks(board: LiveBoard, running: readonly RunningTask[]): readonly string[] {
  const named = new Set(running.map(({ id }) => id));
  return board.runs.flatMap(({ tasks }) =>
    tasks.filter(({ id, state }) => !finalTaskRun(state) && !named.has(id)).map(({ id }) => id)
  );
}

/** What the server said when it was asked for those that were not named. */
export interface Unnamed {
  readonly asked: readonly string[];
  readonly found: readonly RunningTask[];
}

/** Takes in all that runs now, and what became of the rest: what the server no longer knows goes. */
export function takeRunning(
  board: LiveBoard,
  running: readonly RunningTask[],
  more: boolean,
  unnamed: Unnamed,
): void {
  const gone = new Set(unnamed.asked).difference(new Set(unnamed.found.map(({ id }) => id)));
  for (const run of board.runs) keep(run.tasks, ({ id }) => !gone.has(id));
  keep(board.runs, ({ tasks }) => tasks.length > 0);
  // The server's list begins with the newest.
  for (const { run, ...task } of [...unnamed.found, ...running.toReversed()]) takeTask(board, run, task);
  trimEnded(board, ENDED_TASKS);
  board.more = more || board.more && countTasks(board, false) >= SHOWN_TASKS;
}

/** Takes in what changed. */
export function takeChange(board: LiveBoard, { run, taskRuns }: LiveChange): void {
  for (const task of taskRuns) takeTask(board, run, task);
  trimEnded(board, ENDED_TASKS);
}

export function putAwayEnded(board: LiveBoard): void {
  trimEnded(board, 0);
}

/** Some task of it has not ended. */
export function isActive({ tasks }: LiveRun): boolean {
  return tasks.some(({ state }) => !finalTaskRun(state));
}

export function countTasks(board: LiveBoard, ended: boolean): number {
  return board.runs.reduce(
    (sum, { tasks }) => sum + tasks.filter(({ state }) => finalTaskRun(state) === ended).length,
    0,
  );
}

function takeTask(board: LiveBoard, run: RunFields, task: LiveTask): void {
  const shown = board.runs.find(({ id }) => id === run.id);
  const held = shown?.tasks.find(({ id }) => id === task.id);
  if (held !== undefined) {
    // What has ended has ended: an answer may be older than the event that said so.
    if (!finalTaskRun(held.state)) Object.assign(held, task);
    return;
  }
  if (task.state !== "RUNNING") return;
  if (countTasks(board, false) >= SHOWN_TASKS) {
    board.more = true;
    return;
  }
  if (shown === undefined) board.runs.push({ ...run, tasks: [task] });
  else shown.tasks.push(task);
}

/** The ones that ended first go first. */
function trimEnded(board: LiveBoard, most: number): void {
  const ended = board.runs.flatMap(({ tasks }) => tasks.filter(({ state }) => finalTaskRun(state)));
  if (ended.length <= most) return;
  const oldest = ended.toSorted((a, b) => (a.finishedAt ?? "").localeCompare(b.finishedAt ?? ""));
  const gone = new Set(oldest.slice(0, ended.length - most).map(({ id }) => id));
  for (const { tasks } of board.runs) keep(tasks, ({ id }) => !gone.has(id));
  keep(board.runs, ({ tasks }) => tasks.length > 0);
}

/** In place, and only when something goes: an array that is shown stays the same. */
function keep<T>(items: T[], wanted: (item: T) => boolean): void {
  for (let index = items.length - 1; index >= 0; index--) {
    const item = items[index];
    if (item !== undefined && !wanted(item)) items.splice(index, 1);
  }
}
