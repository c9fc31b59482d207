/**
 * Why a page is not there: a file of the console could not be fetched (the server is away, or a newer version has taken
 * its place), or the page itself broke. The browsers' words for the first differ.
 */
export function faultKind(message: string): "missing" | "broken" {
  return /dynamically imported module|Importing a module script failed|Unable to preload CSS/i.test(message)
    ? "missing"
    : "broken";
}
