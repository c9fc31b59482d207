import { sql } from "drizzle-orm";
import { check, integer, snakeCase, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, reference } from "./columns.ts";

/** A namespace: containers live in one. "default" is made by the first start. */
export const projects = snakeCase.table("projects", {
  id: id(),
  slug: text().notNull().unique("projects_slug_key"),
  name: text().notNull(),
  description: text().notNull().default(""),
  /** Days; null: as the server's setting has it. */
  logRetentionDays: integer(),
  createdAt: createdAt(),
}, (table) => [
  check("projects_slug_form", sql`${table.slug} ~ '^[a-z0-9][a-z0-9-]{0,62}$'`),
  check("projects_name_length", sql`char_length(${table.name}) between 1 and 200`),
  check("projects_log_retention_days_range", sql`${table.logRetentionDays} between 1 and 36500`),
]);

/** While there is one, no schedule and no queued run of the project starts; without a project it holds for all. */
export const pauses = snakeCase.table("pauses", {
  id: id(),
  projectId: reference().references(() => projects.id, { onDelete: "cascade" }),
  reason: text().notNull(),
  since: createdAt(),
  /** Without a foreign key: they may be gone. */
  pausedBy: reference().notNull(),
}, (table) => [
  uniqueIndex("pauses_project_id_key").on(sql`coalesce(${table.projectId}, 0)`),
  check("pauses_reason_length", sql`char_length(${table.reason}) between 1 and 500`),
]);

/** The setting that signs sign-ins. It stays in its database: no export has it. */
export const SIGNING_KEY = "signing-key";

/** Facts about this database as a whole, such as "the example was made", each made once. */
export const settings = snakeCase.table("settings", {
  key: text().primaryKey(),
  value: text().notNull(),
});

export type Project = typeof projects.$inferSelect;
