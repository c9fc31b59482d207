import { sql } from "drizzle-orm";
import { check, integer, snakeCase, text } from "drizzle-orm/pg-core";
import { createdAt, id, instant, reference } from "./columns.ts";

/** What starts processes: the one inside a server, or one on another machine. */
export const agents = snakeCase.table("agents", {
  id: id(),
  /** Kept in the agent's own data directory, so that it is the same agent after a restart or a change of name. */
  key: text().notNull().unique("agents_key_key"),
  name: text().notNull(),
  address: text(),
  version: text(),
  labels: text().array().notNull().default(sql`'{}'`),
  capacity: integer().notNull(),
  /** Of the machine's start that it reported last; null: it reported none. */
  bootId: text(),
  /** The server that it is connected to, or was last; null: never to one. */
  serverId: reference(),
  lastSeenAt: instant(),
  createdAt: createdAt(),
}, (table) => [check("agents_capacity_range", sql`${table.capacity} >= 0`)]);

export type Agent = typeof agents.$inferSelect;
