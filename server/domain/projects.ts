/** Projects as the arguments of questions name them. */
import { eq } from "drizzle-orm";
import { NotFoundError } from "../../schema/errors.ts";
import type { Database } from "../../schema/graphql/context.ts";
import { projects } from "../../schema/tables/project.ts";

/** Null for null, which means all projects. */
export async function findProjectId(
  db: Pick<Database, "select">,
  slug: string | null,
  action: string,
): Promise<number | null> {
  if (slug === null) return null;
  const [project] = await db.select({ id: projects.id }).from(projects).where(eq(projects.slug, slug));
  if (project !== undefined) return project.id;
  throw new NotFoundError(`Cannot ${action}: there is no project "${slug}"`, ["project"]);
}
