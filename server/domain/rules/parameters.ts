/** The parameters of a container's runs: their definitions, the values of one run, and what its tasks get of them. */
import {
  MAX_PARAMETER_DESCRIPTION,
  MAX_PARAMETER_NAME,
  MAX_PARAMETER_TITLE,
  MAX_PARAMETERS,
  MAX_SCHEMA_BYTES,
  MAX_VALUES_BYTES,
  type Parameter,
  type ParameterValues,
} from "../../../schema/definition/parameter.ts";
import { say, type Sentence } from "../../../schema/sentences.ts";
import { findSchemaFault, findValueFault, type ParameterFault, textOfValue } from "./parameter_value.ts";

/** Holds all values as JSON; the agent makes a file of it and puts the file's path here. */
export const PARAMETERS_VARIABLE = "ORRERY_PARAMETERS";

const parameterName = /^[A-Z_][A-Z0-9_]*$/;
const KEYS: ReadonlySet<string> = new Set([
  "name",
  "title",
  "description",
  "schema",
  "required",
  "secret",
]);

/** The definitions as they are stored, or what is wrong with them. */
export function readParameters(given: unknown): readonly Parameter[] | ParameterFault {
  if (!Array.isArray(given)) return { path: [], why: say("PARAMETERS_NO_LIST") };
  if (given.length > MAX_PARAMETERS) {
    return { path: [], why: say("PARAMETERS_MANY", { most: MAX_PARAMETERS }) };
  }
  const parameters: Parameter[] = [];
  const names = new Set<string>();
  for (const [index, item] of given.entries()) {
    const fault = findDefinitionFault(item, names);
    if (fault !== null) return { path: [String(index), ...fault.path], why: fault.why };
    const { name, title, description, schema, required, secret } = item;
    names.add(name);
    parameters.push({
      name,
      title: title ?? null,
      description: description ?? "",
      schema,
      required: required ?? false,
      secret: secret ?? false,
    });
  }
  return parameters;
}

/** The values of a run with the defaults filled in, or what is wrong with them. */
export function readParameterValues(
  parameters: readonly Parameter[],
  given: unknown,
): { readonly values: ParameterValues } | ParameterFault {
  const values = given ?? {};
  if (typeof values !== "object" || Array.isArray(values)) {
    return { path: [], why: say("PARAMETERS_NO_OBJECT") };
  }
  const known = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  for (const name of Object.keys(values)) {
    if (!known.has(name)) {
      return { path: [name], why: say("PARAMETER_UNKNOWN", { known: [...known.keys()] }) };
    }
  }
  const read: Record<string, unknown> = {};
  for (const { name, schema, required } of parameters) {
    const value = (values as ParameterValues)[name] ?? schema.default;
    if (value === undefined) {
      if (required) return { path: [name], why: say("PARAMETER_REQUIRED") };
      continue;
    }
    const why = findValueFault(schema, value);
    if (why !== null) return { path: [name], why };
    read[name] = value;
  }
  const size = bytes(JSON.stringify(read));
  return size > MAX_VALUES_BYTES
    ? { path: [], why: say("PARAMETERS_LARGE", { most: MAX_VALUES_BYTES }) }
    : { values: read };
}

/** What a run's tasks get: a variable for each value, and all of them as JSON. Nothing without parameters. */
export function parameterVariables(values: ParameterValues): Readonly<Record<string, string>> {
  const entries = Object.entries(values);
  if (entries.length === 0) return {};
  return {
    ...Object.fromEntries(entries.map(([name, value]) => [name, textOfValue(value)])),
    [PARAMETERS_VARIABLE]: JSON.stringify(values),
  };
}

/** The values that a run was given, from the environment of its tasks. */
export function parametersOf(environment: Readonly<Record<string, string>>): ParameterValues {
  return JSON.parse(environment[PARAMETERS_VARIABLE] ?? "{}");
}

/** A definition that is accepted here is one of a Parameter; null stands for what was left out. */
function findDefinitionFault(item: unknown, names: ReadonlySet<string>): ParameterFault | null {
  if (typeof item !== "object" || item === null) return { path: [], why: say("PARAMETERS_NO_LIST") };
  const { name, title, description, schema, required, secret } = item as Readonly<Record<string, unknown>>;
  const strange = Object.keys(item).find((key) => !KEYS.has(key));
  if (strange !== undefined) return { path: [strange], why: say("NONE_OF", { known: [...KEYS] }) };
  const nameFault = findNameFault(name, names);
  if (nameFault !== null) return { path: ["name"], why: nameFault };
  const titleFault = findNoteFault(title, MAX_PARAMETER_TITLE);
  if (titleFault !== null) return { path: ["title"], why: titleFault };
  const descriptionFault = findNoteFault(description, MAX_PARAMETER_DESCRIPTION);
  if (descriptionFault !== null) return { path: ["description"], why: descriptionFault };
  for (const [key, value] of Object.entries({ required, secret })) {
    if (!isLeftOut(value) && typeof value !== "boolean") return { path: [key], why: say("NO_SWITCH") };
  }
  if (secret === true) return { path: ["secret"], why: say("PARAMETER_SECRET") };
  const fault = findSchemaFault(schema);
  if (fault !== null) return { path: ["schema", ...fault.path], why: fault.why };
  return bytes(JSON.stringify(schema)) > MAX_SCHEMA_BYTES
    ? { path: ["schema"], why: say("SCHEMA_LARGE", { most: MAX_SCHEMA_BYTES }) }
    : null;
}

function findNameFault(name: unknown, names: ReadonlySet<string>): Sentence | null {
  if (typeof name !== "string" || name === "") return say("NAME_NEEDED");
  if (name.length > MAX_PARAMETER_NAME) return say("NAME_LONG", { most: MAX_PARAMETER_NAME });
  if (!parameterName.test(name)) return say("PARAMETER_NAME");
  if (name.startsWith("ORRERY_")) return say("VARIABLE_KEPT");
  return names.has(name) ? say("PARAMETER_TWICE") : null;
}

function findNoteFault(text: unknown, most: number): Sentence | null {
  if (isLeftOut(text)) return null;
  if (typeof text !== "string") return say("DESCRIPTION_NO_TEXT");
  if (text.includes("\0")) return say("DESCRIPTION_NUL");
  return [...text].length > most ? say("DESCRIPTION_LONG", { most }) : null;
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || value === null;
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
