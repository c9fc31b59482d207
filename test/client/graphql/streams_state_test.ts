import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { lostLink, retryDelayMs, SILENCE_MS, streamIsSilent } from "../../../client/graphql/streams_state.ts";

Deno.test("retryDelayMs() grows from try to try and stops growing below six seconds", () => {
  const delays = Array.from({ length: 40 }, (_try, attempt) => retryDelayMs(attempt, 0.5));

  for (const [attempt, delay] of delays.entries()) ok(delay >= (delays[attempt - 1] ?? 0));
  ok((delays[0] ?? 0) < 1000);
  ok(delays.every((delay) => delay <= 6000));
});

Deno.test("retryDelayMs() spreads the tabs that lost the same server", () => {
  ok(retryDelayMs(8, 0.999) - retryDelayMs(8, 0) > 1000);
});

Deno.test("lostLink() keeps the instant of the first loss however often a retry fails", () => {
  const first = lostLink({ state: "live", since: 10 }, 100);
  const second = lostLink(first, 200);

  deepStrictEqual(first, { state: "down", since: 100 });
  strictEqual(second, first);
});

Deno.test("streamIsSilent() is true only after several missed heartbeats", () => {
  strictEqual(streamIsSilent(0, SILENCE_MS), false);
  strictEqual(streamIsSilent(0, SILENCE_MS + 1), true);
});
