/** A PostgreSQL of the tests' own: the bundled one, or one that is installed on the machine. */
import { statfsSync } from "node:fs";
import { join } from "node:path";
import { INITDB_OPTIONS, SUPERUSER } from "../../server/db/bundled_cluster.ts";
import { installPrograms, type Programs } from "../../server/db/bundled_programs.ts";
import { chooseDatabaseUser } from "../../server/db/bundled_user.ts";

const FIRST_PORT = 12_000;
const PORTS = 20_000;
const CHECK_MS = 5;
/** Some hundred test databases of about 10 MiB, of which few are there at a time, and the log of the server. */
const MIN_MEMORY_BYTES = 4 * 1024 ** 3;
/** What the bundled one takes from its package's directory, for programs that are installed on the machine. */
const INSTALLED_OPTIONS = ["-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"];

export interface PostgresOptions {
  /** The folder of its programs; null: the bundled ones. Unless it is given, ORRERY_TEST_POSTGRES says which. */
  readonly programs?: string | null;
  /** Writes to the disk for each commit, as a real one does. */
  readonly durable?: boolean;
  /** More options of initdb. */
  readonly initdb?: readonly string[];
}

export interface TestPostgres {
  readonly directory: string;
  readonly port: number;
  url(database: string): string;
  /** Stops it at once, as a crash would. */
  kill(): void;
  start(): Promise<void>;
  close(): void;
}

export async function startPostgres(
  { durable = false, initdb = [], programs: installed = Deno.env.get("ORRERY_TEST_POSTGRES") ?? null }:
    PostgresOptions = {},
): Promise<TestPostgres> {
  const dir = durable ? undefined : memoryFolder();
  const directory = await Deno.makeTempDir({
    prefix: "orrery-postgres-",
    ...dir === undefined ? {} : { dir },
  });
  const user = await chooseDatabaseUser(directory);
  const programs = installed === null ? await installPrograms(join(directory, "lib")) : {
    initdb: join(installed, "initdb"),
    postgres: join(installed, "postgres"),
    environment: { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
  } satisfies Programs;
  const data = join(directory, "data");
  const port = freePort();
  const options = {
    clearEnv: true,
    env: { ...programs.environment },
    stdin: "null",
    stdout: "null",
  } as const;
  const cluster = installed === null ? INITDB_OPTIONS : INSTALLED_OPTIONS;
  const made = await user.command(programs.initdb, ["-D", data, "--no-sync", ...cluster, ...initdb], {
    ...options,
    stderr: "piped",
  }).output();
  if (!made.success) throw new Error(`initdb failed: ${new TextDecoder().decode(made.stderr)}`);
  const settings = {
    "port": `${port}`,
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": directory,
    "max_connections": "200",
    ...durable ? {} : { "fsync": "off", "full_page_writes": "off" },
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  let child: Deno.ChildProcess | null = null;

  /** Its children end with it; a start that comes too early would find their memory. */
  function kill(): void {
    if (child === null) return;
    child.kill("SIGQUIT");
    const pause = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    while (isFile(join(data, "postmaster.pid"))) Atomics.wait(pause, 0, 0, CHECK_MS);
    child = null;
  }

  async function start(): Promise<void> {
    child = user.command(programs.postgres, ["-D", data, ...args], {
      ...options,
      stderr: "null",
      detached: true,
    })
      .spawn();
    child.unref();
    let ended = false;
    void child.status.then(() => ended = true);
    // The eighth line of the file says when it accepts connections.
    while (!readIfThere(join(data, "postmaster.pid")).split("\n")[7]?.startsWith("ready")) {
      if (ended) throw new Error(`PostgreSQL did not start on port ${port}`);
      await new Promise((resolve) => setTimeout(resolve, CHECK_MS));
    }
  }

  await start();
  const close = (): void => {
    kill();
    Deno.removeSync(directory, { recursive: true });
  };
  return {
    directory,
    port,
    url: (database) => `postgres://${SUPERUSER}@127.0.0.1:${port}/${database}`,
    kill,
    start,
    close,
  };
}

/** A file system in memory makes a database for a test three times as fast. Containers often have a small one. */
function memoryFolder(): string | undefined {
  const folder = "/dev/shm";
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= MIN_MEMORY_BYTES ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** One that ends with the test process. */
export async function startOwnPostgres(options: PostgresOptions = {}): Promise<TestPostgres> {
  const started = await startPostgres(options);
  addEventListener("unload", started.close);
  return started;
}

/** Below those that the system gives to connections that go out: nobody gets it by chance between two starts. */
export function freePort(): number {
  while (true) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function readIfThere(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
