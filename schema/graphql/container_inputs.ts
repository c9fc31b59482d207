/** What containers, tasks and relations are made and changed with. */
import { builder } from "./builder.ts";
import { ClockChangeInput } from "./clock_change.ts";
import type { ContainerPatch, SavedContainer, TaskFields } from "../../server/domain/containers/interface.ts";
import { JoinRuleEnum, MisfirePolicyEnum, OverlapPolicyEnum, RelationConditionEnum } from "./enums.ts";
import { decodeId, decodeOptionalId } from "../ids.ts";
import { PositionInput } from "./position.ts";

const texts = {
  name: "1 to 200 characters, unique inside its project.",
  description: "For people; may be empty.",
  enabled: "False: the schedule names no slots.",
  expression: "Cron expression (5, 6 or 7 fields, or a macro); null = started by hand or API only.",
  timezone: "IANA time zone that the expression is read in.",
  overlap: "What happens when a run is asked for while one is active.",
  misfire: "What becomes of slots that came while no server was up.",
  dst: "What becomes of times that a clock change leaves out or brings twice.",
  lateAfterSeconds:
    "A slot whose run has no task started after so many seconds is late; 1 to 31622400. Default 300.",
  maxCatchUp:
    "With the misfire policy ALL, so many missed slots are caught up with at most; 1 to 10000. Default 100.",
  timeoutSeconds: "Limit for a whole run; 0 = none.",
  maxParallel: "How many task runs of one run may be running at once; 0 = no limit but the agents' own.",
  priority: "Who goes first when agents are short; higher first.",
} as const;

const taskTexts = {
  name: "1 to 200 characters, unique inside its container.",
  description: "For people; may be empty.",
  command: "Given to the shell as `shell -c command`; at most 120 KiB.",
  shell: "Path of the shell on the agent's machine.",
  directory: "Working directory; null = the agent's own work folder.",
  environment:
    "Variables of the process: an object of strings, 128 KiB in all; no name may begin with ORRERY_.",
  enabled: "False: SKIPPED and passed through.",
  timeoutSeconds: "Limit for one attempt; 0 = none.",
  killGraceSeconds: "How long the process group has between SIGTERM and SIGKILL.",
  maxRetries: "0 to 100.",
  retryDelaySeconds: "Wait before the first retry; doubles each time, at most an hour.",
  join: "Which of its incoming relations must hold.",
  keepLogs: "False: output is shown live and dropped.",
  mergeOutput:
    "True: standard error goes where standard output goes, so that their order is exact and every line is STDOUT.",
  position: "Where it is drawn; left out: at 0, 0.",
} as const;

const EXPECTED_VERSION =
  "When given and no longer current, the call is refused with CONFLICT: nobody's edit is lost.";

export const CreateContainerInput = builder.inputType("CreateContainerInput", {
  description: "A new container. Null for a field that has a default: the default.",
  fields: (t) => ({
    project: t.string({ defaultValue: "default", description: "Slug of the project that it will live in." }),
    name: t.string({ required: true, description: texts.name }),
    description: t.string({ defaultValue: "", description: texts.description }),
    enabled: t.boolean({ defaultValue: true, description: texts.enabled }),
    expression: t.string({ description: texts.expression }),
    timezone: t.string({ defaultValue: "UTC", description: texts.timezone }),
    overlap: t.field({ type: OverlapPolicyEnum, defaultValue: "SKIP", description: texts.overlap }),
    misfire: t.field({ type: MisfirePolicyEnum, defaultValue: "ONCE", description: texts.misfire }),
    dst: t.field({ type: ClockChangeInput, description: texts.dst }),
    lateAfterSeconds: t.int({ description: texts.lateAfterSeconds }),
    maxCatchUp: t.int({ description: texts.maxCatchUp }),
    timeoutSeconds: t.int({ defaultValue: 0, description: texts.timeoutSeconds }),
    maxParallel: t.int({ defaultValue: 0, description: texts.maxParallel }),
    priority: t.int({ defaultValue: 0, description: texts.priority }),
  }),
});

export const UpdateContainerInput = builder.inputType("UpdateContainerInput", {
  description: "Fields left out keep their value; null for a field that cannot be null is INVALID_INPUT.",
  fields: (t) => ({
    id: t.id({ required: true, description: "Which container." }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
    name: t.string({ description: texts.name }),
    description: t.string({ description: texts.description }),
    enabled: t.boolean({ description: texts.enabled }),
    expression: t.string({ description: texts.expression }),
    timezone: t.string({ description: texts.timezone }),
    overlap: t.field({ type: OverlapPolicyEnum, description: texts.overlap }),
    misfire: t.field({ type: MisfirePolicyEnum, description: texts.misfire }),
    dst: t.field({ type: ClockChangeInput, description: texts.dst }),
    lateAfterSeconds: t.int({ description: texts.lateAfterSeconds }),
    maxCatchUp: t.int({ description: texts.maxCatchUp }),
    timeoutSeconds: t.int({ description: texts.timeoutSeconds }),
    maxParallel: t.int({ description: texts.maxParallel }),
    priority: t.int({ description: texts.priority }),
  }),
});

export const CreateTaskInput = builder.inputType("CreateTaskInput", {
  description: "A new task. Null for a field that has a default: the default.",
  fields: (t) => ({
    containerId: t.id({ required: true, description: "Where it will live." }),
    expectedVersion: t.int({
      description: "As in UpdateContainerInput; the same for every change of tasks and relations.",
    }),
    name: t.string({ required: true, description: taskTexts.name }),
    description: t.string({ defaultValue: "", description: taskTexts.description }),
    command: t.string({ required: true, description: taskTexts.command }),
    shell: t.string({ defaultValue: "/bin/bash", description: taskTexts.shell }),
    directory: t.string({ description: taskTexts.directory }),
    environment: t.field({ type: "JSON", description: taskTexts.environment }),
    enabled: t.boolean({ defaultValue: true, description: taskTexts.enabled }),
    timeoutSeconds: t.int({ defaultValue: 0, description: taskTexts.timeoutSeconds }),
    killGraceSeconds: t.int({ defaultValue: 10, description: taskTexts.killGraceSeconds }),
    maxRetries: t.int({ defaultValue: 0, description: taskTexts.maxRetries }),
    retryDelaySeconds: t.int({ defaultValue: 5, description: taskTexts.retryDelaySeconds }),
    join: t.field({ type: JoinRuleEnum, defaultValue: "ALL", description: taskTexts.join }),
    keepLogs: t.boolean({ defaultValue: true, description: taskTexts.keepLogs }),
    mergeOutput: t.boolean({ defaultValue: false, description: taskTexts.mergeOutput }),
    position: t.field({ type: PositionInput, description: taskTexts.position }),
  }),
});

export const UpdateTaskInput = builder.inputType("UpdateTaskInput", {
  description: "Fields left out keep their value; null for a field that cannot be null is INVALID_INPUT.",
  fields: (t) => ({
    id: t.id({ required: true, description: "Which task." }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
    name: t.string({ description: taskTexts.name }),
    description: t.string({ description: taskTexts.description }),
    command: t.string({ description: taskTexts.command }),
    shell: t.string({ description: taskTexts.shell }),
    directory: t.string({ description: taskTexts.directory }),
    environment: t.field({ type: "JSON", description: taskTexts.environment }),
    enabled: t.boolean({ description: taskTexts.enabled }),
    timeoutSeconds: t.int({ description: taskTexts.timeoutSeconds }),
    killGraceSeconds: t.int({ description: taskTexts.killGraceSeconds }),
    maxRetries: t.int({ description: taskTexts.maxRetries }),
    retryDelaySeconds: t.int({ description: taskTexts.retryDelaySeconds }),
    join: t.field({ type: JoinRuleEnum, description: taskTexts.join }),
    keepLogs: t.boolean({ description: taskTexts.keepLogs }),
    mergeOutput: t.boolean({ description: taskTexts.mergeOutput }),
    position: t.field({ type: PositionInput, description: "Where it is drawn." }),
  }),
});

const SaveTaskInput = builder.inputType("SaveTaskInput", {
  description:
    "A task as the editor saves it, whole: what is null or left out is as for a new task, but for the position.",
  fields: (t) => ({
    id: t.id({
      description: "Null: the task of this name that no other one of the list is, or else a new one.",
    }),
    name: t.string({ required: true, description: taskTexts.name }),
    description: t.string({ required: true, defaultValue: "", description: taskTexts.description }),
    command: t.string({ required: true, description: taskTexts.command }),
    shell: t.string({ required: true, defaultValue: "/bin/bash", description: taskTexts.shell }),
    directory: t.string({ description: taskTexts.directory }),
    environment: t.field({ type: "JSON", description: taskTexts.environment }),
    enabled: t.boolean({ required: true, defaultValue: true, description: taskTexts.enabled }),
    timeoutSeconds: t.int({ required: true, defaultValue: 0, description: taskTexts.timeoutSeconds }),
    killGraceSeconds: t.int({ required: true, defaultValue: 10, description: taskTexts.killGraceSeconds }),
    maxRetries: t.int({ required: true, defaultValue: 0, description: taskTexts.maxRetries }),
    retryDelaySeconds: t.int({ required: true, defaultValue: 5, description: taskTexts.retryDelaySeconds }),
    join: t.field({ type: JoinRuleEnum, required: true, defaultValue: "ALL", description: taskTexts.join }),
    keepLogs: t.boolean({ required: true, defaultValue: true, description: taskTexts.keepLogs }),
    mergeOutput: t.boolean({ required: true, defaultValue: false, description: taskTexts.mergeOutput }),
    position: t.field({
      type: PositionInput,
      description: "Where it is drawn; left out: where it was, a new task at 0, 0.",
    }),
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
    tasks: input.tasks.map(({ id, ...fields }): TaskFields & { readonly id: number | null | undefined } => ({
      ...fields,
      id: decodeOptionalId("Task", id),
    })),
    relations: input.relations,
  };
}
