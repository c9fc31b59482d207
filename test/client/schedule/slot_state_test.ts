import { deepStrictEqual } from "node:assert/strict";
import { countOutcomes, lookOfSlot, type SlotLike } from "../../../client/schedule/slot_state.ts";

function slot(
  outcome: SlotLike["outcome"],
  state: "SUCCEEDED" | "FAILED" | "RUNNING" | null = null,
): SlotLike {
  return { outcome, late: false, run: state === null ? null : { id: "1", state } };
}

Deno.test("lookOfSlot() gives every outcome a shape of its own, and the colour of how its run ended", () => {
  deepStrictEqual(lookOfSlot(slot("FIRED", "SUCCEEDED")), { tone: "succeeded", shape: "full" });
  deepStrictEqual(lookOfSlot(slot("FIRED", "FAILED")), { tone: "failed", shape: "full" });
  deepStrictEqual(lookOfSlot(slot("CAUGHT_UP", "RUNNING")), { tone: "running", shape: "notch" });
  deepStrictEqual(lookOfSlot(slot("SKIPPED")), { tone: "skipped", shape: "low" });
  deepStrictEqual(lookOfSlot(slot("MISSED")), { tone: "failed", shape: "hollow" });
  deepStrictEqual(lookOfSlot(slot("FIRED")), { tone: "pending", shape: "full" });
});

Deno.test("countOutcomes() counts what happened, in the order of the legend", () => {
  deepStrictEqual(countOutcomes([slot("MISSED"), slot("FIRED"), slot("MISSED")]), [
    { outcome: "FIRED", count: 1 },
    { outcome: "MISSED", count: 2 },
  ]);
  deepStrictEqual(countOutcomes([]), []);
});
