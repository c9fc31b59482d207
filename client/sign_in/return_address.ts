/** Where a person goes after signing in: back to where they were, and never away from this console. */

export const SIGN_IN_PATH = "/sign-in";
const HOME = "/";

export function signInAddress(from: string): string {
  return from === HOME ? SIGN_IN_PATH : `${SIGN_IN_PATH}?from=${encodeURIComponent(from)}`;
}

/** The address to return to. Anything that a browser could read as another host, or as the sign-in itself, is not. */
export function returnAddress(from: string | undefined): string {
  const local = from !== undefined && /^\/(?![/\\])/.test(from) && !from.startsWith(SIGN_IN_PATH);
  return local ? from : HOME;
}
