/** What the overview makes of its answers: what needs somebody now, and what runs. */
import type { ResultOf } from "../graphql/tada.ts";
import type { Told } from "../lib/server_words.ts";
import type { RunRow } from "../runs/runs_state.ts";
import type { OverviewDocument, RunningDocument } from "./overview_documents.ts";

export type OverviewData = ResultOf<typeof OverviewDocument>;
export type RunningData = ResultOf<typeof RunningDocument>;

/** A queued run that is older than this, or a task that has been ready since, waits for long. */
export const WAITING_LONG_MS = 5 * 60_000;
/** Containers whose schedule did not fire as it should. */
const UNFIRED_SHOWN = 8;
/** An agent that has been away for longer is no longer one of ours. */
const AWAY_MS = 7 * 24 * 3_600_000;
const NO_REASON: Told<"reason"> = { reason: null, reasonKey: null, reasonValues: null };
/** Rows of what runs now; the rest is counted. */
const RUNNING_SHOWN = 10;

export interface Need extends Told<"reason"> {
  readonly kind: "failed" | "queued" | "stuck" | "late" | "missed" | "agent";
  readonly id: string;
  readonly name: string;
  readonly at: string;
  /** The task, where one waits. */
  readonly task?: string;
  readonly href: string;
}

/** Agents that are away; what failed, newest first; what was missed or late; then what waits, oldest first. */
export function listNeeds(data: OverviewData, now: number): readonly Need[] {
  const failed = data.failed.edges.flatMap(({ node: { name, lastRun } }): Need[] =>
    lastRun === null ? [] : [{
      kind: "failed",
      id: lastRun.id,
      name,
      at: lastRun.finishedAt ?? lastRun.createdAt,
      ...reasonOf(lastRun),
      href: runHref(lastRun.id),
    }]
  );
  const queued = data.queued.edges.map(({ node }): Need => ({
    kind: "queued",
    id: node.id,
    name: node.containerName,
    at: node.createdAt,
    ...reasonOf(node),
    href: runHref(node.id),
  }));
  return [...listAway(data, now), ...failed, ...listUnfired(data), ...queued.reverse(), ...listStuck(data)];
}

function listAway({ agents }: OverviewData, now: number): readonly Need[] {
  return agents.flatMap(({ id, name, online, lastSeenAt }): Need[] =>
    online || lastSeenAt === null || Date.parse(lastSeenAt) < now - AWAY_MS
      ? []
      : [{ kind: "agent", id, name, at: lastSeenAt, ...NO_REASON, href: "/hosts" }]
  );
}

/** One line a run: what its other tasks wait for is the same, or stands on its page. */
function listStuck({ stuck }: OverviewData): readonly Need[] {
  const told = new Set<string>();
  return stuck.edges.toReversed().flatMap(({ node: { id, name, readyAt, run, waitingFor } }): Need[] => {
    // A delay before a retry is what somebody asked for.
    if (readyAt === null || waitingFor?.__typename === "WaitingForRetry" || told.has(run.id)) return [];
    told.add(run.id);
    return [{
      kind: "stuck",
      id,
      name: run.containerName,
      task: name,
      at: readyAt,
      ...(waitingFor !== null && "message" in waitingFor
        ? {
          reason: waitingFor.message,
          reasonKey: waitingFor.messageKey,
          reasonValues: waitingFor.messageValues,
        }
        : NO_REASON),
      href: runHref(run.id),
    }];
  }).slice(0, UNFIRED_SHOWN);
}

/** The newest of each container: a schedule that was missed a hundred times is one thing to look after. */
function listUnfired(data: OverviewData): readonly Need[] {
  const told = new Set<string>();
  return data.didNotRun.flatMap(({ at, kind, container, run, ...parts }): Need[] => {
    // Skipped is what somebody chose for an overlap: it stands on the schedule's page.
    if (kind === "SKIPPED" || told.has(container.id)) return [];
    told.add(container.id);
    return [{
      kind: kind === "LATE" ? "late" : "missed",
      id: `${container.id} ${at}`,
      name: container.name,
      at,
      ...reasonOf(parts),
      href: run === null ? `${containerHref(container.id)}?tab=schedule` : runHref(run.id),
    }];
  }).slice(0, UNFIRED_SHOWN);
}

function reasonOf({ reason, reasonKey, reasonValues }: Told<"reason">): Told<"reason"> {
  return { reason, reasonKey, reasonValues };
}

/** Runs that began come on top, those that ended leave. True when the list has to be read again to be whole. */
export function applyRunning(data: RunningData, runs: readonly RunRow[]): boolean {
  const { runs: list } = data;
  let gap = false;
  for (const run of runs) {
    const place = list.edges.findIndex(({ node }) => node.id === run.id);
    const edge = list.edges[place];
    if (run.state === "RUNNING") {
      if (edge !== undefined) Object.assign(edge.node, run);
      else {
        list.edges.unshift({ cursor: run.id, node: { ...run } });
        list.totalCount++;
      }
    } else if (edge !== undefined) {
      list.edges.splice(place, 1);
      list.totalCount = Math.max(0, list.totalCount - 1);
      gap = gap || list.totalCount > list.edges.length;
    }
  }
  if (list.edges.length > RUNNING_SHOWN) list.edges.length = RUNNING_SHOWN;
  return gap;
}

export function runHref(id: string): string {
  return `/runs/${encodeURIComponent(id)}`;
}

export function containerHref(id: string): string {
  return `/containers/${encodeURIComponent(id)}`;
}
