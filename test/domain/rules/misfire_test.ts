import assert from "node:assert/strict";
import { planMissed } from "../../../server/domain/rules/misfire.ts";

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));
const late = [at(1), at(2), at(3)];

Deno.test("planMissed() with SKIP records all as missed", () => {
  const plan = planMissed("SKIP", late, 100);

  assert.deepEqual(plan.missed, late);
  assert.deepEqual(plan.caughtUp, []);
});

Deno.test("planMissed() with ONCE makes one run for the newest, to which all slots point", () => {
  const plan = planMissed("ONCE", late, 100);

  assert.deepEqual(plan.missed, []);
  assert.deepEqual(plan.caughtUp, [{ at: at(3), slots: late }]);
});

Deno.test("planMissed() with ALL makes a run for each, oldest first, up to the limit", () => {
  const plan = planMissed("ALL", late, 2);

  assert.deepEqual(plan.caughtUp.map((catchUp) => catchUp.at), [at(1), at(2)]);
  assert.deepEqual(plan.missed, [at(3)]);
});

Deno.test("planMissed() does nothing when nothing is late", () => {
  for (const policy of ["SKIP", "ONCE", "ALL"] as const) {
    assert.deepEqual(planMissed(policy, [], 100).caughtUp, []);
    assert.deepEqual(planMissed(policy, [], 100).missed, []);
  }
});
