/**
 * The embedded database's own thread: PGlite behind a Unix socket, so that the rest of the program knows one driver and
 * its event loop never waits for SQL.
 */
import { existsSync, fdatasyncSync, fsyncSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { createCollector } from "./garbage.ts";

/** What the thread is told, and what it answers. */
export type WorkerOrder =
  | { readonly kind: "initialise"; readonly directory: string }
  | { readonly kind: "serve"; readonly directory: string; readonly socketPath: string }
  | { readonly kind: "close" };
export type WorkerWord =
  | { readonly kind: "initialised" | "ready" | "closed" }
  | { readonly kind: "failed"; readonly message: string };

/**
 * PGlite starts PostgreSQL without fsync, so that a power cut would lose what was committed. Planning is slow in it: the
 * prepared statements, all of which find their rows by a key, are planned once; and so that they do it when the tables
 * have grown, an index is preferred however small a table is believed to be.
 */
const SETTINGS = [
  "fsync=on",
  "wal_sync_method=fsync",
  "shared_buffers=16MB",
  "plan_cache_mode=force_generic_plan",
  "enable_seqscan=off",
];
/** A message is copied several times on its way through the socket server. */
const COLLECT_BYTES = 4 * 1024 * 1024;
const START_PARAMETERS = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"),
  ...SETTINGS.flatMap((setting) => ["-c", setting]),
];

// The worker's global scope; the main program's types do not know it.
const scope = self as unknown as {
  onmessage: ((event: MessageEvent<WorkerOrder>) => void) | null;
  postMessage(word: WorkerWord): void;
};

let database: PGlite | null = null;
let server: PGLiteSocketServer | null = null;
let lock: Deno.FsFile | null = null;

scope.onmessage = ({ data: order }) => {
  carryOut(order).then((word) => scope.postMessage(word), fail);
};

async function carryOut(order: WorkerOrder): Promise<WorkerWord> {
  switch (order.kind) {
    case "initialise": {
      const fresh = await PGlite.create(`file://${order.directory}`);
      await fresh.close();
      return { kind: "initialised" };
    }
    case "serve":
      await serve(order.directory, order.socketPath);
      return { kind: "ready" };
    case "close":
      await server?.stop();
      await database?.close();
      lock?.close();
      return { kind: "closed" };
    default:
      throw new Error(`Unknown order ${order satisfies never}`);
  }
}

async function serve(directory: string, socketPath: string): Promise<void> {
  if (!existsSync(directory)) throw new Error(`there is no database in "${directory}"`);
  lock = await lockDirectory(directory);
  database = await PGlite.create(`file://${directory}`, { startParams: START_PARAMETERS });
  const module = moduleOf(database);
  syncForReal(module);
  endWhenDead(module);
  reportFaults(database);
  joinMessages(database);
  server = new PGLiteSocketServer({ db: database, path: socketPath, maxConnections: 4 });
  await server.start();
}

/**
 * Waits for the thread that had the directory before us: once terminated it goes on for up to two seconds, and two
 * databases on one directory would destroy it. The kernel frees the lock when that thread is gone, not before.
 */
async function lockDirectory(directory: string): Promise<Deno.FsFile> {
  const file = await Deno.open(directory);
  await file.lock(true);
  return file;
}

interface OpenFile {
  readonly nfd: number;
  readonly path: string;
}

/** What we touch of emscripten's module, which is not in PGlite's types. */
interface EmscriptenModule {
  readonly FS: {
    lookupPath(path: string): {
      node: { mount: { type: { "stream_ops": { fsync?: (stream: OpenFile) => number } } } };
    };
  };
  _PostgresMainLoopOnce(): void;
  stackRestore(pointer: number): void;
}

function moduleOf(pglite: PGlite): EmscriptenModule {
  return pglite.Module as unknown as EmscriptenModule;
}

/**
 * PGlite's file system has no fsync of its own: the emscripten layer then answers that all is well. The write-ahead log
 * needs its bytes and its length only, as PostgreSQL has it on Linux by default: a third of the time of a commit.
 */
function syncForReal(module: EmscriptenModule): void {
  module.FS.lookupPath("/pglite/data").node.mount.type.stream_ops.fsync = (stream) => {
    if (stream.path.includes("/pg_wal/")) fdatasyncSync(stream.nfd);
    else fsyncSync(stream.nfd);
    return 0;
  };
}

/**
 * PGlite calls PostgreSQL in a loop that swallows whatever is thrown. An ExitStatus is how PostgreSQL leaves a statement
 * that failed; anything else means that it died (a PANIC: the disk is full or broken), and the loop would turn for ever,
 * in a thread that nobody can end. The call that follows in that loop's catch is the one place to get out.
 */
function endWhenDead(module: EmscriptenModule): void {
  const runOnce = module._PostgresMainLoopOnce;
  const restore = module.stackRestore;
  let death: unknown = null;
  module._PostgresMainLoopOnce = () => {
    try {
      runOnce();
    } catch (error) {
      if (!isExitStatus(error)) death = error;
      throw error;
    }
  };
  module.stackRestore = (pointer) => {
    if (death !== null) throw death;
    restore(pointer);
  };
}

function isExitStatus(error: unknown): boolean {
  return typeof error === "object" && error !== null && "status" in error && typeof error.status === "number";
}

/** The socket server goes on waiting when the database itself has died; the thread has to be made anew. */
function reportFaults(pglite: PGlite): void {
  const carry = pglite.execProtocolRawStream.bind(pglite);
  pglite.execProtocolRawStream = async (message, options) => {
    try {
      return await carry(message, options);
    } catch (error) {
      fail(error);
      throw error;
    }
  };
}

/** Parse, Bind, Describe, Execute, Close: the database answers them when a Sync, a Flush or a Query follows. */
const UNANSWERED: ReadonlySet<number> = new Set(Array.from("PBDEC", (type) => type.charCodeAt(0)));
/** The first message of a connection has no type: it begins with its length. */
const STARTUP = 0;

/**
 * The socket server carries out each message by itself and writes each answer by itself; a statement is three or four. They
 * are kept until the one that wants an answer, and carried out with it: half the time of a small statement.
 */
function joinMessages(pglite: PGlite): void {
  const carry = pglite.execProtocolRawStream.bind(pglite);
  const unanswered: Uint8Array[] = [];
  const passedOn = createCollector(COLLECT_BYTES);
  pglite.execProtocolRawStream = async (message, options) => {
    // What a lost connection left behind is not the next one's.
    if (message[0] === STARTUP) unanswered.length = 0;
    unanswered.push(message);
    if (UNANSWERED.has(message[0] ?? STARTUP)) return;
    const joined = joinBytes(unanswered.splice(0));
    await carry(joined, options);
    passedOn(joined.length);
  };
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

function fail(error: unknown): void {
  scope.postMessage({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
}
