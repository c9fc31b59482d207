/** Which containers ran last, found from the newest runs. */
import { inArray, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { RunState } from "../../../schema/states.ts";
import { containers } from "../../../schema/tables/container.ts";
import { all, given } from "../../db/conditions.ts";
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import { inProjects } from "../accounts/visible.ts";

type Table = typeof containers;

/** So many of the newest runs are read for each container of a page that begins with what ran last. */
const RUNS_A_PLACE = 6;

/**
 * The ids of all containers whose newest run is in one of these states. Most containers ran lately: the newest runs of all,
 * read in one go, tell of them, and only the others are looked up one by one (materialized, since a planner would look up
 * all of them before it leaves out those). It is a statement of its own, since a page and its count both ask for it.
 */
export async function listByLastRun(
  db: Database,
  visible: Visible,
  states: readonly RunState[],
): Promise<readonly number[]> {
  if (states.length === 0) return [];
  const lately = newestRuns(sql`select 2 * count(*) from containers`, visible);
  const rows = await db.execute<{ readonly id: number }>(sql`
    with lately as materialized (${lately}),
      last_runs as materialized (
        select distinct on (container_id) container_id, state from lately
        order by container_id, created_at desc, id desc
      ), others as materialized (
        select id from containers where ${
    inProjects(visible, sql`project_id`)
  } and not exists (select from last_runs where container_id = containers.id)
      )
    select last_runs.container_id as id from last_runs where ${inArray(sql`last_runs.state`, states)}
    union all
    select others.id from others
    where (select ${inArray(sql`runs.state`, states)} from runs
      where runs.container_id = others.id and not runs.single
      order by runs.created_at desc, runs.id desc limit 1)`);
  return rows.map(({ id }) => id);
}

/**
 * A condition that the next `size` containers by their last run meet, and few others: when the newest runs (of those no
 * newer than `from`) are of that many containers that `wanted` lets through, no other one can come before them.
 */
export function ranLately(
  table: Table,
  size: number,
  from: Date | null,
  wanted: (table: Table) => readonly SQL[],
): SQL {
  const lately = sql`select container_id from (${
    newestRuns(sql.raw(String(RUNS_A_PLACE * size)), "all", from)
  }) lately`;
  // The same columns under another name, which drizzle's type of a table holds as well.
  const others = alias(containers, "others") as unknown as Table;
  const found = all([sql`${others.id} in (${lately})`, ...wanted(others)]);
  return sql`(${table.id} in (${lately})
    or (select count(*) from ${containers} as ${others} where ${found}) < ${sql.raw(String(size))})`;
}

/** All whole runs since an instant, so that of each container the newest is among them, or none is. */
function newestRuns(count: SQL, visible: Visible, from: Date | null = null): SQL {
  const counted = all([
    sql`not runs.single`,
    inProjects(visible, sql`runs.project_id`),
    ...given(from, (instant) => sql`runs.created_at <= ${instant.toISOString()}::timestamptz`),
  ]);
  return sql`select container_id, created_at, id, state from runs where ${counted}
    order by created_at desc fetch first (${count}) rows with ties`;
}
