/** Brings the database to the shape that this program knows. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readMigrationFiles } from "drizzle-orm/migrator";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { StartError } from "../start_error.ts";
import { sqlState } from "./constraints.ts";
import type { OpenDatabase } from "./open.ts";

/** Where the generated SQL is. */
const MIGRATIONS = fileURLToPath(new URL("../../migrations", import.meta.url));
/** Two servers that start at once migrate one after the other. Any number will do, as long as it stays. */
const LOCK = 7_264_119;
const INSUFFICIENT_PRIVILEGE = "42501";

interface MigrateOptions {
  readonly folder?: string;
  /** Stops after this migration: for rows that an older Orrery wrote. */
  readonly upTo?: string;
}

/** Names of all migrations, the oldest first. */
export function listMigrations(folder: string = MIGRATIONS): readonly string[] {
  return readMigrationFiles({ migrationsFolder: folder }).map(({ name }) => name);
}

/** Answers the name of the newest migration that the database has now. */
export async function migrateDatabase(opened: OpenDatabase, options: MigrateOptions = {}): Promise<string> {
  // A transaction of its own holds the lock; the migrator uses another connection.
  return await opened.sql.begin(async (guard) => {
    await guard`select pg_advisory_xact_lock(${LOCK})`;
    return await migrateUnlocked(opened, options);
  });
}

async function migrateUnlocked(
  opened: OpenDatabase,
  { folder = MIGRATIONS, upTo }: MigrateOptions,
): Promise<string> {
  const known = listMigrations(folder);
  const applied = await readApplied(opened);
  const unknown = applied.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new StartError(
      `Cannot use this database: a newer Orrery has migrated it ("${unknown}" is not known here); start the newer one`,
    );
  }
  if (upTo === undefined) await applyAll(opened, folder);
  else await applySome(opened, folder, known.slice(0, known.indexOf(upTo) + 1));
  return (await readApplied(opened)).at(-1) ?? "";
}

async function applyAll(opened: OpenDatabase, folder: string): Promise<void> {
  try {
    await migrate(opened.db, { migrationsFolder: folder });
  } catch (error) {
    if (sqlState(error) !== INSUFFICIENT_PRIVILEGE) throw error;
    throw new StartError(
      "Cannot migrate the database: its user may not create schemas and tables there; make it the database's owner",
      error,
    );
  }
}

/** The migrator takes a whole folder, so it is given one that holds what it may see. */
async function applySome(opened: OpenDatabase, folder: string, names: readonly string[]): Promise<void> {
  const some = await Deno.makeTempDir({ prefix: "orrery-migrations-" });
  try {
    for (const name of names) await Deno.symlink(join(folder, name), join(some, name));
    await applyAll(opened, some);
  } finally {
    await Deno.remove(some, { recursive: true });
  }
}

async function readApplied({ sql }: OpenDatabase): Promise<readonly string[]> {
  const [table] = await sql<{ present: boolean }[]>`
    select to_regclass('drizzle.__drizzle_migrations') is not null as present`;
  if (table?.present !== true) return [];
  const rows = await sql<{ name: string }[]>`select name from drizzle.__drizzle_migrations order by id`;
  return rows.map(({ name }) => name);
}
