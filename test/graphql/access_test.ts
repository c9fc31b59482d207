/** Who may ask: nothing but signIn answers without a viewer, and no text breaks a query. */
import assert from "node:assert/strict";
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from "graphql";
import { UnauthenticatedError } from "../../schema/errors.ts";
import type { Viewer } from "../../server/domain/accounts/interface.ts";
import { buildSchema } from "../../schema/graphql/mod.ts";
import { say } from "../../schema/sentences.ts";
import { type Answer, codes, openApi, type TestApi } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";

const schema = buildSchema();
const open = new Set(["signIn", "signInMethods"]);

Deno.test("buildSchema() answers nobody who is not signed in, but for signing in", async () => {
  await using test = await openTestDatabase();
  const accounts = {
    signInMethods: [],
    signIn: () => Promise.reject(new UnauthenticatedError(say("PASSWORD_WRONG", { action: "sign in" }))),
  };
  const api = await openApi(test.db, { accounts });
  test.statements();

  for (const type of rootTypes()) {
    for (const field of Object.values(type.getFields())) {
      const answer = await send(api, type, field, "x", null);

      const expected = open.has(field.name) ? [] : ["UNAUTHENTICATED"];
      assert.deepEqual(codes(answer), expected, `${type.name}.${field.name}`);
    }
  }
  assert.deepEqual(test.statements(), []);
});

Deno.test("buildSchema() has a refusal for hostile texts in every query", async () => {
  await using test = await openTestDatabase();
  const page = { rows: [], hasNextPage: false, hasPreviousPage: false };
  const api = await openApi(test.db, {
    logs: {
      search: () => Promise.resolve(page),
      usage: () => Promise.resolve({ bytes: 0, lines: 0, days: [] }),
    },
  });
  const query = rootTypes()[0];
  assert.ok(query);

  for (const text of ["a\0b", "\ud800", "'; drop table runs; --", "%_\\", "x".repeat(100_000)]) {
    for (const field of Object.values(query.getFields())) {
      const answer = await send(api, query, field, text, api.domain.viewer);

      const internal = codes(answer).filter((code) => code.startsWith("(none)"));
      assert.deepEqual(internal, [], `${field.name}: ${answer.errors?.[0]?.message.slice(0, 200)}`);
    }
  }
});

function rootTypes(): readonly GraphQLObjectType[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
    type ?? []
  );
}

/** Asks for the field with every text argument set to "text", and every other one that is needed to something fitting. */
async function send(
  api: TestApi,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  text: string,
  viewer: Viewer | null,
): Promise<Answer> {
  const args = field.args.flatMap((arg) => argument(arg));
  const call = `${field.name}${args.length === 0 ? "" : `(${args.join(", ")})`}`;
  const declared = ["$string: String!", "$id: ID!"].filter((variable) =>
    /\$\w+/.exec(variable)?.some((name) => call.includes(name))
  );
  const head = `${type.name.toLowerCase()}${declared.length === 0 ? "" : `(${declared.join(", ")})`}`;
  const source = `${head} { ${call} ${isCompositeType(getNamedType(field.type)) ? "{ __typename }" : ""} }`;
  const variables = { string: text, id: text };
  if (type.name !== "Subscription") return await api.ask(source, variables, viewer);
  const answer = await api.watch(source, variables, viewer);
  return Symbol.asyncIterator in answer ? {} : answer;
}

function argument({ name, type }: Pick<GraphQLArgument, "name" | "type">): string[] {
  const value = literal(type);
  return value === null ? [] : [`${name}: ${value}`];
}

/** Null for an optional value that holds no text. */
function literal(type: GraphQLInputType): string | null {
  if (isNonNullType(type)) return literal(type.ofType) ?? needed(type.ofType);
  if (isListType(type)) return null;
  if (isInputObjectType(type)) {
    return `{${Object.values(type.getFields()).flatMap((field) => argument(field)).join(", ")}}`;
  }
  if (type.name === "String") return "$string";
  return type.name === "ID" ? "$id" : null;
}

function needed(type: GraphQLInputType): string {
  if (isListType(type)) return "[]";
  if (isEnumType(type)) return type.getValues()[0]?.name ?? "";
  if (getNamedType(type).name === "Boolean") return "true";
  if (getNamedType(type).name === "DateTime") return '"2026-03-01T00:00:00Z"';
  return "1";
}
