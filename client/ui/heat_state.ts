/** How runs become the bars of a heat strip. */
import { type RunState, runStates } from "../../schema/states.ts";
import { elapsedMs } from "../lib/time.ts";

/** The shortest bar is still seen. */
const MIN_LEVEL = 0.28;

export interface HeatRun {
  readonly id: string;
  readonly state: RunState;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}
export interface HeatBar {
  readonly run: HeatRun;
  readonly durationMs: number | null;
  /** 0 to 1, of the longest; a root, so that one long run does not flatten the others. */
  readonly level: number;
}

/** Oldest first. What never started is as low as can be. */
export function layHeat(runs: readonly HeatRun[], now: number): readonly HeatBar[] {
  const durations = runs.map(({ startedAt, finishedAt }) => elapsedMs(startedAt, finishedAt, now));
  const longest = Math.max(1, ...durations.map((duration) => duration ?? 0));
  return runs.map((run, index) => {
    const durationMs = durations[index] ?? null;
    const share = Math.sqrt((durationMs ?? 0) / longest);
    return { run, durationMs, level: MIN_LEVEL + (1 - MIN_LEVEL) * share };
  }).reverse();
}

/** How many are in which state, in the order of the states; none that nothing is in. */
export function summariseRuns(
  runs: readonly HeatRun[],
): readonly { readonly state: RunState; readonly count: number }[] {
  return runStates.map((state) => ({ state, count: runs.filter((run) => run.state === state).length }))
    .filter(({ count }) => count > 0);
}
