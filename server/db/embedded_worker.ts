/**
 * The embedded database's own thread: PGlite behind a Unix socket, so that the rest of the program knows one driver and
 * its event loop never waits for SQL.
 */
import { existsSync, fsyncSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

/** What the thread is told, and what it answers. */
export type WorkerOrder =
  | { readonly kind: "initialise"; readonly directory: string }
  | { readonly kind: "serve"; readonly directory: string; readonly socketPath: string }
  | { readonly kind: "close" };
export type WorkerWord =
  | { readonly kind: "initialised" | "ready" | "closed" }
  | { readonly kind: "failed"; readonly message: string };

/** PGlite starts PostgreSQL without fsync, so that a power cut would lose what was committed. */
const DURABLE = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"),
  ...["fsync=on", "wal_sync_method=fsync", "shared_buffers=16MB"].flatMap((setting) => ["-c", setting]),
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
  database = await PGlite.create(`file://${directory}`, { startParams: DURABLE });
  syncForReal(database);
  const carry = database.execProtocolRawStream.bind(database);
  // The socket server goes on waiting when the database itself has died; the thread has to be made anew.
  database.execProtocolRawStream = async (message, options) => {
    try {
      return await carry(message, options);
    } catch (error) {
      fail(error);
      throw error;
    }
  };
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

/** PGlite's file system has no fsync of its own: the emscripten layer then answers that all is well. */
function syncForReal(pglite: PGlite): void {
  // Emscripten's module is not in PGlite's types; its file system is documented by emscripten.
  const { FS } = pglite.Module as unknown as {
    FS: {
      lookupPath(path: string): {
        node: { mount: { type: { stream_ops: { fsync?: (stream: { nfd: number }) => number } } } };
      };
    };
  };
  FS.lookupPath("/pglite/data").node.mount.type.stream_ops.fsync = (stream) => {
    fsyncSync(stream.nfd);
    return 0;
  };
}

function fail(error: unknown): void {
  scope.postMessage({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
}
