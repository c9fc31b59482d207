/** From the draft to what the server is asked to save, and from its refusal back to the field that it names. */
import type { VariablesOf } from "../graphql/tada.ts";
import { type Refusal, refusalReason, refusedField } from "../graphql/refusals.ts";
import { namesOf } from "../../schema/definition/field.ts";
import type { ContainerDraft, TaskDraft } from "./container_draft.ts";
import type { SaveContainerDocument } from "./container_documents.ts";
import { formFields, fromDraft, isGiven, isMissing, settingsFields, type Variable } from "./draft_fields.ts";

type SaveInput = VariablesOf<typeof SaveContainerDocument>["input"];

/** Faults by field: "settings.name", "tasks.<key>.command", and "" for what is about the whole. */
export type Faults = Readonly<Record<string, string>>;

/** What the page itself can say about a fault. */
export interface FaultWords {
  readonly required: string;
  readonly duplicate: string;
  readonly variableName: string;
  readonly variableTwice: (name: string) => string;
}

export function saveInput(id: string, expectedVersion: number, draft: ContainerDraft): SaveInput {
  const { missing, repeated } = draft.settings;
  const settings: Omit<SaveInput["container"], "id"> = fromDraft(settingsFields, draft.settings);
  const names = new Map(draft.tasks.map(({ key, name }) => [key, name.trim()]));
  return {
    container: {
      ...settings,
      id,
      expectedVersion,
      dst: { missing, repeated },
    },
    tasks: draft.tasks.map(taskInput),
    relations: draft.waits.map(({ upstream, downstream, condition }) => ({
      upstream: names.get(upstream) ?? "",
      downstream: names.get(downstream) ?? "",
      condition,
    })),
  };
}

function taskInput(task: TaskDraft): SaveInput["tasks"][number] {
  const values: SaveInput["tasks"][number] = fromDraft(formFields, task);
  return { ...values, id: task.id, ...(task.position === null ? {} : { position: task.position }) };
}

/** What is wrong before the server is asked. The server decides; this only spares a way there and back. */
export function draftFaults(draft: ContainerDraft, words: FaultWords): Faults {
  const faults: Record<string, string> = {};
  for (const name of namesOf(settingsFields)) {
    if (isMissing(settingsFields[name], draft.settings[name])) faults[`settings.${name}`] = words.required;
  }
  const names = new Set<string>();
  for (const task of draft.tasks) {
    const name = task.name.trim();
    if (names.has(name)) faults[`tasks.${task.key}.name`] = words.duplicate;
    names.add(name);
    Object.assign(faults, taskFaults(task, words));
  }
  return faults;
}

/** The server's refusal at the field that it names. */
export function refusalFaults(draft: ContainerDraft, refusal: Refusal): Faults {
  const field = refusedField(refusal);
  const reason = refusalReason(refusal.message);
  const task = field?.match(/^tasks\.(\d+)(?:\.([^.]+))?/);
  if (task) {
    const key = draft.tasks[Number(task[1])]?.key;
    if (key !== undefined) return { [`tasks.${key}.${task[2] ?? "name"}`]: reason };
  }
  const relation = field?.match(/^relations\.(\d+)/);
  if (relation) {
    const downstream = draft.waits[Number(relation[1])]?.downstream;
    if (downstream !== undefined) return { [`tasks.${downstream}.waits`]: reason };
  }
  const setting = field?.match(/^container\.(\w+)/);
  if (setting) return { [`settings.${setting[1]}`]: reason };
  return { "": reason };
}

/** True when the refusal says that somebody else saved first. */
export function isVersionConflict(refusal: Refusal): boolean {
  return refusal.code === "CONFLICT" && refusedField(refusal)?.endsWith("expectedVersion") === true;
}

function taskFaults(task: TaskDraft, words: FaultWords): Faults {
  const faults: Record<string, string> = {};
  for (const name of namesOf(formFields)) {
    if (isMissing(formFields[name], task[name])) faults[`tasks.${task.key}.${name}`] = words.required;
  }
  const variables = environmentFault(task.environment.filter(isGiven), words);
  if (variables !== null) faults[`tasks.${task.key}.environment`] = variables;
  return faults;
}

function environmentFault(variables: readonly Variable[], words: FaultWords): string | null {
  const names = new Set<string>();
  for (const { name } of variables) {
    if (name.trim() === "") return words.variableName;
    if (names.has(name.trim())) return words.variableTwice(name.trim());
    names.add(name.trim());
  }
  return null;
}
