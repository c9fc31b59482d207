/** Checks one value against the schema of its parameter, and the schema itself. */
import { RE2JS } from "re2js";
import {
  MAX_PATTERN,
  parameterFormats,
  type ParameterSchema,
  parameterTypes,
} from "../../../schema/definition/parameter.ts";
import { say, type Sentence } from "../../../schema/sentences.ts";

/** What is wrong, and where inside the value that was checked. */
export interface ParameterFault {
  readonly path: readonly string[];
  readonly why: Sentence;
}

const knownKeywords: ReadonlySet<string> = new Set([
  "type",
  "enum",
  "format",
  "minimum",
  "maximum",
  "pattern",
  "minLength",
  "maxLength",
  "default",
  // Notes for people, which no value is checked with.
  "title",
  "description",
  "examples",
]);

/** Null when values can be checked with it. */
export function findSchemaFault(schema: unknown): ParameterFault | null {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) {
    return { path: [], why: say("SCHEMA_NO_OBJECT") };
  }
  for (const [keyword, value] of Object.entries(schema)) {
    const why = findKeywordFault(keyword, value);
    if (why !== null) return { path: [keyword], why };
  }
  // Each keyword has been checked.
  const read = schema as ParameterSchema;
  for (const [index, choice] of (read.enum ?? []).entries()) {
    const { enum: _choices, default: _default, ...rest } = read;
    const why = findValueFault(rest, choice);
    if (why !== null) return { path: ["enum", String(index)], why };
  }
  if (read.default === undefined) return null;
  const why = findValueFault(read, read.default);
  return why === null ? null : { path: ["default"], why };
}

function findKeywordFault(keyword: string, value: unknown): Sentence | null {
  if (!knownKeywords.has(keyword)) return say("SCHEMA_KEYWORD", { known: [...knownKeywords] });
  switch (keyword) {
    case "type":
      return oneOf(parameterTypes, value);
    case "format":
      return oneOf(parameterFormats, value);
    case "enum":
      return Array.isArray(value) && value.length > 0 ? null : say("SCHEMA_ENUM");
    case "minimum":
    case "maximum":
      return typeof value === "number" ? null : say("NUMBER_NEEDED");
    case "minLength":
    case "maxLength":
      return Number.isInteger(value) && Number(value) >= 0 ? null : say("SCHEMA_LENGTH");
    case "pattern":
      return findPatternFault(value);
    default:
      return null;
  }
}

function findPatternFault(pattern: unknown): Sentence | null {
  if (typeof pattern !== "string") return say("NO_TEXT");
  if (pattern.length > MAX_PATTERN) return say("PATTERN_LONG", { most: MAX_PATTERN });
  try {
    RE2JS.compile(pattern);
    return null;
  } catch {
    return say("PATTERN_UNREADABLE");
  }
}

/** Null when the schema allows the value. */
export function findValueFault(schema: ParameterSchema, value: unknown): Sentence | null {
  if (schema.type !== undefined && !hasType(schema.type, value)) {
    return say("PARAMETER_TYPE", { type: schema.type });
  }
  if (schema.enum !== undefined && !schema.enum.some((choice) => isEqual(choice, value))) {
    return say("NONE_OF", { known: schema.enum.map(textOfValue) });
  }
  if (typeof value === "number") return findNumberFault(schema, value);
  return typeof value === "string" ? findTextFault(schema, value) : null;
}

/** What a task's variable holds: a text as it is, everything else as JSON. */
export function textOfValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function findNumberFault({ minimum, maximum }: ParameterSchema, value: number): Sentence | null {
  if (minimum !== undefined && value < minimum) return say("PARAMETER_SMALL", { least: minimum });
  return maximum !== undefined && value > maximum ? say("PARAMETER_LARGE", { most: maximum }) : null;
}

function findTextFault(schema: ParameterSchema, text: string): Sentence | null {
  const { minLength, maxLength, pattern, format } = schema;
  const length = [...text].length;
  if (text.includes("\0")) return say("VARIABLE_NUL");
  if (minLength !== undefined && length < minLength) return say("PARAMETER_SHORT", { least: minLength });
  if (maxLength !== undefined && length > maxLength) return say("PARAMETER_LONG", { most: maxLength });
  // This engine takes time in proportion to the text, whatever the pattern.
  if (pattern !== undefined && !RE2JS.compile(pattern).matcher(text).find()) {
    return say("PARAMETER_PATTERN", { pattern });
  }
  return format === undefined || hasFormat(format, text) ? null : say("PARAMETER_FORMAT", { format });
}

function hasType(type: NonNullable<ParameterSchema["type"]>, value: unknown): boolean {
  switch (type) {
    case "integer":
      return Number.isSafeInteger(value);
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    default:
      return typeof value === "string";
  }
}

const dateForm = /^\d{4}-\d{2}-\d{2}$/;
const dateTimeForm = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;
const emailForm = /^[^\s@]{1,200}@[^\s@]{1,200}$/;

function hasFormat(format: NonNullable<ParameterSchema["format"]>, text: string): boolean {
  switch (format) {
    case "date":
      return dateForm.test(text) && isDay(text);
    case "date-time":
      return dateTimeForm.test(text) && isDay(text.slice(0, 10)) && !Number.isNaN(Date.parse(text));
    case "email":
      return emailForm.test(text);
    case "uri":
      return URL.canParse(text);
    default:
      throw new Error(`Unknown format ${format satisfies never}`);
  }
}

/** Date rolls 30 February over into March; a day that does not exist comes back as another. */
function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function oneOf(known: readonly string[], value: unknown): Sentence | null {
  return known.some((word) => word === value) ? null : say("NONE_OF", { known });
}

function isEqual(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}
