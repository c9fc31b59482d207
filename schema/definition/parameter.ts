/** What can be said of a typed parameter of a container's runs. */

export const MAX_PARAMETERS = 50;
export const MAX_PARAMETER_NAME = 100;
export const MAX_PARAMETER_TITLE = 200;
export const MAX_PARAMETER_DESCRIPTION = 1_000;
export const MAX_PATTERN = 200;
/** Bytes of one definition's schema, and of all values of a run, as JSON. */
export const MAX_SCHEMA_BYTES = 10 * 1024;
export const MAX_VALUES_BYTES = 64 * 1024;

export const parameterTypes = ["string", "integer", "number", "boolean", "array", "object"] as const;
export type ParameterType = typeof parameterTypes[number];
/** Forms of a text. */
export const parameterFormats = ["date", "date-time", "email", "uri"] as const;

/** The part of JSON Schema that a value is checked with. */
export interface ParameterSchema {
  readonly type?: ParameterType;
  readonly enum?: readonly unknown[];
  readonly format?: typeof parameterFormats[number];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly default?: unknown;
}

export interface Parameter {
  /** The name of the variable. */
  readonly name: string;
  readonly title: string | null;
  readonly description: string;
  readonly schema: ParameterSchema;
  readonly required: boolean;
  readonly secret: boolean;
}

/** Values by the name of their parameter. */
export type ParameterValues = Readonly<Record<string, unknown>>;
