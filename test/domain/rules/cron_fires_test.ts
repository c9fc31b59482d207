import { deepStrictEqual } from "node:assert/strict";
import { readExpression } from "../../../server/domain/rules/cron.ts";
import type { ClockChange } from "../../../schema/definition/field.ts";
import { nextFires } from "../../../server/domain/rules/cron_fires.ts";

interface Asked {
  readonly timezone: string;
  readonly from: string;
  readonly count: number;
  readonly dst?: ClockChange;
  readonly anchorAt?: string;
}

function fires(text: string, { from, anchorAt = from, ...asked }: Asked): readonly string[] {
  const expression = readExpression(text, { containerId: 7 }, null);
  return nextFires(expression, { ...asked, from: new Date(from), anchorAt: new Date(anchorAt) })
    .map((fire) => fire.toISOString().replace(":00.000Z", "Z"));
}

const shiftFirst: ClockChange = { missing: "SHIFT", repeated: "FIRST" };
const skipSecond: ClockChange = { missing: "SKIP", repeated: "SECOND" };
const skipBoth: ClockChange = { missing: "SKIP", repeated: "BOTH" };
const spring = { timezone: "Europe/Berlin", from: "2026-03-28T12:00:00Z" };
const autumn = { timezone: "Europe/Berlin", from: "2026-10-24T12:00:00Z" };

const clockChanges: readonly (readonly [string, string, Asked, readonly string[]])[] = [
  ["fires at the end of the gap when SHIFT", "30 2 * * *", { ...spring, count: 2, dst: shiftFirst }, [
    "2026-03-29T01:00Z",
    "2026-03-30T00:30Z",
  ]],
  ["leaves the missing time out when SKIP", "30 2 * * *", { ...spring, count: 2, dst: skipBoth }, [
    "2026-03-30T00:30Z",
    "2026-03-31T00:30Z",
  ]],
  ["fires once for all that one gap swallowed", "*/10 2,3 * * *", { ...spring, count: 3 }, [
    "2026-03-29T01:00Z",
    "2026-03-29T01:10Z",
    "2026-03-29T01:20Z",
  ]],
  ["fires at the first of a repeated time", "30 2 * * *", { ...autumn, count: 2, dst: shiftFirst }, [
    "2026-10-25T00:30Z",
    "2026-10-26T01:30Z",
  ]],
  ["fires at the second of a repeated time", "30 2 * * *", { ...autumn, count: 2, dst: skipSecond }, [
    "2026-10-25T01:30Z",
    "2026-10-26T01:30Z",
  ]],
  ["fires at both of a repeated time in the order of time", "15,45 2 * * *", {
    ...autumn,
    count: 4,
    dst: skipBoth,
  }, [
    "2026-10-25T00:15Z",
    "2026-10-25T00:45Z",
    "2026-10-25T01:15Z",
    "2026-10-25T01:45Z",
  ]],
  ["does not fire again when asked between the two of a repeated time", "30 2 * * *", {
    ...autumn,
    from: "2026-10-25T00:45:00Z",
    count: 1,
    dst: shiftFirst,
  }, ["2026-10-26T01:30Z"]],
  ["keeps real time over a gap with a wildcard hour", "0 * * * *", {
    ...spring,
    from: "2026-03-28T23:30:00Z",
    count: 4,
  }, ["2026-03-29T00:00Z", "2026-03-29T01:00Z", "2026-03-29T02:00Z", "2026-03-29T03:00Z"]],
  ["keeps real time over a repeated hour with a wildcard hour", "30 * * * *", {
    ...autumn,
    from: "2026-10-24T23:45:00Z",
    count: 3,
    dst: skipSecond,
  }, ["2026-10-25T00:30Z", "2026-10-25T01:30Z", "2026-10-25T02:30Z"]],
  ["goes by the wall clock with a step in the hour, and skips what is missing", "30 */2 * * *", {
    ...spring,
    from: "2026-03-28T22:45:00Z",
    count: 2,
  }, ["2026-03-28T23:30Z", "2026-03-29T02:30Z"]],
  ["takes a range of all hours for a wildcard", "30 0-23 * * *", {
    ...autumn,
    from: "2026-10-24T23:45:00Z",
    count: 2,
  }, ["2026-10-25T00:30Z", "2026-10-25T01:30Z"]],
  ["moves midnight when midnight is missing", "@daily", {
    timezone: "Africa/Cairo",
    from: "2026-04-23T12:00:00Z",
    count: 2,
  }, ["2026-04-23T22:00Z", "2026-04-24T21:00Z"]],
  ["knows gaps of half an hour", "15 2 * * *", {
    timezone: "Australia/Lord_Howe",
    from: "2026-10-03T00:00:00Z",
    count: 1,
  }, ["2026-10-03T15:30Z"]],
  ["moves a whole missing day to its end", "0 12 * * *", {
    timezone: "Pacific/Apia",
    from: "2011-12-29T23:00:00Z",
    count: 2,
  }, ["2011-12-30T10:00Z", "2011-12-30T22:00Z"]],
];
for (const [what, text, asked, expected] of clockChanges) {
  Deno.test(`nextFires() ${what}`, () => {
    deepStrictEqual(fires(text, asked), expected);
  });
}

const others: readonly (readonly [string, string, Asked, readonly string[]])[] = [
  ["counts @every from the anchor", "@every 90s", {
    timezone: "UTC",
    from: "2026-01-01T00:10:00Z",
    anchorAt: "2026-01-01T00:00:30.700Z",
    count: 2,
  }, ["2026-01-01T00:11Z", "2026-01-01T00:12:30.000Z"]],
  ["does not fire @every before its anchor", "@every 1h30m", {
    timezone: "UTC",
    from: "2020-01-01T00:00:00Z",
    anchorAt: "2026-01-01T00:00:00Z",
    count: 1,
  }, ["2026-01-01T01:30Z"]],
  [
    "gives the instants of @at once and in order",
    "@at 2026-12-24T18:00:00Z, 2026-01-01T00:00+01:00,2026-12-24T18:00Z",
    {
      timezone: "Asia/Tokyo",
      from: "2025-01-01T00:00:00Z",
      count: 5,
    },
    ["2025-12-31T23:00Z", "2026-12-24T18:00Z"],
  ],
  ["joins expressions without a double", "0 0 * * * | 0 */12 * * * | @at 2026-01-01T06:00Z", {
    timezone: "UTC",
    from: "2025-12-31T23:00:00Z",
    count: 4,
  }, ["2026-01-01T00:00Z", "2026-01-01T06:00Z", "2026-01-01T12:00Z", "2026-01-02T00:00Z"]],
  [
    "takes LW beside other days",
    "0 0 1,LW * *",
    { timezone: "UTC", from: "2026-01-01T00:00:00Z", count: 3 },
    [
      "2026-01-30T00:00Z",
      "2026-02-01T00:00Z",
      "2026-02-27T00:00Z",
    ],
  ],
  ["is empty when no instant is left", "0 0 30 2 *", {
    timezone: "Europe/Berlin",
    from: "2026-01-01T00:00:00Z",
    count: 3,
  }, []],
  ["is empty when the years are over", "0 0 0 1 1 * 2020", {
    timezone: "UTC",
    from: "2026-01-01T00:00:00Z",
    count: 1,
  }, []],
  ["ends with the last year", "59 59 23 31 12 * *", {
    timezone: "UTC",
    from: "2098-12-31T23:59:59Z",
    count: 3,
  }, [
    "2099-12-31T23:59:59.000Z",
  ]],
  ["answers later than an instant inside a second", "* * * * * *", {
    timezone: "UTC",
    from: "2026-01-01T00:00:00.999Z",
    count: 1,
  }, ["2026-01-01T00:00:01.000Z"]],
];
for (const [what, text, asked, expected] of others) {
  Deno.test(`nextFires() ${what}`, () => {
    deepStrictEqual(fires(text, asked), expected);
  });
}

Deno.test("nextFires() leaves out what is later than until", () => {
  const at = (text: string): Date => new Date(text);
  const expression = readExpression("* * * * *", { containerId: 0 }, null);
  const from = at("2026-01-01T00:00:00Z");

  const found = nextFires(expression, {
    timezone: "UTC",
    anchorAt: from,
    from,
    until: at("2026-01-01T00:02:00Z"),
    count: 100,
  });

  deepStrictEqual(found, [at("2026-01-01T00:01:00Z"), at("2026-01-01T00:02:00Z")]);
});
