/** What a version is made of, read from the API's JSON or from a draft, so that any two can be compared. */
import { type RelationCondition, relationConditions } from "../../schema/states.ts";
import type { ContainerDraft } from "../containers/container_draft.ts";
import { saveInput } from "../containers/draft_input.ts";

/** A field as text: what a person would type, or JSON where nobody types it. */
export type Fields = ReadonlyMap<string, string>;

export interface VersionTask {
  /** Null for one that was never saved. */
  readonly id: string | null;
  readonly name: string;
  readonly fields: Fields;
}

export interface VersionRelation {
  readonly upstream: string;
  readonly downstream: string;
  readonly condition: RelationCondition;
}

export interface VersionShape {
  readonly settings: Fields;
  readonly tasks: readonly VersionTask[];
  readonly relations: readonly VersionRelation[];
}

export const emptyShape: VersionShape = { settings: new Map(), tasks: [], relations: [] };

/** What tells tasks apart or only says where they are drawn is no content. */
const NO_CONTENT: ReadonlySet<string> = new Set(["id", "name", "position"]);

/** The shape of ContainerVersion.definition; null when it is not one. */
export function readShape(definition: unknown): VersionShape | null {
  if (!isObject(definition)) return null;
  const { settings, tasks, relations } = definition;
  if (!isObject(settings) || !Array.isArray(tasks) || !Array.isArray(relations)) return null;
  return {
    settings: readFields(settings),
    tasks: tasks.filter(isObject).map(readTask),
    relations: relations.filter(isObject).map(readRelation),
  };
}

/** The draft as it would be saved. */
export function shapeOfDraft(draft: ContainerDraft): VersionShape {
  const { container, tasks, relations } = saveInput("", 0, draft);
  const { id: _id, expectedVersion: _expected, ...settings } = container;
  return readShape({ settings, tasks, relations }) ?? emptyShape;
}

function readTask(task: Readonly<Record<string, unknown>>): VersionTask {
  return {
    id: typeof task["id"] === "string" ? task["id"] : null,
    name: String(task["name"]),
    fields: readFields(task),
  };
}

function readRelation(relation: Readonly<Record<string, unknown>>): VersionRelation {
  return {
    upstream: String(relation["upstream"]),
    downstream: String(relation["downstream"]),
    condition: relationConditions.find((condition) => condition === relation["condition"]) ?? "SUCCESS",
  };
}

function readFields(values: Readonly<Record<string, unknown>>): Fields {
  return new Map(
    Object.entries(values).filter(([name]) => !NO_CONTENT.has(name)).map(([name, value]) => {
      return [name, name === "environment" ? writeVariables(value) : writeValue(value)];
    }),
  );
}

function writeValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** One variable a line, by name. */
function writeVariables(value: unknown): string {
  if (!isObject(value)) return "";
  const lines = Object.entries(value).map(([name, text]) => `${name}=${String(text)}`);
  return lines.sort().join("\n");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
