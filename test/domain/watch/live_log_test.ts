import assert from "node:assert/strict";
import type { LinesAppended } from "../../../schema/events.ts";
import type { LogRow } from "../../../server/domain/logs/interface.ts";
import type { WatchFilter } from "../../../server/domain/watch/interface.ts";
import { createBus } from "../../../server/events/bus.ts";
import type { Database } from "../../../server/db/database.ts";
import { watchLiveLog } from "../../../server/domain/watch/live_log.ts";
import { read, type Reader } from "./reader.ts";

/** No line here comes from another server, and nothing else is read. */
const db = null as unknown as Database;

function linesEvent(fields: Partial<LinesAppended>, count = 1, text = "text", firstSeq = 1): LinesAppended {
  return {
    kind: "lines",
    attemptId: 50,
    attempt: 1,
    taskRunId: 40,
    runId: 30,
    containerId: 20,
    projectId: 10,
    ...fields,
    lines: Array.from({ length: count }, (_, place) => ({
      seq: firstSeq + place,
      at: 1_000_000 + place,
      stream: "STDOUT",
      text,
    })),
  };
}

function counts(count: number): (batches: readonly (readonly LogRow[])[]) => boolean {
  return (batches) => batches.flat().length >= count;
}

function given(reader: Reader<readonly LogRow[]>): readonly LogRow[] {
  return reader.batches.flat();
}

Deno.test("liveLog() gives the lines of its filter, from now on", async () => {
  const bus = createBus();
  bus.publish(linesEvent({ taskRunId: 1 }));
  const filters: readonly [WatchFilter, readonly number[]][] = [
    [{ visible: "all" }, [41, 42, 43, 44]],
    [{ visible: "all", runId: 30 }, [41, 42, 44]],
    [{ visible: "all", containerId: 20 }, [41, 42, 43]],
    [{ visible: [10], runId: undefined }, [41, 43, 44]],
    [{ visible: [10], containerId: 20, runId: 30 }, [41]],
  ];
  const readers = filters.map(([filter]) => read((signal) => watchLiveLog({ db, bus }, filter, signal)));

  bus.publish(linesEvent({ taskRunId: 41 }));
  bus.publish(linesEvent({ taskRunId: 42, projectId: 11 }));
  bus.publish(linesEvent({ taskRunId: 43, runId: 31 }));
  bus.publish(linesEvent({ taskRunId: 44, containerId: 21 }));

  for (const [place, [, expected]] of filters.entries()) {
    const reader = readers[place];
    if (reader === undefined) throw new Error("A filter has no reader");
    await reader.until(counts(expected.length));
    await reader.stop();
    assert.deepEqual(given(reader).map(({ taskRunId }) => taskRunId), expected);
  }
});

Deno.test("liveLog() begins with an empty batch, and gives every line from then on", async () => {
  const bus = createBus();
  const reader = read((signal) => watchLiveLog({ db, bus }, { visible: "all" }, signal));
  await reader.until((batches) => batches.length === 1);

  bus.publish(linesEvent({ taskRunId: 41 }));
  await reader.until(counts(1));
  await reader.stop();

  assert.deepEqual(reader.batches.map((batch) => batch.map(({ taskRunId }) => taskRunId)), [[], [41]]);
});

Deno.test("liveLog() counts what a slow reader missed in one line, and goes on with the newest", async () => {
  const bus = createBus();
  const held = Promise.withResolvers<void>();
  const reader: Reader<readonly LogRow[]> = read(
    (signal) => watchLiveLog({ db, bus }, { visible: "all" }, signal),
    () => given(reader).length > 0 ? held.promise : Promise.resolve(),
  );
  bus.publish(linesEvent({}, 1, "first"));
  await reader.until(counts(1));

  for (let round = 0; round < 45; round++) bus.publish(linesEvent({}, 1000, "text", 2 + round * 1000));
  held.resolve();
  await reader.until((batches) => batches.flat().at(-1)?.seq === 45_001);
  await reader.stop();

  const rows = given(reader);
  const [missed] = rows.filter(({ stream }) => stream === "SYSTEM");
  assert.equal(rows.filter(({ stream }) => stream === "SYSTEM").length, 1);
  assert.equal(rows.findIndex(({ stream }) => stream === "SYSTEM"), 1);
  assert.match(missed?.text ?? "", /^40,000 lines were left out here/);
  assert.equal(missed?.seq, 40_001);
  assert.deepEqual(
    rows.slice(2).map(({ seq }) => seq),
    Array.from({ length: 5000 }, (_, place) => 40_002 + place),
  );
  assert.ok(reader.batches.every((batch) => batch.length <= 1001));
});

Deno.test("liveLog() bounds what waits by its characters too", async () => {
  const bus = createBus();
  const held = Promise.withResolvers<void>();
  const reader: Reader<readonly LogRow[]> = read(
    (signal) => watchLiveLog({ db, bus }, { visible: "all" }, signal),
    () => given(reader).length > 0 ? held.promise : Promise.resolve(),
  );
  bus.publish(linesEvent({}, 1, "first"));
  await reader.until(counts(1));

  for (let round = 0; round < 20; round++) bus.publish(linesEvent({}, 1, "x".repeat(1_000_000), 2 + round));
  held.resolve();
  await reader.until((batches) => batches.flat().at(-1)?.seq === 21);
  await reader.stop();

  assert.ok(given(reader).filter(({ text }) => text.length === 1_000_000).length <= 4);
  assert.ok(
    reader.batches.every((batch) => batch.reduce((sum, { text }) => sum + text.length, 0) < 2_100_000),
  );
});

Deno.test("liveLog() lets go of the bus when its signal aborts or its reader returns, even unread", async () => {
  const bus = createBus();
  let subscribed = 0;
  const counting = {
    ...bus,
    subscribe(listener: Parameters<typeof bus.subscribe>[0]): () => void {
      subscribed++;
      const unsubscribe = bus.subscribe(listener);
      return () => {
        subscribed--;
        unsubscribe();
      };
    },
  };
  const controller = new AbortController();
  watchLiveLog({ db, bus: counting }, { visible: "all" }, controller.signal);
  const returned = watchLiveLog({ db, bus: counting }, { visible: "all" }, new AbortController().signal)
    [Symbol.asyncIterator]();
  assert.equal(subscribed, 2);
  await returned.next();
  const waiting = returned.next();

  controller.abort();
  assert.equal(subscribed, 1);
  const end = returned.return?.();
  assert.equal(subscribed, 0);

  assert.equal((await waiting).done, true);
  assert.equal((await end)?.done, true);
});
