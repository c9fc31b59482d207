/** A list that names the first few and counts the rest: "A, B and 3 more". */
export function formatList(items: readonly string[], limit: number, separator: "," | ";" = ","): string {
  const named = items.slice(0, limit).join(`${separator} `);
  const more = items.length - limit;
  return more > 0 ? `${named}${separator === ";" ? ";" : ""} and ${more} more` : named;
}
