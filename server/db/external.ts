/** An external database: how its address is read, and whether it is one that Orrery can use. */
import type postgres from "postgres";
import { StartError } from "../start_error.ts";
import { type Encryption, readEncryption } from "./socket.ts";

const MIN_VERSION = 14;
/** A pooler that happens to give a client the same session twice does not do so every time. */
const SESSION_ROUNDS = 5;

interface ExternalAddress {
  /** For the driver. */
  readonly address: string;
  /** What the driver does not read from the address: the folder of a socket, and the port in its name. */
  readonly place: { readonly host?: string; readonly port?: number };
  readonly encryption: Encryption;
}

/** Reads the forms of libpq: the host in front, or as the parameter `host`, which may be the folder of a Unix socket. */
export function readUrl(url: string): ExternalAddress {
  try {
    const parsed = parse(url);
    if (!/^postgres(?:ql)?:$/.test(parsed.protocol)) {
      throw new TypeError(`Unknown protocol ${parsed.protocol}`);
    }
    const { searchParams } = parsed;
    const encryption = readEncryption(searchParams.get("sslmode") ?? searchParams.get("ssl"));
    const host = hostOf(parsed);
    const port = searchParams.get("port") ?? parsed.port;
    if (host === parsed.hostname && !searchParams.has("port")) return { address: url, place: {}, encryption };
    for (const name of ["host", "port"]) searchParams.delete(name);
    parsed.hostname = "localhost";
    const place = { host, ...port === "" ? {} : { port: Number(port) } };
    return { address: parsed.href, place, encryption };
  } catch (error) {
    throw new StartError(
      "Cannot read ORRERY_DATABASE_URL: it is not of the form postgres://user:password@host:port/name",
      error,
    );
  }
}

/** With the empty host of libpq, which stands for a socket, written out. */
function parse(url: string): URL {
  return new URL(url.replace(/^(\w+:\/\/(?:[^@/?]*@)?)(?=[/?])/, "$1localhost"));
}

function hostOf({ hostname, searchParams }: URL): string {
  return searchParams.get("host") ?? (/%2f/i.test(hostname) ? decodeURIComponent(hostname) : hostname);
}

interface Facts {
  readonly version: number;
  readonly encoding: string;
}

/** Each client has one connection. */
export async function checkDatabase(
  clients: readonly [postgres.Sql, postgres.Sql],
  url: string,
): Promise<void> {
  const where = describe(url);
  const { version, encoding } = await readFacts(clients[0], where);
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
  if (await keepsSessions(clients)) return;
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
async function keepsSessions(connections: readonly postgres.Sql[]): Promise<boolean> {
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
  }
}

function isStatementError(error: unknown): boolean {
  return error instanceof Error && "code" in error && ["26000", "42P05"].includes(String(error.code));
}

/** Host, port and name, and never the password. */
function describe(url: string): string {
  const parsed = parse(url);
  const port = parsed.searchParams.get("port") ?? parsed.port;
  return `${hostOf(parsed)}${port === "" ? "" : `:${port}`}${parsed.pathname}`;
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
