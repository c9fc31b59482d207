import assert from "node:assert/strict";
import { formatList } from "../../server/lib/list.ts";

Deno.test("formatList() names the first and counts the rest", () => {
  assert.equal(formatList(["a", "b"], 2), "a, b");
  assert.equal(formatList(["a", "b", "c", "d"], 2), "a, b and 2 more");
  assert.equal(formatList(["a", "b", "c"], 1, ";"), "a; and 2 more");
});
