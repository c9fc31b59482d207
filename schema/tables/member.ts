import { boolean, index, primaryKey, snakeCase } from "drizzle-orm/pg-core";
import { createdAt, projectRole, reference } from "./columns.ts";
import { containers } from "./container.ts";
import { projects } from "./project.ts";
import { users } from "./user.ts";

/** The role of a user in a project and in all projects below it. */
export const members = snakeCase.table("members", {
  userId: reference().notNull().references(() => users.id, { onDelete: "cascade" }),
  projectId: reference().notNull().references(() => projects.id, { onDelete: "cascade" }),
  role: projectRole().notNull(),
  grantedAt: createdAt(),
  /** Set by the groups of a sign-in through a provider, which take it away again. */
  byGroup: boolean().notNull().default(false),
}, (table) => [
  primaryKey({ columns: [table.userId, table.projectId] }),
  index("members_project_id_index").on(table.projectId),
]);

/** Containers that a user has marked. */
export const favorites = snakeCase.table("favorites", {
  userId: reference().notNull().references(() => users.id, { onDelete: "cascade" }),
  containerId: reference().notNull().references(() => containers.id, { onDelete: "cascade" }),
}, (table) => [
  primaryKey({ columns: [table.userId, table.containerId] }),
  index("favorites_container_id_index").on(table.containerId),
]);

export type Member = typeof members.$inferSelect;
