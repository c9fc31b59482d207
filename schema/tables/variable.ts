import { sql } from "drizzle-orm";
import { bytea, check, snakeCase, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, reference } from "./columns.ts";
import { containers } from "./container.ts";
import { projects } from "./project.ts";

/** An environment variable for the tasks of a project or of one container. A secret has its value encrypted only. */
export const variables = snakeCase.table("variables", {
  id: id(),
  projectId: reference().notNull().references(() => projects.id, { onDelete: "cascade" }),
  /** Null: of the project. */
  containerId: reference().references(() => containers.id, { onDelete: "cascade" }),
  name: text().notNull(),
  /** Null for a secret. */
  value: text(),
  encryptedValue: bytea(),
  /** The key that the value is encrypted with. */
  keyId: text(),
  updatedAt: createdAt(),
  /** Without a foreign key, as everywhere: the variable outlives the account. */
  updatedBy: reference(),
}, (table) => [
  uniqueIndex("variables_project_id_name_key").on(table.projectId, table.name)
    .where(sql`${table.containerId} is null`),
  uniqueIndex("variables_container_id_name_key").on(table.containerId, table.name)
    .where(sql`${table.containerId} is not null`),
  check("variables_one_value", sql`(${table.value} is null) <> (${table.encryptedValue} is null)`),
  check("variables_key_of_encrypted", sql`(${table.encryptedValue} is null) = (${table.keyId} is null)`),
]);

export type Variable = typeof variables.$inferSelect;
