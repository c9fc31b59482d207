import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  applyContainerChange,
  applyRun,
  type ContainerRowData,
  type ContainersData,
  readListView,
  type RunRowData,
  someFireIsPast,
} from "../../../client/containers/containers_state.ts";

function row(id: string, fields: Partial<ContainerRowData> = {}): ContainerRowData {
  return {
    id,
    name: `container ${id}`,
    description: "",
    enabled: true,
    tags: [],
    favorite: false,
    project: { id: "p", name: "Default", slug: "default", viewerRole: "ADMIN" },
    expression: "* * * * *",
    timezone: "UTC",
    overlap: "SKIP",
    scheduleText: "Every minute",
    recentRuns: [],
    nextFires: [],
    lastRun: null,
    ...fields,
  };
}

function list(...rows: readonly ContainerRowData[]): ContainersData {
  return {
    containers: {
      edges: rows.map((node) => ({ cursor: node.id, node })),
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
      totalCount: rows.length,
    },
  };
}

function run(id: string, fields: Partial<RunRowData> = {}): RunRowData {
  return {
    id,
    number: 1,
    containerName: "container 1",
    container: { id: "1" },
    state: "RUNNING",
    cause: "MANUAL",
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

const shown = (data: ContainersData, id: string): ContainerRowData | undefined =>
  data.containers.edges.find(({ node }) => node.id === id)?.node;

Deno.test("applyContainerChange() changes a row in place and keeps the list", () => {
  const data = list(row("1"), row("2"));
  const before = shown(data, "1");

  const stale = applyContainerChange(data, {
    kind: "UPDATED",
    containerId: "1",
    container: row("1", { enabled: false }),
  });

  strictEqual(stale, false);
  strictEqual(shown(data, "1"), before);
  strictEqual(before?.enabled, false);
});

Deno.test("applyContainerChange() takes a deleted container away, and its count", () => {
  const data = list(row("1"), row("2"));

  strictEqual(applyContainerChange(data, { kind: "DELETED", containerId: "1", container: null }), false);

  deepStrictEqual(data.containers.edges.map(({ node }) => node.id), ["2"]);
  strictEqual(data.containers.totalCount, 1);
});

Deno.test("applyContainerChange() asks for the list again when a container is new or renamed", () => {
  const data = list(row("1"));

  strictEqual(applyContainerChange(data, { kind: "CREATED", containerId: "9", container: row("9") }), true);
  strictEqual(
    applyContainerChange(data, { kind: "UPDATED", containerId: "1", container: row("1", { name: "zebra" }) }),
    true,
  );
  strictEqual(applyContainerChange(data, { kind: "UPDATED", containerId: "9", container: row("9") }), false);
});

Deno.test("applyRun() shows the newest run of a container, and moves its next fire", () => {
  const data = list(row("1"));

  applyRun(data, run("r1"), ["2026-01-01T01:00:00.000Z"]);
  applyRun(data, run("r1", { state: "SUCCEEDED" }));

  strictEqual(shown(data, "1")?.lastRun?.state, "SUCCEEDED");
  deepStrictEqual(shown(data, "1")?.nextFires, ["2026-01-01T01:00:00.000Z"]);
});

Deno.test("applyRun() shows no run of a single task as the last run", () => {
  const data = list(row("1", { lastRun: run("whole", { state: "FAILED" }) }));

  applyRun(data, run("alone", { state: "SUCCEEDED", single: true, createdAt: "2026-01-02T00:00:00.000Z" }));

  strictEqual(shown(data, "1")?.lastRun?.id, "whole");
});

Deno.test("applyRun() does not let an older run take the place of a newer one", () => {
  const data = list(row("1", { lastRun: run("new", { createdAt: "2026-01-02T00:00:00.000Z" }) }));

  applyRun(data, run("old", { state: "FAILED" }));

  strictEqual(shown(data, "1")?.lastRun?.id, "new");
});

Deno.test("someFireIsPast() waits a moment before it calls a fire past", () => {
  const rows = [row("1", { nextFires: ["1970-01-01T00:00:10.000Z"] })];

  strictEqual(someFireIsPast(rows, 11_000), false);
  strictEqual(someFireIsPast(rows, 13_000), true);
  strictEqual(someFireIsPast([row("1")], 13_000), false);
});

Deno.test("applyRun() puts a new run at the head of the strip and changes a known one in its place", () => {
  const data = list(row("1"));

  applyRun(data, run("a", { createdAt: "2026-01-01T00:00:00.000Z" }));
  applyRun(data, run("b", { createdAt: "2026-01-01T00:01:00.000Z" }));
  applyRun(data, run("a", { state: "FAILED", createdAt: "2026-01-01T00:00:00.000Z" }));

  const strip = data.containers.edges[0]?.node.recentRuns.map(({ id, state }) => `${id} ${state}`);
  // Word of an older run comes late now and then: the strip takes it all the same.
  deepStrictEqual(strip, ["b RUNNING", "a FAILED"]);
});

Deno.test("readListView() reads the address and passes over what it does not know", () => {
  deepStrictEqual(readListView({ q: "x", state: "FAILED", enabled: "no", sort: "LAST_RUN" }), {
    search: "x",
    state: "FAILED",
    enabled: false,
    project: null,
    tag: null,
    favorite: false,
    order: "LAST_RUN",
  });
  deepStrictEqual(readListView({ state: "ILL", enabled: "maybe", sort: "SIZE" }), {
    search: "",
    state: null,
    enabled: null,
    project: null,
    tag: null,
    favorite: false,
    order: "NAME",
  });
});
