/** The database: embedded or PostgreSQL, behind one driver. */
import { drizzle } from "drizzle-orm/postgres-js";
import type { Logger } from "drizzle-orm";
import postgres from "postgres";
import type { Database } from "../../schema/graphql/context.ts";
import { links } from "../../schema/tables/links.ts";
import type { Log } from "../log.ts";
import { StartError } from "../start_error.ts";
import { type Client, openClient } from "./client.ts";
import { type EmbeddedDatabase, openEmbedded } from "./embedded.ts";
import { keepMarked } from "./kept_statements.ts";
import { readEncryption } from "./socket.ts";

const POSTGRES_CONNECTIONS = 10;
/** Connections that are left when another is lost may take so long to end their transactions. */
const DRAIN_SECONDS = 1;
const POSTGRES_LEAST_VERSION = 14;
const CONNECT_TIMEOUT_SECONDS = 10;

export interface DatabaseOptions {
  /** Null: embedded, in the data directory. */
  readonly url: string | null;
  /** Locked by the caller when the database is embedded. */
  readonly dataDir: string;
  readonly log: Log;
  /** Is told every statement that is sent. */
  readonly onStatement?: (statement: string) => void;
}

/** The driver's own transaction, for statements that no table stands behind. */
export type SqlTransaction = postgres.TransactionSql;

export interface OpenDatabase {
  readonly db: Database;
  /**
   * The same database over one connection, for statements only: they are carried out in the order in which they are
   * given, and the next is there already when one is done.
   */
  readonly ordered: Database;
  readonly sql: postgres.Sql;
  readonly kind: "embedded" | "postgres";
  /** Null for PostgreSQL. */
  readonly embedded: EmbeddedDatabase | null;
  close(): Promise<void>;
}

export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const { log, onStatement } = options;
  const embedded = options.url === null ? await openEmbedded(options.dataDir, log) : null;
  const onLost = (error: Error): void => log.warn("A connection to the database was lost", { error });
  const client = options.url === null || embedded !== null
    ? connectEmbedded(embedded?.socketDirectory ?? "", onLost)
    : connectPostgres(options.url, onLost, POSTGRES_CONNECTIONS);
  const ordered = options.url === null ? client : connectPostgres(options.url, onLost, 1);
  const clients = [...new Set([client, ordered])];
  try {
    if (options.url !== null) await refuseUnfit(client.sql, options.url);
  } catch (error) {
    await Promise.all(clients.map((each) => each.close()));
    throw error;
  }
  const logger: Logger | false = onStatement === undefined
    ? false
    : { logQuery: (statement) => onStatement(statement) };
  return {
    db: drizzle({ client: keepMarked(client.sql), relations: links, logger }),
    ordered: drizzle({ client: keepMarked(ordered.sql), relations: links, logger }),
    sql: client.sql,
    kind: embedded === null ? "postgres" : "embedded",
    embedded,
    async close(): Promise<void> {
      await Promise.all(clients.map((each) => each.close()));
      await embedded?.close();
    },
  };
}

/**
 * One connection: the embedded database has one session whatever connects, and messages of two connections would mix
 * in it. It is never given up while it works, since its prepared statements live as long as the session.
 */
function connectEmbedded(socketDirectory: string, onLost: (error: Error) => void): Client {
  return openClient({
    encryption: "none",
    drainSeconds: 0,
    onLost,
    create: (socket) =>
      postgres({
        ...socket,
        host: socketDirectory,
        username: "postgres",
        database: "postgres",
        max: 1,
        idle_timeout: 0,
        max_lifetime: null,
        onnotice: () => {},
      }),
  });
}

function connectPostgres(url: string, onLost: (error: Error) => void, connections: number): Client {
  try {
    const { searchParams } = new URL(url);
    return openClient({
      encryption: readEncryption(searchParams.get("sslmode") ?? searchParams.get("ssl")),
      drainSeconds: DRAIN_SECONDS,
      onLost,
      create: (socket) =>
        postgres(url, {
          ...socket,
          max: connections,
          connect_timeout: CONNECT_TIMEOUT_SECONDS,
          // Our statements are short: compiling one that reads many partitions takes longer than all that it does. The
          // driver leaves out what is false.
          connection: { application_name: "orrery", jit: "off" },
          onnotice: () => {},
        }),
    });
  } catch (error) {
    throw new StartError(
      "Cannot read ORRERY_DATABASE_URL: it is not of the form postgres://user:password@host:port/name",
      error,
    );
  }
}

async function refuseUnfit(sql: postgres.Sql, url: string): Promise<void> {
  const where = hostOf(url);
  let version: number;
  try {
    const [row] = await sql<
      { version: number }[]
    >`select current_setting('server_version_num')::integer as version`;
    version = Math.floor((row?.version ?? 0) / 10_000);
  } catch (error) {
    throw new StartError(`Cannot reach the database at ${where}: ${reasonOf(error)}`, error);
  }
  if (version >= POSTGRES_LEAST_VERSION) return;
  throw new StartError(
    `Cannot use the database at ${where}: it is PostgreSQL ${version}, at least ${POSTGRES_LEAST_VERSION} is needed`,
  );
}

/** Host, port and name, and never the password. */
function hostOf(url: string): string {
  if (!URL.canParse(url)) return "the address in ORRERY_DATABASE_URL";
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? error.code : undefined;
  switch (code) {
    case "ECONNREFUSED":
      return "nobody answers there; start PostgreSQL or correct ORRERY_DATABASE_URL";
    case "ENOTFOUND":
      return "there is no such host; correct ORRERY_DATABASE_URL";
    case "CONNECT_TIMEOUT":
      return `no answer within ${CONNECT_TIMEOUT_SECONDS} s; check the address and the firewall`;
    case "28P01":
    case "28000":
      return "the user or the password is wrong; correct ORRERY_DATABASE_URL";
    case "3D000":
      return "there is no such database; create it first";
    default:
      return error.message;
  }
}
