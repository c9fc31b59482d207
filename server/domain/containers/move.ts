/** Containers between projects, and as favourites of people. */
import { and, eq, inArray, sql } from "drizzle-orm";
import { ConflictError, ForbiddenError, NotFoundError } from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";
import { containers } from "../../../schema/tables/container.ts";
import { favorites } from "../../../schema/tables/member.ts";
import { runs } from "../../../schema/tables/run.ts";
import { uniqueViolation } from "../../db/constraints.ts";
import type { Database } from "../../db/database.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import { audit, changesOf, subjectOf } from "../audit/audit.ts";
import type { Viewer } from "../accounts/interface.ts";
import { authorise } from "../accounts/rights.ts";
import { inProjects, visibleTo } from "../accounts/visible.ts";
import { findProject } from "../projects/projects.ts";
import { type ContainerPorts, tell } from "./containers.ts";
import { lockContainer } from "./versions.ts";

/** What carries the project of its container beside it. */
const HISTORY = ["runs", "task_runs", "log_chunks", "messages"] as const;

export async function moveContainer(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  { containerId, project: slug }: { readonly containerId: number; readonly project: string },
): Promise<number> {
  const action = "move a container";
  return await transaction(db, async (tx, after) => {
    const container = await lockContainer(tx, viewer, containerId, action, ["containerId"], "container:move");
    const missing = { message: say("NO_PROJECT", { action, slug }), path: ["project"] };
    const projectId = await findProject(tx, visibleTo(viewer), slug, missing);
    authorise(viewer, "container:move", { projectId });
    if (projectId === container.projectId) return container.id;
    const [active] = await tx.select({ id: runs.id }).from(runs)
      .where(and(eq(runs.containerId, container.id), inArray(runs.state, ["QUEUED", "RUNNING"]))).limit(1);
    if (active !== undefined) {
      throw new ConflictError(say("CONTAINER_ACTIVE", { name: container.name }), ["containerId"]);
    }
    await placeIn(tx, container, projectId);
    const changes = changesOf({ project: container.projectId }, { project: projectId });
    await audit(tx, viewer, "container.move", subjectOf("Container", { ...container, projectId }), changes);
    // Those who see only the one project or only the other.
    tell(after, bus, container, "DELETED");
    tell(after, bus, { id: container.id, projectId }, "CREATED");
    return container.id;
  });
}

async function placeIn(
  tx: Transaction,
  { id, name }: { readonly id: number; readonly name: string },
  projectId: number,
): Promise<void> {
  try {
    await tx.update(containers).set({ projectId }).where(eq(containers.id, id));
  } catch (error) {
    if (!uniqueViolation(error, "containers_project_id_name_key")) throw error;
    throw new ConflictError(say("CONTAINER_NAME_TAKEN", { action: "move a container", name }), ["project"]);
  }
  for (const table of HISTORY) {
    await tx.execute(
      sql`update ${sql.identifier(table)} set project_id = ${projectId} where container_id = ${id}`,
    );
  }
}

export async function setFavorite(
  db: Database,
  viewer: Viewer,
  { containerId, favorite }: { readonly containerId: number; readonly favorite: boolean },
): Promise<number> {
  const action = "mark a favorite";
  const { userId } = viewer;
  if (userId === null) throw new ForbiddenError(say("NO_ACCOUNT", { action }));
  const [container] = await db.select({ id: containers.id }).from(containers)
    .where(and(eq(containers.id, containerId), inProjects(visibleTo(viewer), containers.projectId)));
  if (container === undefined) throw new NotFoundError(say("NO_CONTAINER", { action }), ["containerId"]);
  if (favorite) await db.insert(favorites).values({ userId, containerId }).onConflictDoNothing();
  else {
    await db.delete(favorites)
      .where(and(eq(favorites.userId, userId), eq(favorites.containerId, containerId)));
  }
  return containerId;
}
