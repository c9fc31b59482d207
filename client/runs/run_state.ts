/** How events change the run on the screen, and which task of it deserves to be looked at. */
import { finalTaskRun, type TaskRunState } from "../../schema/states.ts";
import type { ResultOf } from "../graphql/tada.ts";
import type { RunDocument, TaskRunStateFragment } from "./run_documents.ts";
import type { RunRow } from "./runs_state.ts";

/** So many failed tasks are named where there is no room for a list. */
const MAX_IN_NEED = 3;

export type RunData = ResultOf<typeof RunDocument>;
export type ShownRun = NonNullable<RunData["run"]>;
export type ShownTaskRun = ShownRun["taskRuns"][number];
type TaskRunChange = ResultOf<typeof TaskRunStateFragment>;

export interface RunChange {
  readonly run: RunRow;
  readonly taskRuns: readonly TaskRunChange[];
}

/** Applies a change in place. True when it names a task run that the page does not have. */
export function applyRunChange(data: RunData, change: RunChange): boolean {
  if (data.run === null || data.run.id !== change.run.id) return false;
  Object.assign(data.run, change.run);
  const shown = new Map(data.run.taskRuns.map((taskRun) => [taskRun.id, taskRun]));
  let unknown = false;
  for (const taskRun of change.taskRuns) {
    const held = shown.get(taskRun.id);
    if (held === undefined) unknown = true;
    else Object.assign(held, taskRun);
  }
  return unknown;
}

interface Selectable {
  readonly id: string;
  readonly state: TaskRunState;
}

/**
 * The task to show while nobody has chosen one: what failed, else what runs, else what ran last. One that is shown
 * stays while it runs or has failed, so that nothing changes under the reader without need.
 */
export function decideSelection(taskRuns: readonly Selectable[], previous: string | null): string | null {
  const shown = taskRuns.find(({ id }) => id === previous);
  if (shown !== undefined && (failed(shown) || shown.state === "RUNNING")) return shown.id;
  const next = taskRuns.find(failed) ?? taskRuns.find(({ state }) => state === "RUNNING");
  return next?.id ?? shown?.id ?? taskRuns[0]?.id ?? null;
}

/**
 * What failed, to go from one to the next: nothing when only the selected task did. The first ones and, that it does not
 * vanish by being chosen, the selected one.
 */
export function tasksInNeed<T extends Selectable>(
  taskRuns: readonly T[],
  selected: string | null,
): readonly T[] {
  const needy = taskRuns.filter(failed);
  if (needy.every(({ id }) => id === selected)) return [];
  const place = needy.findIndex(({ id }) => id === selected);
  if (place < MAX_IN_NEED) return needy.slice(0, MAX_IN_NEED);
  return [...needy.slice(0, MAX_IN_NEED - 1), ...needy.slice(place, place + 1)];
}

/** Tasks in the order in which they can run: none before what it waits for. The server's order breaks ties. */
export function orderTaskRuns<T extends { readonly id: string }>(
  taskRuns: readonly T[],
  relations: readonly {
    readonly upstream: { readonly id: string };
    readonly downstream: { readonly id: string };
  }[],
): readonly T[] {
  const waiting = new Map(taskRuns.map(({ id }) => [id, 0]));
  const downstream = new Map<string, string[]>();
  for (const relation of relations) {
    const [from, to] = [relation.upstream.id, relation.downstream.id];
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
    downstream.set(from, [...downstream.get(from) ?? [], to]);
  }
  const byId = new Map(taskRuns.map((taskRun) => [taskRun.id, taskRun]));
  const ordered = taskRuns.filter(({ id }) => waiting.get(id) === 0).map(({ id }) => id);
  // The list grows while it is walked: a task joins it once nothing it waits for is left.
  for (const id of ordered) {
    for (const next of downstream.get(id) ?? []) {
      const left = (waiting.get(next) ?? 0) - 1;
      waiting.set(next, left);
      if (left === 0) ordered.push(next);
    }
  }
  return ordered.flatMap((id) => byId.get(id) ?? []);
}

/** How many task runs are done. */
export function countDone(taskRuns: readonly { readonly state: TaskRunState }[]): number {
  return taskRuns.filter(({ state }) => finalTaskRun(state)).length;
}

function failed({ state }: Selectable): boolean {
  return state === "FAILED" || state === "TIMED_OUT";
}
