import { strictEqual } from "node:assert/strict";
import { formatMargin, formatSince, nextTimesMode, readTimesMode } from "../../../client/logs/log_times.ts";

const durations = [[4, "+0.004"], [62_345, "+1:02.345"], [3_602_345, "+1:00:02.345"], [
  -5,
  "+0.000",
]] as const;

for (const [duration, text] of durations) {
  Deno.test(`formatSince() writes ${duration} ms as ${text}`, () => {
    strictEqual(formatSince(duration), text);
  });
}

Deno.test("formatMargin() says nothing, the time of day, or the time since the start", () => {
  const [at, start] = ["2026-01-01T00:00:03.500Z", "2026-01-01T00:00:01.000Z"];

  strictEqual(formatMargin("off", at, start), "");
  strictEqual(formatMargin("local", at, start).endsWith("03.500"), true);
  strictEqual(formatMargin("start", at, start), "+2.500");
  strictEqual(formatMargin("start", at, null), "");
});

Deno.test("readTimesMode() knows the modes, nextTimesMode() walks round them", () => {
  strictEqual(readTimesMode("start"), "start");
  strictEqual(readTimesMode("true"), "off");
  strictEqual(nextTimesMode("start"), "off");
});
