import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { DomainError, InvalidCronError, InvalidInputError } from "../../schema/errors.ts";
import {
  createSchedules,
  dueInstants,
  type PlannedSchedule,
  planNextFire,
} from "../../server/domain/schedules.ts";

const now = new Date("2026-03-28T12:00:00Z");
const schedules = createSchedules({ clock: { now: () => now.getTime() } });
const asked = { expression: "30 2 * * *", timezone: "Europe/Berlin", from: null, count: 2, language: "en" };

function schedule(expression: string, containerId = 1): PlannedSchedule {
  return { containerId, expression, timezone: "UTC", anchorAt: new Date("2026-01-01T00:00:10Z") };
}

function at(...instants: readonly string[]): readonly Date[] {
  return instants.map((instant) => new Date(instant));
}

Deno.test("preview() tells words, fires and the smallest gap from now on", () => {
  deepStrictEqual(schedules.preview(asked), {
    description: "At 02:30",
    fires: at("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"),
    minimumGapSeconds: 84_600,
  });
});

Deno.test("preview() counts @every from the instant it is asked about", () => {
  const [from] = at("2026-05-01T00:00:07Z");
  ok(from);

  const { fires } = schedules.preview({ ...asked, expression: "@every 1h", from });

  deepStrictEqual(fires, at("2026-05-01T01:00:07Z", "2026-05-01T02:00:07Z"));
});

Deno.test("preview() takes the zone of a prefix before the one beside it", () => {
  const { fires } = schedules.preview({ ...asked, expression: "TZ=Asia/Tokyo 0 0 * * *", count: 1 });

  deepStrictEqual(fires, at("2026-03-28T15:00:00Z"));
});

Deno.test("preview() of what never fires is empty", () => {
  const { fires, minimumGapSeconds } = schedules.preview({ ...asked, expression: "0 0 31 2 *" });

  deepStrictEqual(fires, []);
  strictEqual(minimumGapSeconds, null);
});

for (
  const [what, change, kind, path] of [
    ["an expression", { expression: "99 * * * *" }, InvalidCronError, ["expression"]],
    ["a zone", { timezone: "Mars/Olympus" }, InvalidInputError, ["timezone"]],
    ["a prefix's zone", { expression: "TZ=Mars/Olympus @daily" }, InvalidInputError, ["timezone"]],
    ["no fires", { count: 0 }, InvalidInputError, ["count"]],
    ["too many fires", { count: 101 }, InvalidInputError, ["count"]],
    ["a language", { language: "tlh" }, InvalidInputError, ["language"]],
  ] as const
) {
  Deno.test(`preview() refuses ${what} with its place`, () => {
    throws(() => schedules.preview({ ...asked, ...change }), (error) => {
      ok(error instanceof kind && error instanceof DomainError);
      deepStrictEqual(error.path, path);
      return true;
    });
  });
}

Deno.test("nextFires() is empty for a disabled container and for one without an expression", () => {
  const daily = schedule("@daily");

  deepStrictEqual(schedules.nextFires(daily, true, 1), at("2026-03-29T00:00:00Z"));
  deepStrictEqual(schedules.nextFires(daily, false, 1), []);
  deepStrictEqual(schedules.nextFires({ ...daily, expression: null }, true, 1), []);
});

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
