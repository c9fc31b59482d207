/** A parameter as the form of the settings holds it: the usual kinds of values, each with what is asked of it. */
import type { Parameter, ParameterSchema } from "../../schema/definition/parameter.ts";

export const parameterKinds = ["text", "integer", "number", "switch", "choice", "date", "other"] as const;
export type ParameterKind = typeof parameterKinds[number];

export interface ParameterDraft {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: ParameterKind;
  /** One a line. */
  readonly choices: string;
  readonly pattern: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly default: string;
  readonly required: boolean;
  readonly secret: boolean;
  /** As it was saved: what the form does not show stays. */
  readonly schema: ParameterSchema;
}

export const newParameter: ParameterDraft = parameterDraftOf({
  name: "",
  title: null,
  description: "",
  schema: { type: "string" },
  required: false,
  secret: false,
});

export function parameterDraftOf(
  { name, title, description, schema, required, secret }: Parameter,
): ParameterDraft {
  return {
    name,
    title: title ?? "",
    description,
    kind: kindOf(schema),
    choices: (schema.enum ?? []).map(textOf).join("\n"),
    pattern: schema.pattern ?? "",
    minimum: textOf(schema.minimum),
    maximum: textOf(schema.maximum),
    default: textOf(schema.default),
    required,
    secret,
    schema,
  };
}

/** What the API takes. A default that is no value of the kind is sent as it is, and refused with the reason. */
export function parameterInputOf(draft: ParameterDraft): Parameter {
  const { name, title, description, required, secret } = draft;
  return {
    name: name.trim(),
    title: title.trim() === "" ? null : title.trim(),
    description,
    schema: schemaOf(draft),
    required,
    secret,
  };
}

export function kindOf({ type, enum: choices, format }: ParameterSchema): ParameterKind {
  if (choices !== undefined) {
    return choices.every((choice) => typeof choice === "string") ? "choice" : "other";
  }
  if (type === "integer" || type === "number") return type;
  if (type === "boolean") return "switch";
  if (type !== "string") return "other";
  return format === "date" ? "date" : "text";
}

/** The value that a text in a form stands for; the text itself when it stands for none. */
export function valueOf(kind: ParameterKind, text: string): unknown {
  switch (kind) {
    case "integer":
    case "number":
      return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
    case "switch":
      return text === "true" ? true : text === "false" ? false : text;
    case "other":
      return readJson(text);
    default:
      return text;
  }
}

export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function schemaOf(draft: ParameterDraft): ParameterSchema {
  const { kind, choices, pattern, minimum, maximum } = draft;
  const { default: _default, enum: _enum, pattern: _pattern, minimum: _least, maximum: _most, ...rest } =
    draft.schema;
  const same = kindOf(draft.schema) === kind ? rest : {};
  const usual = draft.default === "" ? {} : { default: valueOf(kind, draft.default) };
  const numbers = {
    ...(minimum === "" ? {} : { minimum: Number(minimum) }),
    ...(maximum === "" ? {} : { maximum: Number(maximum) }),
  };
  switch (kind) {
    case "choice":
      return {
        ...same,
        enum: choices.split("\n").map((line) => line.trim()).filter((line) => line),
        ...usual,
      };
    case "integer":
    case "number":
      return { ...same, type: kind, ...numbers, ...usual };
    case "switch":
      return { ...same, type: "boolean", ...usual };
    case "date":
      return { ...same, type: "string", format: "date", ...usual };
    case "text":
      return { ...same, type: "string", ...(pattern === "" ? {} : { pattern }), ...usual };
    case "other": {
      const { default: _old, ...others } = draft.schema;
      return { ...others, ...usual };
    }
    default:
      throw new Error(`Unknown kind ${kind satisfies never}`);
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A text that is no JSON is meant as the text.
    return text;
  }
}
