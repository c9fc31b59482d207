/** Where a person goes after signing in: back to where they were, and never away from this console. */

export const SIGN_IN_PATH = "/sign-in";
const HOME = "/";

export function signInAddress(from: string): string {
  return from === HOME ? SIGN_IN_PATH : `${SIGN_IN_PATH}?from=${encodeURIComponent(from)}`;
}

/** The address to return to, read as a browser reads it. Another origin's, or the sign-in itself, is not one. */
export function returnAddress(from: string | undefined): string {
  const base = "http://console.invalid";
  if (from === undefined || !from.startsWith("/") || !URL.canParse(from, base)) return HOME;
  const { origin, pathname, search, hash } = new URL(from, base);
  return origin === base && !pathname.startsWith(SIGN_IN_PATH) && !pathname.startsWith("//")
    ? pathname + search + hash
    : HOME;
}
