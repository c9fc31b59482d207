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
    number: 1,
    containerName: "Report",
    container: { id: "c" },
    state: "RUNNING",
    cause: "SCHEDULE",
    single: false,
    createdAt: "2026-01-01T00:00:00.000Z",
    startedAt: null,
    finishedAt: null,
    reason: null,
    reasonKey: null,
    reasonValues: null,
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

const NOW = Date.parse("2026-01-08T12:00:00.000Z");
const everything = readRunsFilter({}, NOW);

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
  const failed = readRunsFilter({ state: "FAILED", container: "c" }, NOW);

  deepStrictEqual(applyRuns(data, [run("0", { createdAt: "2025-01-01T00:00:00.000Z" })], everything), []);
  deepStrictEqual(applyRuns(data, [run("2", newer)], failed), []);
  deepStrictEqual(
    applyRuns(data, [run("3", { ...newer, state: "FAILED", container: { id: "x" } })], failed),
    [],
  );
});

Deno.test("readRunsFilter() takes the states that exist from the address", () => {
  deepStrictEqual(readRunsFilter({ state: "FAILED,NONSENSE,RUNNING" }, NOW).states, ["RUNNING", "FAILED"]);
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

Deno.test("readRunsFilter() counts a span from now, and takes instants before a span", () => {
  strictEqual(readRunsFilter({ span: "24h" }, NOW).from, "2026-01-07T12:00:00.000Z");
  strictEqual(readRunsFilter({ span: "24h" }, NOW).to, null);
  const range = { span: "1h", from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" };
  strictEqual(readRunsFilter(range, NOW).from, "2026-01-01T00:00:00.000Z");
  strictEqual(readRunsFilter(range, NOW).to, "2026-01-02T00:00:00.000Z");
  strictEqual(readRunsFilter({ span: "1 age", from: "yesterday", cause: "WHIM" }, NOW).from, null);
  strictEqual(readRunsFilter({ cause: "API" }, NOW).cause, "API");
});

Deno.test("applyRuns() lets no run wait that the cause or the time leaves out", () => {
  const newer = run("2", { createdAt: "2026-01-02T00:00:00.000Z" });
  const filters = [{ cause: "API" }, { to: "2026-01-01T12:00:00Z" }, { from: "2026-01-03T00:00:00Z" }];

  for (const filter of filters) {
    deepStrictEqual(applyRuns(list(run("1")), [newer], readRunsFilter(filter, NOW)), []);
  }
});
