import { strictEqual } from "node:assert/strict";
import { returnAddress, signInAddress } from "../../../client/sign_in/return_address.ts";

const cases: readonly (readonly [string | undefined, string])[] = [
  ["/runs?state=FAILED", "/runs?state=FAILED"],
  [undefined, "/"],
  ["", "/"],
  ["//evil.example/x", "/"],
  ["/\\evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["/\n\\evil.example", "/"],
  ["/x/..//evil.example", "/"],
  ["/a/../sign-in", "/"],
  ["runs", "/"],
  ["/runs#last", "/runs#last"],
  ["https://evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["/sign-in?from=/sign-in", "/"],
];

for (const [from, address] of cases) {
  Deno.test(`returnAddress() leads from ${JSON.stringify(from)} to ${address}`, () => {
    strictEqual(returnAddress(from), address);
  });
}

Deno.test("signInAddress() remembers where one was, unless that is where one goes anyway", () => {
  strictEqual(signInAddress("/runs?state=FAILED"), "/sign-in?from=%2Fruns%3Fstate%3DFAILED");
  strictEqual(signInAddress("/"), "/sign-in");
});
