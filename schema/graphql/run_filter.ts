/** Which runs a list holds, as a client says it. */
import { searchText } from "./arguments.ts";
import { builder } from "./builder.ts";
import type { RunConditions } from "../../server/domain/runs/run_conditions.ts";
import type { Context } from "./context.ts";
import type { RunFilter } from "../../server/domain/runs/interface.ts";
import { RunCauseEnum, RunStateEnum } from "./enums.ts";
import { decodeOptionalId, NO_ID } from "../ids.ts";

export const RunFilterInput = builder.inputType("RunFilter", {
  description: "Which runs; everything that is given must hold. Null or left out: does not restrict.",
  fields: (t) => ({
    project: t.string({ description: "Slug of the project." }),
    containerId: t.id({ description: "Runs of this container." }),
    states: t.field({
      type: [RunStateEnum],
      description: "Runs in one of these states; an empty list matches none.",
    }),
    causes: t.field({
      type: [RunCauseEnum],
      description: "Runs of one of these causes; an empty list matches none.",
    }),
    from: t.field({ type: "DateTime", description: "Runs made at or after this instant." }),
    to: t.field({ type: "DateTime", description: "Runs made before this instant." }),
  }),
});

export function readRunFilter(filter: typeof RunFilterInput.$inferInput | null | undefined): RunConditions {
  if (filter === null || filter === undefined) return {};
  const { project, containerId, ...rest } = filter;
  return {
    ...rest,
    projectSlug: searchText(project, ["filter", "project"]),
    containerId: decodeOptionalId("Container", containerId),
  };
}

/** Counted to 10,000 at most, so that no page counts a whole history. */
export async function countRuns({ app, db, visible }: Context, filter: RunConditions): Promise<number> {
  return await app.figures.countRuns(visible, await placeRunFilter(db, filter));
}

/**
 * The same with its project found: a database that plans before it knows the project takes it for any project, and reads
 * a whole history for one that has no runs.
 */
export async function placeRunFilter(
  db: Context["db"],
  { projectSlug, ...rest }: RunConditions,
): Promise<RunFilter> {
  if (projectSlug === null || projectSlug === undefined) return rest;
  return { ...rest, projectId: await findProjectId(db, projectSlug) };
}

/** The project's id; NO_ID when there is none. */
export async function findProjectId(db: Context["db"], slug: string): Promise<number> {
  const project = await db.query.projects.findFirst({ columns: { id: true }, where: { slug } });
  return project?.id ?? NO_ID;
}
