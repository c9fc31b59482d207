/** A fresh, migrated database for each test: a copy of a template, on one PostgreSQL that many test files share. */
import postgres from "postgres";
import { migrateDatabase } from "../../server/db/migrate.ts";
import { type OpenDatabase, openDatabase } from "../../server/db/open.ts";
import type { Log } from "../../server/log.ts";
import { startOwnPostgres, startPostgres } from "./postgres.ts";
import type { SharedResource } from "./test_files.ts";

const TEMPLATE = "template_migrated";

export interface TestDatabase extends OpenDatabase, AsyncDisposable {
  /** Statements that were sent since the last call. */
  statements(): readonly string[];
  /** For a second program on the same database. */
  readonly url: string;
}

/** A log that keeps to itself; a test that expects a fault reads `lines`. */
export function createTestLog(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const note = (level: string) => (message: string, fields?: object): void => {
    lines.push(`${level} ${message} ${fields === undefined ? "" : Deno.inspect(fields)}`);
  };
  return { lines, debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
}

export async function openTestDatabase(): Promise<TestDatabase> {
  const url = await createTestDatabase(true);
  const statements: string[] = [];
  const opened = await openDatabase({
    url,
    dataDir: "",
    log: createTestLog(),
    onStatement: (statement) => void statements.push(statement),
  });
  return {
    ...opened,
    url,
    statements: () => statements.splice(0),
    async [Symbol.asyncDispose](): Promise<void> {
      await opened.close();
      await dropTestDatabase(url);
    },
  };
}

/** An empty database, or a copy of the migrated template; answers its URL. */
export async function createTestDatabase(migrated: boolean): Promise<string> {
  const server = await testServer();
  const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  await run(server, `create database "${name}" template "${migrated ? TEMPLATE : "template0"}"`);
  return withName(server, name);
}

/** Also when somebody is still connected. */
export async function dropTestDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await run(withName(url, "postgres"), `drop database "${name}" with (force)`);
}

/** A PostgreSQL with the migrated template, for several test processes; `programs` as in startPostgres(). */
export async function sharePostgres(programs: string | null): Promise<SharedResource> {
  const { url, close } = await startPostgres({ programs });
  await makeTemplate(url("postgres"));
  return {
    environment: { ORRERY_TEST_DATABASE: url("postgres") },
    [Symbol.asyncDispose]: () => Promise.resolve(close()),
  };
}

let server: Promise<string> | null = null;

/** Of its maintenance database: the one that the gate has started, or one of this file's own. */
function testServer(): Promise<string> {
  return server ??= findServer();
}

async function findServer(): Promise<string> {
  const shared = Deno.env.get("ORRERY_TEST_DATABASE");
  if (shared !== undefined) return shared;
  const started = await startOwnPostgres();
  const url = started.url("postgres");
  await makeTemplate(url);
  return url;
}

async function makeTemplate(url: string): Promise<void> {
  await run(url, `create database "${TEMPLATE}"`);
  const opened = await openDatabase({ url: withName(url, TEMPLATE), dataDir: "", log: createTestLog() });
  await migrateDatabase(opened);
  await opened.close();
}

function withName(url: string, name: string): string {
  const named = new URL(url);
  named.pathname = name;
  return named.href;
}

async function run(url: string, statement: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
