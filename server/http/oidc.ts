/**
 * Sign-in by OpenID Connect: a code with PKCE, state and nonce, which travel in an encrypted cookie, so that any server
 * takes the answer of the provider.
 */
import { createHash } from "node:crypto";
import { EncryptJWT, errors, jwtDecrypt } from "jose";
import * as client from "openid-client";
import type { Accounts } from "../domain/accounts/interface.ts";
import type { ProjectRole } from "../../schema/states.ts";
import type { Log } from "../log.ts";
import { sessionCookie } from "./credentials.ts";
import type { Arrival } from "./caller.ts";

const PATH = "/sign-in/oidc";
const CALLBACK = `${PATH}/callback`;
const COOKIE = "orrery_oidc";
const COOKIE_SECONDS = 600;
const MAX_NAME = 200;

export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Null: a public client. */
  readonly clientSecret: string | null;
  readonly name: string;
  readonly scopes: string;
  readonly usernameClaim: string;
  readonly groupsClaim: string;
  readonly adminGroups: readonly string[];
  readonly roles: readonly { readonly group: string; readonly project: string; readonly role: ProjectRole }[];
}

interface OidcParts {
  readonly settings: OidcSettings;
  readonly accounts: Accounts;
  readonly log: Log;
  readonly publicUrl: string | null;
  /** Shared by all servers. */
  readonly secret: string;
}

/** What the cookie carries from the start to the answer. */
interface Started {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Where the person was. */
  readonly from: string;
}

/** Null for an address that is not its own. */
export function createOidc(
  parts: OidcParts,
): (arrival: Arrival, pathname: string) => Promise<Response | null> {
  let known: Promise<client.Configuration> | null = null;
  /** Asked for at the first sign-in, and again after it failed: the provider need not be up when we start. */
  const configuration = (): Promise<client.Configuration> => {
    known ??= discover(parts.settings).catch((error) => {
      known = null;
      throw error;
    });
    return known;
  };
  return async (arrival, pathname) => {
    if (pathname !== PATH && pathname !== CALLBACK) return null;
    try {
      const config = await configuration();
      return pathname === PATH ? await begin(parts, config, arrival) : await finish(parts, config, arrival);
    } catch (error) {
      // No text of the provider goes to the page: whoever made the address may have written it.
      parts.log.warn("A sign-in by OpenID Connect failed", { error });
      return redirect(`${arrival.prefix}/sign-in?fault=provider`, [cookie(arrival, "", 0)]);
    }
  };
}

async function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<client.Configuration> {
  const auth = clientSecret === null ? client.None() : client.ClientSecretBasic(clientSecret);
  const server = new URL(issuer);
  // The settings allow an unencrypted provider on this machine alone.
  const insecure = server.protocol === "http:" ? [client.allowInsecureRequests] : [];
  // Who signed the ID token is checked as well, not only that it came from the provider's address.
  const options = { execute: [client.enableNonRepudiationChecks, ...insecure] };
  return await client.discovery(server, clientId, undefined, auth, options);
}

async function begin(parts: OidcParts, config: client.Configuration, arrival: Arrival): Promise<Response> {
  const started: Started = {
    state: client.randomState(),
    nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier(),
    from: new URL(arrival.request.url).searchParams.get("from") ?? "/",
  };
  const address = client.buildAuthorizationUrl(config, {
    redirect_uri: callbackOf(parts, arrival),
    scope: parts.settings.scopes,
    state: started.state,
    nonce: started.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(started.verifier),
    code_challenge_method: "S256",
  });
  const sealed = await new EncryptJWT({ ...started }).setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .setIssuedAt().setExpirationTime(`${COOKIE_SECONDS}s`).encrypt(keyOf(parts.secret));
  return redirect(address.href, [cookie(arrival, sealed, COOKIE_SECONDS)]);
}

async function finish(parts: OidcParts, config: client.Configuration, arrival: Arrival): Promise<Response> {
  const started = await readStarted(parts, arrival.request);
  if (started === null) {
    throw new Error("The answer of the provider belongs to no sign-in that was begun here");
  }
  const answered = new URL(callbackOf(parts, arrival));
  answered.search = new URL(arrival.request.url).search;
  const tokens = await client.authorizationCodeGrant(config, answered, {
    pkceCodeVerifier: started.verifier,
    expectedState: started.state,
    expectedNonce: started.nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Error("The provider gave no ID token");
  const info = config.serverMetadata().userinfo_endpoint === undefined
    ? {}
    : await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  const session = await parts.accounts.signInByProvider(
    identityOf(parts.settings, { ...info, ...claims }, claims.iss, claims.sub),
    arrival.address,
  );
  return redirect(`${arrival.prefix}/sign-in?from=${encodeURIComponent(started.from)}`, [
    cookie(arrival, "", 0),
    sessionCookie(arrival, session.token, session.expiresAt),
  ]);
}

function identityOf(
  { usernameClaim, groupsClaim, adminGroups, roles }: OidcSettings,
  claims: Readonly<Record<string, unknown>>,
  issuer: string,
  subject: string,
): Parameters<Accounts["signInByProvider"]>[0] {
  const named = textOf(claims[usernameClaim]) ?? subject;
  const given = claims[groupsClaim];
  const groups: readonly unknown[] = Array.isArray(given) ? given : [given];
  return {
    issuer,
    subject,
    username: named,
    displayName: textOf(claims.name) ?? named,
    admin: adminGroups.length === 0 ? null : adminGroups.some((group) => groups.includes(group)),
    roles: roles.filter(({ group }) => groups.includes(group)),
  };
}

/** As much of it as a name may have. */
function textOf(claim: unknown): string | null {
  if (typeof claim !== "string") return null;
  // deno-lint-ignore no-control-regex -- control characters are what it takes out
  return claim.replace(/[\u0000-\u001f\u007f]/g, "").trim().slice(0, MAX_NAME) || null;
}

async function readStarted({ secret }: OidcParts, request: Request): Promise<Started | null> {
  const sealed = new RegExp(`(?:^|; *)${COOKIE}=([^;]+)`).exec(request.headers.get("cookie") ?? "")?.[1];
  if (sealed === undefined) return null;
  try {
    const { payload } = await jwtDecrypt(sealed, keyOf(secret));
    // Only we can have sealed it.
    return payload as unknown as Started;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}

function callbackOf({ publicUrl }: OidcParts, { request, prefix }: Arrival): string {
  return `${publicUrl ?? `${new URL(request.url).origin}${prefix}`}${CALLBACK}`;
}

/** Lax: it has to come along when the provider sends the browser back. */
function cookie({ request, prefix }: Arrival, value: string, seconds: number): string {
  const secure = request.url.startsWith("https:") ? "; Secure" : "";
  return `${COOKIE}=${value}; Path=${prefix}${PATH}; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`;
}

function keyOf(secret: string): Uint8Array {
  return createHash("sha256").update(`orrery oidc ${secret}`).digest();
}

function redirect(location: string, cookies: readonly string[]): Response {
  const response = new Response(null, { status: 302, headers: { location, "cache-control": "no-store" } });
  for (const set of cookies) response.headers.append("set-cookie", set);
  return response;
}
