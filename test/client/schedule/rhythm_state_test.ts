import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  isUneven,
  type MonthDay,
  presets,
  readRhythm,
  readTimeOfDay,
  type Rhythm,
  rhythmKinds,
  toggleDay,
  turnInto,
  type Weekday,
  weekdays,
  writeRhythm,
  writeTimeOfDay,
} from "../../../client/schedule/rhythm_state.ts";
import { readExpression } from "../../../server/domain/rules/cron.ts";
import { nextFires } from "../../../server/domain/rules/cron_fires.ts";

type Written = Exclude<Rhythm, { kind: "text" }>;

const FROM = new Date("2026-03-01T00:00:00Z");

function fires(text: string): readonly string[] {
  const expression = readExpression(text, { containerId: 7 }, null);
  return nextFires(expression, { timezone: "UTC", anchorAt: FROM, from: FROM, count: 40 }).map((at) =>
    at.toISOString()
  );
}

function* everyRhythm(): Generator<Written> {
  yield { kind: "hand" };
  for (let every = 1; every < 60; every++) yield { kind: "minutes", every };
  for (let every = 1; every < 24; every++) yield { kind: "hours", every, minute: (every * 7) % 60 };
  for (let hour = 0; hour < 24; hour++) yield { kind: "days", hour, minute: (hour * 11) % 60 };
  for (let set = 1; set < 128; set++) {
    const days: readonly Weekday[] = weekdays.filter((day) => set & (1 << (day - 1)));
    yield { kind: "weekdays", days, hour: set % 24, minute: set % 60 };
  }
  const monthDays: readonly (readonly MonthDay[])[] = [[1], [31], ["L"], [1, 15, "L"], [2, 3, 4, 28]];
  for (const days of monthDays) yield { kind: "monthDays", days, hour: 4, minute: 5 };
  for (const unit of ["s", "m", "h"] as const) yield { kind: "interval", count: 90, unit };
}

const times: readonly (readonly [string, string | null])[] = [
  ["6:05", "06:05"],
  ["1530", "15:30"],
  [" 23:59 ", "23:59"],
  ["00:00", "00:00"],
  ["24:00", null],
  ["12:60", null],
  ["3:00 PM", null],
  ["", null],
];

for (const [text, expected] of times) {
  Deno.test(`readTimeOfDay() reads "${text}" as ${expected}, by 24 hours`, () => {
    const time = readTimeOfDay(text);

    strictEqual(time === null ? null : writeTimeOfDay(time), expected);
  });
}

Deno.test("readRhythm() reads what writeRhythm() writes, for every rhythm of the builder", () => {
  for (const rhythm of everyRhythm()) deepStrictEqual(readRhythm(writeRhythm(rhythm)), rhythm);
});

Deno.test("writeRhythm() writes only what the server's dialect takes", () => {
  for (const rhythm of everyRhythm()) {
    if (rhythm.kind !== "hand") strictEqual(fires(writeRhythm(rhythm)).length > 0, true, writeRhythm(rhythm));
  }
});

const spellings = [
  "@hourly",
  "@daily",
  "@midnight",
  "@weekly",
  "@monthly",
  "15 9 * * 1-5",
  "15 9 * * mon-fri",
  "15 9 * * 0",
  "15 9 * * 7",
  "15 9 * * 0-2",
  "15 9 * * 5-7",
  "15 9 * * Sun,wed",
  "  5   4  *  *  * ",
  "0 0 15,l,1 * *",
] as const;

for (const text of spellings) {
  Deno.test(`readRhythm() understands "${text}" as the server does`, () => {
    const rhythm = readRhythm(text);

    if (rhythm.kind === "text") throw new Error(`"${text}" is a rhythm of the builder`);
    deepStrictEqual(fires(writeRhythm(rhythm)), fires(text));
  });
}

for (
  const text of [
    "0 5 4 * * *",
    "5 4 1 * MON",
    "5 4 * 1 *",
    "5 4,5 * * *",
    "H * * * *",
    "*/0 * * * *",
    "5 4 * * 5-1",
    "5 4 0 * *",
    "5 4 1-5 * *",
    "61 * * * *",
    "@every 1h30m",
    "@at 2026-12-24T18:00:00Z",
    "0 1 * * * | 0 2 * * *",
    "nonsense",
  ]
) {
  Deno.test(`readRhythm() leaves "${text}" to the text`, () => {
    deepStrictEqual(readRhythm(text), { kind: "text" });
  });
}

Deno.test("turnInto() keeps the time of day, and makes something of every kind but the text", () => {
  const daily: Rhythm = { kind: "days", hour: 6, minute: 40 };

  for (const kind of rhythmKinds) strictEqual(turnInto(daily, kind)?.kind ?? "text", kind);
  deepStrictEqual(turnInto(daily, "weekdays"), {
    kind: "weekdays",
    days: [1, 2, 3, 4, 5],
    hour: 6,
    minute: 40,
  });
  deepStrictEqual(turnInto(daily, "hours"), { kind: "hours", every: 1, minute: 40 });
  deepStrictEqual(turnInto({ kind: "text" }, "days"), { kind: "days", hour: 2, minute: 30 });
});

Deno.test("toggleDay() adds and takes away, but never the last", () => {
  deepStrictEqual(toggleDay([1, 2], 3), [1, 2, 3]);
  deepStrictEqual(toggleDay([1, 2], 1), [2]);
  deepStrictEqual(toggleDay([1], 1), [1]);
});

Deno.test("isUneven() knows the steps that do not fill the hour or the day", () => {
  strictEqual(isUneven({ kind: "minutes", every: 7 }), true);
  strictEqual(isUneven({ kind: "minutes", every: 15 }), false);
  strictEqual(isUneven({ kind: "hours", every: 5, minute: 0 }), true);
  strictEqual(isUneven({ kind: "hours", every: 6, minute: 0 }), false);
  strictEqual(isUneven({ kind: "interval", count: 7, unit: "m" }), false);
});

Deno.test("presets are expressions of the dialect", () => {
  for (const { expression } of presets) strictEqual(fires(expression).length > 0, true, expression);
});
