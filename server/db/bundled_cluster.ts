/** The cluster of the bundled PostgreSQL in the data directory: checked, initialised, and freed of an earlier server. */
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { StartError } from "../start_error.ts";
import { ignoreMissing, type Programs } from "./bundled_programs.ts";
import type { DatabaseUser } from "./bundled_user.ts";

/** Of the package's PostgreSQL. A cluster of another major version has to be exported and imported. */
const MAJOR_VERSION = "18";
export const SUPERUSER = "orrery";
/** Only who may enter the folder of the socket can connect. The order and the case of texts are the same everywhere. */
export const INITDB_OPTIONS: readonly string[] = [
  ...["-U", SUPERUSER, "--auth=trust", "--no-instructions"],
  ...["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"],
];

const ERROR = /\b(?:error|ERROR|FATAL|PANIC):/;
const SPACE = /no space left|quota exceeded/i;

type Shutdowns = readonly (readonly [Deno.Signal, number])[];

const KILL_MS = 2_000;
/** A fast shutdown, an immediate one, and the end, with the time that each may take. */
const SHUTDOWNS: Shutdowns = [["SIGINT", 5_000], ["SIGQUIT", 2_000], ["SIGKILL", KILL_MS]];
const SHUTDOWN_CHECK_MS = 20;
/** In postmaster.pid, from 0. */
const SOCKET_DIRECTORY_LINE = 4;
/** Of a temporary folder for the socket, which is removed with its server. */
export const SOCKET_DIRECTORY_PREFIX = "orrery-socket-";

/** Where the cluster is in a data directory. */
export function clusterOf(dataDir: string): string {
  return join(dataDir, "postgres", "data");
}

/** Refuses what an earlier Orrery left before PostgreSQL was bundled. */
export async function refuseEarlierEngine(dataDir: string): Promise<void> {
  const folder = join(dataDir, "database");
  if (!await exists(folder)) return;
  throw new StartError(
    `Cannot use data directory "${dataDir}": "${folder}" is a database of an earlier Orrery, which this version cannot ` +
      "read; write it to a file with `export` of the version that made it, and read the file with `import` of this one " +
      "into an empty data directory (ORRERY_DATA_DIR)",
  );
}

/** Makes the cluster unless it is there, in a folder of another name that is renamed once it is whole. */
export async function initialiseCluster(
  cluster: string,
  programs: Programs,
  user: DatabaseUser,
): Promise<void> {
  await removeUnfinished(cluster);
  if (await exists(cluster)) return await checkVersion(cluster);
  // Its own name each time: what a kill of ours has left may go on for a moment in the folder that it knows.
  const unfinished = `${unfinishedPrefix(cluster)}${crypto.randomUUID()}`;
  const { success, stderr } = await user.command(programs.initdb, ["-D", unfinished, ...INITDB_OPTIONS], {
    clearEnv: true,
    env: { ...programs.environment },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output().catch(cannotRun);
  if (!success) {
    throw new StartError(
      `Cannot initialise the bundled database in "${cluster}": ${adviseOn(reasonIn(stderr))}`,
    );
  }
  await Deno.rename(unfinished, cluster);
  using folder = await Deno.open(join(cluster, ".."));
  await folder.sync();
}

/** What kills in the middle of it have left, together with the programs that do not know of the kill. */
async function removeUnfinished(cluster: string): Promise<void> {
  const prefix = unfinishedPrefix(cluster);
  for (const pid of await findProcesses("initdb", (folder) => folder.startsWith(prefix))) {
    await endProcess(pid, [["SIGKILL", KILL_MS]]);
  }
  for await (const { name } of Deno.readDir(dirname(cluster))) {
    const path = join(dirname(cluster), name);
    if (path.startsWith(prefix)) await removeFolder(path);
  }
}

/** A program that initdb had started may write into it for another moment. */
async function removeFolder(path: string): Promise<void> {
  for (let waitedMs = 0;; waitedMs += SHUTDOWN_CHECK_MS) {
    try {
      return await Deno.remove(path, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      if (waitedMs > KILL_MS) throw error;
      await pause(SHUTDOWN_CHECK_MS);
    }
  }
}

function unfinishedPrefix(cluster: string): string {
  return `${cluster}.new-`;
}

async function checkVersion(cluster: string): Promise<void> {
  const version = await Deno.readTextFile(join(cluster, "PG_VERSION")).catch((error) => {
    throw new StartError(`Cannot open the bundled database: "${cluster}" is not a PostgreSQL cluster`, error);
  });
  if (version.trim() !== MAJOR_VERSION) {
    throw new StartError(
      `Cannot open the bundled database in "${cluster}": it is of PostgreSQL ${version.trim()}, this Orrery brings ` +
        `${MAJOR_VERSION}; write it to a file with \`export\` of the version that made it, and read the file with ` +
        "`import` of this one into an empty data directory (ORRERY_DATA_DIR)",
    );
  }
  // PostgreSQL refuses a folder that others can enter.
  await Deno.chmod(cluster, 0o700);
}

/**
 * Stops the server that runs on the cluster although its Orrery is gone: we hold the lock on the data directory. It is
 * found by its command line. The process that postmaster.pid names may be somebody else's, if the machine or the
 * container was started anew; such a file is removed, or PostgreSQL would refuse to start.
 */
export async function stopEarlierServer(cluster: string): Promise<void> {
  const path = join(cluster, "postmaster.pid");
  const lines = (await Deno.readTextFile(path).catch(ignoreMissing))?.split("\n") ?? [];
  for (const pid of await findProcesses("postgres", (folder) => folder === cluster)) {
    await endProcess(pid, SHUTDOWNS);
  }
  await Deno.remove(path).catch(ignoreMissing);
  const socketDirectory = lines[SOCKET_DIRECTORY_LINE] ?? "";
  if (basename(socketDirectory).startsWith(SOCKET_DIRECTORY_PREFIX)) {
    await Deno.remove(socketDirectory, { recursive: true }).catch(ignoreMissing);
  }
}

async function endProcess(pid: number, shutdowns: Shutdowns): Promise<void> {
  for (const [signal, limitMs] of shutdowns) {
    try {
      Deno.kill(pid, signal);
    } catch (error) {
      return ignoreMissing(error);
    }
    for (let waitedMs = 0; waitedMs < limitMs; waitedMs += SHUTDOWN_CHECK_MS) {
      if (!(await listCommands()).some((command) => command.pid === pid)) return;
      await pause(SHUTDOWN_CHECK_MS);
    }
  }
  throw new StartError(`Cannot stop process ${pid}, which an earlier Orrery has left on its database`);
}

/** Programs of PostgreSQL by the folder that they were given: children of a server write other titles over theirs. */
async function findProcesses(
  name: string,
  onFolder: (folder: string) => boolean,
): Promise<readonly number[]> {
  const commands = await listCommands();
  return commands.filter(({ args: [program = "", option, folder = ""] }) =>
    basename(program) === name && option === "-D" && onFolder(folder)
  ).map(({ pid }) => pid);
}

interface RunningCommand {
  readonly pid: number;
  readonly args: readonly string[];
}

async function listCommands(): Promise<readonly RunningCommand[]> {
  if (Deno.build.os !== "linux") return await listByPs();
  const commands: RunningCommand[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const line = await Deno.readTextFile(`/proc/${name}/cmdline`);
      // A zombie has none.
      if (line !== "") commands.push({ pid: Number(name), args: line.split("\0") });
    } catch {
      // It has ended meanwhile, or it is hidden from us and cannot be ours.
    }
  }
  return commands;
}

/** Where there is no /proc. Without spaces in the cluster's path the arguments are apart. */
async function listByPs(): Promise<readonly RunningCommand[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-axwwo", "pid=,command="] }).output();
  return new TextDecoder().decode(stdout).split("\n").map((line) => {
    const [pid = "", ...args] = line.trim().split(/\s+/);
    return { pid: Number(pid), args };
  });
}

export function cannotRun(error: unknown): never {
  throw new StartError(
    `Cannot start the bundled database: its programs cannot be run here (${
      error instanceof Error ? error.message : String(error)
    }); set ORRERY_DATABASE_URL to use another PostgreSQL`,
    error,
  );
}

/** Adds what to do about the errors of a system that people can end. */
export function adviseOn(reason: string): string {
  return SPACE.test(reason) ? `${reason}; free some space on the disk of the data directory` : reason;
}

/** The first error that a program of PostgreSQL wrote: others follow from it. */
function reasonIn(stderr: Uint8Array): string {
  const lines = new TextDecoder().decode(stderr).trim().split("\n");
  const line = lines.find((each) => SPACE.test(each)) ?? lines.find((each) => ERROR.test(each)) ??
    lines.at(-1);
  return line?.replace(new RegExp(`^.*?${ERROR.source}\\s*`), "") || "it gave no reason";
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
