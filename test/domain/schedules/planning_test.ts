import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  comingFires,
  dueInstants,
  latestInstant,
  type PlannedSchedule,
  planNextFire,
} from "../../../server/domain/schedules/planning.ts";

const now = new Date("2026-03-28T12:00:00Z");

function schedule(expression: string, containerId = 1): PlannedSchedule {
  return {
    containerId,
    expression,
    timezone: "UTC",
    missingTime: "SHIFT",
    repeatedTime: "FIRST",
    anchorAt: new Date("2026-01-01T00:00:10Z"),
  };
}

function at(...instants: readonly string[]): readonly Date[] {
  return instants.map((instant) => new Date(instant));
}

Deno.test("planNextFire() answers the same whether it was asked before or not, in any order", () => {
  const hours = [5, 1, 30, 2, 3, 29, 23, 24, 25, 0];
  for (const hour of hours) {
    const after = new Date(now.getTime() + hour * 3_600_000);
    const expected = new Date(Math.floor(after.getTime() / 86_400_000 + 1) * 86_400_000);
    deepStrictEqual(planNextFire(schedule("0 0 * * *", hour), after), expected);
  }
});

Deno.test("planNextFire() answers null again and again when there never is one", () => {
  strictEqual(planNextFire(schedule("0 0 0 1 1 * 2020"), now), null);
  strictEqual(planNextFire(schedule("0 0 0 1 1 * 2020"), new Date(now.getTime() + 1)), null);
  deepStrictEqual(
    planNextFire(schedule("0 0 0 1 1 * 2020"), new Date("2019-06-01T00:00:00Z")),
    at("2020-01-01T00:00:00Z")[0],
  );
});

Deno.test("planNextFire() keeps containers apart that have an H or an anchor of their own", () => {
  const spread = new Set(
    Array.from({ length: 20 }, (_, id) => planNextFire(schedule("H * * * *", id), now)?.getTime()),
  );
  ok(spread.size > 10);
  deepStrictEqual(planNextFire(schedule("@every 1h"), now), at("2026-03-28T12:00:10Z")[0]);
  const other = { ...schedule("@every 1h", 2), anchorAt: new Date("2026-01-01T00:00:20Z") };
  deepStrictEqual(planNextFire(other, now), at("2026-03-28T12:00:20Z")[0]);
  // The same characters: an H of container 5, and six fields.
  planNextFire(schedule("H H * * *", 5), now);
  strictEqual(planNextFire(schedule("5 H H * * *", 6), now)?.getUTCSeconds(), 5);
});

Deno.test("dueInstants() includes both ends and obeys its limit", () => {
  const [first, last] = at("2026-01-01T00:00:00Z", "2026-01-01T00:02:00Z");
  ok(first && last);

  deepStrictEqual(
    dueInstants(schedule("* * * * *"), first, last, 10),
    at("2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z"),
  );
  deepStrictEqual(dueInstants(schedule("* * * * *"), first, last, 1), [first]);
  deepStrictEqual(dueInstants(schedule("* * * * *"), last, first, 10), []);
});

Deno.test("comingFires() answers the same whether more or fewer were asked for before", () => {
  const days = (first: number, count: number): readonly Date[] =>
    Array.from({ length: count }, (_, day) => new Date(Date.UTC(2026, 2, 29 + first + day)));
  for (const [first, count] of [[0, 3], [1, 2], [1, 5], [0, 1], [4, 2], [0, 6]] as const) {
    const after = new Date(now.getTime() + first * 86_400_000);
    deepStrictEqual(comingFires(schedule("0 0 * * *"), after, count), days(first, count));
  }
});

Deno.test("comingFires() tells apart what the clocks shall do to a time", () => {
  const berlin = { ...schedule("30 2 * * *"), timezone: "Europe/Berlin" };

  deepStrictEqual(planNextFire(berlin, now), at("2026-03-29T01:00:00Z")[0]);
  deepStrictEqual(planNextFire({ ...berlin, missingTime: "SKIP" }, now), at("2026-03-30T00:30:00Z")[0]);
});

Deno.test("latestInstant() finds the last one however far back it is, and none where there is none", () => {
  const [first, last] = at("2026-01-01T00:00:00Z", "2026-03-28T12:00:00.500Z");
  ok(first && last);

  deepStrictEqual(latestInstant(schedule("* * * * * *"), first, last), at("2026-03-28T12:00:00Z")[0]);
  deepStrictEqual(latestInstant(schedule("0 0 1 * *"), first, last), at("2026-03-01T00:00:00Z")[0]);
  deepStrictEqual(latestInstant(schedule("0 0 1 1 *"), first, last), first);
  strictEqual(latestInstant(schedule("0 0 1 5 *"), first, last), null);
  strictEqual(latestInstant(schedule("* * * * * *"), last, last), null);
});
