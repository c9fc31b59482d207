import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { readOutcome, refusalReason, refusedField } from "../../../client/graphql/refusals.ts";

const refusal = {
  __typename: "InvalidInputError",
  code: "INVALID_INPUT",
  message: 'Cannot save container: name "": a name cannot be empty',
  path: ["input", "tasks", "2", "name"],
};

Deno.test("readOutcome() hands over what was asked for", () => {
  const container = { __typename: "Container", id: "1" } as const;

  deepStrictEqual(readOutcome({}, container), { kind: "done", value: container });
});

Deno.test("readOutcome() tells a refusal from the object", () => {
  deepStrictEqual(readOutcome({}, refusal), { kind: "refused", refusal });
});

Deno.test("readOutcome() makes a refusal of an answer that did not come", () => {
  const outcome = readOutcome({}, null);

  strictEqual(outcome.kind, "refused");
});

Deno.test("refusedField() is the path below the argument, and null for the whole call", () => {
  strictEqual(refusedField(refusal), "tasks.2.name");
  strictEqual(refusedField({ ...refusal, path: null }), null);
});

Deno.test("refusalReason() leaves out the action that the place already says", () => {
  strictEqual(refusalReason(refusal.message), 'Name "": a name cannot be empty');
  strictEqual(refusalReason('无法保存容器：名称 ""：名称不能为空'), '名称 ""：名称不能为空');
  strictEqual(refusalReason("plain words"), "Plain words");
});
