import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { getIntrospectionQuery } from "graphql";
import { answerOf, codesOf, post, readEvents } from "../support/http.ts";
import { shareServer } from "../support/server.ts";

const BODY_BYTES = 16 * 1024 * 1024;
const LARGE_BODY_BYTES = 50 * 1024 * 1024;
/** Less than the body that must not be kept. */
const MEMORY_BYTES = 40 * 1024 * 1024;

const server = await shareServer();
const authorization = `Bearer ${await server.signIn()}`;

const unreadable = [
  ["JSON that is none", "{"],
  ["JSON that is no object", `"text"`],
  ["a list of operations", `[{"query":"{ __typename }"}]`],
  ["an empty body", ""],
  ["no query", "{}"],
  ["a query that is no text", `{"query":{}}`],
  ["variables that are no object", `{"query":"{ __typename }","variables":"none"}`],
  ["an unknown parameter", `{"query":"{ __typename }","else":1}`],
  ["GraphQL that is none", `{"query":"{ viewer {"}`],
  ["an unknown field", `{"query":"{ nothing }"}`],
  [
    "a variable of another type",
    `{"query":"query($n: Int!) { viewer { id } runs(first: $n) { totalCount } }","variables":{"n":"x"}}`,
  ],
  ["an operation that is not there", `{"query":"query A { __typename }","operationName":"B"}`],
  ["two operations and no name", `{"query":"query A { __typename } query B { __typename }"}`],
] as const;
for (const [what, body] of unreadable) {
  Deno.test(`${what} is INVALID_INPUT`, async () => {
    const response = await post(server, body, { authorization });
    const text = await response.text();

    strictEqual(response.status, 400, text);
    match(response.headers.get("content-type") ?? "", /json/);
    const { errors } = JSON.parse(text);
    ok(errors.length > 0);
    for (const { extensions } of errors) strictEqual(extensions.code, "INVALID_INPUT");
    doesNotMatch(text, /node_modules|\.ts:\d|"stack/);
  });
}

Deno.test("bytes that are no UTF-8 are refused", async () => {
  const response = await fetch(`${server.address}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization },
    body: new Uint8Array([0x7b, 0x22, 0xff, 0xfe]),
  });

  strictEqual(response.status, 400);
  deepStrictEqual(codesOf(await answerOf(response)), ["INVALID_INPUT"]);
});

for (
  const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", null]
) {
  Deno.test(`a POST of ${type ?? "no type"} is refused: any page could send it`, async () => {
    const body = new TextEncoder().encode(`{"query":"mutation { signOut }"}`);

    const response = await fetch(`${server.address}/graphql`, {
      method: "POST",
      headers: { authorization, ...(type === null ? {} : { "content-type": type }) },
      body,
    });

    strictEqual(response.status, 415);
    deepStrictEqual(codesOf(await answerOf(response)), ["INVALID_INPUT"]);
  });
}

Deno.test("a query may come by GET, a mutation may not", async () => {
  const ask = (query: string): Promise<Response> =>
    fetch(`${server.address}/graphql?${new URLSearchParams({ query })}`, { headers: { authorization } });

  const query = await answerOf(await ask("{ viewer { username } }"));
  const mutation = await ask("mutation { signOut }");

  deepStrictEqual(query.data, { viewer: { username: "admin" } });
  strictEqual(mutation.status, 405);
  deepStrictEqual(codesOf(await answerOf(mutation)), ["INVALID_INPUT"]);
  strictEqual((await server.graphql("{ viewer { username } }")).data.viewer.username, "admin");
});

Deno.test("a mutation that asks for an event stream by GET is not carried out", async () => {
  const query = `mutation { createApiToken(name: "by GET") { __typename } }`;
  const url = `${server.address}/graphql?${new URLSearchParams({ query })}`;

  const response = await fetch(url, { headers: { authorization, accept: "text/event-stream" } });
  const text = await response.text();

  match(text, /INVALID_INPUT/);
  const made = await server.graphql(query);
  strictEqual(made.data.createApiToken.__typename, "ApiTokenPayload");
});

for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS"]) {
  Deno.test(`${method} at /graphql is no way to ask`, async () => {
    const response = await fetch(`${server.address}/graphql`, { method, headers: { authorization } });
    await response.body?.cancel();

    strictEqual(response.status, 405);
    match(response.headers.get("allow") ?? "", /POST/);
    strictEqual(response.headers.get("access-control-allow-origin"), null);
  });
}

Deno.test("a body of 50 MB is refused and not kept", async () => {
  const before = memoryOf(server.pid);

  for (const announced of [true, false]) {
    const response = await fetch(`${server.address}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization },
      body: announced ? new Uint8Array(LARGE_BODY_BYTES).fill(0x20) : endless(LARGE_BODY_BYTES),
    });
    const answer = await answerOf(response);

    strictEqual(answer.status, 413);
    deepStrictEqual(codesOf(answer), ["LIMIT_EXCEEDED"]);
  }

  ok(memoryOf(server.pid) - before < MEMORY_BYTES, `${memoryOf(server.pid) - before} bytes more`);
});

Deno.test("a body just within the limit is read", async () => {
  const query = `{ viewer { username } } #`.padEnd(1_000);
  const padding = " ".repeat(BODY_BYTES - JSON.stringify({ query }).length);

  const answer = await answerOf(await post(server, JSON.stringify({ query }) + padding, { authorization }));

  deepStrictEqual(answer.data, { viewer: { username: "admin" } });
});

const tooMuch = [
  ["too deep", `{ ${"containers { edges { node { project { ".repeat(6)} id ${"} } } }".repeat(6)} }`],
  [
    "too deep by fragments",
    `{ ...a } fragment a on Query { containers { edges { node { project { containers { edges { node { project {
      ...b } } } } } } } } }
    fragment b on Project { containers { edges { node { project { containers { edges { node { project {
      containers { edges { node { project { slug } } } } } } } } } } } } }`,
  ],
  ["nested too deep to be read", "{ a ".repeat(4_000)],
  ["of values nested too deep to be read", `{ node(id: ${"[".repeat(9_000)}`],
  ["of too many aliases", `{ ${range(300).map((n) => `a${n}: viewer { id }`).join(" ")} }`],
  ["of too many tokens", `{ viewer { ${"id ".repeat(50_000)} } }`],
  [
    "too dear",
    `{ containers(first: 500) { edges { node { runs(first: 500) { edges { node { taskRuns { attempts { id } } } } } } } } }`,
  ],
] as const;
for (const [what, query] of tooMuch) {
  Deno.test(`a query that is ${what} is LIMIT_EXCEEDED`, async () => {
    const answer = await server.graphql(query);

    ok(codesOf(answer).length > 0, JSON.stringify(answer).slice(0, 500));
    deepStrictEqual([...new Set(codesOf(answer))], ["LIMIT_EXCEEDED"]);
    strictEqual(answer.data?.viewer ?? answer.data?.containers ?? null, null);
  });
}

Deno.test("fragments that go round in circles are refused", async () => {
  const answer = await server.graphql(
    "{ viewer { ...a } } fragment a on User { ...b } fragment b on User { ...a }",
  );

  strictEqual(answer.status, 400);
  ok(codesOf(answer).includes("INVALID_INPUT"));
});

Deno.test("the schema is told to a signed-in person, as GraphiQL asks for it", async () => {
  const query = getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true });

  const told = await server.graphql(query);

  ok(told.data?.__schema.types.length > 50, JSON.stringify(told.errors));
});

const secretive = [
  ["directly", getIntrospectionQuery()],
  ["by one type", `{ __type(name: "Query") { fields { name } } }`],
  ["through a fragment", "{ ...schema } fragment schema on Query { __schema { types { name } } }"],
  ["through an inline fragment", "{ ... on Query { ... { __schema { types { name } } } } }"],
] as const;
for (const [way, query] of secretive) {
  Deno.test(`the schema is not told to a stranger who asks ${way}`, async () => {
    await server.graphql(query);

    const answer = await server.graphql(query, {}, null);

    strictEqual(answer.data ?? null, null);
    deepStrictEqual(codesOf(answer), ["UNAUTHENTICATED"]);
  });
}

Deno.test("an answer is not kept by anybody on the way", async () => {
  const response = await post(server, { query: "{ viewer { username } }" }, { authorization });
  await response.body?.cancel();

  strictEqual(response.headers.get("cache-control"), "no-store");
  strictEqual(response.headers.get("referrer-policy"), "no-referrer");
  strictEqual(response.headers.get("x-content-type-options"), "nosniff");
});

Deno.test("a document that cannot be read is refused in a stream of its own too", async () => {
  const response = await post(server, { query: "subscription {" }, {
    authorization,
    accept: "text/event-stream",
  });
  const text = await response.text();

  match(text, /INVALID_INPUT/);
  doesNotMatch(text, /node_modules|"stack/);
});

Deno.test("a stream says at once that it is open", async () => {
  const response = await post(server, { query: "subscription { heartbeat }" }, {
    authorization,
    accept: "text/event-stream",
  });

  match(response.headers.get("content-type") ?? "", /^text\/event-stream/);
  strictEqual(response.headers.get("content-encoding"), null);
  const events = readEvents(response);
  match((await events.next())?.data.data.heartbeat, /^\d{4}-/);
  await events.close();
});

function range(count: number): readonly number[] {
  return [...Array(count).keys()];
}

function endless(bytes: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  const part = new Uint8Array(64 * 1024).fill(0x20);
  let left = bytes;
  return new ReadableStream({
    pull(controller): void {
      if (left <= 0) return controller.close();
      left -= part.length;
      controller.enqueue(part);
    },
  });
}

/** Resident memory of a process, in bytes. */
function memoryOf(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];
  return Number(kibibytes) * 1024;
}
