/** The database: bundled or external, both PostgreSQL behind one driver. */
import type { Socket } from "node:net";
import { parsePgArray } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/postgres-js";
import type { Logger } from "drizzle-orm";
import postgres from "postgres";
import type { Database } from "./database.ts";
import { links } from "../../schema/tables/links.ts";
import type { Log } from "../log.ts";
import { openBundled } from "./bundled.ts";
import { SUPERUSER } from "./bundled_cluster.ts";

import { type Channel, createChannel } from "./channel.ts";
import { type Client, openClient } from "./client.ts";
import { connectionError } from "./constraints.ts";
import { checkDatabase, readUrl } from "./external.ts";
import { prepareMarked } from "./prepared_statements.ts";
import { openSocket } from "./socket.ts";

const CONNECTIONS = 10;
/** The driver uses its connections in turn, so that those of a pool that is asked every second never become idle. */
const ENGINE_CONNECTIONS = 3;
/** Connections that are left when another is lost may take so long to end their transactions. */
const DRAIN_SECONDS = 1;
const CONNECT_TIMEOUT_SECONDS = 10;
const IDLE_SECONDS = 15;

interface DatabaseOptions {
  /** Null: bundled, in the data directory. */
  readonly url: string | null;
  /** Locked by the caller when the database is bundled. */
  readonly dataDir: string;
  readonly log: Log;
  /** Is told every statement that is sent. */
  readonly onStatement?: (statement: string) => void;
}

/** The driver's own transaction, for statements that no table stands behind. */
export type SqlTransaction = postgres.TransactionSql;

export interface OpenDatabase {
  readonly db: Database;
  /** The same database for the engine, which people's questions do not keep waiting. */
  readonly engineDb: Database;
  /**
   * The same database over one connection, for statements only: they are carried out in the order in which they are
   * given, and the next is there already when one is done.
   */
  readonly ordered: Database;
  readonly sql: postgres.Sql;
  /** To the other servers of this database; null when it is bundled, since it has no others. */
  readonly channel: Channel | null;
  close(): Promise<void>;
}

/** Connects a client with so many connections at most; `onLost` is told when it loses one, as the log is. */
type Connect = (connections: number, onLost?: () => void) => Client;

interface Server {
  readonly connect: Connect;
  close(): Promise<void>;
}

/** By the types' numbers in PostgreSQL. */
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [20 /* bigint */]: readInteger,
  [1184 /* timestamptz */]: (text) => new Date(text),
  [1700 /* numeric: sums and lengths of time */]: Number,
  [1000 /* boolean[] */]: readArray((text) => text === "t"),
  [1007 /* integer[] */]: readArray(Number),
  [1009 /* text[] */]: readArray(String),
  [1016 /* bigint[] */]: readArray(readInteger),
  [1185 /* timestamptz[] */]: readArray((text) => new Date(text)),
  [1231 /* numeric[] */]: readArray(Number),
};

/** Of values that are not null. */
function readArray(read: (text: string) => unknown): (text: string) => unknown[] {
  return (text) => parsePgArray(text).map(read);
}

function readInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`Cannot read ${text}: a number has 53 bits`);
  return value;
}

export async function openDatabase(
  { url, dataDir, log, onStatement }: DatabaseOptions,
): Promise<OpenDatabase> {
  const onLost = (error: Error): void => log.warn("A connection to the database was lost", { error });
  const server = url === null ? await openOwnServer(dataDir, log, onLost) : await findServer(url, onLost);
  const client = server.connect(CONNECTIONS);
  const engine = server.connect(ENGINE_CONNECTIONS);
  const ordered = server.connect(1);
  // A bundled database has one server.
  const channel = url === null ? null : createChannel((onLost) => server.connect(1, onLost));
  const logger: Logger | false = onStatement === undefined
    ? false
    : { logQuery: (statement) => onStatement(statement) };
  const build = ({ sql }: Client): Database => {
    const db = drizzle({ client: prepareMarked(sql), relations: links, logger });
    // Only now: the query builder has set parsers of its own, which leave instants as text. Its columns read these too.
    Object.assign(sql.options.parsers, parsers);
    return db;
  };
  return {
    db: build(client),
    engineDb: build(engine),
    ordered: build(ordered),
    sql: client.sql,
    channel,
    async close(): Promise<void> {
      await Promise.all([channel?.close(), ...[client, engine, ordered].map((each) => each.close())]);
      await server.close();
    },
  };
}

async function openOwnServer(dataDir: string, log: Log, onLost: (error: Error) => void): Promise<Server> {
  const bundled = await openBundled(dataDir, log);
  const connect: Connect = (connections) =>
    openClient({
      drainSeconds: DRAIN_SECONDS,
      onLost,
      async open(address): Promise<Socket> {
        // It would only be told to wait, and PostgreSQL would log each try.
        if (bundled.pid() === null) throw connectionError("The bundled database is being started again");
        try {
          return await openSocket({ ...address, encryption: "none" });
        } catch (error) {
          bundled.onUnreachable();
          throw error;
        }
      },
      create: (socket, name) =>
        postgres({
          ...options(connections, name),
          ...socket,
          host: bundled.socketDirectory,
          username: SUPERUSER,
          database: "postgres",
        }),
    });
  return { connect, close: bundled.close };
}

async function findServer(url: string, onLost: (error: Error) => void): Promise<Server> {
  const { address, place, encryption } = readUrl(url);
  const connect: Connect = (connections, onOwnLost) =>
    openClient({
      drainSeconds: DRAIN_SECONDS,
      onLost(error): void {
        onLost(error);
        onOwnLost?.();
      },
      open: (address) => openSocket({ ...address, encryption }),
      create: (socket, name) => postgres(address, { ...options(connections, name), ...place, ...socket }),
    });
  const [first, second] = [connect(1), connect(1)];
  try {
    await checkDatabase([first.sql, second.sql], url);
  } finally {
    await Promise.all([first.close(), second.close()]);
  }
  return { connect, close: () => Promise.resolve() };
}

function options(connections: number, name: string): postgres.Options<Record<string, never>> {
  return {
    max: connections,
    // Each session takes some megabytes of the database's memory, and most are only needed while much goes on.
    idle_timeout: IDLE_SECONDS,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    // The driver asks for the types of arrays in a promise that nobody has: a connection that is lost meanwhile would end
    // the program.
    fetch_types: false,
    // Our statements are short: compiling one that reads many partitions takes longer than all that it does. The driver
    // leaves out what is false.
    connection: { application_name: name, jit: "off" },
    onnotice: () => {},
  };
}
