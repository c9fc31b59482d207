/** What an address has to be before the router reads it. */

/** The path itself, or one that can be read: a percent sign that begins no letter is not worth a page that stays empty. */
export function readablePath(path: string): string {
  return isReadable(path) ? path : path.replaceAll("%", "");
}

function isReadable(path: string): boolean {
  try {
    // What comes of it is looked at: a call for its fault alone would be left out of the bundle.
    return decodeURI(path) !== "";
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
