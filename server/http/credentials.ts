/** How a request says who sends it, and how a browser keeps that. */
import type { Viewer } from "../../schema/graphql/context.ts";

const COOKIE = "orrery_session";

export interface Credential {
  readonly token: string;
  readonly via: Viewer["via"];
}

/** The header goes before the address, the address before the cookie: what was given on purpose counts. */
export function readCredential(headers: Headers, addressToken: string | null): Credential | null {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1];
  if (bearer !== undefined) return { token: bearer, via: "bearer" };
  if (addressToken !== null) return { token: addressToken, via: "query" };
  const kept = readCookie(headers);
  return kept === null ? null : { token: kept, via: "cookie" };
}

/** What the browser is told to keep; `secure` when the page itself came by https. */
export function sessionCookie(token: string, expiresAt: Date, secure: boolean): string {
  return `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict; Expires=${expiresAt.toUTCString()}${
    secure ? "; Secure" : ""
  }`;
}

export function endedCookie(secure: boolean): string {
  return sessionCookie("", new Date(0), secure);
}

/** A proxy that ends TLS passes the page's own origin on, so that no setting is needed for it. */
export function cameByHttps(request: Request): boolean {
  return request.url.startsWith("https:") || (request.headers.get("origin") ?? "").startsWith("https://");
}

function readCookie(headers: Headers): string | null {
  for (const pair of (headers.get("cookie") ?? "").split(";")) {
    const [name, value] = pair.trim().split("=", 2);
    if (name === COOKIE && value !== undefined && value !== "") return value;
  }
  return null;
}
