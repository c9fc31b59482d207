/** Values of fields as forms hold them: numbers that may be missing, texts that may be empty, variables as rows. */
import { containerFields } from "../../schema/definition/container.ts";
import { type Field, type Fields, mapFields, type ValueOf } from "../../schema/definition/field.ts";
import type { Parameter } from "../../schema/definition/parameter.ts";
import { splitLabels } from "../../schema/definition/label.ts";
import { taskFields } from "../../schema/definition/task.ts";
import { type ParameterDraft, parameterDraftOf, parameterInputOf } from "./parameter_draft.ts";

/** A value may have several lines. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

type DraftValue<F extends Field> = F["kind"] extends "integer" ? number | null
  : F["kind"] extends "tags" ? string
  : F["kind"] extends "variables" ? readonly Variable[]
  : F["kind"] extends "labels" ? string
  : F["kind"] extends "parameters" ? readonly ParameterDraft[]
  : Exclude<ValueOf<F>, null>;
export type DraftValues<F extends Fields> = { readonly [Name in keyof F]: DraftValue<F[Name]> };

/** A change of the clocks has a field for each of its parts; being enabled, or a shadow, is no part of the draft. */
export const { enabled: _enabled, shadow: _shadow, dst: _dst, ...settingsFields } = containerFields;
/** Where it is drawn is on no form. */
export const { position: _position, ...formFields } = taskFields;

export function toDraft<F extends Fields>(
  fields: F,
  values: { readonly [Name in keyof F]?: unknown },
): DraftValues<F> {
  return mapFields(fields, ({ kind }: Field, name) => {
    const value = values[name] ?? "";
    // What has no value yet is an empty text here.
    if (kind === "labels" || kind === "tags") return [...value as Iterable<string>].join(", ");
    // The value is what the API shows for a field of this kind.
    if (kind === "parameters") return (value as readonly Parameter[]).map(parameterDraftOf);
    return kind === "variables" ? Object.entries(value).map(([name, value]) => ({ name, value })) : value;
  });
}

/** What an input takes, of which the caller knows the type. */
export function fromDraft<F extends Fields, Input extends object>(fields: F, draft: DraftValues<F>): Input {
  return mapFields(fields, (field, name) => givenValue(field, draft[name]));
}

function givenValue(field: Field, value: unknown): unknown {
  if (field.kind === "variables") {
    // The value is what the form holds for a field of this kind.
    const given = (value as readonly Variable[]).filter(isGiven);
    return Object.fromEntries(given.map(({ name, value }) => [name.trim(), value]));
  }
  if (field.kind === "labels") return splitLabels(String(value));
  if (field.kind === "tags") {
    return String(value).split(/[,\n]/).map((tag) => tag.trim()).filter((tag) => tag !== "");
  }
  if (field.kind === "parameters") return (value as readonly ParameterDraft[]).map(parameterInputOf);
  if (field.kind === "name") return String(value).trim();
  return field.default === null ? String(value).trim() || null : value ?? field.default;
}

/** Whether a field was left empty that may not be. */
export function isMissing(field: Field, value: unknown): boolean {
  return value === null || field.default === undefined && String(value).trim() === "";
}

/** Rows left empty are no variables. */
export function isGiven({ name, value }: Variable): boolean {
  return name.trim() !== "" || value !== "";
}
