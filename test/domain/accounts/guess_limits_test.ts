import { ok } from "node:assert/strict";
import { LimitExceededError } from "../../../schema/errors.ts";
import { createGuessLimits, type GuessLimits } from "../../../server/domain/accounts/guess_limits.ts";

const START = Date.parse("2026-01-01T00:00:00.000Z");
const MINUTE_MS = 60_000;

Deno.test("count() forgets what is old before it remembers more names and addresses than its limit", () => {
  const limits = createGuessLimits({ now: () => START });
  while (allows(limits, "ada", "192.0.2.1")) { /* until it is refused */ }

  for (let index = 0; index < 20_000; index++) {
    ok(allows(limits, `name ${index}`, `10.0.${index >> 8}.${index & 255}`));
  }

  ok(allows(limits, "ada", "192.0.2.1"));
});

Deno.test("count() counts nothing of an address that is refused", () => {
  const limits = createGuessLimits({ now: () => START });
  const own = "192.0.2.1";
  for (let guess = 0; guess < 8; guess++) ok(allows(limits, "ada", own));

  // As many names as would push out all others.
  for (let index = 0; index < 50_000; index++) allows(limits, `name ${index}`, "198.51.100.7");

  ok(allows(limits, "ada", own));
  ok(allows(limits, "ada", own));
  ok(!allows(limits, "ada", own));
});

for (
  const [what, address, sibling, stranger] of [
    ["a whole IPv6 network", "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"],
    ["one IPv4 address", "192.0.2.1", "192.0.2.1", "192.0.2.2"],
  ] as const
) {
  Deno.test(`count() counts ${what} as one`, () => {
    const limits = createGuessLimits({ now: () => START });
    for (let guess = 0; guess < 50; guess++) ok(allows(limits, `name ${guess}`, address));

    ok(!allows(limits, "ada", sibling));
    ok(allows(limits, "ada", stranger));
  });
}

for (
  const [what, step] of [["a while later", 5 * MINUTE_MS], [
    "when the clock goes back",
    -60 * MINUTE_MS,
  ]] as const
) {
  Deno.test(`count() allows guesses again ${what}`, () => {
    let now = START;
    const limits = createGuessLimits({ now: () => now });
    while (allows(limits, "ada", "192.0.2.1")) { /* until it is refused */ }

    now += step;

    ok(allows(limits, "ada", "192.0.2.1"));
  });
}

function allows(limits: GuessLimits, account: string, address: string): boolean {
  try {
    limits.count(account, address, "sign in");
    return true;
  } catch (error) {
    if (!(error instanceof LimitExceededError)) throw error;
    return false;
  }
}
