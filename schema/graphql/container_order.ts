/** What a list of containers can be sorted by. Each order is total: the id decides among equals. */
import { type SQL, sql } from "drizzle-orm";
import type { containers } from "../tables/container.ts";
import { builder } from "./builder.ts";
import { byInstant, byName, FIRST_INSTANT, LAST_INSTANT, type Order } from "./pages.ts";

export type ContainerOrder = "NAME" | "NEXT_FIRE" | "LAST_RUN";

export const ContainerOrderEnum = builder.enumType("ContainerOrder", {
  description: "What a list of containers is sorted by.",
  values: {
    NAME: { description: "By name, letter by letter; capitals and small letters are the same." },
    NEXT_FIRE: { description: "What fires next comes first; what never does comes last." },
    LAST_RUN: { description: "What ran last comes first; what never ran comes last." },
  } as const,
});

type Table = typeof containers;

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
