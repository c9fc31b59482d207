/** How events change the list of runs on the screen, and what its filters in the address mean. */
import { type RunState, runStates } from "../../schema/states.ts";
import type { ResultOf } from "../graphql/tada.ts";
import type { RunRowFragment, RunsDocument } from "./runs_documents.ts";

export type RunsData = ResultOf<typeof RunsDocument>;
export type RunRow = ResultOf<typeof RunRowFragment>;

export interface RunsFilter {
  readonly states: readonly RunState[];
  readonly containerId: string | null;
}

/** Reads the filters of the address; what is no state is passed over. */
export function readRunsFilter(state: string | undefined, container: string | undefined): RunsFilter {
  const asked = (state ?? "").split(",");
  return { states: runStates.filter((known) => asked.includes(known)), containerId: container ?? null };
}

/** The address's text for a set of states; null when there is no restriction. */
export function writeStates(states: readonly RunState[]): string | null {
  return states.length === 0 || states.length === runStates.length ? null : states.join(",");
}

export function toggleState(states: readonly RunState[], state: RunState): readonly RunState[] {
  const next = states.includes(state) ? states.filter((one) => one !== state) : [...states, state];
  return runStates.filter((known) => next.includes(known));
}

/**
 * Shows changed runs in their rows, in place. Answers those that are not in the list but belong on top of it: they
 * wait until the reader asks for them, so that nothing moves under the pointer.
 */
export function applyRuns(data: RunsData, runs: readonly RunRow[], filter: RunsFilter): readonly string[] {
  const { edges } = data.runs;
  const newest = edges[0]?.node.createdAt ?? "";
  const fresh: string[] = [];
  for (const run of runs) {
    const row = edges.find(({ node }) => node.id === run.id)?.node;
    if (row !== undefined) Object.assign(row, run);
    else if (run.createdAt >= newest && matches(run, filter)) fresh.push(run.id);
  }
  return fresh;
}

function matches(run: RunRow, { states, containerId }: RunsFilter): boolean {
  return (states.length === 0 || states.includes(run.state)) &&
    (containerId === null || run.container?.id === containerId);
}
