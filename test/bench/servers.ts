/** The servers that a benchmark measures: real processes, each with a database of its own. */
import { createTestDatabase } from "../support/database.ts";
import { startServer, type TestServer } from "../support/server.ts";
import type { BenchContext, BenchServer, DatabaseName } from "./bench.ts";

/** As the default setting has it. */
const TASKS_A_CORE = 4;
const KIB = 1024;

export function createContext(database: DatabaseName, full: boolean): BenchContext & AsyncDisposable {
  const started: TestServer[] = [];
  return {
    database,
    full,
    async openServer(capacity = TASKS_A_CORE * navigator.hardwareConcurrency): Promise<BenchServer> {
      const databaseUrl = database === "postgres" ? await createTestDatabase(true) : null;
      const server = await startServer({
        ...(databaseUrl === null ? {} : { databaseUrl }),
        environment: { ORRERY_CAPACITY: String(capacity) },
      });
      started.push(server);
      return benchServer(server, { databaseUrl, capacity, token: await server.signIn() });
    },
    async [Symbol.asyncDispose](): Promise<void> {
      for (const server of started) await server[Symbol.asyncDispose]();
    },
  };
}

function benchServer(
  server: TestServer,
  { databaseUrl, capacity, token }: {
    readonly databaseUrl: string | null;
    readonly capacity: number;
    readonly token: string;
  },
): BenchServer {
  return {
    address: server.address,
    signIn: () => server.signIn(),
    capacity,
    databaseUrl,
    async memory(): Promise<number> {
      const status = await Deno.readTextFile(`/proc/${server.pid}/status`);
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * KIB;
    },
    async graphql(document, variables = {}): Promise<Record<string, never>> {
      const { data, errors } = await server.graphql(document, variables, token);
      if (errors !== undefined) throw new Error(`The server refused: ${JSON.stringify(errors)}`);
      return data;
    },
  };
}
