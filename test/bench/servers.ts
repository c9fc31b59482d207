/** The servers that a benchmark measures: real processes, each with a database of its own. */
import { copyEmbeddedTemplate, createTestDatabase } from "../support/database.ts";
import { type ServerOptions, startServer, type TestServer } from "../support/server.ts";
import type { BenchContext, BenchServer, DatabaseName } from "./bench.ts";

/** As the default setting has it. */
const TASKS_A_CORE = 4;
const KIB = 1024;
/** The unit of time in /proc, on every Linux. */
const TICKS_A_SECOND = 100;

export function createContext(database: DatabaseName, full: boolean): BenchContext & AsyncDisposable {
  const started: BenchPlace[] = [];
  return {
    database,
    full,
    async openServer(capacity = TASKS_A_CORE * navigator.hardwareConcurrency): Promise<BenchServer> {
      const databaseUrl = database === "postgres" ? await createTestDatabase(true) : null;
      const options = {
        ...(databaseUrl === null ? {} : { databaseUrl }),
        dataDir: await copyEmbeddedTemplate(),
        environment: { ORRERY_CAPACITY: String(capacity) },
      };
      const server = await startServer(options);
      const place = { server, options, token: await server.signIn() };
      started.push(place);
      return benchServer(place, { databaseUrl, capacity });
    },
    async [Symbol.asyncDispose](): Promise<void> {
      for (const { server, options } of started) {
        await server[Symbol.asyncDispose]();
        await Deno.remove(options.dataDir, { recursive: true });
      }
    },
  };
}

/** A server and what is needed to start it again. */
interface BenchPlace {
  server: TestServer;
  readonly options: ServerOptions & { readonly dataDir: string };
  readonly token: string;
}

function benchServer(
  place: BenchPlace,
  { databaseUrl, capacity }: Pick<BenchServer, "databaseUrl" | "capacity">,
): BenchServer {
  return {
    signIn: () => place.server.signIn(),
    /** Another one after a restart. */
    get address(): string {
      return place.server.address;
    },
    capacity,
    databaseUrl,
    async restart(): Promise<void> {
      await place.server.stop();
      await place.server[Symbol.asyncDispose]();
      place.server = await startServer(place.options);
    },
    async memory(): Promise<number> {
      const status = await Deno.readTextFile(`/proc/${place.server.pid}/status`);
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * KIB;
    },
    async cpuSeconds(): Promise<number> {
      const stat = await Deno.readTextFile(`/proc/${place.server.pid}/stat`);
      // The name before the closing bracket may hold spaces; 11 fields later come the ticks in user and system mode.
      const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13);
      return (Number(user) + Number(system)) / TICKS_A_SECOND;
    },
    async graphql(document, variables = {}): Promise<Record<string, never>> {
      const { data, errors } = await place.server.graphql(document, variables, place.token);
      if (errors !== undefined) throw new Error(`The server refused: ${JSON.stringify(errors)}`);
      return data;
    },
  };
}
