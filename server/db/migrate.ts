/** Brings the database to the shape that this program knows. */
import { fileURLToPath } from "node:url";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { readMigrationFiles } from "drizzle-orm/migrator";
import type { OpenDatabase } from "./open.ts";
import { StartError } from "../start_error.ts";

/** Where the generated SQL is. */
const MIGRATIONS = fileURLToPath(new URL("../../migrations", import.meta.url));
/** Two servers that start at once migrate one after the other. Any number will do, as long as it stays. */
const LOCK = 7_264_119;

/** Answers the name of the newest migration. */
export async function migrateDatabase(opened: OpenDatabase): Promise<string> {
  const known = readMigrationFiles({ migrationsFolder: MIGRATIONS }).map(({ name }) => name);
  if (opened.kind === "embedded") await migrateUnlocked(opened, known);
  else {
    // A connection of its own holds the lock; the migrator uses another.
    const guard = await opened.sql.reserve();
    try {
      await guard`select pg_advisory_lock(${LOCK})`;
      await migrateUnlocked(opened, known);
    } finally {
      await guard`select pg_advisory_unlock(${LOCK})`;
      guard.release();
    }
  }
  return known.at(-1) ?? "";
}

async function migrateUnlocked(opened: OpenDatabase, known: readonly string[]): Promise<void> {
  const applied = await readApplied(opened);
  const unknown = applied.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new StartError(
      `Cannot use this database: a newer Orrery has migrated it ("${unknown}" is not known here); start the newer one`,
    );
  }
  await migrate(opened.db, { migrationsFolder: MIGRATIONS });
}

async function readApplied({ sql }: OpenDatabase): Promise<readonly string[]> {
  const [table] = await sql<{ present: boolean }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null as present`;
  if (table?.present !== true) return [];
  const rows = await sql<{ name: string }[]>`select name from drizzle.__drizzle_migrations order by id`;
  return rows.map(({ name }) => name);
}
