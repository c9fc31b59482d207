import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { createHmac } from "node:crypto";
import { answerOf, codesOf, post, SIGN_IN, signInByCookie } from "../support/http.ts";
import { ADMIN_PASSWORD, shareServer } from "../support/server.ts";

const WHO = "{ viewer { username } }";
const RENAME = `mutation { createApiToken(name: "never made") { __typename } }`;

const SECRET = "a secret that only the tests know";
const server = await shareServer({ environment: { ORRERY_SECRET: SECRET, ORRERY_LOG_LEVEL: "debug" } });
const token = await server.signIn();
const cookie = await signInByCookie(server);

Deno.test("signIn() gives a token and a cookie that no script can read", async () => {
  const response = await post(server, {
    query: SIGN_IN,
    variables: { username: "ADMIN", password: ADMIN_PASSWORD },
  });
  const answer = await answerOf(response);

  strictEqual(answer.data.signIn.user.username, "admin");
  const set = response.headers.get("set-cookie") ?? "";
  match(set, /^[^=]+=[\w.-]+; /);
  for (const attribute of ["HttpOnly", "SameSite=Strict", "Path=/"]) ok(set.includes(attribute), set);
  doesNotMatch(set, /Secure/);
  const secure = await post(server, {
    query: SIGN_IN,
    variables: { username: "admin", password: ADMIN_PASSWORD },
  }, { origin: server.address.replace("http:", "https:") });
  await secure.body?.cancel();
  match(secure.headers.get("set-cookie") ?? "", /Secure/);
});

Deno.test("a wrong password and an unknown user are refused in the same words", async () => {
  const refused = await Promise.all(
    ["admin", "nobody"].map((username) => server.graphql(SIGN_IN, { username, password: "wrong" }, null)),
  );

  const [wrong, unknown] = refused.map(({ data }) => data.signIn);
  strictEqual(wrong.code, "UNAUTHENTICATED");
  deepStrictEqual(wrong, unknown);
});

for (
  const [way, ask] of [
    ["Authorization: Bearer", () => post(server, { query: WHO }, { authorization: `Bearer ${token}` })],
    ["the session cookie", () => post(server, { query: WHO }, { cookie })],
  ] as const
) {
  Deno.test(`${way} says who asks`, async () => {
    const answer = await answerOf(await ask());

    deepStrictEqual(answer.data, { viewer: { username: "admin" } });
  });
}

Deno.test("a token in the address opens a subscription, and nothing else", async () => {
  const inAddress = (query: string): string =>
    `${server.address}/graphql?${new URLSearchParams({ query, token })}`;

  const query = await answerOf(await fetch(inAddress(WHO)));
  const stream = await fetch(inAddress("subscription { heartbeat }"), {
    headers: { accept: "text/event-stream" },
  });
  const mutation = await fetch(`${server.address}/graphql?token=${token}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query: RENAME }),
  });

  strictEqual(query.data?.viewer ?? null, null);
  ok(codesOf(query).includes("FORBIDDEN") || codesOf(query).includes("UNAUTHENTICATED"));
  strictEqual(stream.status, 200);
  match(stream.headers.get("content-type") ?? "", /^text\/event-stream/);
  await stream.body?.cancel();
  const refused = await answerOf(mutation);
  deepStrictEqual(codesOf(refused), ["UNAUTHENTICATED"]);
  match(
    refused.errors?.[0]?.message,
    /^Cannot use a token in the address for this: .* send Authorization: Bearer$/,
  );
  doesNotMatch(server.log(), new RegExp(token));
});

const forged = [
  ["without a token", null],
  ["with rubbish", "rubbish"],
  ["with a token that another secret signed", jwt({ alg: "HS256" }, token, "another secret")],
  ["with a token that nobody signed", jwt({ alg: "none" }, token, null)],
  ["with a token that is expired", jwt({ alg: "HS256" }, token, SECRET, { exp: 1 })],
  [
    "with a token of a session that never was",
    jwt({ alg: "HS256" }, token, SECRET, { jti: crypto.randomUUID() }),
  ],
  ["with a very long token", "x".repeat(5_000)],
  ["with an API token that was never made", `orrery_${"x".repeat(43)}`],
] as const;
for (const [way, presented] of forged) {
  Deno.test(`a request ${way} is UNAUTHENTICATED`, async () => {
    const answer = await server.graphql(WHO, {}, presented);

    deepStrictEqual(answer.data, { viewer: null });
    deepStrictEqual(codesOf(answer), ["UNAUTHENTICATED"]);
  });
}

Deno.test("a token whose claims are taken over and signed anew is the one that jwt() forges rightly", async () => {
  const answer = await server.graphql(WHO, {}, jwt({ alg: "HS256" }, token, SECRET));

  deepStrictEqual(answer.data, { viewer: { username: "admin" } });
});

const changes = [
  ["with no proof", {}, "FORBIDDEN"],
  ["from a foreign origin", { origin: "https://elsewhere.example" }, "FORBIDDEN"],
  ["from a foreign origin with the header", {
    origin: "https://elsewhere.example",
    "x-orrery-csrf": "1",
  }, "FORBIDDEN"],
  ["from an opaque origin", { origin: "null", "x-orrery-csrf": "1" }, "FORBIDDEN"],
  ["from another site", { "sec-fetch-site": "cross-site", "x-orrery-csrf": "1" }, "FORBIDDEN"],
  [
    "from another port of the host",
    { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site" },
    "FORBIDDEN",
  ],
  ["with the console's header", { "x-orrery-csrf": "1" }, null],
  ["with the header of another client", { "x-requested-with": "XMLHttpRequest" }, null],
  ["from the same origin", { "sec-fetch-site": "same-origin" }, null],
  ["with an origin of our own", { origin: server.address }, null],
] as const;
for (const [way, headers, code] of changes) {
  Deno.test(`a mutation by cookie ${way} is ${code ?? "carried out"}`, async () => {
    const query = `mutation($id: ID!) { revokeApiToken(id: $id) { __typename } }`;

    const response = await post(server, { query, variables: { id: "none" } }, { cookie, ...headers });
    const answer = await answerOf(response);

    deepStrictEqual(codesOf(answer), code === null ? [] : [code]);
    strictEqual(response.status, code === null ? 200 : 403);
    if (way === "with no proof") match(answer.errors?.[0].message, /x-orrery-csrf/);
    if (code === null) strictEqual(answer.data.revokeApiToken.__typename, "NotFoundError");
  });
}

Deno.test("a foreign page cannot sign a browser in", async () => {
  const response = await post(
    server,
    { query: SIGN_IN, variables: { username: "admin", password: ADMIN_PASSWORD } },
    { origin: "https://elsewhere.example" },
  );

  deepStrictEqual(codesOf(await answerOf(response)), ["FORBIDDEN"]);
  strictEqual(response.headers.get("set-cookie"), null);
});

Deno.test("a mutation by a bearer token needs no proof", async () => {
  const answer = await server.graphql(`mutation { revokeApiToken(id: "none") { __typename } }`, {}, token);

  strictEqual(answer.data.revokeApiToken.__typename, "NotFoundError");
});

Deno.test("a token of the scope VIEW alone reads by its address, by GET, and changes nothing", async () => {
  const make = async (scopes: string): Promise<string> => {
    const query =
      `mutation { createApiToken(name: "${scopes}", scopes: [${scopes}]) { ... on ApiTokenPayload { token } } }`;
    const answer = await answerOf(await post(server, { query }, { authorization: `Bearer ${token}` }));
    // The shape follows from the query above.
    return (answer.data?.createApiToken as { readonly token: string }).token;
  };
  const ask = async (given: string, query: string, method = "GET"): Promise<Response> =>
    await fetch(`${server.address}/graphql?${new URLSearchParams({ query, token: given })}`, { method });
  const [view, more] = [await make("VIEW"), await make("VIEW, OPERATE")];

  ok((await answerOf(await ask(view, WHO))).data?.viewer);
  ok(codesOf(await answerOf(await ask(more, WHO))).includes("FORBIDDEN"));
  ok(codesOf(await answerOf(await ask(view, "mutation { signOut }"))).length > 0);
  ok(codesOf(await answerOf(await ask(view, WHO, "POST"))).length > 0);
  ok((await answerOf(await ask(view, WHO))).data?.viewer);
  const run = `mutation { createProject(input: { slug: "by-view", name: "n" }) { ... on Error { code } } }`;
  const refused = await answerOf(await post(server, { query: run }, { authorization: `Bearer ${view}` }));
  deepStrictEqual(refused.data?.createProject, { code: "FORBIDDEN" });
});

Deno.test("a query by cookie needs no proof", async () => {
  const url = `${server.address}/graphql?${new URLSearchParams({ query: WHO })}`;

  const answer = await answerOf(await fetch(url, { headers: { cookie } }));

  deepStrictEqual(answer.data, { viewer: { username: "admin" } });
});

Deno.test("the cookie of a server on another port is none of ours, and of two the one that holds counts", async () => {
  const ask = async (sent: string): Promise<unknown> =>
    (await answerOf(await post(server, { query: WHO }, { cookie: sent }))).data ?? null;
  const [name = "", value = ""] = cookie.split("=");

  strictEqual(name, `orrery_session_${new URL(server.address).port}`);
  deepStrictEqual(await ask(`orrery_session_1=${value}; orrery_session=${value}`), { viewer: null });
  deepStrictEqual(await ask(`${name}=ended; other=1; ${cookie}`), { viewer: { username: "admin" } });
});

Deno.test("signOut() ends the token and the cookie at once", async () => {
  const own = await signInByCookie(server);
  const headers = { cookie: own, "x-orrery-csrf": "1" };

  const response = await post(server, { query: "mutation { signOut }" }, headers);
  const out = await answerOf(response);
  const after = await answerOf(await post(server, { query: WHO }, headers));
  const bearer = await server.graphql(WHO, {}, own.split("=")[1] ?? "");

  deepStrictEqual(out.data, { signOut: true });
  match(response.headers.get("set-cookie") ?? "", /=; .*Expires=Thu, 01 Jan 1970/);
  deepStrictEqual(codesOf(after), ["UNAUTHENTICATED"]);
  deepStrictEqual(codesOf(bearer), ["UNAUTHENTICATED"]);
});

Deno.test("createApiToken() makes a token that works until it is revoked", async () => {
  const make =
    `mutation { createApiToken(name: "script") { ... on ApiTokenPayload { id token } ... on Error { message } } }`;
  const made = await server.graphql(make);
  const { id, token: apiToken } = made.data.createApiToken;

  const before = await server.graphql(WHO, {}, apiToken);
  const again = await server.graphql(make);
  const revoked = await server.graphql(
    "mutation($id: ID!) { revokeApiToken(id: $id) { __typename } }",
    { id },
  );
  const after = await server.graphql(WHO, {}, apiToken);

  match(apiToken, /^orrery_[\w-]{43}$/);
  deepStrictEqual(before.data, { viewer: { username: "admin" } });
  match(again.data.createApiToken.message, /"script"/);
  strictEqual(revoked.data.revokeApiToken.__typename, "DeletedPayload");
  deepStrictEqual(codesOf(after), ["UNAUTHENTICATED"]);
});

Deno.test("signIn() stops guessing of one account and says when to try again", async () => {
  const guess = (username: string): Promise<{ readonly code: string; readonly retryAfterSeconds: number }> =>
    server.graphql(SIGN_IN, { username, password: "wrong" }, null).then(({ data }) => data.signIn);
  const guesses: { code: string; retryAfterSeconds: number }[] = [];
  while (guesses.length < 30 && guesses.at(-1)?.code !== "LIMIT_EXCEEDED") {
    guesses.push(await guess("victim"));
  }

  const other = await guess("somebody else");

  const last = guesses.at(-1);
  strictEqual(last?.code, "LIMIT_EXCEEDED");
  ok(last.retryAfterSeconds > 0);
  ok(guesses.length >= 5);
  strictEqual(other.code, "UNAUTHENTICATED");
});

/** The claims of a token of ours, changed and signed as told. */
function jwt(
  header: { readonly alg: string },
  original: string,
  secret: string | null,
  changed: Readonly<Record<string, unknown>> = {},
): string {
  const claims = JSON.parse(atob((original.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")));
  const encode = (value: unknown): string => btoa(JSON.stringify(value)).replaceAll("=", "");
  const signed = `${encode({ typ: "JWT", ...header })}.${encode({ ...claims, ...changed })}`
    .replaceAll("+", "-").replaceAll("/", "_");
  const signature = secret === null ? "" : createHmac("sha256", secret).update(signed).digest("base64url");
  return `${signed}.${signature}`;
}
