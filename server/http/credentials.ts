/** How a request says who sends it, how a browser keeps that, and which page it comes from. */
import type { Viewer } from "../../schema/graphql/context.ts";

const COOKIE = "orrery_session";
const QUERY_PARAMETER = "token";
/** A page of another origin cannot add any of these without our leave, which nobody gets. */
const PROOFS = [
  "x-orrery-csrf",
  "x-graphql-yoga-csrf",
  "x-requested-with",
  "apollo-require-preflight",
  "graphql-preflight",
] as const;

export interface Credential {
  readonly token: string;
  readonly via: Viewer["via"];
}

/** The header goes before the address, the address before the cookie: what was given on purpose counts. */
export function findCredential(request: Request): Credential | null {
  const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (bearer !== undefined) return { token: bearer, via: "bearer" };
  const given = addressToken(request);
  if (given !== null) return { token: given, via: "query" };
  const kept = readCookie(request.headers);
  return kept === null ? null : { token: kept, via: "cookie" };
}

/**
 * Why a request that comes by cookie may not change anything; null when it may. A cookie goes along with whatever any page
 * asks for, so it must prove that a page of ours asked.
 */
export function foreignRequest({ headers }: Request): string | null {
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  if (site === "cross-site" || (origin !== null && !sameHost(origin, headers))) {
    return "it comes by cookie from a page of another origin";
  }
  const proven = site === "same-origin" || origin !== null || PROOFS.some((name) => headers.has(name));
  return proven ? null : `by cookie it needs the header ${PROOFS[0]}: 1; or send Authorization: Bearer`;
}

/** What the browser is told to keep; `secure` when the page itself came by https. */
export function sessionCookie(token: string, expiresAt: Date, secure: boolean): string {
  return `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict; Expires=${expiresAt.toUTCString()}${
    secure ? "; Secure" : ""
  }`;
}

export function clearedCookie(secure: boolean): string {
  return sessionCookie("", new Date(0), secure);
}

/** Only where subscriptions are opened: at /graphql/stream the parameter names a stream. */
function addressToken(request: Request): string | null {
  const { pathname, searchParams } = new URL(request.url);
  return request.method === "GET" && pathname === "/graphql" ? searchParams.get(QUERY_PARAMETER) : null;
}

/** A proxy may have changed Host; a foreign page can set neither of the two. */
function sameHost(origin: string, headers: Headers): boolean {
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host !== "" && (host === headers.get("host") || host === headers.get("x-forwarded-host"));
}

function readCookie(headers: Headers): string | null {
  for (const pair of (headers.get("cookie") ?? "").split(";")) {
    const [name, value] = pair.trim().split("=", 2);
    if (name === COOKIE && value !== undefined && value !== "") return value;
  }
  return null;
}
