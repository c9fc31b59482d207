/** What a viewer may see, as the projects that it belongs to: a condition for statements, and a test for events. */
import { type Column, type SQL, sql } from "drizzle-orm";
import { idArray } from "../../db/parameters.ts";
import { withAncestors } from "../projects/tree.ts";
import type { Viewer, Visible } from "./interface.ts";
import { hasRole, highestRole } from "./roles.ts";

/** Nothing for somebody who is not signed in. */
export function visibleTo(viewer: Viewer | null): Visible {
  const roles = viewer?.roles ?? new Map<number, never>();
  return typeof roles === "string" ? "all" : [...roles.keys()];
}

/** The condition that a row's project is one of them. */
export function inProjects(visible: Visible, projectId: Column | SQL): SQL {
  if (visible === "all") return sql`true`;
  // A single project is compared by =, which lets an index give its rows in order.
  return visible.length === 1
    ? sql`${projectId} = ${visible[0]}`
    : sql`${projectId} = any(${idArray(visible)})`;
}

/** The condition that a row's container is in one of them. */
export function inContainersOf(visible: Visible, containerId: Column | SQL): SQL {
  return visible === "all" ? sql`true` : sql`exists (select from containers as visible_containers
    where visible_containers.id = ${containerId} and ${
    inProjects(visible, sql`visible_containers.project_id`)
  })`;
}

export function includesProject(visible: Visible, projectId: number): boolean {
  return visible === "all" || visible.includes(projectId);
}

/** The condition that a viewer may know of a user: they share a project, or the viewer is ADMIN of one. */
export function knownUsers(viewer: Viewer | null, userId: Column | SQL): SQL {
  if (viewer === null) return sql`false`;
  const visible = visibleTo(viewer);
  if (visible === "all" || hasRole(highestRole(viewer), "ADMIN")) return sql`true`;
  return sql`(${userId} = ${viewer.userId} or ${userId} in (
    select m.user_id from members m where m.project_id in (
      select above.id from unnest(${idArray(visible)}) own (id)
      cross join lateral ${withAncestors(sql`own.id`)} above)))`;
}
