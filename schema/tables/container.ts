import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, snakeCase, text, unique, uniqueIndex } from "drizzle-orm/pg-core";
import { containerOwnFields, type VersionSettings } from "../definition/container.ts";
import type { Definition, GraphUndo } from "../definition/version.ts";
import { columnsOf, createdAt, id, reference, sentence } from "./columns.ts";
import { projects } from "./project.ts";

/** A group of tasks that is scheduled and run as one graph. Its schedule is a row of its own. */
export const containers = snakeCase.table("containers", {
  id: id(),
  projectId: reference().notNull().references(() => projects.id),
  ...columnsOf(containerOwnFields),
  /** What created the container and updates it, such as a directory of files or a crontab; null: people. */
  source: text(),
  version: integer().notNull().default(1),
  createdAt: createdAt(),
  updatedAt: createdAt(),
}, (table) => [
  unique("containers_project_id_name_key").on(table.projectId, table.name),
  index("containers_source_index").on(table.projectId, table.source).where(sql`${table.source} is not null`),
  check("containers_name_length", sql`char_length(${table.name}) between 1 and 200`),
  check("containers_timeout_seconds_range", sql`${table.timeoutSeconds} >= 0`),
  check("containers_max_parallel_range", sql`${table.maxParallel} >= 0`),
  check("containers_version_range", sql`${table.version} >= 1`),
]);

/**
 * The definition that a run points at. It outlives its container, so that a run can always be shown and run again:
 * containerId names the container without a foreign key.
 */
export const containerVersions = snakeCase.table("container_versions", {
  id: id(),
  containerId: reference().notNull(),
  version: integer().notNull(),
  definition: jsonb().$type<Definition>().notNull(),
  createdAt: createdAt(),
}, (table) => [unique("container_versions_container_id_version_key").on(table.containerId, table.version)]);

/** Who changed what would run, and when: a row for each version. */
export const containerChanges = snakeCase.table(
  "container_changes",
  {
    id: id(),
    containerId: reference().notNull().references(() => containers.id, { onDelete: "cascade" }),
    version: integer().notNull(),
    /** E.g. `task "disks" changed: command`. */
    summary: sentence().notNull(),
    /** Null for the server itself. */
    changedBy: reference(),
    changedAt: createdAt(),
    /** Null where it was written before they were kept. */
    settings: jsonb().$type<Partial<VersionSettings>>(),
    /** Null where it was written before it was kept, and for the first version. */
    undo: jsonb().$type<GraphUndo>(),
  },
  (table) => [uniqueIndex("container_changes_container_id_version_key").on(table.containerId, table.version)],
);

export type Container = typeof containers.$inferSelect;
export type ContainerVersion = typeof containerVersions.$inferSelect;
export type ContainerChange = typeof containerChanges.$inferSelect;
