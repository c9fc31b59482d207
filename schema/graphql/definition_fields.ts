/** The fields of tasks and containers as the API shows them and takes them. */
import type { InputFieldRef } from "@pothos/core";
import { type Field, type Fields, type GivenValues, mapFields } from "../definition/field.ts";
import type { ApiTypes, builder } from "./builder.ts";
import { ClockChangeInput } from "./clock_change.ts";
import { JoinRuleEnum, MisfirePolicyEnum, OfflinePolicyEnum, OverlapPolicyEnum } from "./enums.ts";
import { ParameterInput } from "./parameter.ts";
import { PositionInput } from "./position.ts";

const types = {
  name: "String",
  description: "String",
  command: "String",
  path: "String",
  expression: "String",
  timezone: "String",
  variables: "JSON",
  boolean: "Boolean",
  integer: "Int",
  JoinRule: JoinRuleEnum,
  MisfirePolicy: MisfirePolicyEnum,
  OfflinePolicy: OfflinePolicyEnum,
  OverlapPolicy: OverlapPolicyEnum,
} as const;
/** A list is shown by its type itself. */
const list: ["String"] = ["String"];
const inputTypes = {
  ...types,
  labels: list,
  tags: list,
  position: PositionInput,
  parameters: [ParameterInput] as [typeof ParameterInput],
  clockChange: ClockChangeInput,
} as const;
/** Kinds whose default no input states: null, an object. */
const unstated: readonly string[] = ["variables", "position", "clockChange"];

/** One of a single column. */
type ShownField = Extract<Field, { readonly kind: keyof typeof types }>;
interface ShownOptions {
  readonly type: typeof types[keyof typeof types];
  readonly nullable?: true;
  readonly description: string;
}
type InputBuilder = Parameters<Parameters<typeof builder.inputType>[1]["fields"]>[0];

/**
 * Fields of an input. "create": what has no default is required. "update": all may be left out. "save": what has a
 * default has it also for null.
 */
export function inputFields<F extends Fields>(
  t: InputBuilder,
  fields: F,
  use: "create" | "update" | "save",
): { [Name in keyof F]: InputFieldRef<ApiTypes, GivenValues<F>[Name]> } {
  return mapFields(fields, (field) => {
    const stated = statesDefault(field);
    return t.field({
      // A list or not: the kind says which, and no type of the builder can say it for all of them.
      type: inputTypes[field.kind] as "String",
      description: describeInput(field),
      ...(use === "save" && stated || use !== "update" && field.default === undefined
        ? { required: true }
        : {}),
      // The input type of the kind takes a value of the kind.
      ...(use !== "update" && stated ? { defaultValue: field.default as never } : {}),
    });
  });
}

/** The fields that show them, each made with its name and its options. */
export function shownFields<F extends Readonly<Record<string, ShownField>>, Made>(
  fields: F,
  make: (name: keyof F & string, options: ShownOptions) => Made,
): { readonly [Name in keyof F]: Made } {
  return mapFields(
    fields,
    ({ kind, default: value, description }, name) =>
      make(name, { type: types[kind], description, ...(value === null ? { nullable: true } : {}) }),
  );
}

function statesDefault(field: Field): boolean {
  return field.default !== undefined && field.default !== null && field.statedDefault !== false &&
    !unstated.includes(field.kind);
}

function describeInput(field: Field): string {
  if (field.kind !== "integer") return field.description;
  const range = `${field.description} ${field.min} to ${field.max}.`;
  return statesDefault(field) ? range : `${range} Default ${field.default}.`;
}
