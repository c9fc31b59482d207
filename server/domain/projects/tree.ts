/** A project with those above or below it, as rows of one column `id`: it is nested at most MAX_DEPTH levels. */
import { type Column, type SQL, sql } from "drizzle-orm";

export const MAX_DEPTH = 3;

/** It, and all below it. */
export function withDescendants(id: Column | SQL): SQL {
  return sql`(select ${id} as id
    union all select below.id from projects below where below.parent_id = ${id}
    union all select lowest.id from projects below join projects lowest on lowest.parent_id = below.id
      where below.parent_id = ${id})`;
}

/** It, and all above it, with how many levels each is above; the columns `project_id` and `distance`. */
export function lineageOf(id: Column | SQL): SQL {
  return sql`(select ${id} as project_id, 0 as distance
    union all select low.parent_id, 1 from projects low where low.id = ${id} and low.parent_id is not null
    union all select middle.parent_id, 2 from projects low join projects middle on middle.id = low.parent_id
      where low.id = ${id} and middle.parent_id is not null)`;
}

/** It, and all above it. */
export function withAncestors(id: Column | SQL): SQL {
  return sql`(select ${id} as id
    union all select low.parent_id from projects low where low.id = ${id} and low.parent_id is not null
    union all select middle.parent_id from projects low join projects middle on middle.id = low.parent_id
      where low.id = ${id} and middle.parent_id is not null)`;
}
