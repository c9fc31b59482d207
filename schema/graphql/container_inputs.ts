/** What containers, tasks and relations are made and changed with. */
import { containerFields } from "../definition/container.ts";
import { taskFields } from "../definition/task.ts";
import { builder } from "./builder.ts";
import { inputFields } from "./definition_fields.ts";
import type { ContainerPatch, SavedContainer, SavedTask } from "../../server/domain/containers/interface.ts";
import { RelationConditionEnum } from "./enums.ts";
import { decodeId, decodeOptionalId } from "../ids.ts";
import { PositionInput } from "./position.ts";

const EXPECTED_VERSION =
  "When given and no longer current, the call is refused with CONFLICT: nobody's edit is lost.";

export const CreateContainerInput = builder.inputType("CreateContainerInput", {
  description: "A new container. Null for a field that has a default: the default.",
  fields: (t) => ({
    project: t.string({ defaultValue: "default", description: "Slug of the project that it will live in." }),
    ...inputFields(t, containerFields, "create"),
  }),
});

export const UpdateContainerInput = builder.inputType("UpdateContainerInput", {
  description: "Fields left out keep their value; null for a field that cannot be null is INVALID_INPUT.",
  fields: (t) => ({
    id: t.id({ required: true, description: "Which container." }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
    ...inputFields(t, containerFields, "update"),
  }),
});

export const CreateTaskInput = builder.inputType("CreateTaskInput", {
  description: "A new task. Null for a field that has a default: the default.",
  fields: (t) => ({
    containerId: t.id({ required: true, description: "Where it will live." }),
    expectedVersion: t.int({
      description: "As in UpdateContainerInput; the same for every change of tasks and relations.",
    }),
    ...inputFields(t, taskFields, "create"),
  }),
});

export const UpdateTaskInput = builder.inputType("UpdateTaskInput", {
  description: "Fields left out keep their value; null for a field that cannot be null is INVALID_INPUT.",
  fields: (t) => ({
    id: t.id({ required: true, description: "Which task." }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
    ...inputFields(t, taskFields, "update"),
  }),
});

const SaveTaskInput = builder.inputType("SaveTaskInput", {
  description:
    "A task as the editor saves it, whole: what is null or left out is as for a new task, but for the position.",
  fields: (t) => ({
    id: t.id({
      description: "Null: the task of this name that no other one of the list is, or else a new one.",
    }),
    ...inputFields(t, taskFields, "save"),
  }),
});

const SaveRelationInput = builder.inputType("SaveRelationInput", {
  description: "By task name.",
  fields: (t) => ({
    upstream: t.string({ required: true, description: "Name of the task that ends first." }),
    downstream: t.string({ required: true, description: "Name of the task that waits for it." }),
    condition: t.field({
      type: RelationConditionEnum,
      required: true,
      defaultValue: "SUCCESS",
      description: "How the upstream task has to end.",
    }),
  }),
});

export const SaveContainerInput = builder.inputType("SaveContainerInput", {
  description:
    "A whole container at once, as the editor saves it: all or nothing, one new version. Tasks and relations that are not listed go.",
  fields: (t) => ({
    container: t.field({
      type: UpdateContainerInput,
      required: true,
      description: "Which one, and its settings.",
    }),
    tasks: t.field({
      type: [SaveTaskInput],
      required: true,
      description: "All tasks that it shall have, at most 10,000.",
    }),
    relations: t.field({
      type: [SaveRelationInput],
      required: true,
      description: "All relations that it shall have, at most 50,000.",
    }),
  }),
});

export const CreateRelationInput = builder.inputType("CreateRelationInput", {
  description: "A new relation.",
  fields: (t) => ({
    upstreamId: t.id({ required: true, description: "The task that ends first." }),
    downstreamId: t.id({ required: true, description: "The task that waits for it, of the same container." }),
    condition: t.field({
      type: RelationConditionEnum,
      defaultValue: "SUCCESS",
      description: "How the upstream task has to end; null = SUCCESS.",
    }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
  }),
});

export const MoveTaskInput = builder.inputType("MoveTaskInput", {
  description: "A new place for a task.",
  fields: (t) => ({
    taskId: t.id({ required: true, description: "Which task." }),
    position: t.field({ type: PositionInput, required: true, description: "Where it is to be drawn." }),
  }),
});

export function readContainerPatch(input: typeof UpdateContainerInput.$inferInput): ContainerPatch {
  return { ...input, id: decodeId("Container", input.id) };
}

export function readSavedContainer(input: typeof SaveContainerInput.$inferInput): SavedContainer {
  return {
    container: readContainerPatch(input.container),
    tasks: input.tasks.map(({ id, ...fields }): SavedTask => ({
      ...fields,
      id: decodeOptionalId("Task", id),
    })),
    relations: input.relations,
  };
}
