/**
 * A fresh, migrated database for each test, on both kinds. A copy of a migrated template takes a
 * fraction of a second.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { listMigrations, migrateDatabase } from "../../server/db/migrate.ts";
import { type OpenDatabase, openDatabase } from "../../server/db/open.ts";
import type { Log } from "../../server/log.ts";
import { findPostgres, startPostgres, type TestPostgres } from "./postgres.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface TestDatabase extends OpenDatabase, AsyncDisposable {
  /** Statements that were sent since the last call. */
  statements(): readonly string[];
  /** For a second program on the same database; null for the embedded one. */
  readonly url: string | null;
}

export interface TestDatabaseKind {
  /** As it stands in the test's name. */
  readonly name: string;
  /** The machine does not have it: the tests are left out, and counted so. */
  readonly missing: boolean;
  open(): Promise<TestDatabase>;
}

/** Calls `define` for each kind of database; it registers tests. */
export function forEachDatabase(define: (database: TestDatabaseKind) => void): void {
  define({ name: "embedded", missing: false, open: openTestEmbedded });
  const found = findPostgres() !== null;
  define({ name: found ? "postgres" : "postgres, not installed", missing: !found, open: openTestPostgres });
}

/** A log that keeps to itself; a test that expects a fault reads `lines`. */
export function createTestLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const note = (level: string) => (message: string, fields?: object): void => {
    lines.push(`${level} ${message} ${fields === undefined ? "" : Deno.inspect(fields)}`);
  };
  return { lines, debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
}

let template: Promise<string> | null = null;

/** A data directory with a migrated database, made once a machine and copied from then on. */
export function embeddedTemplate(): Promise<string> {
  return template ??= findOrMakeTemplate();
}

/** Initialising takes seconds and each test file is a program of its own, so the template outlives them all. */
async function findOrMakeTemplate(): Promise<string> {
  const made = await Deno.makeTempDir({ prefix: "orrery-template-" });
  const kept = join(dirname(made), `orrery-template-${Deno.uid()}-${await templateKey()}`);
  try {
    if (await isThere(kept)) return kept;
    const opened = await openDatabase({ url: null, dataDir: made, log: createTestLog() });
    await migrateDatabase(opened);
    await opened.close();
    await Deno.rename(made, kept);
  } catch (error) {
    // Another test process was quicker.
    if (!await isThere(kept)) throw error;
  } finally {
    if (await isThere(made)) await Deno.remove(made, { recursive: true });
  }
  return kept;
}

/** Other migrations or another PGlite make another template. */
async function templateKey(): Promise<string> {
  const names = listMigrations();
  const migrations = names.map((name) => join(ROOT, "migrations", name, "migration.sql"));
  const parts = await Promise.all(
    [join(ROOT, "deno.lock"), ...migrations].map((path) => Deno.readFile(path)),
  );
  // The database knows its migrations by their names.
  const bytes = new Uint8Array(await new Blob([...names, ...parts]).arrayBuffer());
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 16);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

export async function copyEmbeddedTemplate(): Promise<string> {
  const from = await embeddedTemplate();
  const dataDir = await Deno.makeTempDir({ prefix: "orrery-test-" });
  const { code } = await new Deno.Command("cp", { args: ["-r", join(from, "database"), dataDir] }).output();
  if (code !== 0) throw new Error("The template could not be copied");
  return dataDir;
}

async function openTestEmbedded(): Promise<TestDatabase> {
  const dataDir = await copyEmbeddedTemplate();
  const statements: string[] = [];
  const opened = await openDatabase({
    url: null,
    dataDir,
    log: createTestLog(),
    onStatement: (statement) => void statements.push(statement),
  });
  return testDatabase(opened, statements, null, async () => {
    await Deno.remove(dataDir, { recursive: true });
  });
}

let server: Promise<TestPostgres> | null = null;
let databases = 0;

/** The process's own PostgreSQL, with a migrated template. */
function testServer(): Promise<TestPostgres> {
  return server ??= (async () => {
    const started = await startPostgres();
    const opened = await openDatabase({
      url: await createDatabase(started, "template"),
      dataDir: "",
      log: createTestLog(),
    });
    await migrateDatabase(opened);
    await opened.close();
    return started;
  })();
}

/** An empty database on the process's own PostgreSQL, or a copy of the migrated template. */
export async function createTestDatabase(migrated: boolean): Promise<string> {
  return await createDatabase(await testServer(), `test_${++databases}`, migrated ? "template" : undefined);
}

async function createDatabase(started: TestPostgres, name: string, from?: string): Promise<string> {
  const sql = postgres(started.url("postgres"), { max: 1 });
  try {
    await sql.unsafe(`create database "${name}"${from === undefined ? "" : ` template "${from}"`}`);
  } finally {
    await sql.end();
  }
  return started.url(name);
}

async function openTestPostgres(): Promise<TestDatabase> {
  const url = await createTestDatabase(true);
  const statements: string[] = [];
  const opened = await openDatabase({
    url,
    dataDir: "",
    log: createTestLog(),
    onStatement: (statement) => void statements.push(statement),
  });
  return testDatabase(opened, statements, url, () => Promise.resolve());
}

function testDatabase(
  opened: OpenDatabase,
  statements: string[],
  url: string | null,
  cleanUp: () => Promise<void>,
): TestDatabase {
  return {
    ...opened,
    url,
    statements: () => statements.splice(0),
    async [Symbol.asyncDispose](): Promise<void> {
      await opened.close();
      await cleanUp();
    },
  };
}
