/** Conditions of lists, as SQL: the same for a page, for its count and for the figures. */
import { type Column, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import { runCauses, runStates } from "../states.ts";
import type { runs } from "../tables/run.ts";
import type { messages } from "../tables/message.ts";
import type { RunFilter, Viewer } from "./context.ts";

/** A project by its slug, to be found by the statement that uses it. */
export interface RunConditions extends RunFilter {
  readonly projectSlug?: string | null | undefined;
}

export function runConditions(table: typeof runs, filter: RunConditions): SQL[] {
  return [
    ...given(filter.projectId, (id) => sql`${table.projectId} = ${id}`),
    ...given(filter.projectSlug, (slug) => ofProject(table.projectId, slug)),
    ...given(filter.containerId, (id) => sql`${table.containerId} = ${id}`),
    ...given(
      filter.states,
      (states) => inArray(table.state, runStates.filter((known) => states.includes(known))),
    ),
    ...given(
      filter.causes,
      (causes) => inArray(table.cause, runCauses.filter((known) => causes.includes(known))),
    ),
    ...given(filter.from, (from) => gte(table.createdAt, from)),
    ...given(filter.to, (to) => lt(table.createdAt, to)),
  ];
}

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

/** The condition that a row has one of the ids: one parameter, however many there are (see idArray). */
export function withIds(ids: readonly number[]): { readonly RAW: (table: { readonly id: Column }) => SQL } {
  return { RAW: (table) => sql`${table.id} = any(${`{${ids.join(",")}}`}::bigint[])` };
}

/** The condition that a message is for the viewer: nobody is told of what they did themselves. */
export function forViewer(table: typeof messages, { userId }: Viewer): SQL {
  return sql`${table.actorId} is distinct from ${userId}`;
}
