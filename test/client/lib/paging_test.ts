import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { onFirstPage, PAGE_SIZE, pageVariables, single } from "../../../client/lib/paging.ts";

Deno.test("pageVariables() goes forth from `after`, back from `before`, and begins at the start", () => {
  deepStrictEqual(pageVariables({}), { first: PAGE_SIZE, after: null, last: null, before: null });
  deepStrictEqual(pageVariables({ after: "x" }), { first: PAGE_SIZE, after: "x", last: null, before: null });
  deepStrictEqual(pageVariables({ before: "x" }), { first: null, after: null, last: PAGE_SIZE, before: "x" });
});

Deno.test("onFirstPage() is true only without a cursor", () => {
  strictEqual(onFirstPage({}), true);
  strictEqual(onFirstPage({ before: "x" }), false);
});

Deno.test("single() takes one value of the address, and neither none, nor an empty one, nor several", () => {
  strictEqual(single("a"), "a");
  strictEqual(single(""), undefined);
  strictEqual(single(["a", "b"]), undefined);
});
