/**
 * What happens next in a run, decided from its graph and the states of its task runs alone. Any order and any batching
 * of the same endings comes to the same end, since a decision once true stays true: final states never change.
 */
import { say, type Sentence, type Values } from "../../../schema/sentences.ts";
import {
  type FinalRunState,
  finalTaskRun,
  type FinalTaskRunState,
  type RelationCondition,
  type StopCause,
  type TaskRunState,
} from "../../../schema/states.ts";
import type { Graph, GraphTask } from "./graph.ts";

/**
 * A task run as the decision sees it. READY comes in three kinds: RELEASED may be claimed, HELD waits for the run's
 * maxParallel, DELAYED waits for a retry. A PENDING one may be reserved: the agent of the task before it has it already,
 * and starts it by itself once that has succeeded (followers.ts).
 */
export type TaskState =
  | { readonly state: Exclude<TaskRunState, "READY" | "PENDING"> }
  | { readonly state: "PENDING"; readonly reserved?: true }
  | { readonly state: "READY"; readonly wait: "RELEASED" | "HELD" | "DELAYED" };

export type Decision =
  | { readonly place: number; readonly kind: "ready"; readonly released: boolean }
  | { readonly place: number; readonly kind: "release" }
  /** The agent that has reserved it may start it now. */
  | { readonly place: number; readonly kind: "take" }
  | {
    readonly place: number;
    readonly kind: "end";
    readonly state: FinalTaskRunState;
    readonly reason: Sentence;
  };

export interface RunStop {
  readonly cause: StopCause;
  readonly reason: Sentence;
}

export interface RunEnd {
  readonly state: FinalRunState;
  readonly reason: Sentence | null;
}

/**
 * What becomes READY, is released, SKIPPED or CANCELLED now. `maxParallel` 0 = no limit. In a stopped run all that waits
 * is CANCELLED but the tasks that are to run in one.
 */
export function decideNext(
  graph: Graph,
  taskStates: readonly TaskState[],
  maxParallel: number,
  stop: RunStop | null,
): readonly Decision[] {
  const decisions: Decision[] = stop === null
    ? []
    : [...cancelWaiting(taskStates, stop, (place) => graph.tasks[place]?.runsWhenStopped === true)];
  const left = [...taskStates];
  for (const { place } of decisions) left[place] = { state: "CANCELLED" };
  const outcomes = new Outcomes(graph, left);
  const ready: number[] = [];
  for (const place of graph.order) {
    const decision = decidePending(graph, outcomes, place);
    if (decision === "start" && !isReserved(left[place])) ready.push(place);
    else if (decision === "start") {
      // In a run that is stopped its agent has to say first whether it has started it.
      if (stop === null) decisions.push({ place, kind: "take" });
    } else if (decision !== null) decisions.push(decision);
  }
  return [...decisions, ...decideReleases(left, ready, maxParallel)];
}

/** How the run ends; null while a task run is not final. `reasons` are the task runs' own, by place. */
export function decideRunEnd(
  graph: Graph,
  taskStates: readonly TaskState[],
  reasons: (place: number) => Sentence | null,
  stop: RunStop | null,
): RunEnd | null {
  if (taskStates.some(({ state }) => !finalTaskRun(state))) return null;
  if (stop !== null) {
    return { state: stop.cause === "TIMED_OUT" ? "FAILED" : "CANCELLED", reason: stop.reason };
  }
  const failed = unhandledFailures(graph, taskStates);
  if (failed.length > 0) {
    return { state: "FAILED", reason: say("TASK_FAILED", nameTasks(graph, failed, reasons)) };
  }
  const cancelled = placesIn(taskStates, "CANCELLED");
  if (cancelled.length > 0) {
    return { state: "CANCELLED", reason: say("TASK_CANCELLED", nameTasks(graph, cancelled, reasons)) };
  }
  const ran = taskStates.some(({ state }) => state !== "SKIPPED");
  return { state: "SUCCEEDED", reason: ran ? null : say("ALL_SKIPPED") };
}

export function isReserved(taskState: TaskState | undefined): boolean {
  return taskState?.state === "PENDING" && taskState.reserved === true;
}

/** Does a relation from an upstream in this outcome hold? Null while that is open. */
export function relationHolds(outcome: Outcome, condition: RelationCondition): boolean | null {
  if (outcome === "OPEN") return null;
  switch (condition) {
    case "SUCCESS":
      return outcome === "SUCCEEDED" || outcome === "PASSED";
    case "FAILURE":
      return outcome === "FAILED" || outcome === "TIMED_OUT";
    case "ALWAYS":
      return true;
    default:
      throw new Error(`Unknown condition ${condition satisfies never}`);
  }
}

/** PASSED: disabled, but it could have started, so that its SUCCESS relations hold. */
export type Outcome = "OPEN" | "PASSED" | FinalTaskRunState;

/** The outcome of each place, filled in the graph's order while the decision goes along. */
class Outcomes {
  readonly #outcomes: Outcome[];

  constructor(graph: Graph, taskStates: readonly TaskState[]) {
    this.#outcomes = taskStates.map(({ state }) => finalTaskRun(state) ? state : "OPEN");
    this.taskStates = taskStates;
    this.graph = graph;
  }

  readonly taskStates: readonly TaskState[];
  readonly graph: Graph;

  get(place: number): Outcome {
    const outcome = this.#outcomes[place];
    if (outcome === undefined) {
      throw new Error(`A relation names place ${place}, which the run does not have`);
    }
    return outcome;
  }

  set(place: number, outcome: Outcome): void {
    this.#outcomes[place] = outcome;
  }
}

function decidePending(graph: Graph, outcomes: Outcomes, place: number): Decision | "start" | null {
  const task = graph.tasks[place];
  const taskState = outcomes.taskStates[place];
  if (task === undefined || taskState === undefined) throw new Error(`The run has no task at place ${place}`);
  if (taskState.state === "SKIPPED" && !task.enabled && joinHolds(task, outcomes) === true) {
    outcomes.set(place, "PASSED");
    return null;
  }
  if (taskState.state !== "PENDING") return null;
  const holds = joinHolds(task, outcomes);
  if (holds === null) return null;
  if (holds && task.enabled) return "start";
  outcomes.set(place, holds ? "PASSED" : "SKIPPED");
  const reason = holds ? say("TASK_DISABLED") : skipReason(graph, task, outcomes);
  return { place, kind: "end", state: "SKIPPED", reason };
}

/** May the task start? Null while that is open. */
function joinHolds(task: GraphTask, outcomes: Outcomes): boolean | null {
  if (task.incoming.length === 0) return true;
  let open = false;
  let held = false;
  for (const { upstream, condition } of task.incoming) {
    const holds = relationHolds(outcomes.get(upstream), condition);
    if (holds === null) open = true;
    else if (holds) held = true;
    else if (task.join === "ALL") return false;
  }
  if (task.join === "ANY" && held) return true;
  return open ? null : held;
}

function skipReason(graph: Graph, task: GraphTask, outcomes: Outcomes): Sentence {
  const broken = task.incoming.find(({ upstream, condition }) =>
    relationHolds(outcomes.get(upstream), condition) === false
  );
  if (broken === undefined) throw new Error("A task was skipped although no relation is broken");
  const ended = outcomes.get(broken.upstream);
  if (ended === "OPEN") throw new Error("A relation is broken although its upstream has not ended");
  return say("TASK_WAITED", {
    name: graph.tasks[broken.upstream]?.name ?? "",
    condition: broken.condition,
    ended,
  });
}

function decideReleases(
  taskStates: readonly TaskState[],
  ready: readonly number[],
  maxParallel: number,
): readonly Decision[] {
  const busy =
    taskStates.filter((taskState) =>
      taskState.state === "RUNNING" || (taskState.state === "READY" && taskState.wait === "RELEASED")
    ).length;
  let free = maxParallel === 0 ? Infinity : Math.max(0, maxParallel - busy);
  const decisions: Decision[] = [];
  taskStates.forEach((taskState, place) => {
    if (free > 0 && taskState.state === "READY" && taskState.wait === "HELD") {
      decisions.push({ place, kind: "release" });
      free -= 1;
    }
  });
  for (const place of ready) {
    decisions.push({ place, kind: "ready", released: free > 0 });
    free -= 1;
  }
  return decisions;
}

/** All that waits and that no agent has reserved, but what `spares` says. */
export function cancelWaiting(
  taskStates: readonly TaskState[],
  stop: RunStop,
  spares: (place: number) => boolean = () => false,
): readonly Decision[] {
  return taskStates.flatMap((taskState, place): readonly Decision[] =>
    (taskState.state === "PENDING" || taskState.state === "READY") && !isReserved(taskState) && !spares(place)
      ? [{ place, kind: "end", state: "CANCELLED", reason: stop.reason }]
      : []
  );
}

/** Failures that no FAILURE relation to a task run that SUCCEEDED took care of. */
function unhandledFailures(graph: Graph, taskStates: readonly TaskState[]): readonly number[] {
  const handled = new Set<number>();
  graph.tasks.forEach((task, place) => {
    if (taskStates[place]?.state !== "SUCCEEDED") return;
    for (const { upstream, condition } of task.incoming) if (condition === "FAILURE") handled.add(upstream);
  });
  return [...placesIn(taskStates, "FAILED"), ...placesIn(taskStates, "TIMED_OUT")]
    .filter((place) => !handled.has(place))
    .sort((a, b) => a - b);
}

function placesIn(taskStates: readonly TaskState[], wanted: TaskRunState): readonly number[] {
  return taskStates.flatMap(({ state }, place) => state === wanted ? [place] : []);
}

function nameTasks(
  graph: Graph,
  places: readonly number[],
  reasons: (place: number) => Sentence | null,
): Values<"TASK_FAILED"> {
  const [first = 0, ...more] = places;
  return { name: graph.tasks[first]?.name ?? "", why: reasons(first), more: more.length };
}
