/** The server under attack, with its database and its data directory, which outlive it. */
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import postgres from "postgres";
import { type OpenDatabase, openDatabase } from "../../server/db/open.ts";
import { copyEmbeddedTemplate, createTestLog } from "../support/database.ts";
import { maddenPostgres } from "../support/mad_clock.ts";
import { startPostgres, type TestPostgres } from "../support/postgres.ts";
import type { Random } from "../support/random.ts";
import { startServer, type TestServer } from "../support/server.ts";

export type DatabaseName = "embedded" | "postgres";

/** A mad clock is set forth and back by an hour again and again, for the server and for its database at once. */
export type ClockName = "true" | "mad";

const MORTAL = fileURLToPath(new URL("../programs/mortal_database.ts", import.meta.url));
const MAD = fileURLToPath(new URL("../programs/mad_clock.ts", import.meta.url));
const DATABASE = "chaos";
/** One strike in so many is at the database and not at the server. */
const DATABASE_STRIKES = 4;

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
  const dataDir = await copyEmbeddedTemplate();
  const cluster = database === "postgres" ? await startPostgres() : null;
  if (cluster !== null) await ask(cluster, "postgres", `create database ${DATABASE}`);
  const databaseUrl = cluster?.url(DATABASE);
  const url = databaseUrl ?? null;
  const start = (): Promise<TestServer> =>
    startServer({
      dataDir,
      preload: [MORTAL, ...(clock === "mad" ? [MAD] : [])],
      ...(url === null ? {} : { databaseUrl: url }),
    });
  if (clock === "mad" && url !== null) {
    await maddenPostgres(await openDatabase({ url, dataDir, log: createTestLog() }));
  }
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
      return cluster === null ? killThread(server) : await strikePostgres(cluster, random);
    },
    async close(): Promise<OpenDatabase> {
      const code = await server.stop("SIGTERM");
      if (code !== 0) throw new Error(`The server ended with ${code}: ${server.log()}`);
      return await openDatabase({ url, dataDir, log: createTestLog() });
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await server[Symbol.asyncDispose]();
      await Deno.remove(dataDir, { recursive: true });
    },
  };
}

function killThread({ pid }: TestServer): string {
  Deno.kill(pid, "SIGUSR1");
  return "thread of the embedded database";
}

async function strikePostgres(cluster: TestPostgres, random: Random): Promise<string> {
  if (random.below(2) === 0) {
    cluster.kill();
    cluster.start();
    return "PostgreSQL";
  }
  await ask(
    cluster,
    "postgres",
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${DATABASE}'`,
  );
  return "connections of PostgreSQL";
}

async function ask(cluster: TestPostgres, database: string, statement: string): Promise<void> {
  const sql = postgres(cluster.url(database), { max: 1 });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
