import { strictEqual } from "node:assert/strict";
import { faultKind } from "../../../client/shell/page_fault.ts";

for (
  const [message, kind] of [
    ["Failed to fetch dynamically imported module: http://localhost/assets/RunPage-x.js", "missing"],
    ["error loading dynamically imported module: http://localhost/a.js", "missing"],
    ["Importing a module script failed.", "missing"],
    ["Unable to preload CSS for /assets/RunPage-x.css", "missing"],
    ["Cannot read properties of undefined (reading 'id')", "broken"],
  ] as const
) {
  Deno.test(`faultKind() says ${kind} for "${message}"`, () => {
    strictEqual(faultKind(message), kind);
  });
}
