/** A PostgreSQL of the test process's own, where its programs are installed. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const VERSIONS = "/usr/lib/postgresql";
const FIRST_PORT = 12_000;
const PORTS = 20_000;

export interface TestPostgres {
  readonly directory: string;
  url(database: string): string;
  /** Stops it at once, as a crash would. */
  kill(): void;
  start(): void;
}

/** The folder of its programs; null when it is not installed. */
export function findPostgres(): string | null {
  try {
    const versions = [...Deno.readDirSync(VERSIONS)].map(({ name }) => name).sort((a, b) =>
      Number(b) - Number(a)
    );
    for (const version of versions) {
      const programs = join(VERSIONS, version, "bin");
      if (Deno.statSync(join(programs, "initdb")).isFile) return programs;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return null;
}

export async function startPostgres({ fsync = false } = {}): Promise<TestPostgres> {
  const programs = findPostgres();
  if (programs === null) throw new Error("PostgreSQL is not installed");
  const directory = await Deno.makeTempDir({ prefix: "orrery-postgres-" });
  // It refuses to run as root, and then needs a directory of its own user's.
  const asOther = Deno.uid() === 0;
  if (asOther) run("chown", ["postgres", directory]);
  const data = join(directory, "data");
  const port = freePort();
  const control = (...args: readonly string[]): void => {
    const command = [join(programs, "pg_ctl"), "-D", data, "-w", ...args];
    if (asOther) run("runuser", ["-u", "postgres", "--", ...command]);
    else run(command[0] ?? "", command.slice(1));
  };
  const settings = `-p ${port} -k ${directory} -c listen_addresses=127.0.0.1 -c fsync=${
    fsync ? "on" : "off"
  } -c max_connections=200`;
  const start = (): void => control("-o", settings, "-l", join(directory, "log"), "start");
  control("-o", "-A trust -U postgres -E UTF8 --no-locale", "init");
  start();
  addEventListener("unload", () => {
    control("-m", "immediate", "stop");
    Deno.removeSync(directory, { recursive: true });
  });
  return {
    directory,
    url: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    kill: () => control("-m", "immediate", "stop"),
    start,
  };
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

function run(command: string, args: readonly string[]): void {
  // node's spawnSync with ignored output: Deno's waits for pipes that the daemon keeps open.
  const { status, error } = spawnSync(command, args, { stdio: "ignore" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`, { cause: error });
}
