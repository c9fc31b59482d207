/** Pages of a connection by the address: `after` and `before` are cursors, neither is the first page. */

export const PAGE_SIZE = 50;

export interface PageAddress {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

export interface PageVariables {
  readonly first: number | null;
  readonly after: string | null;
  readonly last: number | null;
  readonly before: string | null;
}

export function pageVariables({ after, before }: PageAddress): PageVariables {
  if (before !== undefined) return { first: null, after: null, last: PAGE_SIZE, before };
  return { first: PAGE_SIZE, after: after ?? null, last: null, before: null };
}

/** True on the page that new rows belong on top of. */
export function onFirstPage({ after, before }: PageAddress): boolean {
  return after === undefined && before === undefined;
}

/** A value of the address: there, and not a list. */
export function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
