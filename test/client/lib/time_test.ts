import { strictEqual } from "node:assert/strict";
import {
  elapsedMs,
  formatDuration,
  formatFire,
  formatInZone,
  formatRelative,
  formatUtc,
  isKnownZone,
} from "../../../client/lib/time.ts";

const cases: readonly (readonly [number, string])[] = [
  [-5, "0.0 s"],
  [40, "0.0 s"],
  [999, "0.9 s"],
  [9_999, "9.9 s"],
  [10_000, "10 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [192_000, "3 min 12 s"],
  [3_600_000, "1 h"],
  [7_500_000, "2 h 5 min"],
  [3 * 86_400_000 + 4 * 3_600_000 + 59_000, "3 d 4 h"],
];

for (const [duration, text] of cases) {
  Deno.test(`formatDuration() says ${duration} ms as "${text}"`, () => {
    strictEqual(formatDuration(duration), text);
  });
}

Deno.test("elapsedMs() runs on until the end is known, and has no value before the start", () => {
  strictEqual(elapsedMs(null, null, 5_000), null);
  strictEqual(elapsedMs("1970-01-01T00:00:01.000Z", null, 5_000), 4_000);
  strictEqual(elapsedMs("1970-01-01T00:00:01.000Z", "1970-01-01T00:00:03.000Z", 9_000), 2_000);
});

Deno.test("formatRelative() uses the largest unit that fits, in both directions", () => {
  strictEqual(formatRelative("1970-01-01T00:01:30.000Z", 0, "en"), "in 1m");
  strictEqual(formatRelative("1970-01-01T00:00:00.000Z", 3 * 3_600_000, "en"), "3h ago");
});

Deno.test("formatUtc() shows the instant itself", () => {
  strictEqual(formatUtc("2026-11-21T04:39:03.120Z"), "2026-11-21 04:39:03 UTC");
});

Deno.test("formatInZone() shows the zone's own clock, and UTC for a zone that does not exist", () => {
  strictEqual(formatInZone("2026-11-22T01:30:00.000Z", "Europe/Berlin", "en"), "Sun, Nov 22, 2026, 02:30:00");
  strictEqual(
    formatInZone("2026-11-22T01:30:00.000Z", "Europe/Nowhere", "en"),
    "Sun, Nov 22, 2026, 01:30:00",
  );
});

Deno.test("formatFire() leaves out the year of the present and seconds that are none", () => {
  const now = Date.parse("2026-11-21T12:00:00Z");

  strictEqual(formatFire("2026-11-22T01:30:00.000Z", "Europe/Berlin", now, "en"), "Sun, Nov 22, 02:30");
  strictEqual(formatFire("2027-01-01T00:00:05.000Z", "UTC", now, "en"), "Fri, Jan 1, 2027, 00:00:05");
  strictEqual(formatFire("2026-11-22T01:30:00.000Z", "No/Where", now, "en"), "Sun, Nov 22, 01:30");
});

Deno.test("isKnownZone() tells zones, also old names of them, from other words", () => {
  strictEqual(isKnownZone("Europe/Berlin"), true);
  strictEqual(isKnownZone("Asia/Calcutta"), true);
  strictEqual(isKnownZone("Europe/Nowhere"), false);
  strictEqual(isKnownZone(""), false);
});
