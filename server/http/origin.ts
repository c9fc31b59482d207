/**
 * Which page a browser sends a request from. A cookie goes along with whatever any page asks for, so a change that comes
 * by cookie must prove that a page of ours asked for it.
 *
 * - foreign: the browser itself says that a page of another origin asks.
 * - own: a page of ours, or a program that sent a header which a foreign page cannot send.
 * - unknown: neither, as a plain form or a link would be.
 */
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

export function pageOf(headers: Headers): Page {
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  if (site === "cross-site" || (origin !== null && !sameHost(origin, headers))) return "foreign";
  const proven = site === "same-origin" || origin !== null || PROOFS.some((name) => headers.has(name));
  return proven ? "own" : "unknown";
}

/** A proxy may have changed Host; a foreign page can set neither of the two. */
function sameHost(origin: string, headers: Headers): boolean {
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host !== "" && (host === headers.get("host") || host === headers.get("x-forwarded-host"));
}
