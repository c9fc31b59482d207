/** The server under attack, with its database and its data directory, which outlive it. */
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import postgres from "postgres";
import { clusterOf, stopEarlierServer, SUPERUSER } from "../../server/db/bundled_cluster.ts";
import { type OpenDatabase, openDatabase } from "../../server/db/open.ts";
import { createTestLog } from "../support/database.ts";
import { maddenPostgres } from "../support/mad_clock.ts";
import { startPostgres } from "../support/postgres.ts";
import type { Random } from "../support/random.ts";
import { startServer, type TestServer } from "../support/server.ts";

export type DatabaseName = "bundled" | "postgres";

/** A mad clock is set forth and back by an hour again and again, for the server and for its database at once. */
export type ClockName = "true" | "mad";

const MAD = fileURLToPath(new URL("../programs/mad_clock.ts", import.meta.url));
/** One strike in so many is at the database and not at the server. */
const DATABASE_STRIKES = 4;

/** The database under attack. */
interface Target {
  /** Null: the bundled one. */
  readonly url: string | null;
  strike(random: Random): Promise<string>;
  close(): void;
}

export interface World extends AsyncDisposable {
  readonly dataDir: string;
  /** Every task writes here when it starts and when it ends. */
  readonly marksPath: string;
  server(): TestServer;
  /** Kills the server and starts it again. */
  killServer(): Promise<void>;
  /** Kills something, and answers what once the server is up again. */
  strike(random: Random): Promise<string>;
  /** Stops the server as a person would and opens its database. */
  close(): Promise<OpenDatabase>;
}

export async function openWorld(database: DatabaseName, clock: ClockName = "true"): Promise<World> {
  const dataDir = await Deno.makeTempDir({ prefix: "orrery-chaos-" });
  const target = database === "postgres" ? await externalTarget() : bundledTarget(dataDir);
  const { url } = target;
  const start = (): Promise<TestServer> =>
    startServer({ dataDir, databaseUrl: url, preload: clock === "mad" ? [MAD] : [] });
  if (clock === "mad") await maddenPostgres(await openDatabase({ url, dataDir, log: createTestLog() }));
  let server = await start();

  async function killServer(): Promise<void> {
    await server.stop("SIGKILL");
    await server[Symbol.asyncDispose]();
    server = await start();
  }

  return {
    dataDir,
    marksPath: join(dataDir, "marks"),
    server: () => server,
    killServer,
    async strike(random): Promise<string> {
      if (random.below(DATABASE_STRIKES) > 0) {
        await killServer();
        return "server";
      }
      return await target.strike(random);
    },
    async close(): Promise<OpenDatabase> {
      const code = await server.stop("SIGTERM");
      if (code !== 0) throw new Error(`The server ended with ${code}: ${server.log()}`);
      return await openDatabase({ url, dataDir, log: createTestLog() });
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await server[Symbol.asyncDispose]();
      if (url === null) await stopEarlierServer(clusterOf(dataDir));
      target.close();
      await Deno.remove(dataDir, { recursive: true });
    },
  };
}

function bundledTarget(dataDir: string): Target {
  const folder = join(dataDir, "postgres");
  return {
    url: null,
    async strike(random): Promise<string> {
      if (random.below(2) === 0) return await killConnections({ host: folder, username: SUPERUSER });
      const [pid = ""] = (await Deno.readTextFile(join(folder, "data", "postmaster.pid"))).split("\n");
      Deno.kill(Number(pid), "SIGKILL");
      return "postmaster of the bundled database";
    },
    close: () => {},
  };
}

async function externalTarget(): Promise<Target> {
  const cluster = await startPostgres();
  return {
    url: cluster.url("postgres"),
    async strike(random): Promise<string> {
      if (random.below(2) === 0) {
        return await killConnections({ host: "127.0.0.1", port: cluster.port, username: SUPERUSER });
      }
      cluster.kill();
      await cluster.start();
      return "PostgreSQL";
    },
    close: cluster.close,
  };
}

async function killConnections(
  server: { readonly host: string; readonly port?: number; readonly username: string },
): Promise<string> {
  const sql = postgres({ ...server, database: "postgres", max: 1, connect_timeout: 5 });
  try {
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    return "connections of the database";
  } catch {
    // It is being started after the strike before.
    return "nothing: the database was away";
  } finally {
    await sql.end();
  }
}
