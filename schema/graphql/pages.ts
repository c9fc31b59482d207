/**
 * Pages of lists, read by key and not by offset: a page costs the same wherever in a long history it lies. Whether there is
 * more on the side that was not read is asked only when the field is selected.
 */
import { type Column, type SQL, sql } from "drizzle-orm";
import { decodeText, encodeText } from "../base64url.ts";
import { say } from "../sentences.ts";
import { all } from "../../server/db/conditions.ts";
import type { PageRequest } from "../../server/domain/logs/interface.ts";
import { refuse } from "./refusals.ts";

/** How many rows a page has when nothing is said, and at most. */
export interface PageLimit {
  readonly usual: number;
  readonly most: number;
}
export const ROW_PAGE: PageLimit = { usual: 50, most: 500 };
export const LINE_PAGE: PageLimit = { usual: 1000, most: 5000 };

const CURSOR_CHARACTERS = 2000;
/** What both sides can write as an instant: the years 1 to 9999. */
export const FIRST_INSTANT = Date.parse("0001-01-01T00:00:00.000Z");
export const LAST_INSTANT = Date.parse("9999-12-31T23:59:59.999Z");

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** Where a row stands: the text or the instant (milliseconds) that the list is sorted by, then the id. */
export type Key = readonly [string | number, number];

/** A total order of a table. `place` is the row's place as SQL, `at` the same for a key. */
export interface Order<Table, Row> {
  readonly keyOf: (row: Row) => Key;
  readonly place: (table: Table) => SQL;
  readonly at: (key: Key) => SQL;
  readonly sort: (table: Table, direction: "forwards" | "backwards") => SQL[];
  readonly keyKind: "text" | "instant";
  /** True when the first row has the greatest place. */
  readonly descending: boolean;
}

export interface Window {
  readonly direction: "forwards" | "backwards";
  readonly size: number;
  readonly after: Key | null;
  readonly before: Key | null;
}

export interface Page<Row> {
  readonly edges: readonly { readonly cursor: string; readonly node: Row }[];
  readonly hasNextPage: () => boolean | Promise<boolean>;
  readonly hasPreviousPage: () => boolean | Promise<boolean>;
}
export interface CountedPage<Row> extends Page<Row> {
  readonly totalCount: () => number | Promise<number>;
}

/**
 * What a name is sorted by: capitals and small letters are the same, all else is as its code points are, so that every
 * database and the console sort alike.
 */
export function nameKey(name: Column | SQL): SQL {
  return sql`lower(${name} collate "C")`;
}

/** By name, then by id. */
export function byName<Table extends { readonly name: Column; readonly id: Column }>(): Order<
  Table,
  { readonly name: string; readonly id: number }
> {
  return byText((table) => table.name, (row) => row.name);
}

/** By a text, then by id. */
export function byText<
  Table extends { readonly id: Column | SQL },
  Row extends { readonly id: number },
>(textOf: (table: Table) => Column | SQL, read: (row: Row) => string): Order<Table, Row> {
  return {
    keyKind: "text",
    descending: false,
    keyOf: (row) => [read(row), row.id],
    place: (table) => sql`(${nameKey(textOf(table))}, ${table.id})`,
    at: ([text, id]) => sql`(${nameKey(sql`${text}::text`)}, ${id}::bigint)`,
    sort: (table, direction) =>
      direction === "forwards"
        ? [sql`${nameKey(textOf(table))} asc`, sql`${table.id} asc`]
        : [sql`${nameKey(textOf(table))} desc`, sql`${table.id} desc`],
  };
}

/** By the instant of creation and the id, newest first. */
export function newestFirst<Table extends { readonly createdAt: Column; readonly id: Column }>(): Order<
  Table,
  { readonly createdAt: Date; readonly id: number }
> {
  return byInstant({
    descending: true,
    keyOf: (row) => [row.createdAt.getTime(), row.id],
    instant: (table) => sql`${table.createdAt}`,
  });
}

/** By an instant, which no row may lack, and the id. */
export function byInstant<Table extends { readonly id: Column }, Row>(
  { descending, keyOf, instant }: {
    readonly descending: boolean;
    readonly keyOf: (row: Row) => Key;
    readonly instant: (table: Table) => SQL;
  },
): Order<Table, Row> {
  return {
    keyKind: "instant",
    descending,
    keyOf,
    place: (table) => sql`(${instant(table)}, ${table.id})`,
    at: ([at, id]) => sql`(${new Date(at).toISOString()}::timestamptz, ${id}::bigint)`,
    sort: (table, direction) =>
      (direction === "forwards") === descending
        ? [sql`${instant(table)} desc`, sql`${table.id} desc`]
        : [sql`${instant(table)} asc`, sql`${table.id} asc`],
  };
}

/** The page's arguments, read and checked: a fault is INVALID_INPUT and names its argument. */
export function readWindow(
  page: PageArguments,
  order: Pick<Order<never, never>, "keyKind">,
  limit: PageLimit = ROW_PAGE,
): Window {
  const { direction, size } = readSize(page, limit);
  return {
    direction,
    size,
    after: readCursor(page.after, order.keyKind, "after"),
    before: readCursor(page.before, order.keyKind, "before"),
  };
}

/** The arguments of a page of log lines, whose cursors only the log's own code can read. */
export function readPageRequest(page: PageArguments, limit: PageLimit): PageRequest {
  const { direction, size } = readSize(page, limit);
  return {
    ...(direction === "forwards" ? { first: size } : { last: size }),
    ...(typeof page.after === "string" ? { after: page.after } : {}),
    ...(typeof page.before === "string" ? { before: page.before } : {}),
  };
}

/** What a page takes part in a query with: the rows inside the window, one more than the page holds. */
export function windowQuery<Table, Row>(
  order: Order<Table, Row>,
  window: Window,
  filter: (table: Table) => readonly SQL[],
): {
  readonly where: { readonly RAW: (table: Table) => SQL };
  readonly orderBy: (table: Table) => SQL[];
  readonly limit: number;
} {
  return {
    where: { RAW: (table) => all([...filter(table), ...inside(order, window, table)]) },
    orderBy: (table) => order.sort(table, window.direction),
    limit: window.size + 1,
  };
}

/** The condition that a row lies between the window's cursors. */
export function inside<Table>(order: Order<Table, never>, window: Window, table: Table): SQL[] {
  const place = order.place(table);
  const [later, earlier] = order.descending ? [sql`<`, sql`>`] : [sql`>`, sql`<`];
  return [
    ...(window.after === null ? [] : [sql`${place} ${later} ${order.at(window.after)}`]),
    ...(window.before === null ? [] : [sql`${place} ${earlier} ${order.at(window.before)}`]),
  ];
}

/** How to find out whether there is a row on one side of a key. */
export interface Beyond<Table> {
  readonly where: { readonly RAW: (table: Table) => SQL };
  /** The nearest first: an index then finds it at once, where the database might otherwise read from the far end. */
  readonly orderBy: (table: Table) => SQL[];
}

/**
 * The page that the rows of `windowQuery` make. `any` says whether a row that its argument describes exists: it is asked for
 * the side that was not read.
 */
export function pageOf<Table, Row>(
  order: Order<Table, Row>,
  window: Window,
  rows: readonly Row[],
  filter: (table: Table) => readonly SQL[],
  any: (beyond: Beyond<Table>) => Promise<boolean>,
): Page<Row> {
  const more = rows.length > window.size;
  const kept = rows.slice(0, window.size);
  if (window.direction === "backwards") kept.reverse();
  const outside = (key: Key | null, side: "past" | "ahead"): boolean | Promise<boolean> =>
    key !== null && any({
      where: { RAW: (table) => all([...filter(table), beyond(order, table, key, side)]) },
      orderBy: (table) => order.sort(table, side === "ahead" ? "forwards" : "backwards"),
    });
  const forwards = window.direction === "forwards";
  return {
    edges: kept.map((node) => ({ cursor: writeCursor(order.keyOf(node)), node })),
    hasNextPage: () => (forwards && more) || outside(window.before, "ahead"),
    hasPreviousPage: () => (!forwards && more) || outside(window.after, "past"),
  };
}

export function writeCursor(key: Key): string {
  return encodeText(JSON.stringify(key));
}

function readSize(
  { first, last }: PageArguments,
  { usual, most }: PageLimit,
): { readonly direction: Window["direction"]; readonly size: number } {
  if (typeof first === "number" && typeof last === "number") {
    throw refuse("INVALID_INPUT", say("PAGE_BOTH_ENDS"), ["last"]);
  }
  const [name, size] = typeof last === "number" ? ["last", last] : ["first", first ?? usual];
  if (size < 0 || size > most) {
    throw refuse("INVALID_INPUT", say("PAGE_SIZE", { argument: name, size, most }), [name]);
  }
  return { direction: name === "last" ? "backwards" : "forwards", size };
}

function readCursor(
  text: string | null | undefined,
  keyKind: Order<never, never>["keyKind"],
  argument: string,
): Key | null {
  if (text === null || text === undefined) return null;
  const [place, id] = parseCursor(text);
  const placed = keyKind === "text"
    ? typeof place === "string" && !place.includes("\0")
    : typeof place === "number" && Number.isInteger(place) && place >= FIRST_INSTANT && place <= LAST_INSTANT;
  if (!placed || typeof id !== "number" || !Number.isSafeInteger(id)) {
    throw refuse("INVALID_INPUT", say("PAGE_CURSOR", { argument }), [argument]);
  }
  // The check of keyKind above made it one of the two.
  return [place as string | number, id];
}

function parseCursor(text: string): readonly unknown[] {
  if (text.length > CURSOR_CHARACTERS) return [];
  try {
    const value: unknown = JSON.parse(decodeText(text) ?? "");
    return Array.isArray(value) && value.length === 2 ? value : [];
  } catch {
    // Whatever cannot be decoded is no cursor; the caller says so.
    return [];
  }
}

/** Rows at the key or on its far side. */
function beyond<Table>(order: Order<Table, never>, table: Table, key: Key, side: "past" | "ahead"): SQL {
  const up = (side === "ahead") !== order.descending;
  return sql`${order.place(table)} ${up ? sql`>=` : sql`<=`} ${order.at(key)}`;
}
