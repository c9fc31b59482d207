/** What `api --help` says: the descriptions of the schema. */
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLInputField,
  isEnumType,
  isInputObjectType,
} from "graphql";
import type { ApiField } from "./api.ts";

const titles = { query: "Queries", mutation: "Mutations", subscription: "Subscriptions" } as const;

export function listFields(fields: readonly ApiField[]): string {
  const width = Math.max(...fields.map(({ field }) => field.name.length));
  const sections = (["query", "mutation", "subscription"] as const).map((kind) => {
    const own = fields.filter((known) => known.kind === kind).map(({ field }) =>
      `  ${field.name.padEnd(width)}  ${firstSentence(field.description)}`
    );
    return `${titles[kind]}\n${own.join("\n")}`;
  });
  return `Usage: api FIELD [--argument value ...] [--fields '{ ... }'] [--server URL]\n\n${
    sections.join("\n\n")
  }\n\nThe answer is JSON; subscriptions print a line for each message. api FIELD --help tells its arguments.`;
}

export function describeField({ kind, field }: ApiField): string {
  const lines = field.args.flatMap((argument) => describeArgument(argument, ""));
  return [
    `${field.name}: ${kind}`,
    "",
    field.description ?? "",
    "",
    ...lines.length === 0 ? ["No arguments."] : ["Arguments", ...lines],
    "",
    `Result: ${field.type}`,
    "  --fields '{ ... }'  a selection of GraphQL; without it everything plain and the ids of what it names",
    "  --server URL        the server; otherwise ORRERY_SERVER",
    "A value of @path is the content of a file, @- standard input. Objects are JSON, or given by their parts.",
  ].join("\n");
}

function describeArgument(argument: GraphQLArgument | GraphQLInputField, before: string): readonly string[] {
  const { name, type, defaultValue, description } = argument;
  const stated = defaultValue === undefined ? "" : ` = ${JSON.stringify(defaultValue)}`;
  const named = getNamedType(type);
  const words = isEnumType(named) ? ` (${named.getValues().map((value) => value.name).join(", ")})` : "";
  const own = `  --${before}${name} ${type}${stated}${words}\n      ${description ?? ""}`;
  if (!isInputObjectType(named) || before !== "" || String(type).startsWith("[")) return [own];
  return [own, ...Object.values(named.getFields()).flatMap((field) => describeArgument(field, `${name}.`))];
}

function firstSentence(description: string | null | undefined): string {
  return (description ?? "").split(/(?<=\.)\s/)[0] ?? "";
}
