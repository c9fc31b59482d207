import { sql } from "drizzle-orm";
import { boolean, check, snakeCase, text } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";

/** A process that serves the API. All servers share this database. */
export const servers = snakeCase.table("servers", {
  id: id(),
  /** Kept in the data directory: the same server after a restart. */
  key: text().notNull().unique("servers_key_key"),
  name: text().notNull(),
  /** Where it is reached; null when that is not set. */
  url: text(),
  version: text().notNull(),
  startedAt: instant().notNull(),
  lastSeenAt: instant().notNull(),
});

/** What all servers know together, in one row. */
export const fleet = snakeCase.table("fleet", {
  singleton: boolean().primaryKey().default(true),
  /** Since when there has been a server without a pause: only since then an agent can be said to be silent. */
  serversUpSince: instant().notNull(),
  /** Of whichever server. */
  lastHeartbeatAt: instant().notNull(),
}, (table) => [check("fleet_singleton", sql`${table.singleton}`)]);
