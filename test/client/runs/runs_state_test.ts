import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  applyRuns,
  readRunsFilter,
  type RunRow,
  type RunsData,
  toggleState,
  writeStates,
} from "../../../client/runs/runs_state.ts";

function run(id: string, fields: Partial<RunRow> = {}): RunRow {
  return {
    id,
    containerName: "Report",
    container: { id: "c" },
    state: "RUNNING",
    cause: "SCHEDULE",
    createdAt: "2026-01-01T00:00:00.000Z",
    startedAt: null,
    finishedAt: null,
    reason: null,
    startedBy: null,
    ...fields,
  };
}

function list(...runs: readonly RunRow[]): RunsData {
  return {
    runs: {
      edges: runs.map((node) => ({ cursor: node.id, node })),
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
      totalCount: runs.length,
    },
  };
}

const everything = readRunsFilter(undefined, undefined);

Deno.test("applyRuns() changes a shown run in place", () => {
  const data = list(run("1"));

  const fresh = applyRuns(data, [run("1", { state: "FAILED", reason: "exit 3" })], everything);

  deepStrictEqual(fresh, []);
  strictEqual(data.runs.edges[0]?.node.reason, "exit 3");
});

Deno.test("applyRuns() lets a newer run wait at the top instead of pushing the list down", () => {
  const data = list(run("1"));

  const fresh = applyRuns(data, [run("2", { createdAt: "2026-01-02T00:00:00.000Z" })], everything);

  deepStrictEqual(fresh, ["2"]);
  strictEqual(data.runs.edges.length, 1);
});

Deno.test("applyRuns() passes over runs of another page and those that the filter leaves out", () => {
  const data = list(run("1"));
  const newer = { createdAt: "2026-01-02T00:00:00.000Z" };
  const failed = readRunsFilter("FAILED", "c");

  deepStrictEqual(applyRuns(data, [run("0", { createdAt: "2025-01-01T00:00:00.000Z" })], everything), []);
  deepStrictEqual(applyRuns(data, [run("2", newer)], failed), []);
  deepStrictEqual(
    applyRuns(data, [run("3", { ...newer, state: "FAILED", container: { id: "x" } })], failed),
    [],
  );
});

Deno.test("readRunsFilter() takes the states that exist from the address", () => {
  deepStrictEqual(readRunsFilter("FAILED,NONSENSE,RUNNING", undefined).states, ["RUNNING", "FAILED"]);
});

Deno.test("writeStates() leaves the address alone when every state, or none, is meant", () => {
  strictEqual(writeStates([]), null);
  strictEqual(writeStates(["QUEUED", "RUNNING", "SUCCEEDED", "FAILED", "CANCELLED"]), null);
  strictEqual(writeStates(["FAILED"]), "FAILED");
});

Deno.test("toggleState() puts a state in and takes it out", () => {
  deepStrictEqual(toggleState(["FAILED"], "RUNNING"), ["RUNNING", "FAILED"]);
  deepStrictEqual(toggleState(["FAILED"], "FAILED"), []);
});
