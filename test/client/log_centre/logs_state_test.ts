import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import {
  deletionFilter,
  excerpt,
  groupHits,
  type Hit,
  hitHref,
  isRanged,
  readLocalField,
  readLogsFilter,
  readStreams,
  toggleStream,
  writeLocalField,
} from "../../../client/log_centre/logs_state.ts";

const now = Date.parse("2026-03-01T12:00:00.000Z");

Deno.test("readLogsFilter() reads what an address names", () => {
  const filter = readLogsFilter({
    q: "Error",
    project: "default",
    container: "c",
    task: "t",
    run: "r",
    taskRun: "tr",
    attempt: "2",
    stream: "STDERR,SYSTEM",
    span: "1h",
  }, now);

  deepStrictEqual(filter, {
    contains: "Error",
    project: "default",
    containerId: "c",
    taskId: "t",
    runId: "r",
    taskRunId: "tr",
    attempt: 2,
    streams: ["STDERR", "SYSTEM"],
    from: "2026-03-01T11:00:00.000Z",
  });
});

Deno.test("readLogsFilter() passes over what it does not know", () => {
  deepStrictEqual(readLogsFilter({ attempt: "many", stream: "STDIN", span: "ever", from: "then" }, now), {});
  deepStrictEqual(readLogsFilter({ attempt: "99999999999" }, now), {});
});

Deno.test("isRanged() tells instants from a span", () => {
  strictEqual(isRanged({ from: "2026-03-01T11:00:00.000Z" }), true);
  strictEqual(isRanged({ span: "1h" }), false);
  strictEqual(isRanged({}), false);
});

Deno.test("toggleStream() writes the streams that are left; all of them are no restriction", () => {
  strictEqual(toggleStream([], "STDERR"), "STDERR");
  strictEqual(toggleStream(["STDERR"], "STDOUT"), "STDOUT,STDERR");
  strictEqual(toggleStream(["STDERR"], "STDERR"), null);
  strictEqual(toggleStream(["STDOUT", "STDERR"], "SYSTEM"), null);
});

Deno.test("readStreams() takes all of them for no restriction", () => {
  deepStrictEqual(readStreams("SYSTEM,STDOUT,STDERR"), []);
  deepStrictEqual(readStreams("SYSTEM,STDOUT"), ["STDOUT", "SYSTEM"]);
});

Deno.test("deletionFilter() refuses an empty filter, and one that whole attempts cannot obey", () => {
  deepStrictEqual(deletionFilter({ containerId: "c" }), { containerId: "c" });
  strictEqual(deletionFilter({}), null);
  strictEqual(deletionFilter({ containerId: "c", contains: "x" }), null);
  strictEqual(deletionFilter({ containerId: "c", streams: ["STDERR"] }), null);
});

Deno.test("groupHits() puts lines of an attempt together, though others were written between them", () => {
  const hits = [hit("a", 1, 9), hit("a", 1, 4), hit("b", 1, 3), hit("a", 1, 2), hit("a", 2, 1)];

  const groups = groupHits(hits);

  deepStrictEqual(groups.map(({ taskRun, attempt, hits }) => [taskRun.id, attempt, hits.length]), [
    ["a", 1, 3],
    ["b", 1, 1],
    ["a", 2, 1],
  ]);
});

Deno.test("hitHref() leads to the line in its run", () => {
  strictEqual(hitHref(hit("a=", 2, 9)), "/runs/r?task=a%3D&line=2.9");
});

Deno.test("excerpt() leaves a short line, and cuts a long one around the match", () => {
  const long = `${"x".repeat(5000)}\u001b[31mNeedle\u001b[0m${"y".repeat(5000)}`;

  strictEqual(excerpt("short \u001b[31mred", "red"), "short \u001b[31mred");
  match(excerpt(long, "needle"), /^… x+Needley+ …$/);
  strictEqual(excerpt(long, "needle").length, 1004);
  match(excerpt(long, ""), /^x+ …$/);
});

Deno.test("writeLocalField() and readLocalField() are each other's way back", () => {
  strictEqual(readLocalField(writeLocalField("2026-03-01T11:07:00.000Z")), "2026-03-01T11:07:00.000Z");
  strictEqual(writeLocalField(undefined), "");
  strictEqual(writeLocalField("then"), "");
  strictEqual(readLocalField(""), null);
});

function hit(taskRunId: string, attempt: number, seq: number): Hit {
  const createdAt = "2026-03-01T10:00:00.000Z";
  const run = { id: "r", containerName: "Harvest", createdAt, startedAt: null, container: null };
  return {
    attempt,
    seq,
    at: "2026-03-01T10:00:00.000Z",
    stream: "STDOUT",
    text: `line ${seq}`,
    taskRun: { id: taskRunId, name: "pick", task: null, run },
  };
}
