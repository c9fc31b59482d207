/** The answers of the reference dialect: all agree, but where ours is stricter or knows more on purpose. */
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { InvalidCronError } from "../../../schema/errors.ts";
import { readExpression } from "../../../server/domain/rules/cron.ts";
import { nextFires } from "../../../server/domain/rules/cron_fires.ts";
import reference from "./cron_reference_cases.json" with { type: "json" };

/** Accepted by the reference, refused here: too many fields, text after a macro, reversed ranges. */
const stricter = ["* * * * * * * *", "* * * * * * * * extra", "@daily extra", "0 0 * * 6-1", "0 0 20-10 * *"];
/** Refused by the reference, known here. */
const wider = ["@midnight", "H * * * *"];
/** Never fires there; Friday to Sunday here. */
const fridayToSunday = "0 0 * * 5-7";

function next(text: string, timezone: string, from: string, count: number): readonly string[] {
  const expression = readExpression(text, { containerId: 0 }, null);
  const start = new Date(from);
  return nextFires(expression, { timezone, anchorAt: start, from: start, count })
    .map((fire) => fire.toISOString().replace(".000Z", "Z"));
}

for (const { expr, zone, from, expected_next_4: expected } of reference.cases) {
  Deno.test(`nextFires() agrees with the reference about "${expr}" in ${zone} from ${from}`, () => {
    deepStrictEqual(next(expr, zone, from, 4), expected);
  });
}

for (const { expr, from } of reference.never_fires) {
  Deno.test(`nextFires() has no answer for "${expr}", or it is refused`, () => {
    if (stricter.includes(expr)) throws(() => next(expr, "UTC", from, 1), InvalidCronError);
    else if (expr === fridayToSunday) strictEqual(next(expr, "UTC", from, 1)[0], "2024-01-05T00:00:00Z");
    else deepStrictEqual(next(expr, "UTC", from, 1), []);
  });
}

for (const { expr, accepted, ...answer } of reference.parse) {
  Deno.test(`readExpression() agrees with the reference whether ${JSON.stringify(expr)} is one`, () => {
    const expected = (accepted && !stricter.includes(expr)) || wider.includes(expr);

    if (!expected) return throws(() => next(expr, "UTC", "2024-01-01T00:00:00Z", 1), InvalidCronError);
    const [first] = next(expr, "UTC", "2024-01-01T00:00:00Z", 1);

    if (accepted) strictEqual(first, answer["next_from_2024-01-01T00:00:00Z"]);
  });
}
