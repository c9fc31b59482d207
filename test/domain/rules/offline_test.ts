import assert from "node:assert/strict";
import { isGivenUp } from "../../../server/domain/rules/offline.ts";

const task = { offlineSeconds: 300, timeoutSeconds: 60, killGraceSeconds: 10 };
const attempt = { silentSeconds: 40, ranSeconds: 50, stopCause: null };

Deno.test("isGivenUp() goes by the silence, and with WAIT by time limits alone", () => {
  for (const offline of ["FAIL", "REASSIGN"] as const) {
    assert.equal(isGivenUp({ ...task, offline }, { ...attempt, ranSeconds: 9_999 }), false);
    assert.equal(isGivenUp({ ...task, offline }, { ...attempt, silentSeconds: 301 }), true);
  }
  const waiting = { ...task, offline: "WAIT" } as const;
  assert.equal(isGivenUp(waiting, { ...attempt, silentSeconds: 9_999 }), false);
  assert.equal(isGivenUp(waiting, { ...attempt, ranSeconds: 71 }), true);
  assert.equal(isGivenUp({ ...waiting, timeoutSeconds: 0 }, { ...attempt, ranSeconds: 71 }), false);
  assert.equal(isGivenUp(waiting, { ...attempt, stopCause: "TIMED_OUT" }), true);
  assert.equal(isGivenUp(waiting, { ...attempt, stopCause: "CANCELLED" }), false);
});
