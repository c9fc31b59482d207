import assert from "node:assert/strict";
import { InvalidInputError, NotFoundError } from "../../../schema/errors.ts";
import type { LogRow } from "../../../server/domain/logs/interface.ts";
import { type Bus, createBus } from "../../../server/events/bus.ts";
import { createLogAppend } from "../../../server/domain/logs/append.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain } from "../../support/domain.ts";
import { createRandom } from "../../support/random.ts";
import {
  line,
  lines,
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

function given(reader: Reader<readonly LogRow[]>): readonly LogRow[] {
  return reader.batches.flat();
}

function counts(count: number): (batches: readonly (readonly LogRow[])[]) => boolean {
  return (batches) => batches.flat().length >= count;
}

function watchLog(
  domain: TestDomain,
  { taskRunId }: Writer,
  after: string | null = null,
  pause?: () => Promise<void>,
): Reader<readonly LogRow[]> {
  return read((signal) => openWatch(domain).taskRunLog("all", taskRunId, after, signal), pause);
}

const test = (name: string, body: (domain: TestDomain) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db));
  });
};

test("taskRunLog() gives what is stored, then what comes, and ends with the task run", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const append = openAppend(domain);
  await append(domain.agentId, [writer.batch(lines(3, "stored"))]);

  const reader = watchLog(domain, writer);
  await reader.until(counts(3));
  await append(domain.agentId, [writer.batch(lines(2, "live"))]);
  await reader.until(counts(5));
  await append(domain.agentId, [writer.batch(lines(1, "last"))]);
  await domain.end({ a: 0 });
  await reader.over;

  assert.deepEqual(texts(given(reader)), [
    "stored 1",
    "stored 2",
    "stored 3",
    "live 1",
    "live 2",
    "last 1",
  ]);
  assert.deepEqual(given(reader), await stored(domain, writer.taskRunId));
});

test("taskRunLog() of a finished task run gives what is stored and ends", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  await openAppend(domain)(domain.agentId, [writer.batch(lines(2500))]);
  await domain.end({ a: 0 });

  const reader = watchLog(domain, writer);
  await reader.over;

  assert.deepEqual(given(reader), await stored(domain, writer.taskRunId));
  assert.ok(reader.batches.every((batch) => batch.length <= 1000));
});

test("taskRunLog() goes on after any cursor", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  await openAppend(domain)(domain.agentId, [writer.batch(lines(5))]);
  const all = await stored(domain, writer.taskRunId);
  await domain.end({ a: 0 });

  for (const [place, { cursor }] of all.entries()) {
    const reader = watchLog(domain, writer, cursor);
    await reader.over;

    assert.deepEqual(given(reader), all.slice(place + 1));
  }
});

test("taskRunLog() goes on with the next attempt", async (domain) => {
  const first = only(await startRun(domain, ["a"], { maxRetries: 1 }));
  const append = openAppend(domain);
  const reader = watchLog(domain, first);
  await append(domain.agentId, [first.batch(lines(2, "first"))]);

  const second = await retryTask(domain, "a", first.runId);
  await append(domain.agentId, [second.batch(lines(2, "second"))]);
  await domain.end({ a: 0 });
  await reader.over;

  assert.deepEqual(given(reader).map(({ attempt, seq, text }) => [attempt, seq, text]), [
    [1, 1, "first 1"],
    [1, 2, "first 2"],
    [2, 1, "second 1"],
    [2, 2, "second 2"],
  ]);
});

test("taskRunLog() closes the seam while lines are stored, for fifty readers who come at any time", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const append = openAppend(domain);
  const random = createRandom(5);
  const readers: Reader<readonly LogRow[]>[] = [];

  for (let round = 0; round < 100; round++) {
    const batch = writer.batch(lines(1 + random.below(40), `round ${round}`));
    const appending = append(domain.agentId, [batch]);
    if (round % 2 === 0) readers.push(watchLog(domain, writer));
    await appending;
  }
  await domain.end({ a: 0 });
  await Promise.all(readers.map(({ over }) => over));

  const all = await stored(domain, writer.taskRunId);
  assert.equal(readers.length, 50);
  for (const reader of readers) {
    assert.deepEqual(given(reader).map(({ seq }) => seq), all.map(({ seq }) => seq));
    assert.deepEqual(texts(given(reader)), texts(all));
  }
});

test("taskRunLog() gives all to a reader who is slower than the writer, and holds up nobody", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const append = openAppend(domain);
  const held = Promise.withResolvers<void>();
  const slow = watchLog(domain, writer, null, () => held.promise);
  const quick = watchLog(domain, writer);
  await append(domain.agentId, [writer.batch([line("first")])]);
  await slow.until(counts(1));

  // More than a queue holds, in lines and in characters.
  for (let round = 0; round < 30; round++) {
    await append(domain.agentId, [writer.batch(lines(1000, `${round} ${"x".repeat(300)}`))]);
  }
  await quick.until(counts(30_001));
  held.resolve();
  await domain.end({ a: 0 });
  await Promise.all([slow.over, quick.over]);

  const expected = Array.from({ length: 30_001 }, (_, place) => place + 1);
  assert.deepEqual(given(slow).map(({ seq }) => seq), expected);
  assert.deepEqual(given(quick).map(({ seq }) => seq), expected);
  assert.ok(slow.batches.every((batch) => batch.length <= 1000));
});

test("taskRunLog() sees lines and an end that another server stored", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const { db, definitions } = domain.ports;
  const elsewhere = { db, ordered: db, definitions, bus: createBus() };
  const append = createLogAppend(elsewhere);
  const reader = read((signal) =>
    openWatch(domain, elsewhere).taskRunLog("all", writer.taskRunId, null, signal)
  );

  await append(domain.agentId, [writer.batch(lines(2))]);
  const other = read((signal) =>
    openWatch(domain, { bus: createBus() }).taskRunLog("all", writer.taskRunId, null, signal)
  );
  await other.until(counts(2));
  await append(domain.agentId, [writer.batch(lines(2, "later"))]);
  await other.until(counts(4));
  // The exchange tells the domain's own bus, which neither of the two listens to.
  await domain.end({ a: 0 });
  await Promise.all([reader.over, other.over]);

  assert.deepEqual(texts(given(other)), ["line 1", "line 2", "later 1", "later 2"]);
  assert.deepEqual(given(reader), given(other));
});

test("taskRunLog() reads from the database what the bus did not tell", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const { bus } = domain.ports;
  let told = 0;
  const lossy: Bus = {
    ...bus,
    publish(event): void {
      if (event.kind !== "lines" || ++told % 3 !== 0) bus.publish(event);
    },
  };
  const append = createLogAppend({ ...domain.ports, ordered: domain.db, bus: lossy });
  const reader = watchLog(domain, writer);

  for (let round = 1; round <= 32; round++) {
    await append(domain.agentId, [writer.batch(lines(2, `${round}`))]);
    if (round % 3 === 1) await reader.until(counts(2 * round));
  }
  await domain.end({ a: 0 });
  await reader.over;

  assert.deepEqual(given(reader), await stored(domain, writer.taskRunId));
});

test("taskRunLog() gives live lines only of a task that keeps none", async (domain) => {
  const writer = only(await startRun(domain, ["a"], { keepLogs: false }));
  const append = openAppend(domain);
  await append(domain.agentId, [writer.batch(lines(2, "early"))]);
  const reader = watchLog(domain, writer);

  await append(domain.agentId, [writer.batch(lines(2, "live"))]);
  await reader.until(counts(2));
  await append(domain.agentId, [writer.batch(lines(1, "last"))]);
  await domain.end({ a: 0 });
  await reader.over;
  const late = watchLog(domain, writer);
  await late.over;

  assert.deepEqual(given(reader).map(({ seq, text }) => [seq, text]), [
    [3, "live 1"],
    [4, "live 2"],
    [5, "last 1"],
  ]);
  assert.deepEqual(given(late), []);
});

test("taskRunLog() ends with its signal, at once and for good", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const append = openAppend(domain);
  const reader = watchLog(domain, writer);
  await append(domain.agentId, [writer.batch(lines(1))]);
  await reader.until(counts(1));

  await reader.stop();
  await append(domain.agentId, [writer.batch(lines(1, "after"))]);
  const never = openWatch(domain).taskRunLog("all", writer.taskRunId, null, AbortSignal.abort());

  assert.deepEqual(texts(given(reader)), ["line 1"]);
  for await (const batch of never) assert.fail(`A stream that never began gave ${batch.length} lines`);
});

test("taskRunLog() refuses an unknown task run and a cursor that is not its own", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const { signal } = new AbortController();

  await assert.rejects(
    read((own) => openWatch(domain).taskRunLog("all", writer.taskRunId + 1, null, own)).over,
    NotFoundError,
  );
  assert.throws(() => openWatch(domain).taskRunLog("all", writer.taskRunId, "garbage", signal), (error) => {
    assert.ok(error instanceof InvalidInputError);
    assert.deepEqual(error.path, ["after"]);
    return true;
  });
});

test("taskRunLog() gives an attempt's first line though nothing came before it", async (domain) => {
  const writer = only(await startRun(domain, ["a"]));
  const reader = watchLog(domain, writer);
  const append = openAppend(domain);

  for (let place = 1; place <= 20; place++) {
    await append(domain.agentId, [writer.batch([line(`${place}`, NOON + place)])]);
    await reader.until(counts(place));
  }
  await reader.stop();

  assert.deepEqual(
    given(reader).map(({ seq }) => seq),
    Array.from({ length: 20 }, (_, place) => place + 1),
  );
});
