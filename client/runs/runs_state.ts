/** How events change the list of runs on the screen, and what its filters in the address mean. */
import { type RunCause, runCauses, type RunState, runStates } from "../../schema/states.ts";
import type { ResultOf, VariablesOf } from "../graphql/tada.ts";
import type { RunRowFragment, RunsDocument } from "./runs_documents.ts";

export type RunsData = ResultOf<typeof RunsDocument>;
export type RunRow = ResultOf<typeof RunRowFragment>;

export interface RunsFilter {
  readonly states: readonly RunState[];
  readonly containerId: string | null;
  readonly cause: RunCause | null;
  /** Runs made at or after this instant, and before that one; null = no limit. */
  readonly from: string | null;
  readonly to: string | null;
}

/** What the list's address says; see readRunsFilter. */
export interface RunsAddress {
  readonly state?: string | undefined;
  readonly container?: string | undefined;
  readonly cause?: string | undefined;
  /** One of runSpans: so long until now. */
  readonly span?: string | undefined;
  /** Instants, instead of a span. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const HOUR_MS = 3_600_000;
const spanMs = { "1h": HOUR_MS, "24h": 24 * HOUR_MS, "7d": 168 * HOUR_MS, "30d": 720 * HOUR_MS } as const;
export type RunSpan = keyof typeof spanMs;
export const runSpans: readonly RunSpan[] = ["1h", "24h", "7d", "30d"];

/** Reads the filters of the address; what it does not know is passed over. */
export function readRunsFilter(address: RunsAddress, now: number): RunsFilter {
  const asked = (address.state ?? "").split(",");
  const span = readSpan(address.span);
  const [from, to] = [readInstant(address.from), readInstant(address.to)];
  return {
    states: runStates.filter((known) => asked.includes(known)),
    containerId: address.container ?? null,
    cause: runCauses.find((known) => known === address.cause) ?? null,
    from: from ?? (span === null ? null : new Date(now - spanMs[span]).toISOString()),
    to,
  };
}

export function readSpan(text: string | undefined): RunSpan | null {
  return runSpans.find((known) => known === text) ?? null;
}

export function runsOfContainer(containerId: string): RunsFilter {
  return { ...readRunsFilter({}, 0), containerId };
}

/** The filter as the server takes it. */
export function filterVariables(
  { states, containerId, cause, from, to }: RunsFilter,
): NonNullable<VariablesOf<typeof RunsDocument>["filter"]> {
  return {
    ...(states.length === 0 ? {} : { states: [...states] }),
    ...(containerId === null ? {} : { containerId }),
    ...(cause === null ? {} : { causes: [cause] }),
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
  };
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

function matches(run: RunRow, { states, containerId, cause, from, to }: RunsFilter): boolean {
  return (states.length === 0 || states.includes(run.state)) &&
    (containerId === null || run.container?.id === containerId) &&
    (cause === null || run.cause === cause) &&
    (from === null || run.createdAt >= from) && (to === null || run.createdAt < to);
}

function readInstant(text: string | undefined): string | null {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
