/** What a field's value is not, said after the field; and the refusal that says it. */
import type { Refused } from "./actions.ts";
import type { Format, Sentence } from "../sentences.ts";

interface Limit {
  readonly most: number;
}

/** Clauses: they stand inside FIELD_REFUSED. */
export const fieldFaults = {
  NAME_NEEDED: () => "a name is needed",
  NAME_EMPTY: () => "a name cannot be empty",
  NAME_LONG: ({ most }: Limit) => `a name has at most ${most} characters`,
  NAME_CONTROLS: () => "a name has no control characters",
  DESCRIPTION_NO_TEXT: () => "a description is a text",
  DESCRIPTION_LONG: ({ most }: Limit) => `a description has at most ${most} characters`,
  DESCRIPTION_NUL: () => "a description has no NUL character",
  COMMAND_NEEDED: () => "a command is needed",
  COMMAND_EMPTY: () => "a command cannot be empty",
  COMMAND_LONG: ({ most }: Limit) =>
    `a command has at most ${most} bytes; put a longer one into a script file`,
  COMMAND_NUL: () => "a command has no NUL character",
  PATH_NO_TEXT: () => "a path is a text",
  PATH_EMPTY: () => "a path cannot be empty",
  PATH_LONG: ({ most }: Limit) => `a path has at most ${most} bytes`,
  PATH_NUL: () => "a path has no NUL character",
  ENVIRONMENT_NO_TEXT: () => "every value of an environment is a text",
  ENVIRONMENT_NO_OBJECT: () => "an environment is an object of texts",
  ENVIRONMENT_LARGE: ({ most }: Limit) => `an environment has at most ${most} bytes in all`,
  VARIABLE_NAME: () => "a variable's name is a letter or _ followed by letters, digits and _",
  TAGS_NO_LIST: () => "it has to be a list of texts",
  TAGS_MANY: ({ most }: Limit) => `at most ${most} tags are allowed`,
  TAG_EMPTY: () => "a tag is a word without control characters",
  TAG_LONG: ({ most }: Limit) => `a tag has at most ${most} characters`,
  VARIABLE_KEPT: () => "names that begin with ORRERY_ are kept for the scheduler",
  VARIABLE_NUL: () => "a value has no NUL character",
  NO_LIST: () => "it is a list of texts",
  LABEL_FORM: ({ label }: { readonly label: string }) =>
    `a label has 1 to 100 letters, digits and the characters . : _ - /, and "${label}" does not`,
  LABELS_MANY: ({ most }: Limit) => `there are at most ${most} labels`,
  VARIABLE_NAME_LONG: ({ most }: Limit) => `a variable's name has at most ${most} characters`,
  VARIABLE_VALUE_LONG: ({ most }: Limit) => `a value has at most ${most} bytes`,
  SECRET_SHORT: ({ least }: { readonly least: number }) =>
    `a secret has at least ${least} characters, because shorter values cannot be redacted from output`,
  NO_SWITCH: () => "it is true or false",
  NO_TEXT: () => "it is a text",
  NONE_OF: ({ known }: { readonly known: readonly string[] }) => `it is one of ${known.join(", ")}`,
  POSITION_PARTS: () => "a position has x and y",
  COORDINATE_NO_NUMBER: () => "a coordinate is a number",
  COORDINATE_FAR: ({ most }: Limit) => `a coordinate is within ${most} of 0`,
  DST_PARTS: () => "it says what becomes of missing and of repeated times",
  TIMEZONE_NEEDED: () => "a time zone is needed",
  NUMBER_NEEDED: () => "a number is needed",
  NO_WHOLE_NUMBER: ({ least, most }: Limit & { readonly least: number }) =>
    `it is a whole number from ${least} to ${most}`,
  KEY_EMPTY: () => "an idempotency key cannot be empty",
  KEY_LONG: ({ most }: Limit) => `it has at most ${most} characters`,
  KEY_NUL: () => "it has no NUL character",
} as const;

export const fieldSentences = {
  /** `value` is "" where a value is too long, or too secret, to be repeated. */
  FIELD_REFUSED: (
    { action, field, value, why }: Refused & {
      readonly field: string;
      readonly value: string;
      readonly why: Sentence;
    },
    format: Format,
  ) => `Cannot ${action}: ${field}${value === "" ? "" : ` ${value}`}: ${format(why)}`,
} as const;
