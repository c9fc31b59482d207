import { sql } from "drizzle-orm";
import { boolean, check, index, snakeCase, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant, reference } from "./columns.ts";

/** People. The password is kept as an argon2id hash only. */
export const users = snakeCase.table("users", {
  id: id(),
  username: text().notNull(),
  displayName: text().notNull(),
  passwordHash: text().notNull(),
  admin: boolean().notNull().default(false),
  /** Set for a password that was made by the server: changing it is asked for at the first sign-in. */
  passwordChangeRequired: boolean().notNull().default(false),
  createdAt: createdAt(),
}, (table) => [
  uniqueIndex("users_username_key").on(sql`lower(${table.username})`),
  check("users_username_length", sql`char_length(${table.username}) between 1 and 200`),
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

/** A token for scripts. Only its SHA-256 is kept: it is 256 random bits, so a slow hash would add nothing. */
export const apiTokens = snakeCase.table("api_tokens", {
  id: id(),
  userId: reference().notNull().references(() => users.id, { onDelete: "cascade" }),
  name: text().notNull(),
  tokenHash: text().notNull().unique("api_tokens_token_hash_key"),
  createdAt: createdAt(),
  /** Null: never. */
  expiresAt: instant(),
  /** The token that it was made with, which it ends with; null: it was made by a session. */
  parentId: reference(),
  /** To the minute, so that a busy script does not write at every call. Null: never. */
  lastUsedAt: instant(),
}, (table) => [
  uniqueIndex("api_tokens_user_id_name_key").on(table.userId, table.name),
  check("api_tokens_name_length", sql`char_length(${table.name}) between 1 and 200`),
]);

export type User = typeof users.$inferSelect;
export type Session = typeof sessions.$inferSelect;
export type ApiToken = typeof apiTokens.$inferSelect;
