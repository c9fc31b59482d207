/** The servers that a benchmark measures: real processes, each with a database of its own. */
import { join } from "node:path";
import postgres, { type Sql } from "postgres";
import { SUPERUSER } from "../../server/db/bundled_cluster.ts";
import { migrateDatabase } from "../../server/db/migrate.ts";
import { type OpenDatabase, openDatabase } from "../../server/db/open.ts";
import { createTestLog } from "../support/database.ts";
import { startPostgres } from "../support/postgres.ts";
import { startServer, type TestServer } from "../support/server.ts";
import type { BenchContext, BenchServer, DatabaseName, StorageSettings } from "./bench.ts";
import {
  parentOf,
  readMemory,
  readResidentMemory,
  startProcessorTimer,
  withDescendants,
} from "./processes.ts";

/** As the default setting has it. */
const TASKS_PER_CORE = 4;
const SQL_OPTIONS = { max: 1, onnotice: () => {} } as const;

export function createContext(database: DatabaseName, full: boolean): BenchContext & AsyncDisposable {
  const opened = new AsyncDisposableStack();
  let external: Promise<ExternalPostgres> | null = null;

  async function createStorage(): Promise<StorageSettings> {
    const dataDir = await Deno.makeTempDir({ prefix: "orrery-bench-" });
    opened.defer(() => Deno.remove(dataDir, { recursive: true }));
    if (database === "bundled") return { dataDir, databaseUrl: null, postmaster: null };
    const { postmaster, createDatabase } = await (external ??= startExternal(opened));
    return { dataDir, databaseUrl: await createDatabase(), postmaster };
  }

  return {
    full,
    createStorage,
    async openServer(capacity = TASKS_PER_CORE * navigator.hardwareConcurrency): Promise<BenchServer> {
      const server = await startBenchServer(await createStorage(), capacity);
      opened.use(server);
      return server;
    },
    async openDatabase(): Promise<OpenDatabase> {
      const database = await openStorage(await createStorage());
      opened.defer(() => database.close());
      await migrateDatabase(database);
      return database;
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

export async function openStorage({ dataDir, databaseUrl }: StorageSettings): Promise<OpenDatabase> {
  return await openDatabase({ url: databaseUrl, dataDir, log: createTestLog() });
}

async function startBenchServer(
  storage: StorageSettings,
  capacity: number,
): Promise<BenchServer & AsyncDisposable> {
  const { dataDir, databaseUrl, postmaster } = storage;
  const options = { dataDir, databaseUrl, environment: { ORRERY_CAPACITY: String(capacity) } };
  let server = await startServer(options);
  const token = await server.signIn();
  // The bundled database is below the server.
  const listProcesses = (): readonly number[] =>
    withDescendants([server.pid, postmaster].filter((pid) => pid !== null));
  return {
    signIn: () => server.signIn(),
    /** Another one after a restart. */
    get address(): string {
      return server.address;
    },
    capacity,
    withSql: (work) => withSql(connect(storage), work),
    async restart(): Promise<void> {
      await stop(server);
      server = await startServer(options);
    },
    readResidentMemory: () => readResidentMemory(server.pid),
    readMemory: () => readMemory(listProcesses()),
    startProcessorTimer: () => startProcessorTimer(listProcesses),
    async graphql(document, variables = {}): Promise<Record<string, never>> {
      const { data, errors } = await server.graphql(document, variables, token);
      if (errors !== undefined) throw new Error(`The server refused: ${JSON.stringify(errors)}`);
      return data;
    },
    [Symbol.asyncDispose]: () => stop(server),
  };
}

/** As people do: one that is killed leaves its database running. */
async function stop(server: TestServer): Promise<void> {
  await server.stop();
  await server[Symbol.asyncDispose]();
}

/** A PostgreSQL of the benchmark's own, which ends with it. */
interface ExternalPostgres {
  readonly postmaster: number | null;
  /** Answers the URL of an empty database. */
  createDatabase(): Promise<string>;
}

async function startExternal(opened: AsyncDisposableStack): Promise<ExternalPostgres> {
  const { url, close } = await startPostgres({ durable: true });
  opened.defer(close);
  const administer = <T>(work: (sql: Sql) => Promise<T>): Promise<T> =>
    withSql(postgres(url("postgres"), SQL_OPTIONS), work);
  // While the backend lives.
  const postmaster = await administer(async (sql) => {
    const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
    return backend === undefined ? null : parentOf(backend.pid);
  });
  let databases = 0;
  return {
    postmaster,
    async createDatabase(): Promise<string> {
      const name = `bench_${++databases}`;
      await administer((sql) => sql`create database ${sql(name)}`);
      return url(name);
    },
  };
}

function connect({ databaseUrl, dataDir }: StorageSettings): Sql {
  return databaseUrl === null
    ? postgres({ ...SQL_OPTIONS, host: join(dataDir, "postgres"), username: SUPERUSER, database: "postgres" })
    : postgres(databaseUrl, SQL_OPTIONS);
}

async function withSql<T>(sql: Sql, work: (sql: Sql) => Promise<T>): Promise<T> {
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}
