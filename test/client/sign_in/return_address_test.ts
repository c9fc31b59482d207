import { strictEqual } from "node:assert/strict";
import { returnAddress, signInAddress } from "../../../client/sign_in/return_address.ts";

const cases: readonly (readonly [string | undefined, string])[] = [
  ["/runs?state=FAILED", "/runs?state=FAILED"],
  [undefined, "/containers"],
  ["", "/containers"],
  ["//evil.example/x", "/containers"],
  ["/\\evil.example", "/containers"],
  ["https://evil.example", "/containers"],
  ["javascript:alert(1)", "/containers"],
  ["/sign-in?from=/sign-in", "/containers"],
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
