/** Sign-in by OpenID Connect, against a provider of the test's own. */
import assert from "node:assert/strict";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { projects } from "../../schema/tables/project.ts";
import { createAccounts } from "../../server/domain/accounts/accounts.ts";
import type { Accounts, Viewer } from "../../server/domain/accounts/interface.ts";
import { createPasswords } from "../../server/domain/accounts/passwords.ts";
import { createBus } from "../../server/events/bus.ts";
import { createOidc } from "../../server/http/oidc.ts";
import { createLog } from "../../server/log.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

const HOME = "http://orrery.test";
const SECRET = "a secret of the tests";

/** What the provider says in its next ID token, beside what is right. */
interface Claims {
  readonly [name: string]: unknown;
}

Deno.test("a sign-in makes an account with the roles of its groups, whichever server takes the answer", async () => {
  await using test = await openTestDatabase();
  await using desk = await openDesk(test);
  await test.db.insert(projects).values([{ slug: "default", name: "d" }, { slug: "data", name: "d" }])
    .onConflictDoNothing();

  const first = await desk.signIn({ sub: "1", preferred_username: "ada", groups: ["analysts"] });
  const again = await desk.signIn({ sub: "1", preferred_username: "renamed", groups: ["root"] });
  const other = await desk.signIn({ sub: "2", preferred_username: "ada", groups: [] });

  assert.ok(first !== null && again !== null && other !== null);
  assert.deepEqual([first.username, first.admin], ["ada", false]);
  assert.deepEqual([...first.roles as ReadonlyMap<number, string>].map(([, role]) => role), ["EDITOR"]);
  assert.deepEqual([again.userId, again.admin], [first.userId, true]);
  // A name leads to nobody else's account.
  assert.notEqual(other.userId, first.userId);
  assert.equal(other.username, "ada 2");
  assert.equal((other.roles as ReadonlyMap<number, string>).size, 0);
});

Deno.test("an answer of a wrong state, nonce, audience, issuer or time signs nobody in", async () => {
  await using test = await openTestDatabase();
  await using desk = await openDesk(test);
  const right = { sub: "1", "preferred_username": "ada" };

  for (
    const wrong of [
      { nonce: "another" },
      { aud: "another" },
      { iss: "http://127.0.0.1:1" },
      { exp: Math.floor(Date.now() / 1000) - 3_600 },
    ]
  ) {
    assert.equal(await desk.signIn({ ...right, ...wrong }), null, JSON.stringify(wrong));
  }
  assert.equal(await desk.signIn({ ...right, forged: true }), null);
  assert.equal(await desk.signIn(right, { state: "another" }), null);
  assert.equal(await desk.signIn(right, { cookie: "" }), null);
  assert.equal(await desk.signIn(right, { cookie: "orrery_oidc=rubbish" }), null);
  assert.notEqual(await desk.signIn(right), null);
});

Deno.test("where passwords are off, only an account for emergencies signs in with one", async () => {
  await using test = await openTestDatabase();
  await using desk = await openDesk(test);
  const passwordHash = await createPasswords().hash("it is long");
  await test.sql`insert into users (username, display_name, password_hash, break_glass)
    values ('ada', 'a', ${passwordHash}, false), ('glass', 'g', ${passwordHash}, true)`;
  const signIn = (username: string) =>
    desk.accounts.signIn({ username, password: "it is long", address: "a" });

  await assert.rejects(signIn("ada"), { name: "UnauthenticatedError" });
  assert.ok((await signIn("glass")).token);
  assert.deepEqual(desk.accounts.signInMethods.map(({ kind }) => kind), ["OIDC"]);
});

interface Desk extends AsyncDisposable {
  readonly accounts: Accounts;
  /** Goes the whole way of a browser; null when it ends without a session. */
  signIn(
    claims: Claims,
    changed?: { readonly state?: string; readonly cookie?: string },
  ): Promise<Viewer | null>;
}

async function openDesk({ db }: TestDatabase): Promise<Desk> {
  const provider = await openProvider();
  const accounts = createAccounts({
    db,
    bus: createBus(),
    clock: { now: () => Date.now() },
    secret: SECRET,
    tokenHours: 1,
    passwords: createPasswords(),
    passwordsAllowed: false,
    provider: "Test",
  });
  const server = () =>
    createOidc({
      settings: {
        issuer: provider.issuer,
        clientId: "orrery",
        clientSecret: "of the client",
        name: "Test",
        scopes: "openid",
        usernameClaim: "preferred_username",
        groupsClaim: "groups",
        adminGroups: ["root"],
        roles: [{ group: "analysts", project: "data", role: "EDITOR" }],
      },
      accounts,
      log: createLog("error"),
      publicUrl: HOME,
      secret: SECRET,
    });
  const [one, two] = [server(), server()];
  const ask = async (answer: typeof one, address: string, cookie = ""): Promise<Response> => {
    const request = new Request(address, { headers: { cookie } });
    const arrival = { request, address: "a", proxied: false, prefix: "", gone: new AbortController().signal };
    const response = await answer(arrival, new URL(address).pathname);
    assert.ok(response);
    return response;
  };
  return {
    accounts,
    async signIn(claims, changed = {}): Promise<Viewer | null> {
      const begun = await ask(one, `${HOME}/sign-in/oidc?from=/runs`);
      const asked = new URL(begun.headers.get("location") ?? "").searchParams;
      assert.equal(asked.get("code_challenge_method"), "S256");
      assert.equal(asked.get("redirect_uri"), `${HOME}/sign-in/oidc/callback`);
      provider.next({ nonce: asked.get("nonce"), ...claims });
      const query = new URLSearchParams({ code: "code", state: changed.state ?? asked.get("state") ?? "" });
      const cookie = changed.cookie ?? begun.headers.getSetCookie()[0]?.split(";")[0] ?? "";
      const ended = await ask(two, `${HOME}/sign-in/oidc/callback?${query}`, cookie);
      const session = ended.headers.getSetCookie().map((set) => /^orrery_session_\d+=([^;]+)/.exec(set)?.[1])
        .find((token) => token !== undefined);
      assert.equal(ended.headers.get("location")?.includes("fault"), session === undefined);
      return session === undefined ? null : await accounts.authenticate(session, "cookie");
    },
    [Symbol.asyncDispose]: () => provider.close(),
  };
}

async function openProvider(): Promise<{
  readonly issuer: string;
  next(claims: Claims): void;
  close(): Promise<void>;
}> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const forger = await generateKeyPair("RS256");
  const jwk = { ...await exportJWK(publicKey), alg: "RS256", kid: "key", use: "sig" };
  let claims: Claims = {};
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async ({ url }) => {
    const issuer = new URL(url).origin;
    switch (new URL(url).pathname) {
      case "/.well-known/openid-configuration":
        return Response.json({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/keys`,
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["RS256"],
        });
      case "/keys":
        return Response.json({ keys: [jwk] });
      case "/token": {
        const now = Math.floor(Date.now() / 1000);
        const idToken = await new SignJWT({ iss: issuer, aud: "orrery", iat: now, exp: now + 60, ...claims })
          .setProtectedHeader({ alg: "RS256", kid: "key" }).sign(
            claims.forged === true ? forger.privateKey : privateKey,
          );
        return Response.json({
          access_token: "access",
          token_type: "bearer",
          expires_in: 60,
          id_token: idToken,
        });
      }
      default:
        return new Response(null, { status: 404 });
    }
  });
  return {
    issuer: `http://127.0.0.1:${server.addr.port}`,
    next: (said) => void (claims = said),
    close: () => server.shutdown(),
  };
}
