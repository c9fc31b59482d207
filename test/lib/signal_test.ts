import assert from "node:assert/strict";
import { createSignal, pause } from "../../server/lib/signal.ts";

Deno.test("createSignal() ends a wait, remembers one notification, and says when the time was over", async () => {
  const signal = createSignal();

  const waiting = signal.wait(Infinity);
  signal.notify();
  const ended = await waiting;
  signal.notify();
  signal.notify();
  const remembered = await signal.wait(Infinity);
  const over = await signal.wait(1);

  assert.deepEqual([ended, remembered, over], [true, true, false]);
});

Deno.test("pause() ends with the abort, and does not begin after it", async () => {
  const stopping = new AbortController();

  const pausing = pause(2 ** 30, stopping.signal);
  stopping.abort();
  await pausing;

  await pause(2 ** 30, stopping.signal);
});
