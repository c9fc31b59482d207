import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  addTask,
  changeSettings,
  changeTask,
  draftOf,
  setWait,
} from "../../../client/containers/container_draft.ts";
import {
  draftFaults,
  isVersionConflict,
  refusalFaults,
  saveInput,
} from "../../../client/containers/draft_input.ts";
import { definition, draft } from "./draft_fixture.ts";

const words = {
  required: "required",
  duplicate: "duplicate",
  variableName: "nameless",
  variableTwice: (name: string): string => `twice ${name}`,
};
const refusal = (path: readonly string[] | null, code = "INVALID_INPUT"): {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[] | null;
} => ({ code, message: "Cannot save container: it is wrong", path });

Deno.test("saveInput() names relations by the tasks' present names", () => {
  const renamed = changeTask(draft(), "a", { name: "  gather " });

  const input = saveInput("container", 4, renamed);

  strictEqual(input.tasks[0]?.name, "gather");
  deepStrictEqual(input.relations[0], { upstream: "gather", downstream: "second", condition: "SUCCESS" });
  strictEqual(input.container.expectedVersion, 4);
});

Deno.test("saveInput() sends nothing for an empty expression and directory, and a new task without a place", () => {
  const input = saveInput(
    "container",
    4,
    addTask(changeSettings(draft(), { expression: "  " }), "new", String),
  );

  strictEqual(input.container.expression, null);
  strictEqual(input.tasks[0]?.directory, null);
  deepStrictEqual(input.tasks[0]?.position, { x: 1, y: 2 });
  strictEqual(input.tasks[3]?.id, null);
  strictEqual("position" in (input.tasks[3] ?? {}), false);
});

Deno.test("saveInput() sends nothing that the input does not know, whatever the client adds to its answers", () => {
  const [task, ...others] = definition().tasks;
  const answered = {
    ...definition(),
    __typename: "Container",
    tasks: [{ ...task, __typename: "Task" }, ...others],
  };
  // An answer has these names beside its own type's fields.
  const input = saveInput("container", 4, draftOf(answered as ReturnType<typeof definition>));

  strictEqual(JSON.stringify(input).includes("__typename"), false);
});

Deno.test("saveInput() leaves out variables whose row was left empty", () => {
  const environment = [{ name: "A", value: "" }, { name: "", value: "" }];

  const input = saveInput("container", 4, changeTask(draft(), "a", { environment }));

  deepStrictEqual(input.tasks[0]?.environment, { A: "" });
});

Deno.test("draftFaults() finds what is missing at its field", () => {
  const faulty = changeTask(changeTask(draft(), "a", { name: " ", command: "" }), "b", {
    timeoutSeconds: null,
  });

  deepStrictEqual(draftFaults(faulty, words), {
    "tasks.a.name": "required",
    "tasks.a.command": "required",
    "tasks.b.timeoutSeconds": "required",
  });
});

Deno.test("draftFaults() finds names and variables that are given twice", () => {
  const environment = [{ name: "A", value: "1" }, { name: " A", value: "2" }];
  const faulty = changeTask(changeTask(draft(), "b", { name: "first" }), "c", { environment });

  deepStrictEqual(draftFaults(faulty, words), {
    "tasks.b.name": "duplicate",
    "tasks.c.environment": "twice A",
  });
});

Deno.test("draftFaults() finds nothing wrong with what was saved", () => {
  deepStrictEqual(draftFaults(draft(), words), {});
});

const places: readonly (readonly [readonly string[] | null, string])[] = [
  [["input", "tasks", "1", "command"], "tasks.b.command"],
  [["input", "tasks", "1", "environment", "A"], "tasks.b.environment"],
  [["input", "relations", "1", "downstream"], "tasks.c.waits"],
  [["input", "container", "expression"], "settings.expression"],
  [["input", "relations"], ""],
  [["input", "tasks", "99", "name"], ""],
  [null, ""],
];

for (const [path, field] of places) {
  Deno.test(`refusalFaults() shows a refusal of ${JSON.stringify(path)} at "${field}"`, () => {
    deepStrictEqual(refusalFaults(draft(), refusal(path)), { [field]: "It is wrong" });
  });
}

Deno.test("refusalFaults() finds the waiting task in the order that was sent", () => {
  const turned = setWait(setWait(draft(), "a", "b", null), "a", "c", "ALWAYS");

  deepStrictEqual(refusalFaults(turned, refusal(["input", "relations", "0"])), {
    "tasks.c.waits": "It is wrong",
  });
});

Deno.test("isVersionConflict() is about the version, not about a name that is taken", () => {
  strictEqual(isVersionConflict(refusal(["input", "container", "expectedVersion"], "CONFLICT")), true);
  strictEqual(isVersionConflict(refusal(["input", "container", "name"], "CONFLICT")), false);
});

Deno.test("saveInput() sends what the clocks' changes do as one, and no field that the input lacks", () => {
  const { container } = saveInput(
    "container",
    4,
    changeSettings(draft(), { missing: "SKIP", repeated: "BOTH", lateAfterSeconds: 60 }),
  );

  deepStrictEqual(container.dst, { missing: "SKIP", repeated: "BOTH" });
  strictEqual(container.lateAfterSeconds, 60);
  strictEqual("missing" in container || "repeated" in container, false);
});
