import { sql } from "drizzle-orm";
import { check, integer, snakeCase, text } from "drizzle-orm/pg-core";
import { createdAt, id } from "./columns.ts";

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
