import { sql } from "drizzle-orm";
import { type AnyPgColumn, check, index, integer, snakeCase, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, reference } from "./columns.ts";

/**
 * A namespace: containers live in one. "default" is made by the first start. A project may have projects below it, to which its
 * members belong as well; where it stands never changes.
 */
export const projects = snakeCase.table("projects", {
  id: id(),
  slug: text().notNull().unique("projects_slug_key"),
  name: text().notNull(),
  description: text().notNull().default(""),
  /** The project above it; null at the top. */
  parentId: reference().references((): AnyPgColumn => projects.id),
  /** Days; null: as the server's setting has it. */
  logRetentionDays: integer(),
  /** Days; null: as the server's setting has it. */
  runRetentionDays: integer(),
  createdAt: createdAt(),
}, (table) => [
  index("projects_parent_id_index").on(table.parentId).where(sql`${table.parentId} is not null`),
  check("projects_parent_is_another", sql`${table.parentId} <> ${table.id}`),
  check("projects_slug_form", sql`${table.slug} ~ '^[a-z0-9][a-z0-9-]{0,62}$'`),
  check("projects_name_length", sql`char_length(${table.name}) between 1 and 200`),
  check("projects_log_retention_days_range", sql`${table.logRetentionDays} between 1 and 36500`),
  check("projects_run_retention_days_range", sql`${table.runRetentionDays} between 1 and 36500`),
]);

/** While there is one, no schedule and no queued run of the project starts; without a project it holds for all. */
export const pauses = snakeCase.table("pauses", {
  id: id(),
  projectId: reference().references(() => projects.id, { onDelete: "cascade" }),
  reason: text().notNull(),
  since: createdAt(),
  /** Without a foreign key: they may be gone. */
  /** Null: somebody without an account, such as a service token. */
  pausedBy: reference(),
}, (table) => [
  uniqueIndex("pauses_project_id_key").on(sql`coalesce(${table.projectId}, 0)`),
  check("pauses_reason_length", sql`char_length(${table.reason}) between 1 and 500`),
]);

/** The setting that signs sign-ins. It stays in its database: no export has it. */
export const SIGNING_KEY = "signing-key";

/** The setting that names the key which values are encrypted with. */
export const VAULT_CHECK = "vault-check";

/** Facts about this database as a whole, such as "the example was made", each made once. */
export const settings = snakeCase.table("settings", {
  key: text().primaryKey(),
  value: text().notNull(),
});

export type Project = typeof projects.$inferSelect;
