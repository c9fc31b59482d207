/** Projects: as the arguments of questions name them, and their settings. */
import { eq } from "drizzle-orm";
import { InvalidInputError, NotFoundError } from "../../../schema/errors.ts";
import type { Database } from "../../db/database.ts";
import type { Viewer } from "../accounts/interface.ts";
import type { Projects } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { projects } from "../../../schema/tables/project.ts";
import { authorise } from "../accounts/rights.ts";

/** The longest that the server's own setting allows. */
const MAX_DAYS = 36_500;

/** Null for null, which means all projects. */
export async function findProjectId(
  db: Pick<Database, "select">,
  slug: string | null,
  action: Action,
): Promise<number | null> {
  if (slug === null) return null;
  const [project] = await db.select({ id: projects.id }).from(projects).where(eq(projects.slug, slug));
  if (project !== undefined) return project.id;
  throw new NotFoundError(say("NO_PROJECT", { action, slug }), ["project"]);
}

export async function updateProject(
  db: Database,
  viewer: Viewer,
  { slug, logRetentionDays }: Parameters<Projects["update"]>[1],
): Promise<number> {
  authorise(viewer, "project:change");
  const days = logRetentionDays ?? null;
  if (days !== null && !(days >= 1 && days <= MAX_DAYS)) {
    throw new InvalidInputError(
      say("PROJECT_DAYS", { slug, most: MAX_DAYS, days }),
      ["logRetentionDays"],
    );
  }
  // Writing the slug anew changes nothing, and tells whether there is such a project.
  const [changed] = await db.update(projects).set({
    slug,
    ...logRetentionDays === undefined ? {} : { logRetentionDays },
  })
    .where(eq(projects.slug, slug)).returning({ id: projects.id });
  if (changed !== undefined) return changed.id;
  throw new NotFoundError(say("PROJECT_MISSING", { slug }), ["slug"]);
}
