/** Projects: as the arguments of questions name them, and their settings. */
import { and, eq } from "drizzle-orm";
import { InvalidInputError, NotFoundError } from "../../../schema/errors.ts";
import type { Database } from "../../db/database.ts";
import type { Viewer, Visible } from "../accounts/interface.ts";
import type { Projects } from "./interface.ts";
import { say, type Sentence } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { projects } from "../../../schema/tables/project.ts";
import { transaction } from "../../db/transaction.ts";
import { audit, changesOf } from "../audit/audit.ts";
import { authorise } from "../accounts/rights.ts";
import { inProjects, visibleTo } from "../accounts/visible.ts";

/** The longest that the server's own setting allows. */
const MAX_DAYS = 36_500;

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

export async function updateProject(
  db: Database,
  viewer: Viewer,
  { slug, logRetentionDays }: Parameters<Projects["update"]>[1],
): Promise<number> {
  const missing = { message: say("NO_PROJECT", { action: "change a project", slug }), path: ["slug"] };
  const projectId = await findProject(db, visibleTo(viewer), slug, missing);
  authorise(viewer, "project:change", { projectId });
  const days = logRetentionDays ?? null;
  if (days !== null && !(days >= 1 && days <= MAX_DAYS)) {
    throw new InvalidInputError(
      say("PROJECT_DAYS", { slug, most: MAX_DAYS, days }),
      ["logRetentionDays"],
    );
  }
  if (logRetentionDays !== undefined) {
    await transaction(db, async (tx) => {
      const [before] = await tx.select().from(projects).where(eq(projects.id, projectId)).for("update");
      if (before === undefined) throw new NotFoundError(missing.message, missing.path);
      await tx.update(projects).set({ logRetentionDays }).where(eq(projects.id, projectId));
      const subject = { kind: "Project", id: projectId, text: `project "${slug}"`, projectId } as const;
      await audit(tx, viewer, "project.update", subject, changesOf(before, { ...before, logRetentionDays }));
    });
  }
  return projectId;
}
