import { sql } from "drizzle-orm";
import { boolean, check, integer, snakeCase, text, unique } from "drizzle-orm/pg-core";
import { createdAt, id, instant, reference } from "./columns.ts";
import { projects } from "./project.ts";

/** What starts processes: the one inside a server, or one on another machine. */
export const agents = snakeCase.table("agents", {
  id: id(),
  /** Kept in the agent's own data directory, so that it is the same agent after a restart or a change of name. */
  key: text().notNull().unique("agents_key_key"),
  name: text().notNull(),
  address: text(),
  version: text(),
  /** Its own, and those that say what it is (`agent:`, `os:`, `arch:`). */
  labels: text().array().notNull().default(sql`'{}'`),
  capacity: integer().notNull(),
  /** Its share of the work beside other agents that may have it; with 0 it claims none. */
  weight: integer().notNull().default(100),
  /** It claims nothing. */
  cordoned: boolean().notNull().default(false),
  /** The projects that it works for; null: all, as the agent inside a server does unless it is told otherwise. */
  projectIds: reference().array(),
  /** Of the machine's start that it reported last; null: it reported none. */
  bootId: text(),
  /** The server that it is connected to, or was last; null: never to one. */
  serverId: reference(),
  lastSeenAt: instant(),
  createdAt: createdAt(),
}, (table) => [
  check("agents_capacity_range", sql`${table.capacity} >= 0`),
  check("agents_weight_range", sql`${table.weight} between 0 and 1000`),
  check("agents_project_ids_not_empty", sql`${table.projectIds} <> '{}'`),
]);

/**
 * Where task runs may run: the agents of a project that have all of some labels. Each is a queue of its own, so that work
 * for which there is no agent is in nobody's way. Rows are made when a run first needs them, and stay.
 */
export const placements = snakeCase.table("placements", {
  id: id(),
  projectId: reference().notNull().references(() => projects.id, { onDelete: "cascade" }),
  /** Sorted. */
  labels: text().array().notNull(),
}, (table) => [unique("placements_project_id_labels_key").on(table.projectId, table.labels)]);

export type Agent = typeof agents.$inferSelect;
