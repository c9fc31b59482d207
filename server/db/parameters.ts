/**
 * Many values as one parameter. They travel as text and are read by the database: the driver would write a JSON text
 * once more as JSON, and a parameter for each value would soon be more than the protocol's 65,535.
 */
import { type SQL, sql } from "drizzle-orm";

/** Rows for json_to_recordset(). */
export function jsonRows(rows: readonly object[]): SQL {
  return sql`${JSON.stringify(rows)}::text::json`;
}

/** One value of a column of JSON; NULL for null. */
export function jsonValue(value: object | null): SQL {
  return sql`${value === null ? null : JSON.stringify(value)}::text::jsonb`;
}

/** Ids for any() or unnest(). The parameter itself is an array: a text cast to one would be read again for every row. */
export function idArray(ids: Iterable<number>): SQL {
  return sql`${`{${[...ids].join(",")}}`}::bigint[]`;
}

/** Texts for any() or unnest(); an array for the same reason. */
export function textArray(texts: readonly string[]): SQL {
  return sql`${`{${texts.map((text) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`).join(",")}}`}::text[]`;
}

/** The same as a subquery, for in (). */
export function idRows(ids: Iterable<number>): SQL {
  return sql`select unnest(${idArray(ids)})`;
}
