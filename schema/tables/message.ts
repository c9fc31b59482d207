import { index, snakeCase, text } from "drizzle-orm/pg-core";
import { createdAt, id, instant, messageKind, reference, sentence } from "./columns.ts";
import { users } from "./user.ts";

/** What people should know when they come back: written in the transaction that makes it so. */
export const messages = snakeCase.table("messages", {
  id: id(),
  at: createdAt(),
  kind: messageKind().notNull(),
  projectId: reference().notNull(),
  /** Without a foreign key, like the run and the actor: a message outlives what it tells of. */
  containerId: reference().notNull(),
  containerName: text().notNull(),
  runId: reference(),
  /** Who did it; null for the server itself. */
  actorId: reference(),
  text: sentence().notNull(),
}, (table) => [index("messages_at_index").on(table.at, table.id)]);

/** Up to where a person has read. Messages are for all; only this is each person's own. */
export const messageMarks = snakeCase.table("message_marks", {
  userId: reference().primaryKey().references(() => users.id, { onDelete: "cascade" }),
  readUpTo: instant().notNull(),
});

export type Message = typeof messages.$inferSelect;
