import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readExpression } from "../../../server/domain/rules/cron.ts";
import { type ClockChange, nextFires } from "../../../server/domain/rules/cron_fires.ts";
import { type NaiveExpression, randomExpression, seededRandom, type Wall } from "./cron_naive.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

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

interface Change {
  readonly zone: string;
  readonly at: number;
  /** Offsets in milliseconds. */
  readonly before: number;
  readonly after: number;
}

/** Every change of a clock since 2010 in every zone of the database, as Temporal tells them. */
function changesSince2010(): readonly Change[] {
  return Intl.supportedValuesOf("timeZone").flatMap((zone) => {
    const changes: Change[] = [];
    let at = Temporal.Instant.from("2010-01-01T00:00:00Z").toZonedDateTimeISO(zone);
    for (;;) {
      const next = at.getTimeZoneTransition("next");
      if (next === null || next.year > 2030) return changes;
      changes.push({
        zone,
        at: next.epochMilliseconds,
        before: next.subtract({ seconds: 1 }).offsetNanoseconds / 1e6,
        after: next.offsetNanoseconds / 1e6,
      });
      at = next;
    }
  });
}

/** The one minute in the middle of what is missing or repeated, as an expression without a wildcard in the hour. */
function middleOf(
  change: Change,
): { readonly text: string; readonly first: number; readonly second: number } {
  const low = change.at + Math.min(change.before, change.after);
  const wall = low + Math.floor(Math.abs(change.after - change.before) / 2 / MINUTE) * MINUTE;
  const date = new Date(wall);
  const text = [date.getUTCMinutes(), date.getUTCHours(), date.getUTCDate(), date.getUTCMonth() + 1, "*"]
    .join(" ");
  return {
    text: `${text} ${date.getUTCFullYear()}`,
    first: wall - change.before,
    second: wall - change.after,
  };
}

Deno.test("nextFires() obeys its setting at every change of a clock since 2010 in every zone", () => {
  const changes = changesSince2010();
  ok(changes.length > 3_000, `only ${changes.length} changes were found`);

  for (const change of changes) {
    const { text, first, second } = middleOf(change);
    const expression = readExpression(text, { containerId: 0 }, null);
    const from = new Date(change.at - 30 * HOUR);
    const ask = (dst: ClockChange): readonly number[] =>
      nextFires(expression, { timezone: change.zone, anchorAt: from, from, count: 3, dst }).map(Number);
    const where = `${text} in ${change.zone}`;

    if (change.after > change.before) {
      deepStrictEqual(ask(shiftFirst), [change.at], where);
      deepStrictEqual(ask(skipBoth), [], where);
    } else {
      deepStrictEqual(ask(shiftFirst), [first], where);
      deepStrictEqual(ask(skipSecond), [second], where);
      deepStrictEqual(ask(skipBoth), [first, second], where);
    }
  }
});

const windows: readonly (readonly [string, string])[] = [
  ["UTC", "2024-02-27T00:00:00Z"],
  ["Europe/Berlin", "2026-03-27T00:00:00Z"],
  ["Europe/Berlin", "2026-10-23T00:00:00Z"],
  ["America/New_York", "2026-03-06T00:00:00Z"],
  ["America/New_York", "2026-10-30T00:00:00Z"],
  ["Australia/Lord_Howe", "2026-04-03T00:00:00Z"],
  ["Australia/Lord_Howe", "2026-10-02T00:00:00Z"],
  ["Antarctica/Troll", "2026-03-27T00:00:00Z"],
  ["Antarctica/Troll", "2026-10-23T00:00:00Z"],
  ["Africa/Cairo", "2026-04-22T00:00:00Z"],
  ["Africa/Casablanca", "2026-02-13T00:00:00Z"],
  ["Pacific/Apia", "2011-12-28T00:00:00Z"],
  ["Asia/Kathmandu", "2026-05-29T00:00:00Z"],
];
const WINDOW_MINUTES = 5 * 24 * 60;
const EXPRESSIONS_PER_WINDOW = 60;

interface Minute {
  readonly at: number;
  readonly wall: Wall;
}

function wallOf(local: Temporal.PlainDateTime): Wall {
  return { ...fieldsOf(local), weekday: local.dayOfWeek % 7 };
}

function fieldsOf(local: Temporal.PlainDateTime): Omit<Wall, "weekday"> {
  const { second, minute, hour, day, month, year } = local;
  return { second, minute, hour, day, month, year };
}

/** Every minute of the window as the clocks of the zone really showed it. */
function realMinutes(zone: string, start: number): readonly Minute[] {
  return Array.from({ length: WINDOW_MINUTES }, (_, index) => {
    const at = start + (index + 1) * MINUTE;
    const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime();
    return { at, wall: wallOf(local) };
  });
}

/** Every minute that a calendar names, with the instant at which SHIFT and FIRST fire for it. */
function namedMinutes(zone: string, start: number): readonly Minute[] {
  const first = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone).toPlainDateTime();
  // A day is added, since a clock that jumps ahead names more minutes than pass.
  return Array.from({ length: WINDOW_MINUTES + 2 * 24 * 60 }, (_, index) => {
    const local = first.add({ minutes: index - 24 * 60 });
    const earlier = local.toZonedDateTime(zone, { disambiguation: "earlier" });
    if (earlier.toPlainDateTime().equals(local)) {
      return { at: earlier.epochMilliseconds, wall: wallOf(local) };
    }
    const gap = local.toZonedDateTime(zone, { disambiguation: "later" }).getTimeZoneTransition("previous");
    if (gap === null) throw new Error(`${local} in ${zone} is missing without a change`);
    return { at: gap.epochMilliseconds, wall: wallOf(local) };
  });
}

function naiveFires(
  naive: NaiveExpression,
  minutes: readonly Minute[],
  start: number,
  end: number,
): readonly number[] {
  const found = minutes.filter(({ at, wall }) => at > start && at <= end && naive.matches(wall));
  return [...new Set(found.map(({ at }) => at))].sort((a, b) => a - b);
}

for (const [index, [zone, from]] of windows.entries()) {
  Deno.test(`nextFires() agrees with a naive matcher on random expressions in ${zone} from ${from}`, () => {
    const random = seededRandom(index + 1);
    const start = Date.parse(from);
    const end = start + WINDOW_MINUTES * MINUTE;
    const real = realMinutes(zone, start);
    const named = namedMinutes(zone, start);
    let compared = 0;

    for (let round = 0; round < EXPRESSIONS_PER_WINDOW; round++) {
      const naive = randomExpression(random);
      const expected = naiveFires(naive, naive.realTime ? real : named, start, end);
      const expression = readExpression(naive.text, { containerId: 0 }, null);
      const anchorAt = new Date(start);
      const actual = nextFires(expression, {
        timezone: zone,
        anchorAt,
        from: anchorAt,
        until: new Date(end),
        count: WINDOW_MINUTES,
      }).map(Number);
      deepStrictEqual(actual, expected, `${naive.text} in ${zone} from ${from}`);
      compared += expected.length;
    }

    ok(compared > 0);
  });
}

Deno.test("nextFires() gives ascending instants that match over the years", () => {
  const random = seededRandom(99);
  for (let round = 0; round < 200; round++) {
    const naive = randomExpression(random);
    const from = new Date("2026-01-01T00:00:00Z");
    const expression = readExpression(naive.text, { containerId: 0 }, null);
    let previous = from;
    for (const fire of nextFires(expression, { timezone: "UTC", anchorAt: from, from, count: 200 })) {
      ok(fire > previous, `${naive.text} does not ascend at ${fire.toISOString()}`);
      const local = Temporal.Instant.fromEpochMilliseconds(fire.getTime()).toZonedDateTimeISO("UTC")
        .toPlainDateTime();
      strictEqual(naive.matches(wallOf(local)), true, `${naive.text} at ${fire.toISOString()}`);
      previous = fire;
    }
  }
});
