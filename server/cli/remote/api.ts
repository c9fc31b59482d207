/**
 * `api FIELD`: every field of the API as a command, made from the schema itself, so that none can lag behind. Arguments
 * become options, the answer is JSON, and a refusal is an error with its place.
 */
import {
  buildSchema,
  getNamedType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  GraphQLScalarType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isUnionType,
} from "graphql";
import { StartError } from "../../start_error.ts";
import { SCHEMA_FILE } from "../../paths.ts";
import { describeField, listFields } from "./api_help.ts";
import { type Answer, connect, type Variables } from "./connection.ts";
import { print, printError, readText } from "./words.ts";

type Field = GraphQLField<unknown, unknown>;
export interface ApiField {
  readonly kind: "query" | "mutation" | "subscription";
  readonly field: Field;
}

/** How deep the selection goes that is made where --fields does not say: a list of what the answer holds. */
const SELECTION_DEPTH = 2;

export async function runApi(args: readonly string[]): Promise<number> {
  const schema = readApi();
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h") {
    print(listFields(apiFields(schema)));
    return 0;
  }
  const found = apiFields(schema).find(({ field }) => field.name === name);
  if (found === undefined) {
    throw new StartError(`Unknown field "${name}": see \`api --help\` for what there is`);
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    print(describeField(found));
    return 0;
  }
  const { server, fields, given } = readOptions(rest, name);
  const variables = await readVariables(found.field, given);
  const connection = await connect(server);
  const document = writeDocument(schema, found, Object.keys(variables), fields);
  if (found.kind !== "subscription") return tell(schema, found, await connection.send(document, variables));
  let code = 0;
  for await (const answer of connection.follow(document, variables)) {
    code = tell(schema, found, answer, 0);
    if (code !== 0) break;
  }
  return code;
}

export function readApi(): GraphQLSchema {
  return buildSchema(Deno.readTextFileSync(SCHEMA_FILE), { assumeValid: true });
}

export function apiFields(schema: GraphQLSchema): readonly ApiField[] {
  const of = (kind: ApiField["kind"], type: GraphQLObjectType | null | undefined): readonly ApiField[] =>
    Object.values(type?.getFields() ?? {}).map((field) => ({ kind, field }));
  return [
    ...of("query", schema.getQueryType()),
    ...of("mutation", schema.getMutationType()),
    ...of("subscription", schema.getSubscriptionType()),
  ];
}

interface Given {
  readonly path: readonly string[];
  readonly text: string;
}

/** Every option takes a value: `--name value` or `--name=value`; `--input.name value` is a part of one. */
function readOptions(
  args: readonly string[],
  field: string,
): { readonly server: string | undefined; readonly fields: string | null; readonly given: readonly Given[] } {
  const given: Given[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? "";
    const [, name = "", inline] = /^--([\w.-]+)(?:=(.*))?$/s.exec(word) ?? [];
    const text = inline ?? args[index + 1];
    if (name === "" || text === undefined) {
      throw new StartError(`Cannot read "${word}": arguments are --name value; see \`api ${field} --help\``);
    }
    if (inline === undefined) index += 1;
    given.push({ path: name.split("."), text });
  }
  const last = (name: string): string | undefined =>
    given.findLast(({ path }) => path.join(".") === name)?.text;
  return {
    server: last("server"),
    fields: last("fields") ?? null,
    given: given.filter(({ path: [first] }) => first !== "server" && first !== "fields"),
  };
}

async function readVariables(field: Field, given: readonly Given[]): Promise<Variables> {
  const variables: Record<string, unknown> = {};
  for (const { path: [name = "", ...rest], text } of given) {
    const argument = field.args.find((known) => known.name === name);
    if (argument === undefined) {
      throw new StartError(`Unknown argument "--${name}": see \`api ${field.name} --help\``);
    }
    const place = [name, ...rest];
    const value = await readValue(typeAt(argument.type, rest, place), text, place);
    variables[name] = put(variables[name], rest, value, isList(argument.type) && rest.length === 0);
  }
  const missing = field.args.find(({ name, type, defaultValue }) =>
    isNonNullType(type) && defaultValue === undefined && !(name in variables)
  );
  if (missing !== undefined) {
    throw new StartError(`Argument --${missing.name} is needed: see \`api ${field.name} --help\``);
  }
  return variables;
}

/** A list grows with each time that it is given; an object by its parts. */
function put(before: unknown, path: readonly string[], value: unknown, grows: boolean): unknown {
  const [first, ...rest] = path;
  if (first !== undefined) {
    const old = typeof before === "object" && before !== null ? before as Record<string, unknown> : {};
    return { ...old, [first]: put(old[first], rest, value, false) };
  }
  return grows && Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
}

function isList(type: GraphQLInputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}

function typeAt(type: GraphQLInputType, path: readonly string[], place: readonly string[]): GraphQLInputType {
  const [first, ...rest] = path;
  if (first === undefined) return type;
  const named = getNamedType(type);
  const field = isInputObjectType(named) ? named.getFields()[first] : undefined;
  if (field === undefined) throw new StartError(`Unknown argument "--${place.join(".")}"`);
  return typeAt(field.type, rest, place);
}

/** "@path" stands for the content of a file, "@-" for standard input. */
async function readValue(type: GraphQLInputType, given: string, place: readonly string[]): Promise<unknown> {
  const text = given.startsWith("@") ? await readText(given.slice(1)) : given;
  const plain = isNonNullType(type) ? type.ofType : type;
  if (text === "null" && !isNonNullType(type)) return null;
  if (isListType(plain)) {
    if (text.trimStart().startsWith("[")) return parseJson(text, place);
    return [await readValue(plain.ofType, text, place)];
  }
  if (isInputObjectType(plain)) return parseJson(text, place);
  if (isEnumType(plain)) {
    const known = plain.getValues().map(({ name }) => name);
    if (known.includes(text)) return text;
    throw new StartError(`Cannot use --${place.join(".")} "${text}": it is one of ${known.join(", ")}`);
  }
  const name = plain instanceof GraphQLScalarType ? plain.name : "";
  if (name === "JSON") return parseJson(text, place);
  if (name === "Boolean" && ["true", "false"].includes(text)) return text === "true";
  if (["Int", "Float"].includes(name) && text.trim() !== "" && Number.isFinite(Number(text))) {
    return Number(text);
  }
  if (!["Boolean", "Int", "Float"].includes(name)) return text;
  throw new StartError(`Cannot use --${place.join(".")} "${text}": it takes ${name}`);
}

function parseJson(text: string, place: readonly string[]): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new StartError(
      `Cannot read --${place.join(".")}: JSON is needed, or @path of a file that holds it`,
      error,
    );
  }
}

export function writeDocument(
  schema: GraphQLSchema,
  { kind, field }: ApiField,
  given: readonly string[],
  fields: string | null,
): string {
  const known = field.args.filter(({ name }) => given.includes(name));
  const declared = known.map(({ name, type }) => `$${name}: ${type}`).join(", ");
  const passed = known.map(({ name }) => `${name}: $${name}`).join(", ");
  const selection = fields ?? select(schema, getNamedType(field.type), SELECTION_DEPTH);
  return `${kind}${declared === "" ? "" : ` (${declared})`} { ${field.name}${
    passed === "" ? "" : `(${passed})`
  } ${selection} }`;
}

/** Everything plain that the answer holds, ids of what it names, and what lists and results are about. */
function select(schema: GraphQLSchema, type: GraphQLNamedType, depth: number): string {
  if (isUnionType(type)) {
    const members = type.getTypes().map((member) => `... on ${member.name} ${select(schema, member, depth)}`);
    return `{ __typename ${members.join(" ")} }`;
  }
  if (isInterfaceType(type)) return `{ __typename ${plainFields(type.getFields())} }`;
  if (!isObjectType(type)) return "";
  const all = type.getFields();
  const within = Object.values(all).flatMap((field) => {
    const named = getNamedType(field.type);
    if (isPlain(named) || needsArguments(field)) return [];
    if (isObjectType(named) && named.name.endsWith("Connection")) return [];
    if (
      isObjectType(named) && depth > 0 && !("id" in named.getFields() && !("edges" in all || "cursor" in all))
    ) {
      return [`${field.name} ${select(schema, named, depth - 1)}`];
    }
    return isObjectType(named) && "id" in named.getFields() ? [`${field.name} { id }`] : [];
  });
  const selected = [plainFields(all), ...within].filter((part) => part !== "").join(" ");
  return `{ ${selected === "" ? "__typename" : selected} }`;
}

function plainFields(fields: Readonly<Record<string, Field>>): string {
  return Object.values(fields).filter((field) => isPlain(getNamedType(field.type)) && !needsArguments(field))
    .map(({ name }) => name).join(" ");
}

function isPlain(type: GraphQLNamedType): boolean {
  return isScalarType(type) || isEnumType(type);
}

function needsArguments({ args }: Field): boolean {
  return args.some(({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined);
}

/** The answer on standard output, what was refused on standard error; the exit code. */
function tell(schema: GraphQLSchema, { field }: ApiField, { data, errors = [] }: Answer, space = 2): number {
  const value: unknown = data?.[field.name];
  for (const { message, path } of errors) {
    printError(`${message}${path === undefined ? "" : ` (${path.join(".")})`}`);
  }
  if (errors.length > 0) return 1;
  const refusal = refusalOf(schema, value);
  if (refusal !== null) {
    printError(refusal);
    return 1;
  }
  print(JSON.stringify(value, null, space));
  return 0;
}

/** A member of a result that implements Error. */
function refusalOf(schema: GraphQLSchema, value: unknown): string | null {
  if (typeof value !== "object" || value === null || !("__typename" in value)) return null;
  const type = schema.getType(String(value.__typename));
  if (!isObjectType(type) || !type.getInterfaces().some(({ name }) => name === "Error")) return null;
  const { message, path } = value as { message?: unknown; path?: readonly string[] | null };
  return `${message}${path ? ` (${path.join(".")})` : ""}`;
}
