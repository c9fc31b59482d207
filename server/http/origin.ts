/**
 * Which page a browser sends a request from. A cookie goes along with whatever any page asks for, so a change that comes
 * by cookie must prove that a page of ours asked for it.
 *
 * - foreign: the browser itself says that a page of another origin asks.
 * - own: a page of ours, or a program that sent a header which a foreign page cannot send.
 * - unknown: neither, as a plain form or a link would be.
 */
import { isIP } from "node:net";

export type Page = "own" | "foreign" | "unknown";

/** A page of another origin cannot add any of these without our leave, which nobody gets. */
const PROOFS = [
  "x-orrery-csrf",
  "x-graphql-yoga-csrf",
  "x-requested-with",
  "apollo-require-preflight",
  "graphql-preflight",
] as const;

/** For the refusal's text. */
export const PROOF_HEADER = PROOFS[0];

/** `publicUrl` is the address that people use, where it is set. */
export function pageOf({ url, headers }: Request, publicUrl: string | null): Page {
  const site = headers.get("sec-fetch-site");
  // The browser knows by which address it asked, whatever a proxy made of Host.
  if (site === "same-origin") return "own";
  const origin = headers.get("origin");
  const hosts = [url, ...publicUrl === null ? [] : [publicUrl]].map((address) => new URL(address).host);
  // A proxy may have changed Host; a foreign page can set neither of the two.
  const forwarded = headers.get("x-forwarded-host");
  if (forwarded !== null) hosts.push(forwarded);
  const same = origin !== null && URL.canParse(origin) && hosts.includes(new URL(origin).host);
  if (site === "cross-site" || (origin !== null && !same)) return "foreign";
  return same || PROOFS.some((name) => headers.has(name)) ? "own" : "unknown";
}

/**
 * Against pages of a name that was made to lead here, which would count as our own: only names that are known to be ours
 * are answered. An address leads nowhere else, and a token in a header is not sent by such a page.
 */
export function isOwnHost(
  { url, headers }: Request,
  { host, publicUrl }: { readonly host: string; readonly publicUrl: string | null },
): boolean {
  const { hostname } = new URL(url);
  return isIP(hostname.replace(/^\[(.*)\]$/, "$1")) !== 0 || hostname === "localhost" ||
    hostname.endsWith(".localhost") || hostname === host.toLowerCase() ||
    (publicUrl !== null && hostname === new URL(publicUrl).hostname) || headers.has("authorization");
}
