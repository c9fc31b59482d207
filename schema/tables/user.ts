import { sql } from "drizzle-orm";
import { boolean, check, index, primaryKey, snakeCase, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, reference, tokenScope } from "./columns.ts";
import { projects } from "./project.ts";

/** People. The password is kept as an argon2id hash only. */
export const users = snakeCase.table("users", {
  id: id(),
  username: text().notNull(),
  displayName: text().notNull(),
  /** Null: signs in through a provider only. */
  passwordHash: text(),
  admin: boolean().notNull().default(false),
  /** Set for a password that was made by the server: changing it is asked for at the first sign-in. */
  passwordChangeRequired: boolean().notNull().default(false),
  /** May sign in with a password also where passwords are switched off. */
  breakGlass: boolean().notNull().default(false),
  /** Cannot sign in, and no token of theirs works. */
  disabled: boolean().notNull().default(false),
  /** To the minute. Null: never. */
  lastSeenAt: instant(),
  createdAt: createdAt(),
}, (table) => [
  uniqueIndex("users_username_key").on(sql`lower(${table.username})`),
  check("users_username_length", sql`char_length(${table.username}) between 1 and 200`),
]);

/** Who a user is at a provider of sign-ins. */
export const identities = snakeCase.table("identities", {
  issuer: text().notNull(),
  subject: text().notNull(),
  userId: reference().notNull().references(() => users.id, { onDelete: "cascade" }),
  createdAt: createdAt(),
}, (table) => [
  primaryKey({ columns: [table.issuer, table.subject] }),
  index("identities_user_id_index").on(table.userId),
]);

/** One sign-in. Its id is the `jti` of the token, so deleting the row ends the token at once. */
export const sessions = snakeCase.table(
  "sessions",
  {
    id: text().primaryKey(),
    userId: reference().notNull().references(() => users.id, { onDelete: "cascade" }),
    createdAt: createdAt(),
    expiresAt: instant().notNull(),
  },
  (
    table,
  ) => [
    index("sessions_user_id_index").on(table.userId),
    index("sessions_expires_at_index").on(table.expiresAt),
  ],
);

/**
 * A token for scripts, of a user or, as a service token, of a project. Only its SHA-256 is kept: it is 256 random bits, so a slow
 * hash would add nothing.
 */
export const apiTokens = snakeCase.table("api_tokens", {
  id: id(),
  /** Null: a service token. */
  userId: reference().references(() => users.id, { onDelete: "cascade" }),
  /** It is limited to this project and those below; null: to none. */
  projectId: reference().references(() => projects.id, { onDelete: "cascade" }),
  scopes: tokenScope().array().notNull().default(["ADMINISTER"]),
  /** Labels for agents that are enrolled with it. */
  agentLabels: text().array().notNull().default([]),
  name: text().notNull(),
  tokenHash: text().notNull().unique("api_tokens_token_hash_key"),
  /** The token before the last rotation, as long as both are valid. */
  previousHash: text().unique("api_tokens_previous_hash_key"),
  previousTokenExpiresAt: instant(),
  /** Without a foreign key: a service token outlives its maker. */
  createdBy: reference(),
  createdAt: createdAt(),
  /** Null: never. */
  expiresAt: instant(),
  /** The token that it was made with, which it ends with; null: it was made by a session. */
  parentId: reference(),
  /** To the minute, so that a busy script does not write at every call. Null: never. */
  lastUsedAt: instant(),
}, (table) => [
  uniqueIndex("api_tokens_user_id_name_key").on(table.userId, table.name),
  uniqueIndex("api_tokens_project_id_name_key").on(table.projectId, table.name).where(
    sql`${table.userId} is null`,
  ),
  check("api_tokens_service_has_project", sql`${table.userId} is not null or ${table.projectId} is not null`),
  check("api_tokens_name_length", sql`char_length(${table.name}) between 1 and 200`),
]);

export type User = typeof users.$inferSelect;
export type Session = typeof sessions.$inferSelect;
export type ApiToken = typeof apiTokens.$inferSelect;
