/** The two scalars beside GraphQL's own. */
import { type GraphQLError, Kind, type ValueNode } from "graphql";
import { say } from "../sentences.ts";
import { builder } from "./builder.ts";
import { refuse } from "./refusals.ts";

const JSON_DEPTH = 16;
const JSON_VALUES = 10_000;
const instantForm =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

builder.scalarType("DateTime", {
  description:
    "An instant. Given as YYYY-MM-DDTHH:MM:SS.sssZ (UTC, to the millisecond), so that it sorts as text; taken in any RFC 3339 form that has an offset, in the years 1 to 9999.",
  serialize: (value) => value.toISOString(),
  parseValue: readInstant,
  parseLiteral: (node) => readInstant(node.kind === Kind.STRING ? node.value : undefined),
});

builder.scalarType("JSON", {
  description:
    `Any JSON value. What is sent is at most ${JSON_DEPTH} levels deep and has at most ${JSON_VALUES} values in all.`,
  serialize: (value) => value,
  parseValue: (value) => checkJson(value),
  parseLiteral: (node, variables) => checkJson(readLiteral(node, variables ?? {}, 1)),
});

function readInstant(value: unknown): Date {
  if (typeof value !== "string") throw badInstant(value);
  const match = instantForm.exec(value);
  if (match === null) throw badInstant(value);
  const [, year, month, day, hour, minute, second] = match.map(Number);
  const instant = new Date(value.toUpperCase());
  // Date rolls 30 February over into March; an instant that does not exist is refused instead.
  const local = new Date(0);
  local.setUTCFullYear(year ?? 0, (month ?? 0) - 1, day);
  const exists = local.getUTCMonth() + 1 === month && local.getUTCDate() === day && (hour ?? 24) < 24 &&
    (minute ?? 60) < 60 && (second ?? 60) < 60;
  const within = instant.getTime() >= Date.parse("0001-01-01T00:00:00Z") &&
    instant.getTime() <= Date.parse("9999-12-31T23:59:59.999Z");
  if (!exists || !within) throw badInstant(value);
  return instant;
}

function badInstant(value: unknown): GraphQLError {
  const quoted = typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : typeof value;
  return refuse("INVALID_INPUT", say("DATE_TIME", { quoted }));
}

function checkJson<T>(value: T): T {
  let left = JSON_VALUES;
  const visit = (part: unknown, depth: number): void => {
    left -= 1;
    if (left < 0) throw refuse("INVALID_INPUT", say("JSON_LARGE", { most: JSON_VALUES }));
    if (depth > JSON_DEPTH) throw tooDeep();
    if (typeof part === "object" && part !== null) {
      for (const inner of Object.values(part)) visit(inner, depth + 1);
    }
  };
  visit(value, 1);
  return value;
}

function readLiteral(node: ValueNode, variables: Readonly<Record<string, unknown>>, depth: number): unknown {
  if (depth > JSON_DEPTH) throw tooDeep();
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.LIST:
      return node.values.map((value) => readLiteral(value, variables, depth + 1));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map((field) => [field.name.value, readLiteral(field.value, variables, depth + 1)]),
      );
    case Kind.VARIABLE:
      return variables[node.name.value];
    default:
      return never(node);
  }
}

function tooDeep(): GraphQLError {
  return refuse("INVALID_INPUT", say("JSON_DEEP", { most: JSON_DEPTH }));
}

function never(node: never): never {
  throw new Error(`Unknown literal ${JSON.stringify(node)}`);
}
