import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { fieldAt, findFields, splitFault } from "../../../client/schedule/fields_state.ts";

const cases: readonly (readonly [string, readonly string[]])[] = [
  ["30 2 * * *", ["minute", "hour", "day", "month", "weekday"]],
  ["30 2", ["minute", "hour"]],
  ["0 30 2 * * *", ["second", "minute", "hour", "day", "month", "weekday"]],
  ["30 2 * * * 2027", ["minute", "hour", "day", "month", "weekday", "year"]],
  ["0 30 2 * * * 2027", ["second", "minute", "hour", "day", "month", "weekday", "year"]],
  ["TZ=Europe/Berlin 30 2 * * *", ["minute", "hour", "day", "month", "weekday"]],
  ["@daily", []],
  ["@every 90s", []],
  ["", []],
];

for (const [text, names] of cases) {
  Deno.test(`findFields() names the fields of "${text}"`, () => {
    deepStrictEqual(findFields(text).map(({ name }) => name), names);
  });
}

Deno.test("findFields() counts every part of several expressions by itself", () => {
  const text = "5 4 * * * | 0 6 7 * * SUN";
  const spans = findFields(text);

  deepStrictEqual(spans.slice(5).map(({ name }) => name), [
    "second",
    "minute",
    "hour",
    "day",
    "month",
    "weekday",
  ]);
  deepStrictEqual(spans.map(({ from, to }) => text.slice(from, to)).join(" "), "5 4 * * * 0 6 7 * * SUN");
});

Deno.test("fieldAt() finds the field that the caret stands in or behind", () => {
  const spans = findFields("30  2 * * *");

  strictEqual(fieldAt(spans, 0)?.name, "minute");
  strictEqual(fieldAt(spans, 2)?.name, "minute");
  strictEqual(fieldAt(spans, 3), null);
  strictEqual(fieldAt(spans, 4)?.name, "hour");
  strictEqual(fieldAt(spans, 11)?.name, "weekday");
});

Deno.test("splitFault() shows a fault of no length, and one behind the end", () => {
  deepStrictEqual(splitFault("61 * * * *", 0, 2), { before: "", fault: "61", after: " * * * *" });
  deepStrictEqual(splitFault("5 4 *", 5, 0), { before: "5 4 *", fault: " ", after: "" });
  deepStrictEqual(splitFault("5 4", 99, 7), { before: "5 4", fault: " ", after: "" });
  deepStrictEqual(splitFault("abc", 1, 0), { before: "a", fault: "b", after: "c" });
});
