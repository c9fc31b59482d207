/**
 * The bundled database: a PostgreSQL of our own in the data directory, reached through a Unix socket. It is initialised
 * at the first start, started again when it ends by itself, and stopped when the server stops.
 */
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../log.ts";
import { StartError } from "../start_error.ts";
import {
  adviseOn,
  cannotRun,
  clusterOf,
  initialiseCluster,
  refuseEarlierEngine,
  SOCKET_DIRECTORY_PREFIX,
  stopEarlierServer,
} from "./bundled_cluster.ts";
import { ignoreMissing, installPrograms, type Programs } from "./bundled_programs.ts";
import { chooseDatabaseUser, type DatabaseUser } from "./bundled_user.ts";

/** The longest path of a Unix socket that the system takes, in bytes. */
const MAX_SOCKET_PATH_BYTES = 107;
/** The driver looks for this file in the socket's folder. */
const SOCKET_NAME = ".s.PGSQL.5432";
/** When the server cannot be started again, the next try comes after this, doubled each time up to the limit. */
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 2_000;
/** What a fast shutdown may take before an immediate one. Both have to end within the server's own ten seconds. */
const FAST_SHUTDOWN_MS = 4_000;
const IMMEDIATE_SHUTDOWN_MS = 1_000;

/** Small for a server beside others. Connections are few, and no statement is long enough for parallel workers or JIT. */
const SETTINGS: Readonly<Record<string, string>> = {
  "listen_addresses": "",
  "unix_socket_permissions": "0700",
  "max_connections": "30",
  "shared_buffers": "32MB",
  "max_wal_size": "256MB",
  "wal_level": "minimal",
  "max_wal_senders": "0",
  "max_logical_replication_workers": "0",
  "io_method": "sync",
  "jit": "off",
  // What is read is in memory, or on a disk without a head.
  "random_page_cost": "1.1",
  // Also because containers often have a shared memory file system of 64 MB.
  "max_parallel_workers": "0",
  "max_parallel_maintenance_workers": "0",
  "autovacuum_max_workers": "2",
  "log_destination": "stderr",
  "logging_collector": "off",
  "log_line_prefix": "",
  "log_checkpoints": "off",
  // Errors of a statement reach whoever sent it; a statement may contain what no log should.
  "log_min_messages": "log",
  "log_min_error_statement": "panic",
};
/** Lines of its log that mean something to us. */
const READY = "database system is ready to accept connections";
const STILL_IN_USE = "pre-existing shared memory block";

interface BundledDatabase {
  readonly socketDirectory: string;
  /** Of the postmaster; null while it is started again. */
  pid(): number | null;
  /** Told when a connection could not be made: the server is started again when its socket is gone. */
  onUnreachable(): void;
  close(): Promise<void>;
}

/** A server that accepts connections. */
interface Server {
  readonly pid: number;
  readonly ended: Promise<Deno.CommandStatus>;
  kill(signal: Deno.Signal): void;
}

/** The data directory is locked by the caller. */
export async function openBundled(dataDir: string, log: Log): Promise<BundledDatabase> {
  await refuseEarlierEngine(dataDir);
  const { cluster, programs, user, socketDirectory } = await prepare(clusterOf(dataDir));
  let closing = false;
  let restarting: Promise<void> | null = null;
  let server: Server | null = null;

  /** Resolves when it accepts connections. */
  async function start(): Promise<void> {
    const settings = Object.entries({ ...SETTINGS, "unix_socket_directories": quote(socketDirectory) });
    const args = ["-D", cluster, ...settings.flatMap(([name, value]) => ["-c", `${name}=${value}`])];
    const child = spawnServer(user, programs, args);
    const reason = await readLog(child.stderr, log);
    if (reason !== null) {
      throw new StartError(`Cannot start the bundled database in "${cluster}": ${adviseOn(reason)}`);
    }
    const started = {
      pid: child.pid,
      ended: child.status,
      kill(signal: Deno.Signal): void {
        try {
          child.kill(signal);
        } catch (error) {
          // It has ended by itself.
          if (!(error instanceof TypeError)) throw error;
        }
      },
    };
    server = started;
    void started.ended.then((status) => restartAfter(status));
  }

  function restartAfter({ code, signal }: Deno.CommandStatus): void {
    server = null;
    if (closing) return;
    log.error("The bundled database has stopped and is started again", { code, signal });
    restarting = restart().finally(() => restarting = null);
  }

  async function restart(): Promise<void> {
    for (let delayMs = FIRST_RETRY_MS; !closing; delayMs = Math.min(2 * delayMs, MAX_RETRY_MS)) {
      try {
        await stopEarlierServer(cluster);
        return await start();
      } catch (error) {
        log.error(`The bundled database cannot be started; the next try is in ${delayMs} ms`, { error });
        await pause(delayMs);
      }
    }
  }

  async function startFirst(): Promise<void> {
    for (let delayMs = FIRST_RETRY_MS;; delayMs *= 2) {
      try {
        return await start();
      } catch (error) {
        // Children of a server that was killed take a moment to notice it.
        if (!String(error).includes(STILL_IN_USE) || delayMs > MAX_RETRY_MS) throw error;
        await pause(delayMs);
      }
    }
  }

  /** For an end without a close: the server shuts down by itself. */
  const abandon = (): void => server?.kill("SIGINT");
  addEventListener("unload", abandon);

  async function close(): Promise<void> {
    closing = true;
    removeEventListener("unload", abandon);
    await restarting;
    if (server !== null) await shutDown(server, log);
    if (isTemporary(socketDirectory)) {
      await Deno.remove(socketDirectory, { recursive: true }).catch(ignoreMissing);
    }
  }

  try {
    await startFirst();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    socketDirectory,
    pid: () => server?.pid ?? null,
    onUnreachable(): void {
      if (closing || server === null || socketExists(socketDirectory)) return;
      log.error("The socket of the bundled database is gone, so it is started again", { socketDirectory });
      server.kill("SIGINT");
    },
    close,
  };
}

interface Prepared {
  readonly cluster: string;
  readonly programs: Programs;
  readonly user: DatabaseUser;
  readonly socketDirectory: string;
}

/** Everything that has to be there before the server is started. */
async function prepare(cluster: string): Promise<Prepared> {
  const folder = dirname(cluster);
  try {
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
    await Deno.chmod(folder, 0o700);
    const user = await chooseDatabaseUser(folder);
    const linkFolder = join(folder, "lib");
    const programs = await installPrograms(linkFolder);
    await user.own(linkFolder);
    await stopEarlierServer(cluster);
    await initialiseCluster(cluster, programs, user);
    const socketDirectory = await openSocketDirectory(folder);
    if (isTemporary(socketDirectory)) await user.own(socketDirectory);
    return { cluster, programs, user, socketDirectory };
  } catch (error) {
    if (error instanceof StartError) throw error;
    // What the system refuses: a full disk, a folder of another user, a file system that can only be read.
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`Cannot prepare the bundled database in "${folder}": ${adviseOn(reason)}`, error);
  }
}

function spawnServer(user: DatabaseUser, programs: Programs, args: readonly string[]): Deno.ChildProcess {
  try {
    return user.command(programs.postgres, args, {
      clearEnv: true,
      env: { ...programs.environment },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      // A session of its own: Ctrl-C in a terminal is for us, and the database must be there while we stop.
      detached: true,
    }).spawn();
  } catch (error) {
    return cannotRun(error);
  }
}

/**
 * Passes what PostgreSQL writes on to our log until it ends. Resolves with null once it accepts connections, or with the
 * reason when it ends before.
 */
function readLog(stderr: ReadableStream<Uint8Array<ArrayBuffer>>, log: Log): Promise<string | null> {
  return new Promise((resolve, reject) => {
    let last = "it gave no reason";
    let level: keyof Log = "info";
    const read = async (): Promise<void> => {
      for await (const line of readLines(stderr)) {
        const [, severity, text = line] = /^([A-Z]+\d?): {2}(.*)$/.exec(line) ?? [];
        level = severity === undefined ? level : levelOf(severity) ?? level;
        if (level === "error") last = text;
        log[level](`PostgreSQL: ${text.trim()}`);
        if (text === READY) resolve(null);
      }
      resolve(last);
    };
    read().catch(reject);
  });
}

/** As the manual of PostgreSQL has it for syslog; null for the lines that go on with the one before. */
function levelOf(severity: string): keyof Log | null {
  switch (severity) {
    case "PANIC":
    case "FATAL":
      return "error";
    case "ERROR":
    case "WARNING":
      return "warn";
    case "LOG":
    case "INFO":
    case "NOTICE":
      return "info";
    default:
      return severity.startsWith("DEBUG") ? "debug" : null;
  }
}

async function* readLines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

async function shutDown(server: Server, log: Log): Promise<void> {
  server.kill("SIGINT");
  if (await within(server.ended, FAST_SHUTDOWN_MS)) return;
  log.warn(
    "The bundled database does not shut down in time and is stopped at once; it recovers at the next start",
  );
  server.kill("SIGQUIT");
  if (await within(server.ended, IMMEDIATE_SHUTDOWN_MS)) return;
  server.kill("SIGKILL");
  await server.ended;
}

async function within(ended: Promise<unknown>, limitMs: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => timer = setTimeout(() => resolve(false), limitMs));
  const inTime = await Promise.race([ended.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}

/** The cluster's folder when its path is short enough, otherwise a temporary one that only its owner can enter. */
async function openSocketDirectory(folder: string): Promise<string> {
  if (fits(folder)) return folder;
  const other = await Deno.makeTempDir({ prefix: SOCKET_DIRECTORY_PREFIX });
  if (fits(other)) return other;
  await Deno.remove(other);
  throw new StartError(
    `Cannot make the socket of the bundled database: a path in "${folder}" is longer than ${MAX_SOCKET_PATH_BYTES} bytes, ` +
      `and so is one in the temporary folder "${other}"; name a shorter directory with ORRERY_DATA_DIR or TMPDIR`,
  );
}

function isTemporary(socketDirectory: string): boolean {
  return basename(socketDirectory).startsWith(SOCKET_DIRECTORY_PREFIX);
}

function fits(folder: string): boolean {
  return new TextEncoder().encode(join(folder, SOCKET_NAME)).length <= MAX_SOCKET_PATH_BYTES;
}

function socketExists(socketDirectory: string): boolean {
  try {
    return Deno.lstatSync(join(socketDirectory, SOCKET_NAME)).isSocket === true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The setting is a list of paths: quoted, a path may contain what separates them. */
function quote(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}
