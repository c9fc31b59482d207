/** Opens the database for a command that ends by itself. */
import type { Config } from "../config.ts";
import { lockDataDirectory } from "../db/data_lock.ts";
import { migrateDatabase } from "../db/migrate.ts";
import { type OpenDatabase, openDatabase } from "../db/open.ts";
import { createLog } from "../log.ts";

/** Migrated, and closed whatever happens. */
export function withDatabase<T>(
  config: Config,
  work: (opened: OpenDatabase, migration: string) => Promise<T>,
): Promise<T> {
  return withUnmigratedDatabase(config, async (opened) => work(opened, await migrateDatabase(opened)));
}

/** As it is found. The lock tells whether a server runs on the same bundled database. */
export async function withUnmigratedDatabase<T>(
  config: Config,
  work: (opened: OpenDatabase) => Promise<T>,
): Promise<T> {
  const lock = config.databaseUrl === null ? await lockDataDirectory(config.dataDir) : null;
  try {
    // The start and the end of the bundled database are not what the command is about.
    const log = createLog(config.logLevel === "info" ? "warn" : config.logLevel);
    const opened = await openDatabase({ url: config.databaseUrl, dataDir: config.dataDir, log });
    try {
      return await work(opened);
    } finally {
      await opened.close();
    }
  } finally {
    lock?.release();
  }
}
