/** Projects as the arguments of questions name them. */
import { and, eq } from "drizzle-orm";
import { NotFoundError } from "../../../schema/errors.ts";
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import { say, type Sentence } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { projects } from "../../../schema/tables/project.ts";
import { inProjects } from "../accounts/visible.ts";

/** Its id; NOT_FOUND when there is no such project among the visible ones. */
export async function findProject(
  db: Pick<Database, "select">,
  visible: Visible,
  slug: string,
  missing: { readonly message: Sentence; readonly path: readonly string[] },
): Promise<number> {
  const [project] = await db.select({ id: projects.id }).from(projects)
    .where(and(eq(projects.slug, slug), inProjects(visible, projects.id)));
  if (project !== undefined) return project.id;
  throw new NotFoundError(missing.message, missing.path);
}

/** What is visible of the project with this slug; null: of all. */
export async function visibleInProject(
  db: Pick<Database, "select">,
  visible: Visible,
  slug: string | null,
  action: Action,
): Promise<Visible> {
  if (slug === null) return visible;
  const missing = { message: say("NO_PROJECT", { action, slug }), path: ["project"] };
  return [await findProject(db, visible, slug, missing)];
}
