import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createEventStream } from "../../server/http/event_stream.ts";
import type { FormattedResult, Outcome } from "../../server/http/operations.ts";
import { readEvents, type StreamEvent } from "../support/http.ts";
import { until } from "../support/until.ts";

const RESULTS = 300;
const RESULT_CHARACTERS = 1024 * 1024;
/** A third of what all results take together. */
const HEAP_BYTES = 100 * 1024 * 1024;

Deno.test("carry() sends what an operation yields, and that it is complete", async () => {
  const stream = createEventStream(() => {});
  const events = readEvents(stream.respond());

  const carried = stream.carry("one", streamOf([{ data: 1 }, { data: 2 }]), new AbortController().signal);
  const got = [await events.next(), await events.next(), await events.next()];
  await carried;
  stream.end();

  deepStrictEqual(got, [
    { event: "next", data: { id: "one", payload: { data: 1 } } },
    { event: "next", data: { id: "one", payload: { data: 2 } } },
    { event: "complete", data: { id: "one" } },
  ]);
  strictEqual(await events.next(), null);
});

Deno.test("carry() lets go of a source that is silent when its signal aborts, and says not that it is complete", async () => {
  let closed = false;
  const silent: AsyncIterator<FormattedResult> = {
    next: () => new Promise(() => {}),
    return: () => {
      closed = true;
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  const stream = createEventStream(() => {});
  const events = readEvents(stream.respond());
  const controller = new AbortController();
  const outcome: Outcome = { kind: "stream", results: { [Symbol.asyncIterator]: () => silent } };
  const carried = stream.carry(null, outcome, controller.signal);

  controller.abort();
  await carried;
  stream.end();

  ok(closed);
  strictEqual(await events.next(), null);
});

Deno.test("carry() ends the stream when the results end in a fault, and says not that they are complete", async () => {
  let ended = 0;
  const stream = createEventStream(() => void (ended += 1));
  const events = readEvents(stream.respond());
  const fault = { errors: [{ message: "Internal error" }] };

  const carried = stream.carry(
    "one",
    streamOf([{ data: null }, { data: 1 }, fault]),
    new AbortController().signal,
  );
  const got = [await events.next(), await events.next(), await events.next(), await events.next()];
  await carried;

  deepStrictEqual(got.map((event) => event?.data.payload ?? null), [
    { data: null },
    { data: 1 },
    fault,
    null,
  ]);
  strictEqual(ended, 1);
});

Deno.test("carry() asks for the next result only when the last one was taken", async () => {
  let asked = 0;
  async function* results(): AsyncGenerator<FormattedResult> {
    while (true) yield await Promise.resolve({ data: ++asked });
  }
  const ended: boolean[] = [];
  const stream = createEventStream(() => void ended.push(true));
  const events = readEvents(stream.respond());
  const controller = new AbortController();
  void stream.carry(null, { kind: "stream", results: results() }, controller.signal);

  const read: (StreamEvent | null)[] = [await events.next(), await events.next()];
  const askedByThen = asked;
  controller.abort();
  await events.close();

  strictEqual(read.length, 2);
  // One is read, one is on its way, and the stream's own buffers hold a few.
  ok(askedByThen <= 8, `${askedByThen} results were asked for`);
  await until("the stream has ended", () => ended.length === 1);
});

Deno.test("carry() keeps nothing of what it has sent", async () => {
  async function* results(): AsyncGenerator<FormattedResult> {
    for (let count = 0; count < RESULTS; count++) {
      yield await Promise.resolve({ data: String(count).padEnd(RESULT_CHARACTERS, "x") });
    }
  }
  const before = Deno.memoryUsage().heapUsed;
  const stream = createEventStream(() => {});
  const reader = stream.respond().body?.getReader();
  const carried = stream.carry(null, { kind: "stream", results: results() }, new AbortController().signal);
  void carried.finally(stream.end);

  while ((await reader?.read())?.done === false);

  const more = Deno.memoryUsage().heapUsed - before;
  ok(more < HEAP_BYTES, `${more} bytes are kept`);
});

function streamOf(values: readonly FormattedResult[]): Outcome {
  return {
    kind: "stream",
    results: {
      async *[Symbol.asyncIterator](): AsyncGenerator<FormattedResult> {
        for (const value of values) yield await Promise.resolve(value);
      },
    },
  };
}
