/** What a list of containers can be sorted by. Each order is total: the id decides among equals. */
import { inArray, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { RunState } from "../states.ts";
import { containers } from "../tables/container.ts";
import { builder } from "./builder.ts";
import { all, given } from "../../server/db/conditions.ts";
import type { Context } from "./context.ts";
import { byInstant, byName, FIRST_INSTANT, LAST_INSTANT, type Order } from "./pages.ts";

export type ContainerOrder = "NAME" | "NEXT_FIRE" | "LAST_RUN";

export const ContainerOrderEnum = builder.enumType("ContainerOrder", {
  description: "What a list of containers is sorted by.",
  values: {
    NAME: { description: "By name, letter by letter." },
    NEXT_FIRE: { description: "What fires next comes first; what never does comes last." },
    LAST_RUN: { description: "What ran last comes first; what never ran comes last." },
  } as const,
});

type Table = typeof containers;

/** So many of the newest runs are read for each container of a page that begins with what ran last. */
const RUNS_A_PLACE = 6;

/** A row with its place in the order, in milliseconds since 1970; null in the order of names. */
export interface PlacedRow {
  readonly id: number;
  readonly name: string;
  readonly placeMs: number | null;
}
export interface ContainersOrder extends Order<Table, PlacedRow> {
  readonly placeMs: (table: Table) => SQL<number | null>;
  /** What ran last comes first. */
  readonly byLastRun: boolean;
}

export function orderOf(order: ContainerOrder): ContainersOrder {
  switch (order) {
    case "NAME":
      return { ...byName<Table>(), placeMs: () => sql<null>`null::float8`, byLastRun: false };
    case "NEXT_FIRE":
      return { ...instantOrder(false, nextFire, new Date(LAST_INSTANT)), byLastRun: false };
    case "LAST_RUN":
      return { ...instantOrder(true, lastRunAt, new Date(FIRST_INSTANT)), byLastRun: true };
    default:
      throw new Error(`Unknown order ${order satisfies never}`);
  }
}

/** Found by index. */
function lastRunAt(table: Table): SQL {
  return sql`(select runs.created_at from runs where runs.container_id = ${table.id} and not runs.single
    order by runs.created_at desc, runs.id desc limit 1)`;
}

/**
 * The ids of all containers whose newest run is in one of these states. Most containers ran lately: the newest runs of all,
 * read in one go, tell of them, and only the others are looked up one by one (materialized, since a planner would look up
 * all of them before it leaves out those). It is a statement of its own, since a page and its count both ask for it.
 */
export async function listByLastRun(
  db: Context["db"],
  states: readonly RunState[],
): Promise<readonly number[]> {
  if (states.length === 0) return [];
  const lately = newestRuns(sql`select 2 * count(*) from containers`);
  const rows = await db.execute<{ readonly id: number }>(sql`
    with lately as materialized (${lately}),
      last_runs as materialized (
        select distinct on (container_id) container_id, state from lately
        order by container_id, created_at desc, id desc
      ), others as materialized (
        select id from containers where not exists (select from last_runs where container_id = containers.id)
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
    newestRuns(sql.raw(String(RUNS_A_PLACE * size)), from)
  }) lately`;
  // The same columns under another name, which drizzle's type of a table holds as well.
  const others = alias(containers, "others") as unknown as Table;
  const found = all([sql`${others.id} in (${lately})`, ...wanted(others)]);
  return sql`(${table.id} in (${lately})
    or (select count(*) from ${containers} as ${others} where ${found}) < ${sql.raw(String(size))})`;
}

/** All whole runs since an instant, so that of each container the newest is among them, or none is. */
function newestRuns(count: SQL, from: Date | null = null): SQL {
  const counted = all([
    sql`not runs.single`,
    ...given(from, (instant) => sql`runs.created_at <= ${instant.toISOString()}::timestamptz`),
  ]);
  return sql`select container_id, created_at, id, state from runs where ${counted}
    order by created_at desc fetch first (${count}) rows with ties`;
}

function nextFire(table: Table): SQL {
  return sql`(select schedules.next_fire_at from schedules where schedules.container_id = ${table.id})`;
}

function instantOrder(
  descending: boolean,
  read: (table: Table) => SQL,
  none: Date,
): Omit<ContainersOrder, "byLastRun"> {
  const instant = (table: Table): SQL =>
    sql`coalesce(${read(table)}, ${sql.raw(`'${none.toISOString()}'`)}::timestamptz)`;
  return {
    ...byInstant<Table, PlacedRow>({
      descending,
      keyOf: ({ placeMs, id }) => [placeMs ?? none.getTime(), id],
      instant,
    }),
    placeMs: (table) => sql<number>`(extract(epoch from ${instant(table)}) * 1000)::float8`,
  };
}
