import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { chooseLine, inLineRange, readLineRange, writeLineRange } from "../../../client/logs/line_link.ts";

const texts = [
  ["1.5", { attempt: 1, first: 5, last: 5 }],
  ["2.140-160", { attempt: 2, first: 140, last: 160 }],
  ["2.160-140", { attempt: 2, first: 140, last: 160 }],
  ["0.5", null],
  ["1.0", null],
  ["5", null],
  ["1.5-", null],
  ["", null],
  [undefined, null],
] as const;

for (const [text, range] of texts) {
  Deno.test(`readLineRange() reads ${text ?? "nothing"}`, () => {
    deepStrictEqual(readLineRange(text), range);
  });
}

Deno.test("writeLineRange() writes what readLineRange() reads", () => {
  for (const text of ["1.5", "3.7-9"]) {
    const range = readLineRange(text);

    strictEqual(range === null ? null : writeLineRange(range), text);
  }
});

Deno.test("chooseLine() chooses, lets go, and extends within one attempt", () => {
  const one = chooseLine(null, { attempt: 1, seq: 5 }, false);
  const more = chooseLine(one, { attempt: 1, seq: 8 }, true);

  deepStrictEqual(one, { attempt: 1, first: 5, last: 5 });
  strictEqual(chooseLine(one, { attempt: 1, seq: 5 }, false), null);
  deepStrictEqual(more, { attempt: 1, first: 5, last: 8 });
  deepStrictEqual(chooseLine(more, { attempt: 2, seq: 1 }, true), { attempt: 2, first: 1, last: 1 });
});

Deno.test("inLineRange() tells the attempts apart", () => {
  const range = { attempt: 1, first: 5, last: 8 };

  strictEqual(inLineRange(range, { attempt: 1, seq: 8 }), true);
  strictEqual(inLineRange(range, { attempt: 2, seq: 6 }), false);
  strictEqual(inLineRange(null, { attempt: 1, seq: 1 }), false);
});
