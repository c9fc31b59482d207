import assert from "node:assert/strict";
import { decideOverlap } from "../../../server/domain/rules/overlap.ts";
import type { OverlapPolicy, RunCause } from "../../../schema/states.ts";

const cases: readonly [OverlapPolicy, RunCause, number, number, string][] = [
  ["SKIP", "SCHEDULE", 0, 0, "start"],
  ["SKIP", "SCHEDULE", 1, 0, "refuse"],
  ["SKIP", "API", 0, 1, "refuse"],
  ["ALLOW", "MANUAL", 3, 0, "start"],
  ["QUEUE", "SCHEDULE", 1, 0, "queue"],
  ["QUEUE", "SCHEDULE", 1, 1, "refuse"],
  ["QUEUE", "SCHEDULE", 0, 1, "refuse"],
  ["REPLACE", "API", 1, 0, "replace"],
  ["REPLACE", "API", 1, 1, "replace"],
  ["REPLACE", "RETRY", 0, 0, "start"],
  ["SKIP", "CATCH_UP", 1, 0, "queue"],
  ["ALLOW", "CATCH_UP", 1, 5, "queue"],
  ["SKIP", "CATCH_UP", 0, 0, "start"],
];

for (const [policy, cause, running, queued, kind] of cases) {
  Deno.test(`decideOverlap() with ${policy}, ${cause}, ${running} running and ${queued} queued: ${kind}`, () => {
    assert.equal(decideOverlap(policy, cause, { running, queued }).kind, kind);
  });
}
