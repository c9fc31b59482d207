/** What people and scripts send, checked at the edge of the domain: every fault is a refusal that names its field. */
import { z } from "zod";
import { containerFields, TAG_CHARACTERS } from "../../schema/definition/container.ts";
import {
  choices,
  type Field,
  type Fields,
  type GivenClockChange,
  mapFields,
  type ValueOf,
} from "../../schema/definition/field.ts";
import { LABEL, sortLabels } from "../../schema/definition/label.ts";
import { taskFields } from "../../schema/definition/task.ts";
import { InvalidInputError } from "../../schema/errors.ts";
import { say, type Sentence } from "../../schema/sentences.ts";
import type { Action } from "../../schema/sentences/actions.ts";
import type { fieldFaults } from "../../schema/sentences/fields.ts";
import { missingTimes, repeatedTimes } from "../../schema/states.ts";
import type { Parameter, ParameterValues } from "../../schema/definition/parameter.ts";
import type { ParameterFault } from "./rules/parameter_value.ts";
import { readParameters, readParameterValues } from "./rules/parameters.ts";

const IDEMPOTENCY_KEY_CHARACTERS = 200;
const VARIABLE_NAME_CHARACTERS = 200;
const COORDINATE = 1_000_000;

const environmentName = /^[A-Za-z_][A-Za-z0-9_]*$/;
// deno-lint-ignore no-control-regex -- control characters are what it looks for
const controlCharacter = /[\u0000-\u001f\u007f]/;

export const flag = z.boolean({ error: fault("NO_SWITCH") });
export const texts = z.array(z.string({ error: fault("NO_TEXT") }), { error: fault("NO_LIST") });

/** Each field's own check, by its kind and its limits; expressions and time zones are read by the cron dialect. */
export const containerShape = shapeOf(containerFields);
export const taskShape = shapeOf(taskFields);
export const { name, description } = containerShape;
export const { environment } = taskShape;

export const variableName = z.string({ error: fault("NO_TEXT") })
  .refine((text) => environmentName.test(text), fault("VARIABLE_NAME"))
  .refine((text) => !text.startsWith("ORRERY_"), fault("VARIABLE_KEPT"))
  .refine(
    (text) => text.length <= VARIABLE_NAME_CHARACTERS,
    fault("VARIABLE_NAME_LONG", { most: VARIABLE_NAME_CHARACTERS }),
  );

export const idempotencyKey = z.string({ error: fault("NO_TEXT") })
  .refine((text) => text.trim() !== "", fault("KEY_EMPTY"))
  .refine(
    (text) => [...text].length <= IDEMPOTENCY_KEY_CHARACTERS,
    fault("KEY_LONG", { most: IDEMPOTENCY_KEY_CHARACTERS }),
  )
  .refine((text) => !text.includes("\0"), fault("KEY_NUL"));

type Shape = Readonly<Record<string, z.ZodType>>;
/** What a container was given, checked. */
export type ContainerValues = ReadValues<typeof containerShape>;
/** What a task was given, checked. */
export type TaskPatchValues = ReadValues<typeof taskShape>;
type ReadValues<S extends Shape> = { readonly [K in keyof S]?: z.infer<S[K]> };

/**
 * The fields that were given, checked. Where null cannot stand in a field it is refused, or, with `nullIsLeftOut` (for
 * something new), taken as not given.
 */
export function readFields<S extends Shape>(
  shape: S,
  input: object,
  action: Action,
  at: readonly string[] = [],
  nullIsLeftOut = false,
): ReadValues<S> {
  const given = Object.entries(input).filter(([key, value]) =>
    key in shape && value !== undefined && !(nullIsLeftOut && value === null)
  );
  const read = given.map(([key, value]) => {
    // `key in shape` was asked above; TypeScript does not carry it through the filter.
    const field = shape[key as keyof S] as z.ZodType;
    return [key, check(field, value, action, [...at, key])];
  });
  // Each value was read by the field of its own name.
  return Object.freeze(Object.fromEntries(read)) as ReadValues<S>;
}

/** The value as the schema reads it, or the refusal of its first fault. */
export function check<T>(schema: z.ZodType<T>, value: unknown, action: Action, at: readonly string[]): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = [...at, ...(issue?.path ?? []).map(String)];
  if (issue === undefined) throw new Error(`Field ${where.join(".")} refuses without an issue`);
  const why = readFault(issue.message);
  const sentence = say("FIELD_REFUSED", { action, field: where.at(-1) ?? "input", value: quote(value), why });
  throw new InvalidInputError(sentence, where);
}

/** The sentence as a text, which is all that an issue can carry. */
function fault<Key extends keyof typeof fieldFaults>(...sentence: Parameters<typeof say<Key>>): string {
  return JSON.stringify(say(...sentence));
}

/** Every schema of this file is given its sentences by `fault`, so that this is one of them. */
function readFault(message: string): Sentence {
  return JSON.parse(message);
}

/** What a field takes: of a change of the clocks one part will do. */
type Checks<F extends Fields> = {
  readonly [Name in keyof F]: z.ZodType<
    F[Name]["kind"] extends "clockChange" ? GivenClockChange : ValueOf<F[Name]>
  >;
};

function shapeOf<F extends Fields>(fields: F): Checks<F> {
  return mapFields(fields, (field) => field.default === null ? checkOf(field).nullable() : checkOf(field));
}

function checkOf(field: Field): z.ZodType {
  const { kind, max = Infinity } = field;
  switch (kind) {
    case "name":
      return z.string({ error: fault("NAME_NEEDED") })
        .refine((text) => text.trim() !== "", fault("NAME_EMPTY"))
        .refine((text) => [...text].length <= max, fault("NAME_LONG", { most: max }))
        .refine((text) => !controlCharacter.test(text), fault("NAME_CONTROLS"))
        .transform((text) => text.trim());
    case "description":
      return z.string({ error: fault("DESCRIPTION_NO_TEXT") })
        .refine((text) => [...text].length <= max, fault("DESCRIPTION_LONG", { most: max }))
        .refine((text) => !text.includes("\0"), fault("DESCRIPTION_NUL"));
    case "tags":
      return z.array(tag(), { error: fault("TAGS_NO_LIST") })
        .transform((tags) => [...new Set(tags)])
        .refine((tags) => tags.length <= max, fault("TAGS_MANY", { most: max }));
    case "command":
      return z.string({ error: fault("COMMAND_NEEDED") })
        .refine((text) => text.trim() !== "", fault("COMMAND_EMPTY"))
        .refine((text) => bytes(text) <= max, fault("COMMAND_LONG", { most: max }))
        .refine((text) => !text.includes("\0"), fault("COMMAND_NUL"));
    case "path":
      return z.string({ error: fault("PATH_NO_TEXT") })
        .refine((text) => text.trim() !== "", fault("PATH_EMPTY"))
        .refine((text) => bytes(text) <= max, fault("PATH_LONG", { most: max }))
        .refine((text) => !text.includes("\0"), fault("PATH_NUL"));
    case "expression":
      return z.string({ error: fault("NO_TEXT") });
    case "timezone":
      return z.string({ error: fault("TIMEZONE_NEEDED") });
    case "variables":
      return variables(max);
    case "labels":
      return labels(max);
    case "parameters":
      return parametersOf();
    case "boolean":
      return flag;
    case "integer":
      return whole(field.min, max);
    case "position":
      return z.object({ x: coordinate(), y: coordinate() }, { error: fault("POSITION_PARTS") });
    case "clockChange":
      return z.object({ missing: oneOf(missingTimes).nullish(), repeated: oneOf(repeatedTimes).nullish() }, {
        error: fault("DST_PARTS"),
      });
    default:
      return oneOf(choices[kind]);
  }
}

function tag(): z.ZodType<string> {
  return z.string({ error: fault("NO_TEXT") })
    .transform((text) => text.trim().toLowerCase())
    .refine((text) => text !== "" && !controlCharacter.test(text), fault("TAG_EMPTY"))
    .refine((text) => [...text].length <= TAG_CHARACTERS, fault("TAG_LONG", { most: TAG_CHARACTERS }));
}

function variables(max: number): z.ZodType {
  const texts = z.record(z.string(), z.string({ error: fault("ENVIRONMENT_NO_TEXT") }), {
    error: fault("ENVIRONMENT_NO_OBJECT"),
  });
  return texts.superRefine((values, context) => {
    for (const [variable, value] of Object.entries(values)) {
      const message = environmentFault(variable, value);
      if (message !== null) context.addIssue({ code: "custom", message, path: [variable] });
    }
    if (bytes(JSON.stringify(values)) > max) {
      context.addIssue({ code: "custom", message: fault("ENVIRONMENT_LARGE", { most: max }) });
    }
  });
}

/** Each once, in the order of their characters: the same labels are the same list. */
export function labels(max: number): z.ZodType<readonly string[]> {
  return texts.transform(sortLabels)
    .superRefine((texts, context) => {
      const wrong = texts.find((text) => !LABEL.test(text));
      if (wrong !== undefined) {
        context.addIssue({ code: "custom", message: fault("LABEL_FORM", { label: wrong }) });
      }
      if (texts.length > max) {
        context.addIssue({ code: "custom", message: fault("LABELS_MANY", { most: max }) });
      }
    });
}

function parametersOf(): z.ZodType<readonly Parameter[]> {
  return z.unknown().transform((given, context) => {
    const read = readParameters(given);
    if (!("why" in read)) return read;
    context.addIssue({ code: "custom", message: JSON.stringify(read.why), path: [...read.path] });
    return z.NEVER;
  });
}

/** The values of a run, or the error that names the first one that is wrong. */
export function checkParameterValues(
  parameters: readonly Parameter[],
  given: unknown,
  action: Action,
): ParameterValues | InvalidInputError {
  const read = readParameterValues(parameters, given);
  return "values" in read ? read.values : parameterError(read, action);
}

/** The value itself may be secret or long, and is not quoted. */
function parameterError({ path, why }: ParameterFault, action: Action): InvalidInputError {
  const where = ["parameters", ...path];
  return new InvalidInputError(
    say("FIELD_REFUSED", { action, field: where.at(-1) ?? "", value: "", why }),
    where,
  );
}

function oneOf<Word extends string>(known: readonly Word[]): z.ZodType<Word> {
  return z.enum(known, { error: fault("NONE_OF", { known }) });
}

export function whole(least: number, most: number): z.ZodType<number> {
  return z.number({ error: fault("NUMBER_NEEDED") })
    .refine(
      (value) => Number.isInteger(value) && value >= least && value <= most,
      fault("NO_WHOLE_NUMBER", { least, most }),
    );
}

function coordinate(): z.ZodType<number> {
  return z.number({ error: fault("COORDINATE_NO_NUMBER") })
    .refine((value) => Math.abs(value) <= COORDINATE, fault("COORDINATE_FAR", { most: COORDINATE }));
}

function environmentFault(variable: string, value: string): string | null {
  if (!environmentName.test(variable)) {
    return fault("VARIABLE_NAME");
  }
  if (variable.startsWith("ORRERY_")) return fault("VARIABLE_KEPT");
  if (value.includes("\0")) return fault("VARIABLE_NUL");
  return null;
}

/** Short values are worth quoting; a value that may be secret or long is not. */
function quote(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return `${value}`;
  return typeof value === "string" && value.length <= 60 && !controlCharacter.test(value)
    ? JSON.stringify(value)
    : "";
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
