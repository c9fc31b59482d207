/** An external database: how its address is read, and whether it is one that Orrery can use. */
import type postgres from "postgres";
import { StartError } from "../start_error.ts";
import { type Encryption, readEncryption } from "./socket.ts";

const MIN_VERSION = 14;
/** A pooler that happens to give a client the same session twice does not do so every time. */
const SESSION_ROUNDS = 5;

export interface ExternalAddress {
  /** For the driver. */
  readonly address: string;
  /** Where the address names the host in a way that the driver does not read: the folder of a socket. */
  readonly host: { readonly host?: string };
  readonly encryption: Encryption;
}

/** Reads the forms of libpq: the host in front, or as the parameter `host`, which may be the folder of a Unix socket. */
export function readUrl(url: string): ExternalAddress {
  try {
    const parsed = new URL(url);
    if (!/^postgres(?:ql)?:$/.test(parsed.protocol)) {
      throw new TypeError(`Unknown protocol ${parsed.protocol}`);
    }
    const { searchParams } = parsed;
    const encryption = readEncryption(searchParams.get("sslmode") ?? searchParams.get("ssl"));
    const inFront = decodeURIComponent(parsed.hostname);
    const host = searchParams.get("host") ?? (inFront.includes("/") ? inFront : null);
    if (host === null) return { address: url, host: {}, encryption };
    searchParams.delete("host");
    if (inFront.includes("/")) parsed.hostname = "localhost";
    return { address: parsed.href, host: { host }, encryption };
  } catch (error) {
    throw new StartError(
      "Cannot read ORRERY_DATABASE_URL: it is not of the form postgres://user:password@host:port/name",
      error,
    );
  }
}

interface Facts {
  readonly version: number;
  readonly encoding: string;
}

/** `sql` has two connections. */
export async function checkDatabase(sql: postgres.Sql, url: string): Promise<void> {
  const where = hostOf(url);
  const { version, encoding } = await readFacts(sql, where);
  if (version < MIN_VERSION) {
    throw new StartError(
      `Cannot use the database at ${where}: it is PostgreSQL ${version}, at least ${MIN_VERSION} is needed`,
    );
  }
  if (encoding !== "UTF8") {
    throw new StartError(
      `Cannot use the database at ${where}: its encoding is ${encoding}, UTF8 is needed; make another one with ` +
        "`create database NAME encoding 'UTF8' template template0`",
    );
  }
  if (await keepsSessions(sql)) return;
  throw new StartError(
    `Cannot use the database at ${where}: a connection pooler gives one session to several clients, but prepared ` +
      "statements and locks belong to a session; set pool_mode = session in the pooler (PgBouncer), or connect to " +
      "PostgreSQL itself",
  );
}

async function readFacts(sql: postgres.Sql, where: string): Promise<Facts> {
  try {
    const [row] = await sql<{ version: number; encoding: string }[]>`
      select current_setting('server_version_num')::integer / 10000 as version,
        current_setting('server_encoding') as encoding`;
    return { version: row?.version ?? 0, encoding: row?.encoding ?? "" };
  } catch (error) {
    throw new StartError(`Cannot reach the database at ${where}: ${reasonOf(error)}`, error);
  }
}

/** What one connection sets is there when it looks again, and another connection does not see it. */
async function keepsSessions(sql: postgres.Sql): Promise<boolean> {
  const connections = await Promise.all([sql.reserve(), sql.reserve()]);
  try {
    for (let round = 0; round < SESSION_ROUNDS; round++) {
      const marks = connections.map(() => crypto.randomUUID());
      // One after the other: the pooler shall have the chance to give the first one's session to the second.
      for (const [index, connection] of connections.entries()) {
        await connection`select set_config('orrery.session', ${marks[index] ?? ""}, false)`;
      }
      for (const [index, connection] of connections.entries()) {
        const [row] = await connection`select current_setting('orrery.session', true) as mark`;
        if (row?.mark !== marks[index]) return false;
      }
    }
    return true;
  } catch (error) {
    // A prepared statement of another session, or none where there was one.
    if (isStatementError(error)) return false;
    throw error;
  } finally {
    for (const connection of connections) connection.release();
  }
}

function isStatementError(error: unknown): boolean {
  return error instanceof Error && "code" in error && ["26000", "42P05"].includes(String(error.code));
}

/** Host, port and name, and never the password. */
function hostOf(url: string): string {
  if (!URL.canParse(url)) return "the address in ORRERY_DATABASE_URL";
  const { host, pathname, searchParams } = new URL(url);
  return `${searchParams.get("host") ?? decodeURIComponent(host)}${pathname}`;
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
      return "no answer in time; check the address and the firewall";
    case "28P01":
    case "28000":
      return "the user or the password is wrong; correct ORRERY_DATABASE_URL";
    case "3D000":
      return "there is no such database; create it first";
    case "08P01":
      return `${error.message}; if a connection pooler answers there, set pool_mode = session and ` +
        "ignore_startup_parameters = jit in it (PgBouncer), or connect to PostgreSQL itself";
    default:
      return error.message;
  }
}
