import assert from "node:assert/strict";
import { planLongOutage, planMissed } from "../../../server/domain/rules/misfire.ts";

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

const outage = { since: at(1), oldest: late, newest: at(9) };
const behind = (date: Date): Date => new Date(date.getTime() + 1);

Deno.test("planLongOutage() with SKIP leaves all behind the first for later", () => {
  const plan = planLongOutage("SKIP", outage, 100);

  assert.deepEqual([plan.missed, plan.caughtUp], [[at(1)], []]);
  assert.deepEqual(plan.rest, { from: behind(at(1)), until: at(9), outcome: "MISSED" });
});

Deno.test("planLongOutage() with ONCE makes one run for the newest, to which the rest will point", () => {
  const plan = planLongOutage("ONCE", outage, 100);

  assert.deepEqual([plan.missed, plan.caughtUp], [[], [{ at: at(9), slots: [at(1), at(9)] }]]);
  const until = new Date(at(9).getTime() - 1);
  assert.deepEqual(plan.rest, { from: behind(at(1)), until, outcome: "CAUGHT_UP" });
});

Deno.test("planLongOutage() with ALL makes a run for each of the oldest, and the rest is missed", () => {
  const plan = planLongOutage("ALL", outage, 2);

  assert.deepEqual(plan.caughtUp, [at(1), at(2)].map((each) => ({ at: each, slots: [each] })));
  assert.deepEqual(plan.missed, []);
  assert.deepEqual(plan.rest, { from: behind(at(2)), until: at(9), outcome: "MISSED" });
});

Deno.test("planLongOutage() leaves all for later when nothing of the oldest is left to be told", () => {
  for (const policy of ["SKIP", "ONCE", "ALL"] as const) {
    assert.deepEqual(planLongOutage(policy, { ...outage, oldest: [] }, 2).rest?.from, at(1));
  }
});
