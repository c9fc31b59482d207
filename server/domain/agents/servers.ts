/** Servers of this database: registered at their start, seen while they are up, forgotten a day after. */
import { sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import { servers } from "../../../schema/tables/server.ts";

export interface ServerRegistration {
  /** Kept in the server's data directory: the same server after a restart. */
  readonly key: string;
  readonly name: string;
  readonly url: string | null;
  readonly version: string;
}

/** Answers the server's id. */
export async function registerServer(db: Database, registration: ServerRegistration): Promise<number> {
  const now = sql`clock_timestamp()`;
  const started = { ...registration, startedAt: now, lastSeenAt: now };
  const { key: _key, ...changes } = started;
  const [server] = await db.insert(servers).values(started)
    .onConflictDoUpdate({ target: servers.key, set: changes }).returning({ id: servers.id });
  if (server === undefined) throw new Error("An upsert gave no row back");
  return server.id;
}

export async function deleteGoneServers(db: Database): Promise<void> {
  await db.execute(sql`delete from servers where last_seen_at < clock_timestamp() - interval '1 day'`);
}
