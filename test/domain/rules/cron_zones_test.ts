/** Fires against an independent reading: every change of every clock, and random expressions around some of them. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readExpression } from "../../../server/domain/rules/cron.ts";
import type { ClockChange } from "../../../schema/definition/field.ts";
import { nextFires } from "../../../server/domain/rules/cron_fires.ts";
import { type NaiveExpression, randomExpression, seededRandom, type Wall } from "./cron_naive.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const shiftFirst: ClockChange = { missing: "SHIFT", repeated: "FIRST" };
const skipSecond: ClockChange = { missing: "SKIP", repeated: "SECOND" };
const skipBoth: ClockChange = { missing: "SKIP", repeated: "BOTH" };

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
