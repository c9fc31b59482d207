/** Every text that the API takes, with what cannot be stored: it is refused as the caller's mistake, wherever it stands. */
import { ok, strictEqual } from "node:assert/strict";
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from "graphql";
import { buildSchema } from "../../schema/graphql/mod.ts";
import { answerOf, codesOf, post } from "../support/http.ts";
import { shareServer } from "../support/server.ts";

/** As JSON and as GraphQL write them. */
const TEXTS = {
  "NUL": String.raw`a\u0000b`,
  "the first half of a surrogate pair": String.raw`cut \ud83d`,
  "the second half of a surrogate pair": String.raw`\uDE00 cut`,
  "halves in the wrong order": String.raw`\ude00\ud83d`,
} as const;
const GOOD = String.raw`whole \ud83d\ude00`;
const TEXT_TYPES = ["String", "ID", "JSON"];

const server = await shareServer();
const authorization = `Bearer ${await server.signIn()}`;

for (const { operation, field, args, place, value } of listTexts()) {
  Deno.test(`${operation} ${field} refuses a text at ${place} that cannot be stored`, async () => {
    const definitions = args.map(({ name, type }) => `$${name}: ${type}`).join(", ");
    const given = args.map(({ name }) => `${name}: $${name}`).join(", ");
    const query = `${operation}(${definitions}) { ${field}(${given}) { __typename } }`;

    for (const [what, text] of Object.entries(TEXTS)) {
      const body = `{"query":${JSON.stringify(query)},"variables":${value(text)}}`;
      const answer = await answerOf(await post(server, body, { authorization }));

      strictEqual(answer.status, 400, `${what}: ${JSON.stringify(answer)}`);
      ok(codesOf(answer).includes("INVALID_INPUT"), JSON.stringify(answer));
      ok(JSON.stringify(answer.errors).includes("cannot be stored"), JSON.stringify(answer));
    }
  });
}

for (const [what, text] of Object.entries(TEXTS)) {
  for (
    const [place, body] of [
      ["a text of the operation", `{"query":"{ node(id: \\"${text.replaceAll("\\", "\\\\")}\\") { id } }"}`],
      ["a bare text of the operation", `{"query":"{ node(id: \\"${text}\\") { id } }"}`],
      ["a name of a variable", `{"query":"{ __typename }","variables":{"${text}":1}}`],
      ["the extensions", `{"query":"{ __typename }","extensions":{"a":["${text}"]}}`],
      ["the operation's name", `{"query":"{ __typename }","operationName":"${text}"}`],
    ] as const
  ) {
    Deno.test(`${what} in ${place} is refused`, async () => {
      const answer = await answerOf(await post(server, body, { authorization }));

      strictEqual(answer.status, 400);
      ok(codesOf(answer).every((code) => code === "INVALID_INPUT"));
    });
  }
}

Deno.test("a whole surrogate pair is a character like any other", async () => {
  const query = "mutation($name: String!) { createApiToken(name: $name) { __typename } }";

  const answer = await answerOf(
    await post(server, `{"query":"${query}","variables":{"name":"${GOOD}"}}`, { authorization }),
  );

  strictEqual(answer.data.createApiToken.__typename, "ApiTokenPayload");
});

interface TextPlace {
  readonly operation: "query" | "mutation" | "subscription";
  readonly field: string;
  readonly args: readonly GraphQLArgument[];
  readonly place: string;
  /** All variables, as JSON, with this text at the place. */
  readonly value: (text: string) => string;
}

function listTexts(): readonly TextPlace[] {
  const schema = buildSchema();
  return (["query", "mutation", "subscription"] as const).flatMap((operation) => {
    const root = {
      query: schema.getQueryType(),
      mutation: schema.getMutationType(),
      subscription: schema.getSubscriptionType(),
    };
    return Object.values(root[operation]?.getFields() ?? {}).flatMap(({ name: field, args }) =>
      args.flatMap((argument) =>
        textsOf(argument.type, 0).map(({ place, value }) => ({
          operation,
          field,
          args,
          place: `${argument.name}${place}`,
          value: (text: string) => `{"${argument.name}":${value(text)}}`,
        }))
      )
    );
  });
}

interface InnerText {
  readonly place: string;
  readonly value: (text: string) => string;
}

/** An input that holds itself is followed twice. */
function textsOf(type: GraphQLInputType, depth: number): readonly InnerText[] {
  if (isNonNullType(type)) return textsOf(type.ofType, depth);
  if (isListType(type)) {
    return textsOf(type.ofType, depth).map(({ place, value }) => ({
      place: `[0]${place}`,
      value: (text) => `[${value(text)}]`,
    }));
  }
  if (isInputObjectType(type)) {
    if (depth > 5) return [];
    return Object.values(type.getFields()).flatMap((field: GraphQLInputField) =>
      textsOf(field.type, depth + 1).map(({ place, value }) => ({
        place: `.${field.name}${place}`,
        value: (text: string) => `{"${field.name}":${value(text)}}`,
      }))
    );
  }
  if (isEnumType(type) || !TEXT_TYPES.includes(type.name)) return [];
  const whole = { place: "", value: (text: string) => `"${text}"` };
  return type.name !== "JSON" ? [whole] : [
    { place: ".key", value: (text) => `{"${text}":"A"}` },
    { place: ".value", value: (text) => `{"A":{"B":["${text}"]}}` },
  ];
}
