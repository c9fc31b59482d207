import { deepStrictEqual } from "node:assert/strict";
import { chooseAttempt, firstPair, readShownAttempts } from "../../../client/logs/attempts_state.ts";

Deno.test("readShownAttempts() reads one, two or none, and passes over what is no attempt", () => {
  deepStrictEqual(readShownAttempts("2", "3"), { attempt: 2, beside: 3 });
  deepStrictEqual(readShownAttempts("2", undefined), { attempt: 2, beside: null });
  deepStrictEqual(readShownAttempts(undefined, undefined), { attempt: null, beside: null });
  deepStrictEqual(readShownAttempts(undefined, "3"), { attempt: null, beside: null });
  deepStrictEqual(readShownAttempts("0", "1"), { attempt: null, beside: null });
  deepStrictEqual(readShownAttempts("1.5", "x"), { attempt: null, beside: null });
  deepStrictEqual(readShownAttempts("1", "-1"), { attempt: 1, beside: null });
});

Deno.test("firstPair() compares what is shown with the one before it, of all the newest two", () => {
  deepStrictEqual(firstPair(null, 4), { attempt: 3, beside: 4 });
  deepStrictEqual(firstPair(3, 4), { attempt: 2, beside: 3 });
  deepStrictEqual(firstPair(1, 4), { attempt: 1, beside: 2 });
});

Deno.test("chooseAttempt() changes one side, and swaps both when it is told what the other shows", () => {
  const shown = { attempt: 1, beside: 2 };

  deepStrictEqual(chooseAttempt(shown, "first", 3), { attempt: 3, beside: 2 });
  deepStrictEqual(chooseAttempt(shown, "second", 3), { attempt: 1, beside: 3 });
  deepStrictEqual(chooseAttempt(shown, "first", 2), { attempt: 2, beside: 1 });
  deepStrictEqual(chooseAttempt(shown, "second", 1), { attempt: 2, beside: 1 });
});

Deno.test("chooseAttempt() shows one alone while there is none beside it", () => {
  deepStrictEqual(chooseAttempt({ attempt: null, beside: null }, "first", 2), { attempt: 2, beside: null });
  deepStrictEqual(chooseAttempt({ attempt: 2, beside: null }, "first", null), {
    attempt: null,
    beside: null,
  });
});
