/** Which successes of an earlier run stand when it is run again from what failed. */
import type { TaskRunState } from "../../../schema/states.ts";
import type { Graph } from "./graph.ts";

/**
 * Places that are kept: SUCCEEDED, and all that they waited for is kept too, or was disabled and passed over. Those of
 * `again` run again whatever they are, and so all that follows them.
 */
export function planRerun(
  graph: Graph,
  states: readonly TaskRunState[],
  again: ReadonlySet<number> = new Set(),
): readonly number[] {
  const kept = new Set<number>();
  const passed = new Set<number>();
  for (const place of graph.order) {
    const task = graph.tasks[place];
    if (task === undefined) throw new Error(`The graph has no task at place ${place}`);
    if (!task.incoming.every(({ upstream }) => kept.has(upstream) || passed.has(upstream))) continue;
    if (again.has(place)) continue;
    if (states[place] === "SUCCEEDED") kept.add(place);
    else if (states[place] === "SKIPPED" && !task.enabled) passed.add(place);
  }
  return [...kept].sort((left, right) => left - right);
}
