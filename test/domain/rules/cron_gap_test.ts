import { strictEqual } from "node:assert/strict";
import { readExpression } from "../../../server/domain/rules/cron.ts";
import { minimumGapSeconds } from "../../../server/domain/rules/cron_gap.ts";

const cases: readonly (readonly [string, string, number | null])[] = [
  ["* * * * * *", "UTC", 1],
  ["*/5 * * * *", "UTC", 300],
  ["*/7 * * * *", "UTC", 240],
  ["*/7 * * * * *", "UTC", 4],
  ["0 9-17/4 * * *", "UTC", 14_400],
  ["0 0 * * *", "UTC", 86_400],
  ["0 0 * * *", "Europe/Berlin", 82_800],
  ["0 0 * * 1-5", "UTC", 86_400],
  ["0 0 1,31 * *", "UTC", 86_400],
  ["0 0 29 2 *", "UTC", 1_461 * 86_400],
  ["@every 90s", "UTC", 90],
  ["@every 90s | @every 60s", "UTC", 30],
  ["@at 2030-01-01T00:00:00Z,2030-01-01T00:00:07Z,2031-01-01T00:00:00Z", "UTC", 7],
  ["@at 2030-01-01T00:00:00Z", "UTC", null],
  ["0 0 30 2 *", "UTC", null],
];
for (const [text, timezone, seconds] of cases) {
  Deno.test(`minimumGapSeconds() of "${text}" in ${timezone} is ${seconds}`, () => {
    const from = new Date("2026-01-01T00:00:00Z");
    const expression = readExpression(text, { containerId: 0 }, null);

    strictEqual(minimumGapSeconds(expression, { timezone, anchorAt: from, from }), seconds);
  });
}
