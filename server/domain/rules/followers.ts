/**
 * Which tasks go to an agent along with another one, so that it can start them without asking: those that wait for nothing
 * else, one after another.
 */
import { finalTaskRun } from "../../../schema/states.ts";
import type { Graph } from "./graph.ts";
import { type Outcome, relationHolds, type TaskState } from "./run_state.ts";

/** So many tasks follow one at most. */
const MAX_FOLLOWERS = 16;

/**
 * The places of those that follow the one at `place`, in their order. Each is the only one that waits for the one before,
 * and all else that it waits for is final and lets it start. `taskStates` null: nothing is known of the others. `fits`
 * says where the same agent may run a task.
 */
export function findFollowers(
  graph: Graph,
  place: number,
  taskStates: readonly TaskState[] | null,
  fits: (place: number) => boolean,
): readonly number[] {
  const followers: number[] = [];
  for (let last = place; followers.length < MAX_FOLLOWERS;) {
    const [next, ...others] = graph.tasks[last]?.outgoing ?? [];
    if (next === undefined || others.length > 0 || !follows(graph, last, next, taskStates) || !fits(next)) {
      break;
    }
    followers.push(next);
    last = next;
  }
  return followers;
}

/** Whether all that the task waits for is final and lets it start. */
export function mayStart(graph: Graph, taskStates: readonly TaskState[], place: number): boolean {
  const incoming = graph.tasks[place]?.incoming ?? [];
  return incoming.every(({ upstream, condition }) =>
    relationHolds(outcomeOf(taskStates[upstream]), condition)
  );
}

function follows(graph: Graph, last: number, next: number, taskStates: readonly TaskState[] | null): boolean {
  const task = graph.tasks[next];
  if (task === undefined || !task.enabled) return false;
  if (taskStates !== null && taskStates[next]?.state !== "PENDING") return false;
  return task.incoming.every(({ upstream, condition }) =>
    upstream === last
      ? condition !== "FAILURE"
      : relationHolds(outcomeOf(taskStates?.[upstream]), condition) === true
  );
}

function outcomeOf(taskState: TaskState | undefined): Outcome {
  return taskState !== undefined && finalTaskRun(taskState.state) ? taskState.state : "OPEN";
}
