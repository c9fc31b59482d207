import { sql } from "drizzle-orm";
import { check, doublePrecision, foreignKey, index, snakeCase, unique } from "drizzle-orm/pg-core";
import { taskFields } from "../definition/task.ts";
import { columnsOf, createdAt, id, reference, relationCondition } from "./columns.ts";
import { containers } from "./container.ts";

const { position, ...plainFields } = taskFields;

/** A command of a container, as it is now. What a run ran is in the definition of its version. */
export const tasks = snakeCase.table("tasks", {
  id: id(),
  containerId: reference().notNull().references(() => containers.id, { onDelete: "cascade" }),
  ...columnsOf(plainFields),
  x: doublePrecision().notNull().default(position.default.x),
  y: doublePrecision().notNull().default(position.default.y),
  createdAt: createdAt(),
}, (table) => [
  unique("tasks_container_id_name_key").on(table.containerId, table.name),
  // Lets a relation name its container together with both ends: the database refuses one across containers.
  unique("tasks_container_id_id_key").on(table.containerId, table.id),
  check("tasks_name_length", sql`char_length(${table.name}) between 1 and 200`),
  check("tasks_timeout_seconds_range", sql`${table.timeoutSeconds} >= 0`),
  check("tasks_kill_grace_seconds_range", sql`${table.killGraceSeconds} >= 0`),
  check("tasks_max_retries_range", sql`${table.maxRetries} between 0 and 100`),
  check("tasks_retry_delay_seconds_range", sql`${table.retryDelaySeconds} >= 0`),
]);

/** An upstream task -> a downstream task that waits for it; at most one for a pair, whatever its condition. */
export const relations = snakeCase.table("relations", {
  id: id(),
  containerId: reference().notNull(),
  upstreamId: reference().notNull(),
  downstreamId: reference().notNull(),
  condition: relationCondition().notNull().default("SUCCESS"),
}, (table) => [
  foreignKey({
    name: "relations_upstream_fkey",
    columns: [table.containerId, table.upstreamId],
    foreignColumns: [tasks.containerId, tasks.id],
  }).onDelete("cascade"),
  foreignKey({
    name: "relations_downstream_fkey",
    columns: [table.containerId, table.downstreamId],
    foreignColumns: [tasks.containerId, tasks.id],
  }).onDelete("cascade"),
  unique("relations_upstream_id_downstream_id_key").on(table.upstreamId, table.downstreamId),
  index("relations_container_id_index").on(table.containerId),
  index("relations_downstream_id_index").on(table.downstreamId),
  check("relations_not_to_itself", sql`${table.upstreamId} <> ${table.downstreamId}`),
]);

export type Task = typeof tasks.$inferSelect;
export type NewTask = typeof tasks.$inferInsert;
export type Relation = typeof relations.$inferSelect;
