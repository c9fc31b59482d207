import assert from "node:assert/strict";
import type { TaskDefinition } from "../../../schema/definition/version.ts";
import type { TaskRunState } from "../../../schema/states.ts";
import { createGraph } from "../../../server/domain/rules/graph.ts";
import { planRerun } from "../../../server/domain/rules/rerun.ts";

/** 0 -> 1 -> 2, and 3 beside them. */
function kept(states: readonly TaskRunState[], disabled: readonly number[] = []): readonly number[] {
  const tasks = states.map((_, place) =>
    ({ name: `t${place}`, enabled: !disabled.includes(place), join: "ALL" }) as unknown as TaskDefinition
  );
  const relations = [
    { upstream: 0, downstream: 1, condition: "SUCCESS" as const },
    { upstream: 1, downstream: 2, condition: "ALWAYS" as const },
  ];
  return planRerun(createGraph({ tasks, relations }), states);
}

Deno.test("planRerun() keeps successes whose upstreams are kept too", () => {
  assert.deepEqual(kept(["SUCCEEDED", "SUCCEEDED", "FAILED", "SUCCEEDED"]), [0, 1, 3]);
});

Deno.test("planRerun() runs a success again when something before it failed", () => {
  assert.deepEqual(kept(["SUCCEEDED", "FAILED", "SUCCEEDED", "SUCCEEDED"]), [0, 3]);
});

Deno.test("planRerun() looks through a disabled task that was passed over", () => {
  assert.deepEqual(kept(["SUCCEEDED", "SKIPPED", "SUCCEEDED", "FAILED"], [1]), [0, 2]);
});

Deno.test("planRerun() does not look through a skipped task that is enabled", () => {
  assert.deepEqual(kept(["SUCCEEDED", "SKIPPED", "SUCCEEDED", "FAILED"]), [0]);
});
