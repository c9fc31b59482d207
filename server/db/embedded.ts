/** The embedded database: first initialisation, its thread, and a new thread when that one dies. */
import { join } from "node:path";
import type { Log } from "../log.ts";
import type { WorkerOrder, WorkerWord } from "./embedded_worker.ts";
import { StartError } from "../start_error.ts";

/** The PostgreSQL inside PGlite; a directory of another major version needs export and import. */
const MAJOR_VERSION = "18";
/** The kernel's limit for the path of a Unix socket is 108 bytes; the driver adds its own file name. */
const SOCKET_PATH_BYTES = 90;
/** The driver looks for this file in the socket's directory. */
const SOCKET_NAME = ".s.PGSQL.5432";
/** When a new thread cannot open the database either, the next try comes after this, doubled up to the limit. */
const FIRST_RETRY_MS = 100;
const RETRY_LIMIT_MS = 2_000;

export interface EmbeddedDatabase {
  /** Directory that the driver is given as its host. */
  readonly socketDirectory: string;
  /** Ends the thread as a crash would, and starts a new one. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openEmbedded(dataDir: string, log: Log): Promise<EmbeddedDatabase> {
  const directory = join(dataDir, "database");
  await initialise(dataDir, directory);
  await refuseOtherVersion(directory);
  const socketDirectory = await openSocketDirectory(dataDir);
  const socketPath = join(socketDirectory, SOCKET_NAME);
  let closing = false;
  let restarting: Promise<void> | null = null;
  let worker: Worker | null = null;
  worker = await startServing();

  async function startServing(): Promise<Worker> {
    await removeIfThere(socketPath);
    const fresh = createWorker();
    try {
      await order(fresh, { kind: "serve", directory, socketPath });
      await Deno.chmod(socketPath, 0o600);
    } catch (error) {
      fresh.terminate();
      throw error;
    }
    onFault(fresh, (message) => {
      if (closing || fresh !== worker) return;
      log.error("The embedded database died and is started again", { fault: message });
      void restart();
    });
    return fresh;
  }

  function restart(): Promise<void> {
    return restarting ??= revive().finally(() => restarting = null);
  }

  async function revive(): Promise<void> {
    worker?.terminate();
    worker = null;
    for (let delayMs = FIRST_RETRY_MS; !closing; delayMs = Math.min(2 * delayMs, RETRY_LIMIT_MS)) {
      try {
        worker = await startServing();
        return;
      } catch (error) {
        log.error(`The embedded database cannot be started; the next try is in ${delayMs} ms`, { error });
        await new Promise((resolve) => setTimeout(resolve, delayMs));
      }
    }
  }

  async function close(): Promise<void> {
    closing = true;
    await restarting;
    try {
      if (worker !== null) await order(worker, { kind: "close" });
    } catch (error) {
      // Nothing that was committed depends on a tidy end.
      log.warn("The embedded database did not close in order", { error });
    } finally {
      worker?.terminate();
      await removeIfThere(socketDirectory === dataDir ? socketPath : socketDirectory);
    }
  }

  return { socketDirectory, restart, close };
}

/** Into a folder that is renamed once it is whole: a kill leaves nothing half made. */
async function initialise(dataDir: string, directory: string): Promise<void> {
  const unfinished = join(dataDir, "database.new");
  await removeIfThere(unfinished);
  if (await exists(directory)) return;
  // A thread of its own, since the first initialisation takes several hundred megabytes for a moment.
  const worker = createWorker();
  try {
    await order(worker, { kind: "initialise", directory: unfinished });
  } finally {
    worker.terminate();
  }
  await syncTree(unfinished);
  await Deno.rename(unfinished, directory);
  await syncPath(dataDir);
}

async function refuseOtherVersion(directory: string): Promise<void> {
  const version = await readVersion(directory);
  if (version === MAJOR_VERSION) return;
  throw new StartError(
    `Cannot open the embedded database in "${directory}": it is of PostgreSQL ${version}, this Orrery has ` +
      `${MAJOR_VERSION}; export it with the Orrery that made it and import it into an empty data directory`,
  );
}

async function readVersion(directory: string): Promise<string> {
  try {
    return (await Deno.readTextFile(join(directory, "PG_VERSION"))).trim();
  } catch (error) {
    throw new StartError(`Cannot open the embedded database in "${directory}": it is not a database`, error);
  }
}

/** In the data directory when its path is short enough, otherwise in a folder of our own for our eyes only. */
async function openSocketDirectory(dataDir: string): Promise<string> {
  const length = new TextEncoder().encode(dataDir).length;
  return length <= SOCKET_PATH_BYTES ? dataDir : await Deno.makeTempDir({ prefix: "orrery-" });
}

function createWorker(): Worker {
  return new Worker(new URL("./embedded_worker.ts", import.meta.url), { type: "module" });
}

/** Resolves with the thread's next word; its failure is ours. */
function order(worker: Worker, request: WorkerOrder): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      worker.removeEventListener("message", onMessage);
      worker.removeEventListener("error", onError);
      settle();
    };
    const onMessage = ({ data }: MessageEvent<WorkerWord>): void =>
      end(() => data.kind === "failed" ? reject(cannotServe(data.message)) : resolve());
    const onError = (event: ErrorEvent): void => {
      event.preventDefault();
      end(() => reject(cannotServe(event.message)));
    };
    worker.addEventListener("message", onMessage);
    worker.addEventListener("error", onError);
    worker.postMessage(request);
  });
}

function onFault(worker: Worker, listener: (message: string) => void): void {
  worker.addEventListener("message", ({ data }: MessageEvent<WorkerWord>) => {
    if (data.kind === "failed") listener(data.message);
  });
  worker.addEventListener("error", (event) => {
    // Otherwise it would end the whole program.
    event.preventDefault();
    listener(event.message);
  });
}

function cannotServe(message: string): StartError {
  return new StartError(`Cannot open the embedded database: ${message}`);
}

async function syncTree(directory: string): Promise<void> {
  for await (const entry of Deno.readDir(directory)) {
    const path = join(directory, entry.name);
    if (entry.isDirectory) await syncTree(path);
    else if (entry.isFile) await syncPath(path);
  }
  await syncPath(directory);
}

async function syncPath(path: string): Promise<void> {
  using file = await Deno.open(path);
  await file.sync();
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

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
