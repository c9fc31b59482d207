/** How a request says who sends it, and how a browser keeps that. */
import type { Viewer } from "../domain/accounts/interface.ts";
import type { Arrival } from "./caller.ts";

/** A page of another path may have set more than one; each costs a look at the database. */
const MAX_COOKIES = 4;

export interface Credential {
  /** The first that holds counts. */
  readonly tokens: readonly string[];
  readonly via: Viewer["via"];
}

/** The header goes before the address, the address before the cookie: what was given on purpose counts. */
export function readCredential(request: Request, addressToken: string | null): Credential | null {
  const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (bearer !== undefined) return { tokens: [bearer], via: "bearer" };
  if (addressToken !== null) return { tokens: [addressToken], via: "query" };
  const tokens = readCookies(request);
  return tokens.length === 0 ? null : { tokens, via: "cookie" };
}

/** What the browser is told to keep; Secure when the page itself came by https. */
export function sessionCookie(
  { request, prefix }: Pick<Arrival, "request" | "prefix">,
  token: string,
  expiresAt: Date,
): string {
  const parts = [
    `${cookieName(request)}=${token}`,
    `Path=${prefix || "/"}`,
    "HttpOnly",
    "SameSite=Strict",
    `Expires=${expiresAt.toUTCString()}`,
  ];
  return [...parts, ...cameByHttps(request) ? ["Secure"] : []].join("; ");
}

export function endedCookie(arrival: Pick<Arrival, "request" | "prefix">): string {
  return sessionCookie(arrival, "", new Date(0));
}

/** Cookies know no ports: without one in its name, servers of one host would sign each other out. */
function cookieName({ url }: Request): string {
  const { port, protocol } = new URL(url);
  return `orrery_session_${port || (protocol === "https:" ? "443" : "80")}`;
}

/** A proxy that ends TLS passes the page's own origin on, so that no setting is needed for it. */
function cameByHttps(request: Request): boolean {
  return request.url.startsWith("https:") || (request.headers.get("origin") ?? "").startsWith("https://");
}

function readCookies(request: Request): readonly string[] {
  const name = cookieName(request);
  const tokens = (request.headers.get("cookie") ?? "").split(";").flatMap((pair) => {
    const [key = "", value = ""] = pair.trim().split("=", 2);
    return key === name && value !== "" ? [value] : [];
  });
  return [...new Set(tokens)].slice(0, MAX_COOKIES);
}
