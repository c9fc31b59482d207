/** Lines that are not complete yet, from the agent's report to those who watch. */
import assert from "node:assert/strict";
import type { LogRow } from "../../../server/domain/logs/interface.ts";
import type { LogStream } from "../../../schema/states.ts";
import { prunePartialLines, storePartialLines } from "../../../server/domain/logs/partial_lines.ts";
import { createBus } from "../../../server/events/bus.ts";
import { openTestDatabase, type TestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain } from "../../support/domain.ts";
import {
  line,
  NOON,
  only,
  openAppend,
  retryTask,
  startRun,
  stored,
  texts,
  type Writer,
} from "../logs/writer.ts";
import { openWatch, read, type Reader } from "./reader.ts";

const test = (name: string, body: (domain: TestDomain, opened: TestDatabase) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db), opened);
  });
};

/** As the writer stands, unless it is told otherwise. */
async function show(
  domain: TestDomain,
  { attemptId, out, err }: Writer,
  text: string,
  more: { readonly stream?: LogStream; readonly agentId?: number; readonly from?: number } = {},
): Promise<void> {
  const { stream = "STDOUT", agentId = domain.agentId } = more;
  const from = more.from ?? (stream === "STDOUT" ? out : err);
  await storePartialLines(domain.ports, agentId, [{ attemptId, stream, from, at: NOON, text }]);
}

function watch(
  domain: TestDomain,
  { taskRunId }: Writer,
  partial = true,
  bus = domain.ports.bus,
): Reader<readonly LogRow[]> {
  return read((signal) => openWatch(domain, { bus }).taskRunLog("all", taskRunId, null, signal, partial));
}

/** With a sign behind those that are not complete. */
function shown(reader: Reader<readonly LogRow[]>): readonly string[] {
  return reader.batches.flat().map(({ seq, text, partial }) => `${seq} ${text}${partial ? "…" : ""}`);
}

async function seen(reader: Reader<readonly LogRow[]>, text: string): Promise<void> {
  await reader.until(() => shown(reader).includes(text));
}

async function countStored({ sql }: TestDatabase): Promise<number> {
  return (await sql`select 1 from partial_lines`).length;
}

test("taskRunLog() gives a line while it grows, each state once, and once it is complete", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const append = openAppend(domain);
  await append(domain.agentId, [writer.batch([line("first")])]);
  const reader = watch(domain, writer);
  const unaware = watch(domain, writer, false);

  await show(domain, writer, "1");
  await seen(reader, "2 1…");
  await show(domain, writer, "12");
  await seen(reader, "2 12…");
  await show(domain, writer, "oops", { stream: "STDERR" });
  await seen(reader, "2 oops…");
  await append(domain.agentId, [writer.batch([line("123")])]);
  await seen(reader, "2 123");
  // The same text as before is another line.
  await show(domain, writer, "12");
  await seen(reader, "3 12…");
  await show(domain, writer, "");
  await seen(reader, "3 …");
  await domain.end({ a: 0 });
  await Promise.all([reader.over, unaware.over]);

  assert.deepEqual(shown(reader).filter((text) => text.endsWith("12…")), ["2 12…", "3 12…"]);
  assert.deepEqual(shown(unaware), ["1 first", "2 123"]);
  assert.deepEqual(texts(await stored(domain, writer.taskRunId)), ["first", "123"]);
});

test("taskRunLog() gives what stands already, also where another server got the report", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  await show(domain, writer, "Password:");

  const elsewhere = watch(domain, writer, true, createBus());
  await seen(elsewhere, "1 Password:…");
  await show(domain, writer, "Password: *");
  await seen(elsewhere, "1 Password: *…");
  await elsewhere.stop();

  // Whoever goes on from there gets the whole line.
  const [row] = elsewhere.batches.flat();
  await openAppend(domain)(domain.agentId, [writer.batch([line("Password: *")])]);
  const later = read((signal) =>
    openWatch(domain).taskRunLog("all", writer.taskRunId, row?.cursor ?? "", signal)
  );
  await seen(later, "1 Password: *");
  await later.stop();
});

test("taskRunLog() gives a growing line of a task that keeps no lines", async (domain) => {
  const writer = only(await startRun(domain, ["a"], { keepLogs: false }));
  const reader = watch(domain, writer);

  await show(domain, writer, "half");
  await seen(reader, "1 half…");
  await domain.end({ a: 0 });
  await reader.over;
});

test("taskRunLog() removes what an attempt left that ended without it", async (domain) => {
  const writer = only(await startRun(domain, ["a"], { maxRetries: 1 }));
  const reader = watch(domain, writer);
  await show(domain, writer, "half");
  await seen(reader, "1 half…");

  const retried = await retryTask(domain, "a", writer.runId);

  await seen(reader, "1 …");
  await show(domain, retried, "again");
  await seen(reader, "1 again…");
  await reader.stop();
});

test("liveLog() gives growing lines behind whole ones, to those who want them", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const live = (partial: boolean): Reader<readonly LogRow[]> =>
    read((signal) => openWatch(domain).liveLog({ visible: "all", runId: writer.runId }, signal, partial));
  const [reader, unaware] = [live(true), live(false)];

  await show(domain, writer, "ha");
  await show(domain, writer, "half");
  await openAppend(domain)(domain.agentId, [writer.batch([line("half a line")])]);
  await show(domain, writer, "more");
  await Promise.all([seen(reader, "2 more…"), seen(unaware, "1 half a line")]);
  await Promise.all([reader.stop(), unaware.stop()]);

  assert.deepEqual(shown(reader).slice(-2), ["1 half a line", "2 more…"]);
  assert.deepEqual(shown(unaware), ["1 half a line"]);
});

test(
  "storePartialLines() ignores what is not at the end of a living attempt's stream, or not the agent's",
  async (domain, opened) => {
    const writer = only(await startRun(domain, ["a"]));
    await openAppend(domain)(domain.agentId, [writer.batch([line("first")])]);
    domain.events.length = 0;

    await show(domain, writer, "stale", { from: 0 });
    await show(domain, writer, "foreign", { agentId: domain.agentId + 1 });
    await domain.end({ a: 0 });
    await show(domain, writer, "late");

    assert.deepEqual(domain.events.filter(({ kind }) => kind === "partial"), []);
    assert.equal(await countStored(opened), 0);
  },
);

test(
  "prunePartialLines() removes what an agent left behind, and storePartialLines() what stands no more",
  async (domain, opened) => {
    const [ended, living] = await startRun(domain, ["a", "b"]);
    if (ended === undefined || living === undefined) throw new Error("The run has not two attempts");
    await show(domain, ended, "left");
    await show(domain, living, "stands");
    await domain.end({ a: 0 });

    await prunePartialLines(domain.db);
    assert.equal(await countStored(opened), 1);
    await show(domain, living, "");

    assert.equal(await countStored(opened), 0);
  },
);

test("storePartialLines() needs one statement, however many tasks write", async (domain, opened) => {
  const writers = await startRun(domain, Array.from({ length: 20 }, (_, place) => `t${place}`));
  opened.statements();

  await storePartialLines(
    domain.ports,
    domain.agentId,
    writers.map(({ attemptId }) => ({ attemptId, stream: "STDOUT", from: 0, at: NOON, text: "10 %\r" })),
  );

  assert.equal(opened.statements().length, 1);
  assert.equal(await countStored(opened), 20);
});
