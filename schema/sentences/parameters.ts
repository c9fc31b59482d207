/** What is wrong with parameters and with their values. */
import type { Format, Sentence } from "../sentences.ts";

interface Limit {
  readonly most: number;
}

/** Clauses: they stand inside FIELD_REFUSED, and in the reason of a slot that was skipped. */
export const parameterFaults = {
  PARAMETERS_NO_LIST: () => "parameters are a list of objects",
  PARAMETERS_NO_OBJECT: () => "parameters are an object of values by name",
  PARAMETERS_MANY: ({ most }: Limit) => `there are at most ${most} parameters`,
  PARAMETERS_LARGE: ({ most }: Limit) => `the values have at most ${most} bytes in all`,
  PARAMETER_NAME: () =>
    "a parameter's name is a capital letter or _ followed by capital letters, digits and _",
  PARAMETER_TWICE: () => "there is another parameter of this name",
  PARAMETER_SECRET: () =>
    "secret parameters cannot be stored yet; let the task read the secret from a file that only it can read",
  PARAMETER_UNKNOWN: ({ known }: { readonly known: readonly string[] }) =>
    known.length === 0
      ? "this container has no parameters; add one in its settings first"
      : `there is no such parameter; there are ${known.join(", ")}`,
  PARAMETER_REQUIRED: () => "a value is needed",
  PARAMETER_TYPE: ({ type }: { readonly type: string }) => `the value is of type ${type}`,
  PARAMETER_SMALL: ({ least }: { readonly least: number }) => `it is at least ${least}`,
  PARAMETER_LARGE: ({ most }: Limit) => `it is at most ${most}`,
  PARAMETER_SHORT: ({ least }: { readonly least: number }) => `it has at least ${least} characters`,
  PARAMETER_LONG: ({ most }: Limit) => `it has at most ${most} characters`,
  PARAMETER_PATTERN: ({ pattern }: { readonly pattern: string }) => `it has to match ${pattern}`,
  PARAMETER_FORMAT: ({ format }: { readonly format: string }) => `it has the format ${format}`,
  SCHEMA_NO_OBJECT: () => "a schema is an object",
  SCHEMA_LARGE: ({ most }: Limit) => `a schema has at most ${most} bytes`,
  SCHEMA_KEYWORD: ({ known }: { readonly known: readonly string[] }) =>
    `a schema of a parameter has only ${known.join(", ")}`,
  SCHEMA_ENUM: () => "it is a list of the values to choose from, one at least",
  SCHEMA_LENGTH: () => "a length is a whole number that is not negative",
  PATTERN_LONG: ({ most }: Limit) => `a pattern has at most ${most} characters`,
  PATTERN_UNREADABLE: () =>
    "it is not a regular expression that can be used here; back-references and look-around are not supported",
} as const;

export const parameterSentences = {
  SLOT_PARAMETERS: (
    { name, why }: { readonly name: string; readonly why: Sentence },
    format: Format,
  ) => `parameter ${name}: ${format(why)}`,
} as const;
