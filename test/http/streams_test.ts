import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { createClient } from "graphql-sse";
import { answerOf, codesOf, type EventReader, post, readEvents, signInByCookie } from "../support/http.ts";
import { shareServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const STREAMS = 8;
const HEARTBEAT = "subscription { heartbeat }";
const STATS = "subscription { hostStats(everySeconds: 1) { at } }";

const server = await shareServer();

for (const singleConnection of [false, true]) {
  const mode = singleConnection ? "single connection" : "distinct connections";

  Deno.test(`graphql-sse's client subscribes in its mode of ${mode}`, async () => {
    const client = await openClient(singleConnection);
    const stats = client.iterate<{ hostStats: { at: string } }>({ query: STATS });
    const other = client.iterate<{ heartbeat: string }>({ query: HEARTBEAT });

    const first = await stats.next();
    const second = await stats.next();
    const beat = await other.next();

    match(first.value?.data?.hostStats.at ?? "", /^\d{4}-/);
    ok((second.value?.data?.hostStats.at ?? "") > (first.value?.data?.hostStats.at ?? ""));
    match(beat.value?.data?.heartbeat ?? "", /^\d{4}-/);
    await stats.return?.();
    await other.return?.();
    client.dispose();
  });

  Deno.test(`a query and a mutation are answered in the mode of ${mode}`, async () => {
    const client = await openClient(singleConnection);
    const query = client.iterate<{ viewer: { username: string } }>({ query: "{ viewer { username } }" });
    const mutation = client.iterate<{ revokeApiToken: { code: string } }>({
      query: `mutation { revokeApiToken(id: "none") { ... on Error { code } } }`,
    });

    const answers = [await query.next(), await mutation.next()];

    deepStrictEqual(answers.map(({ value }) => value?.data), [
      { viewer: { username: "admin" } },
      { revokeApiToken: { code: "NOT_FOUND" } },
    ]);
    deepStrictEqual([(await query.next()).done, (await mutation.next()).done], [true, true]);
    client.dispose();
  });

  Deno.test(`the refusal of a subscription arrives in the mode of ${mode}`, async () => {
    const client = await openClient(singleConnection);
    const results = client.iterate({ query: `subscription { runEvents(runId: "none") { run { id } } }` });

    const { value } = await results.next();

    deepStrictEqual(codesOf({ status: 200, errors: value?.errors ?? [] }), ["NOT_FOUND"]);
    client.dispose();
  });
}

Deno.test("a stranger has no streams", async () => {
  const distinct = readEvents(await openDistinct({}));
  const reserved = await fetch(`${server.address}/graphql/stream`, { method: "PUT" });

  const event = await distinct.next();

  deepStrictEqual(event?.data.errors.map(({ extensions }: { extensions: object }) => extensions), [
    { code: "UNAUTHENTICATED", messageKey: "FIELD_STRANGER", messageValues: { field: "hostStats" } },
  ]);
  strictEqual(await distinct.next().then((next) => next?.event), "complete");
  strictEqual(await distinct.next(), null);
  strictEqual(reserved.status, 401);
  deepStrictEqual(codesOf(await answerOf(reserved)), ["UNAUTHENTICATED"]);
});

Deno.test("a subscription that asks for JSON is told what to ask for", async () => {
  const headers = { authorization: `Bearer ${await server.signIn()}`, accept: "application/json" };

  const answer = await answerOf(await post(server, { query: HEARTBEAT }, headers));

  strictEqual(answer.status, 400);
  deepStrictEqual(codesOf(answer), ["INVALID_INPUT"]);
  match(answer.errors?.[0].message, /text\/event-stream/);
});

Deno.test("a session has 8 streams, of both modes together", async () => {
  const headers = { authorization: `Bearer ${await server.signIn()}` };
  const others = { authorization: `Bearer ${await server.signIn()}` };
  const open: EventReader[] = [];
  for (let count = 0; count < STREAMS / 2; count++) open.push(await watchDistinct(headers));
  const reserved: string[] = [];
  for (let count = 0; count < STREAMS / 2; count++) reserved.push(await reserve(headers));

  const oneMoreDistinct = await openDistinct(headers);
  const oneMoreReserved = await fetch(`${server.address}/graphql/stream`, { method: "PUT", headers });
  const another = await watchDistinct(others);

  for (const refused of [oneMoreDistinct, oneMoreReserved]) {
    strictEqual(refused.status, 429);
    const answer = await answerOf(refused);
    deepStrictEqual(codesOf(answer), ["LIMIT_EXCEEDED"]);
  }
  await open.pop()?.close();
  await until("the place is free again", async () => {
    const response = await openDistinct(headers);
    await response.body?.cancel();
    return response.status === 200;
  });
  for (const reader of [...open, another]) await reader.close();
});

Deno.test("a reservation belongs to the credential that made it", async () => {
  const own = { authorization: `Bearer ${await server.signIn()}` };
  const other = { authorization: `Bearer ${await server.signIn()}` };
  const stream = await reserve(own);
  const named = { "x-graphql-event-stream-token": stream };

  const opened = await fetch(`${server.address}/graphql/stream`, {
    headers: { ...other, ...named, accept: "text/event-stream" },
  });
  const sent = await post(
    server,
    { query: HEARTBEAT, extensions: { operationId: "1" } },
    { ...other, ...named },
    "/graphql/stream",
  );

  deepStrictEqual([opened.status, sent.status], [404, 404]);
  deepStrictEqual([codesOf(await answerOf(opened)), codesOf(await answerOf(sent))], [["NOT_FOUND"], [
    "NOT_FOUND",
  ]]);
});

Deno.test("the stream's own token may stand in the address, as graphql-sse has it", async () => {
  const headers = { authorization: `Bearer ${await server.signIn()}` };
  const stream = await reserve(headers);

  const opened = await fetch(`${server.address}/graphql/stream?token=${stream}`, {
    headers: { ...headers, accept: "text/event-stream" },
  });
  const events = readEvents(opened);
  const accepted = await post(
    server,
    { query: STATS, extensions: { operationId: "one" } },
    headers,
    `/graphql/stream?token=${stream}`,
  );
  const event = await events.next();
  const again = await post(
    server,
    { query: STATS, extensions: { operationId: "one" } },
    headers,
    `/graphql/stream?token=${stream}`,
  );
  const ended = await fetch(`${server.address}/graphql/stream?token=${stream}&operationId=one`, {
    method: "DELETE",
    headers,
  });

  deepStrictEqual([opened.status, accepted.status, again.status, ended.status], [200, 202, 409, 200]);
  strictEqual(event?.data.id, "one");
  match(event?.data.payload.data.hostStats.at, /^\d{4}-/);
  for (const response of [accepted, again, ended]) await response.body?.cancel();
  await events.close();
});

Deno.test("an operation that cannot be read is refused where it was sent", async () => {
  const headers = { authorization: `Bearer ${await server.signIn()}` };
  const stream = await reserve(headers);
  const send = (sent: object): Promise<Response> =>
    post(
      server,
      JSON.stringify(sent),
      { ...headers, "x-graphql-event-stream-token": stream },
      "/graphql/stream",
    );

  const refused = await Promise.all([
    send({ query: "subscription {", extensions: { operationId: "1" } }),
    send({ query: "subscription { nothing }", extensions: { operationId: "2" } }),
    send({ query: HEARTBEAT }),
    send({ extensions: { operationId: "3" } }),
    send([]),
  ]);

  for (const response of refused) {
    strictEqual(response.status, 400);
    ok(codesOf(await answerOf(response)).every((code) => code === "INVALID_INPUT"));
  }
});

Deno.test("a mutation in a stream needs the proof that any mutation by cookie needs", async () => {
  const cookie = await signInByCookie(server);
  const stream = await reserve({ cookie, "x-orrery-csrf": "1" });
  const send = (headers: Readonly<Record<string, string>>): Promise<Response> =>
    post(
      server,
      { query: `mutation { revokeApiToken(id: "none") { __typename } }`, extensions: { operationId: "1" } },
      { cookie, "x-graphql-event-stream-token": stream, ...headers },
      "/graphql/stream",
    );

  const bare = await send({});
  const foreign = await send({ origin: "https://elsewhere.example", "x-orrery-csrf": "1" });
  const proven = await send({ "x-orrery-csrf": "1" });

  deepStrictEqual([bare.status, foreign.status, proven.status], [403, 403, 202]);
  for (const response of [bare, foreign, proven]) await response.body?.cancel();
});

Deno.test("signOut() ends the streams of the session, and no others", async () => {
  const token = await server.signIn();
  const own = { authorization: `Bearer ${token}` };
  const distinct = await watchDistinct(own);
  const single = await watchSingle(own);
  const other = await watchDistinct({ authorization: `Bearer ${await server.signIn()}` });

  await server.graphql("mutation { signOut }", {}, token);

  strictEqual(await lastOf(distinct), null);
  strictEqual(await lastOf(single), null);
  ok(await other.next());
  await other.close();
});

Deno.test("revokeApiToken() ends the streams that the token opened", async () => {
  const made = await server.graphql(
    `mutation { createApiToken(name: "watcher") { ... on ApiTokenPayload { id token } } }`,
  );
  const { id, token } = made.data.createApiToken;
  const stream = await watchDistinct({ authorization: `Bearer ${token}` });

  await server.graphql("mutation($id: ID!) { revokeApiToken(id: $id) { __typename } }", { id });

  strictEqual(await lastOf(stream), null);
});

Deno.test("a stream ends when its token expires", async () => {
  const made = await server.graphql(
    `mutation($at: DateTime!) { createApiToken(name: "brief", expiresAt: $at) { ... on ApiTokenPayload { token } } }`,
    { at: new Date(Date.now() + 1_500).toISOString() },
  );
  const headers = { authorization: `Bearer ${made.data.createApiToken.token}` };
  const distinct = await watchDistinct(headers);
  const single = await watchSingle(headers);

  strictEqual(await lastOf(distinct), null);
  strictEqual(await lastOf(single), null);
});

Deno.test("a client that is gone leaves its place", async () => {
  const headers = { authorization: `Bearer ${await server.signIn()}` };
  for (let round = 0; round < 3; round++) {
    const readers: EventReader[] = [];
    while (readers.length < STREAMS) {
      readers.push(await until("there is a place", () => tryWatch(headers)));
    }
    for (const reader of readers) await reader.close();
  }
});

Deno.test("SIGTERM ends the streams, and the server", async () => {
  // The shared server is for the others: this one is only started to be stopped.
  const { startServer } = await import("../support/server.ts");
  await using own = await startServer();
  const response = await fetch(`${own.address}/graphql?${new URLSearchParams({ query: STATS })}`, {
    headers: { authorization: `Bearer ${await own.signIn()}`, accept: "text/event-stream" },
  });
  const events = readEvents(response);
  await events.next();

  const code = await own.stop("SIGTERM");

  strictEqual(code, 0);
  await lastOf(events).catch((error) => ok(error instanceof TypeError));
});

async function openClient(singleConnection: boolean): Promise<ReturnType<typeof createClient<boolean>>> {
  const headers = { authorization: `Bearer ${await server.signIn()}` };
  return createClient<boolean>({
    url: `${server.address}/graphql${singleConnection ? "/stream" : ""}`,
    singleConnection,
    retryAttempts: 0,
    headers,
  });
}

async function openDistinct(headers: Readonly<Record<string, string>>): Promise<Response> {
  return await post(server, { query: STATS }, { ...headers, accept: "text/event-stream" });
}

async function watchDistinct(headers: Readonly<Record<string, string>>): Promise<EventReader> {
  const reader = readEvents(await openDistinct(headers));
  await reader.next();
  return reader;
}

async function tryWatch(headers: Readonly<Record<string, string>>): Promise<EventReader | null> {
  const response = await openDistinct(headers);
  if (response.status === 200) return readEvents(response);
  await response.body?.cancel();
  return null;
}

async function reserve(headers: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(`${server.address}/graphql/stream`, { method: "PUT", headers });
  strictEqual(response.status, 201);
  return await response.text();
}

async function watchSingle(headers: Readonly<Record<string, string>>): Promise<EventReader> {
  const named = { ...headers, "x-graphql-event-stream-token": await reserve(headers) };
  const opened = await fetch(`${server.address}/graphql/stream`, {
    headers: { ...named, accept: "text/event-stream" },
  });
  const reader = readEvents(opened);
  const sent = await post(
    server,
    { query: STATS, extensions: { operationId: "stats" } },
    named,
    "/graphql/stream",
  );
  strictEqual(sent.status, 202);
  await sent.body?.cancel();
  await reader.next();
  return reader;
}

/** What comes after all events: null when the server has ended the stream in order. */
async function lastOf(reader: EventReader): Promise<null> {
  while (await reader.next() !== null);
  return null;
}
