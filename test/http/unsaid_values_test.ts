/** A value that GraphQL refuses is somebody's password, or long: the answer says where it stood, and not what it was. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { answerOf, codesOf, post, SIGN_IN } from "../support/http.ts";
import { shareServer } from "../support/server.ts";

const server = await shareServer();
const authorization = `Bearer ${await server.signIn()}`;
const secret = "xyzzy-plugh";
const pin = 90210417;

const signIn = (password: string): string =>
  `mutation { signIn(username: "admin", password: ${password}) { __typename } }`;
const createTask = "mutation ($input: CreateTaskInput!) { createTask(input: $input) { __typename } }";
const task = { containerId: "bm9uZQ", name: "one", command: ":" };
const invalid = 'Variable "$input" got invalid value';

/** What it is, what is asked with which variables, and the message. */
const refused: readonly (readonly [string, string, Readonly<Record<string, unknown>>, string])[] = [
  [
    "a password that is a number",
    SIGN_IN,
    { username: "admin", password: pin },
    'Variable "$password" got invalid value; String cannot represent a non string value',
  ],
  [
    "a password in a list",
    SIGN_IN,
    { username: "admin", password: [secret] },
    'Variable "$password" got invalid value; String cannot represent a non string value',
  ],
  [
    "a password that looks like the end of a message",
    SIGN_IN,
    { username: "admin", password: { [secret]: ' at "password"; String is wrong' } },
    'Variable "$password" got invalid value; String cannot represent a non string value',
  ],
  [
    "a field of a wrong type within an input",
    createTask,
    { input: { ...task, maxRetries: secret, environment: { TOKEN: secret } } },
    `${invalid} at "input.maxRetries"; Int cannot represent non-integer value`,
  ],
  [
    "an input that lacks a field",
    createTask,
    { input: { containerId: "bm9uZQ", name: "one", environment: { TOKEN: secret } } },
    `${invalid}; Field "command" of required type "String!" was not provided.`,
  ],
  [
    "an input with a field too many",
    createTask,
    { input: { ...task, comand: secret } },
    `${invalid}; Field "comand" is not defined by type "CreateTaskInput". Did you mean "command"?`,
  ],
  [
    "a text for an input",
    createTask,
    { input: secret },
    `${invalid}; Expected type "CreateTaskInput" to be an object.`,
  ],
  [
    "an enum's value that there is not",
    createTask,
    { input: { ...task, join: "SOME" } },
    `${invalid} at "input.join"; Value "SOME" does not exist in "JoinRule" enum.`,
  ],
  [
    "a long text for an enum's value",
    createTask,
    { input: { ...task, join: secret.repeat(10) } },
    `${invalid} at "input.join"; The value does not exist in "JoinRule" enum.`,
  ],
  [
    "a number for an enum's value",
    createTask,
    { input: { ...task, join: pin } },
    `${invalid} at "input.join"; Enum "JoinRule" cannot represent non-string value`,
  ],
  ["a written number", signIn(String(pin)), {}, "String cannot represent a non string value"],
  ["a written object", signIn(`{ word: "${secret}" }`), {}, "String cannot represent a non string value"],
  [
    "a written text for an input",
    `mutation { createTask(input: "${secret}") { __typename } }`,
    {},
    'Expected value of type "CreateTaskInput!"',
  ],
  [
    "a text out of place",
    `mutation { signIn(username "${secret}") { __typename } }`,
    {},
    'Syntax Error: Expected ":", found String',
  ],
  [
    "a block of text out of place",
    `mutation { """${secret}""" }`,
    {},
    "Syntax Error: Expected Name, found BlockString",
  ],
  [
    "a name that is very long",
    `{ ${"x".repeat(5_000)} }`,
    {},
    `${`Cannot query field "${"x".repeat(5_000)}`.slice(0, 500)}...`,
  ],
];

for (const [what, query, variables, message] of refused) {
  Deno.test(`messageWithoutValues() tells of ${what} where it is and what is wrong`, async () => {
    const response = await post(server, { query, variables }, { authorization });
    const answer = await answerOf(response);

    strictEqual(response.status, 400);
    deepStrictEqual(codesOf(answer), ["INVALID_INPUT"]);
    deepStrictEqual(answer.errors?.map((error) => error.message), [message]);
    const text = JSON.stringify(answer);
    ok(!text.includes(secret) && !text.includes(String(pin)), text);
  });
}

Deno.test("messageWithoutValues() leaves what the API says itself", async () => {
  const query = "query ($filter: LogFilter!) { logs(filter: $filter) { __typename } }";
  const response = await post(server, { query, variables: { filter: { from: "soon" } } }, { authorization });
  const answer = await answerOf(response);

  const own = 'Cannot read DateTime "soon": an RFC 3339 instant with an offset is needed';
  ok(answer.errors?.[0]?.message.startsWith(`Variable "$filter" got invalid value at "filter.from"; ${own}`));
});

Deno.test("an environment's value of a wrong type is refused without it", async () => {
  const container = await server.graphql(
    `mutation { createContainer(input: { name: "unsaid" }) { ... on Container { id } } }`,
  );
  const query = `mutation ($input: CreateTaskInput!) {
    createTask(input: $input) { ... on Error { code message path } }
  }`;
  const input = { ...task, containerId: container.data.createContainer.id, environment: { TOKEN: pin } };

  const response = await post(server, { query, variables: { input } }, { authorization });

  const answer = await answerOf(response);
  strictEqual(answer.data.createTask.code, "INVALID_INPUT");
  deepStrictEqual(answer.data.createTask.path, ["input", "environment", "TOKEN"]);
  ok(!JSON.stringify(answer).includes(String(pin)));
});
