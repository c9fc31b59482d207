import { deepStrictEqual } from "node:assert/strict";
import { tokenEnd, tokenOver } from "../../../client/account/token_state.ts";

const NOW = Date.parse("2026-01-01T00:00:00.000Z");

Deno.test("tokenEnd() counts days from now, or says that there is no end", () => {
  deepStrictEqual(tokenEnd("30", NOW), "2026-01-31T00:00:00.000Z");
  deepStrictEqual(tokenEnd("never", NOW), null);
});

Deno.test("tokenOver() tells a token that has ended from one that goes on", () => {
  const ends = ["2025-12-31T23:59:59.000Z", "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:01.000Z", null];

  deepStrictEqual(ends.map((end) => tokenOver(end, NOW)), [true, true, false, false]);
});
