/** A container of three tasks in a row, for tests of the editor. */
import { containerFields } from "../../../schema/definition/container.ts";
import { defaultsOf } from "../../../schema/definition/field.ts";
import { taskDefaults } from "../../../schema/definition/task.ts";
import { type ContainerDraft, type Definition, draftOf } from "../../../client/containers/container_draft.ts";

export function definition(): Definition {
  const task = { ...taskDefaults, requiredLabels: [], command: "true", position: { x: 1, y: 2 } };
  return {
    id: "container",
    name: "Report",
    ...defaultsOf(containerFields),
    parameters: [],
    version: 4,
    nextFires: [],
    tasks: [
      { ...task, id: "a", name: "first", environment: { TEXT: "one\ntwo=2" } },
      { ...task, id: "b", name: "second" },
      { ...task, id: "c", name: "third" },
    ],
    relations: [
      { id: "ab", upstream: { id: "a" }, downstream: { id: "b" }, condition: "SUCCESS" },
      { id: "bc", upstream: { id: "b" }, downstream: { id: "c" }, condition: "SUCCESS" },
    ],
  };
}

export function draft(): ContainerDraft {
  return draftOf(definition());
}
