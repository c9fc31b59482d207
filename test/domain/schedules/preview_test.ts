import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { DomainError, InvalidCronError, InvalidInputError } from "../../../schema/errors.ts";
import type { CronPreview, PreviewInput } from "../../../server/domain/schedules/interface.ts";
import { previewExpression } from "../../../server/domain/schedules/preview.ts";

const now = new Date("2026-03-28T12:00:00Z");
const asked: PreviewInput = {
  expression: "30 2 * * *",
  timezone: "Europe/Berlin",
  dst: null,
  from: null,
  count: 2,
  language: "en",
};

const preview = (input: PreviewInput, shortestGapSeconds = 1): CronPreview =>
  previewExpression(input, input.from ?? now, { shortestGapSeconds });

function at(...instants: readonly string[]): readonly Date[] {
  return instants.map((instant) => new Date(instant));
}

Deno.test("preview() tells words, fires and the smallest gap from now on", () => {
  const told = preview(asked);

  deepStrictEqual([told.description, told.minimumGapSeconds, told.warning], ["At 02:30", 84_600, null]);
  deepStrictEqual(told.fires, at("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"));
});

Deno.test("preview() counts @every from the instant it is asked about", () => {
  const [from] = at("2026-05-01T00:00:07Z");
  ok(from);

  const { fires } = preview({ ...asked, expression: "@every 1h", from });

  deepStrictEqual(fires, at("2026-05-01T01:00:07Z", "2026-05-01T02:00:07Z"));
});

Deno.test("preview() takes the zone of a prefix before the one beside it", () => {
  const { fires } = preview({ ...asked, expression: "TZ=Asia/Tokyo 0 0 * * *", count: 1 });

  deepStrictEqual(fires, at("2026-03-28T15:00:00Z"));
});

Deno.test("preview() of what never fires is empty", () => {
  const { fires, minimumGapSeconds } = preview({ ...asked, expression: "0 0 31 2 *" });

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
    throws(() => preview({ ...asked, ...change }), (error) => {
      ok(error instanceof kind && error instanceof DomainError);
      deepStrictEqual(error.path, path);
      return true;
    });
  });
}

Deno.test("preview() tells local times and what the clocks did to each", () => {
  const spring = preview(asked).times;
  const [from] = at("2026-10-24T12:00:00Z");
  ok(from);
  const autumn = preview({ ...asked, from, dst: { missing: "SHIFT", repeated: "BOTH" }, count: 3 }).times;

  deepStrictEqual(spring.map(({ local, offset, clockChange }) => [local, offset, clockChange]), [
    ["2026-03-29 03:00:00", "+02:00", "SHIFTED"],
    ["2026-03-30 02:30:00", "+02:00", null],
  ]);
  deepStrictEqual(autumn.map(({ local, offset, clockChange }) => [local, offset, clockChange]), [
    ["2026-10-25 02:30:00", "+02:00", "REPEATED"],
    ["2026-10-25 02:30:00", "+01:00", "REPEATED"],
    ["2026-10-26 02:30:00", "+01:00", null],
  ]);
});

Deno.test("preview() marks the first fire after a change, and one at the end of a gap that is there anyhow", () => {
  const { times } = preview({ ...asked, expression: "0 3 * * *" });

  deepStrictEqual(times.map(({ local, clockChange }) => [local, clockChange]), [
    ["2026-03-29 03:00:00", "AFTER_CHANGE"],
    ["2026-03-30 03:00:00", null],
  ]);
});

Deno.test("preview() goes by the rule for clock changes that is asked for", () => {
  const { fires } = preview({ ...asked, dst: { missing: "SKIP", repeated: "FIRST" }, count: 1 });

  deepStrictEqual(fires, at("2026-03-30T00:30:00Z"));
});

Deno.test("preview() warns of an expression that never fires, in both languages", () => {
  match(preview({ ...asked, expression: "0 0 31 2 *" }).warning ?? "", /never fires/);
  match(preview({ ...asked, expression: "0 0 31 2 *", language: "zh" }).warning ?? "", /永远不会触发/);
});

Deno.test("preview() refuses a gap below what the server allows, and takes one that is as long", () => {
  const everyMinute = { ...asked, expression: "* * * * *" };

  strictEqual(preview(everyMinute, 60).minimumGapSeconds, 60);
  throws(() => preview(everyMinute, 61), (error) => {
    ok(error instanceof InvalidCronError);
    deepStrictEqual([error.path, error.offset, error.length], [["expression"], 0, 9]);
    return true;
  });
});

Deno.test("preview() answers the same whether it was asked before or not", () => {
  for (const hour of [5, 1, 30, 2, 29, 23, 24, 25, 0]) {
    const from = new Date(now.getTime() + hour * 3_600_000);
    const expected = new Date(Math.floor(from.getTime() / 86_400_000 + 1) * 86_400_000);
    const { fires } = preview({ ...asked, expression: "0 0 * * *", timezone: "UTC", from, count: 1 });
    deepStrictEqual(fires, [expected]);
  }
});
