import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  applyRunning,
  listNeeds,
  type OverviewData,
  type RunningData,
} from "../../../client/overview/overview_state.ts";
import type { RunRow } from "../../../client/runs/runs_state.ts";

const NOW = Date.parse("2026-11-21T12:00:00.000Z");

const NO_REASON = { reason: null, reasonKey: null, reasonValues: null };

Deno.test("listNeeds() names agents that are away, what failed, what did not fire and what waits, in this order", () => {
  const data = overviewData({
    agents: [
      { id: "a1", name: "away", online: false, lastSeenAt: "2026-11-21T11:00:00.000Z" },
      { id: "a2", name: "here", online: true, lastSeenAt: "2026-11-21T11:59:59.000Z" },
      { id: "a3", name: "long gone", online: false, lastSeenAt: "2026-11-01T00:00:00.000Z" },
    ],
    failed: [{ id: "c1", name: "backup", lastRun: run("r1") }],
    didNotRun: [
      missed("MISSED", "c2", null),
      missed("MISSED", "c2", null),
      missed("LATE", "c3", "r3"),
      missed("SKIPPED", "c4", null),
    ],
    queued: [{ ...run("r5"), containerName: "newer" }, { ...run("r4"), containerName: "older" }],
    stuck: [
      stuck("t2", "second", "r6", "WaitingForSlot"),
      stuck("t1", "first", "r6", "WaitingForAgent"),
      stuck("t3", "again", "r7", "WaitingForRetry"),
    ],
  });

  const needs = listNeeds(data, NOW);

  deepStrictEqual(needs.map(({ kind, name, href }) => [kind, name, href]), [
    ["agent", "away", "/hosts"],
    ["failed", "backup", "/runs/r1"],
    ["missed", "container c2", "/containers/c2?tab=schedule"],
    ["late", "container c3", "/runs/r3"],
    ["queued", "older", "/runs/r4"],
    ["queued", "newer", "/runs/r5"],
    ["stuck", "container of r6", "/runs/r6"],
  ]);
  strictEqual(needs.at(-1)?.task, "first");
  strictEqual(needs.at(-1)?.reason, "No agent is online");
  strictEqual(needs.at(-1)?.reasonKey, "WAITS_FOR_AGENT");
});

Deno.test("applyRunning() puts what began on top and takes out what ended", () => {
  const data = runningData(["r1", "r2"], 2);

  const gap = applyRunning(data, [row("r3", "RUNNING"), row("r1", "SUCCEEDED")]);

  strictEqual(gap, false);
  deepStrictEqual(data.runs.edges.map(({ node }) => node.id), ["r3", "r2"]);
  strictEqual(data.runs.totalCount, 2);
});

Deno.test("applyRunning() asks to be read again when one of more than are shown ended", () => {
  const data = runningData(["r1", "r2"], 5);

  const gap = applyRunning(data, [row("r2", "FAILED")]);

  strictEqual(gap, true);
  strictEqual(data.runs.totalCount, 4);
});

function run(id: string): { id: string; createdAt: string; finishedAt: string } & typeof NO_REASON {
  return {
    id,
    createdAt: "2026-11-21T10:00:00.000Z",
    finishedAt: "2026-11-21T10:01:00.000Z",
    ...NO_REASON,
  };
}

function missed(
  kind: "MISSED" | "LATE" | "SKIPPED",
  containerId: string,
  runId: string | null,
): OverviewData["didNotRun"][number] {
  return {
    at: "2026-11-21T11:00:00.000Z",
    kind,
    ...NO_REASON,
    container: { id: containerId, name: `container ${containerId}` },
    run: runId === null ? null : { id: runId },
  };
}

function stuck(
  id: string,
  name: string,
  runId: string,
  kind: "WaitingForSlot" | "WaitingForAgent" | "WaitingForRetry",
): OverviewData["stuck"]["edges"][number]["node"] {
  return {
    id,
    name,
    readyAt: "2026-11-21T11:30:00.000Z",
    run: { id: runId, containerName: `container of ${runId}` },
    waitingFor: kind === "WaitingForRetry" ? { __typename: kind } : {
      __typename: kind,
      message: "No agent is online",
      messageKey: "WAITS_FOR_AGENT",
      messageValues: {},
    },
  };
}

function overviewData(
  parts: {
    readonly agents: OverviewData["agents"];
    readonly failed: OverviewData["failed"]["edges"][number]["node"][];
    readonly didNotRun: OverviewData["didNotRun"];
    readonly queued: OverviewData["queued"]["edges"][number]["node"][];
    readonly stuck: OverviewData["stuck"]["edges"][number]["node"][];
  },
): OverviewData {
  const edges = <Node>(nodes: readonly Node[]): { edges: { node: Node }[] } => ({
    edges: nodes.map((node) => ({ node })),
  });
  return {
    overview: {
      containers: 4,
      enabledContainers: 4,
      running: 0,
      waiting: 2,
      succeededToday: 0,
      failedToday: 1,
      cancelledToday: 0,
      lateToday: 1,
      missedToday: 2,
    },
    agents: parts.agents,
    didNotRun: parts.didNotRun,
    failed: { ...edges(parts.failed), pageInfo: { hasNextPage: false } },
    queued: edges(parts.queued),
    stuck: edges(parts.stuck),
  };
}

function row(id: string, state: RunRow["state"]): RunRow {
  return {
    ...run(id),
    number: 1,
    containerName: "backup",
    container: { id: "c1" },
    state,
    cause: "MANUAL",
    single: false,
    startedAt: "2026-11-21T10:00:00.000Z",
    startedBy: null,
  };
}

function runningData(ids: readonly string[], totalCount: number): RunningData {
  return {
    runs: {
      edges: ids.map((id) => ({ cursor: id, node: row(id, "RUNNING") })),
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
      totalCount,
    },
  };
}
