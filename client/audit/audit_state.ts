/** What the address of the audit page asks for, and how a change reads. */
import { single } from "../lib/paging.ts";

/** Of a value on the page; the download has all of it. */
const MAX_CHARACTERS = 200;

export type AuditSearch = {
  action?: string;
  from?: string;
  to?: string;
  project?: string;
  after?: string;
  before?: string;
};

interface Filter {
  readonly action: string | null;
  readonly project: string | null;
  /** Instants. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Days are those of the person who looks; `to` is included. */
export function auditFilter(search: AuditSearch): Filter {
  return {
    action: single(search.action) ?? null,
    project: single(search.project) ?? null,
    from: startOfDay(single(search.from), 0),
    to: startOfDay(single(search.to), 1),
  };
}

export function downloadAddress(filter: Filter): string {
  const given = Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== null);
  return `/download/audit.ndjson?${new URLSearchParams(given)}`;
}

export interface ChangeLine {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

export function changeLines(changes: unknown, nothing: string): readonly ChangeLine[] {
  if (typeof changes !== "object" || changes === null) return [];
  return Object.entries(changes).map(([field, { before, after }]) => ({
    field,
    before: format(before, nothing),
    after: format(after, nothing),
  }));
}

function format(value: unknown, nothing: string): string {
  if (value === null || value === undefined) return nothing;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}

/** Null for what is no day. */
function startOfDay(text: string | undefined, daysLater: number): string | null {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text ?? "") ?? [];
  if (year === undefined) return null;
  return new Date(Number(year), Number(month) - 1, Number(day) + daysLater).toISOString();
}
