/** `migrate`: for those who want to see it done before the server starts. */
import type { Config } from "../config.ts";
import { withDatabase } from "./with_database.ts";

export async function migrateOnly(config: Config): Promise<void> {
  const migration = await withDatabase(config, (_opened, name) => Promise.resolve(name));
  Deno.stdout.writeSync(new TextEncoder().encode(`The database is at migration ${migration}\n`));
}
