/** What a viewer may see, as the projects that it belongs to: a condition for statements, and a test for events. */
import { type Column, type SQL, sql } from "drizzle-orm";
import { idArray } from "../../db/parameters.ts";
import type { Viewer, Visible } from "./interface.ts";

/** Nothing for somebody who is not signed in. */
export function visibleTo(viewer: Viewer | null): Visible {
  return viewer?.projects ?? [];
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
