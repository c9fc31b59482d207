/** Conditions of lists, as SQL: the same for a page, for its count and for figures. */
import { type Column, type SQL, sql } from "drizzle-orm";
import { idArray } from "./parameters.ts";

/** All conditions at once; true when there are none. */
export function all(conditions: readonly SQL[]): SQL {
  return conditions.length === 0 ? sql`true` : sql`(${sql.join([...conditions], sql` and `)})`;
}

/** The condition for a value, or none for a value that was not given. */
export function given<T>(value: T | null | undefined, condition: (value: T) => SQL): SQL[] {
  return value === null || value === undefined ? [] : [condition(value)];
}

/** The condition that a row belongs to the project with this slug. */
export function ofProject(column: Column, slug: string): SQL {
  return sql`${column} = (select projects.id from projects where projects.slug = ${slug})`;
}

/** The condition that a row has one of the ids: one parameter, however many there are. */
export function withIds(ids: readonly number[]): { readonly RAW: (table: { readonly id: Column }) => SQL } {
  return { RAW: (table) => sql`${table.id} = any(${idArray(ids)})` };
}
