/** Which runs a list holds: the same conditions for the page and for its count. */
import { type Column, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import { runs } from "../tables/run.ts";
import { searchText } from "./arguments.ts";
import { builder } from "./builder.ts";
import type { Context, RunFilter } from "./context.ts";
import { RunCauseEnum, RunStateEnum } from "./enums.ts";
import { decodeOptionalId, NO_ID } from "./ids.ts";

export const RunFilterInput = builder.inputType("RunFilter", {
  description: "Which runs; everything that is given must hold. Null or left out: does not restrict.",
  fields: (t) => ({
    project: t.string({ description: "Slug of the project." }),
    containerId: t.id({ description: "Runs of this container." }),
    states: t.field({ type: [RunStateEnum], description: "Runs in one of these states; an empty list matches none." }),
    causes: t.field({ type: [RunCauseEnum], description: "Runs of one of these causes; an empty list matches none." }),
    from: t.field({ type: "DateTime", description: "Runs made at or after this instant." }),
    to: t.field({ type: "DateTime", description: "Runs made before this instant." }),
  }),
});

/** A project by its slug, to be found by the statement that uses it. */
export interface RunConditions extends RunFilter {
  readonly projectSlug?: string | null | undefined;
}

export function readRunFilter(filter: typeof RunFilterInput.$inferInput | null | undefined): RunConditions {
  if (filter === null || filter === undefined) return {};
  const { project, containerId, ...rest } = filter;
  return {
    ...rest,
    projectSlug: searchText(project, ["filter", "project"]),
    containerId: decodeOptionalId("Container", containerId),
  };
}

export function runConditions(table: typeof runs, filter: RunConditions): SQL[] {
  return [
    ...given(filter.projectId, (id) => sql`${table.projectId} = ${id}`),
    ...given(filter.projectSlug, (slug) => ofProject(table.projectId, slug)),
    ...given(filter.containerId, (id) => sql`${table.containerId} = ${id}`),
    ...given(filter.states, (states) => inArray(table.state, [...states])),
    ...given(filter.causes, (causes) => inArray(table.cause, [...causes])),
    ...given(filter.from, (from) => gte(table.createdAt, from)),
    ...given(filter.to, (to) => lt(table.createdAt, to)),
  ];
}

/** Counted to 10,000 at most, so that no page counts a whole history. */
export async function countRuns({ app, db }: Context, filter: RunConditions): Promise<number> {
  const { projectSlug, ...ids } = filter;
  return await app.figures.countRuns(
    projectSlug === null || projectSlug === undefined ? ids : { ...ids, projectId: await findProjectId(db, projectSlug) },
  );
}

/** The project's id; NO_ID when there is none. */
export async function findProjectId(db: Context["db"], slug: string): Promise<number> {
  const project = await db.query.projects.findFirst({ columns: { id: true }, where: { slug } });
  return project?.id ?? NO_ID;
}

/** The condition that a row belongs to the project with this slug. */
export function ofProject(column: Column, slug: string): SQL {
  return sql`${column} = (select projects.id from projects where projects.slug = ${slug})`;
}

/** The condition for a value, or none for a value that was not given. */
export function given<T>(value: T | null | undefined, condition: (value: T) => SQL): SQL[] {
  return value === null || value === undefined ? [] : [condition(value)];
}
