import { deepStrictEqual as equal } from "node:assert/strict";
import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type FolderPool, openFolderPool } from "../../server/agent/spool/folder_pool.ts";

const PIPES = ["err.pipe", "out.pipe", "ready"];

/** A pool, and an attempt's folder that was taken from it. */
async function withFolder(use: (pool: FolderPool, path: string) => Promise<void> | void): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "orrery-pool-" });
  try {
    const pool = await openFolderPool(dir);
    const path = join(dir, "1");
    await pool.take(path, () => true);
    await use(pool, path);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

Deno.test("a folder pool gives a folder again, without what an attempt has left in it", () =>
  withFolder(async (pool, path) => {
    const { ino } = await Deno.lstat(path);
    for (const name of ["run", "inputs.json", "output", "out", "err", "out.reader"]) {
      await Deno.writeTextFile(join(path, name), "of another attempt");
    }
    const pipe = openSync(join(path, "out.pipe"), constants.O_RDWR);
    writeSync(pipe, "said");
    readSync(pipe, new Uint8Array(4));
    closeSync(pipe);

    equal(pool.takeBack(path), null);
    await pool.take(path, () => true);

    equal((await Deno.lstat(path)).ino, ino);
    equal((await Array.fromAsync(Deno.readDir(path), ({ name }) => name)).sort(), PIPES);
    for (const name of PIPES) equal((await Deno.lstat(join(path, name))).mtime?.getTime(), 0);
  }));

const unfit: Readonly<Record<string, (path: string) => (() => void) | void>> = {
  "somebody still writes to": (path) => hold(path, constants.O_RDWR),
  "somebody still reads": (path) => hold(path, constants.O_RDONLY | constants.O_NONBLOCK),
  "has a folder of a task": (path) => {
    Deno.mkdirSync(join(path, "deep"));
    Deno.writeTextFileSync(join(path, "deep", "file"), "");
  },
  "is open to others": (path) => Deno.chmodSync(path, 0o755),
  "has a pipe that the disk had no room for": (path) => Deno.chmodSync(join(path, "err.pipe"), 0o700),
  "has lost a pipe": (path) => Deno.removeSync(join(path, "ready")),
  "has a file in place of a pipe": (path) => {
    Deno.removeSync(join(path, "out.pipe"));
    Deno.writeTextFileSync(join(path, "out.pipe"), "");
  },
  "is a link": (path) => {
    Deno.renameSync(path, `${path}.moved`);
    Deno.symlinkSync(`${path}.moved`, path);
  },
};

for (const [what, spoil] of Object.entries(unfit)) {
  Deno.test(`a folder pool does not take back a folder that ${what}`, () =>
    withFolder((pool, path) => {
      const release = spoil(path);

      const left = pool.takeBack(path);
      release?.();

      const { isDirectory, isSymlink } = Deno.lstatSync(left ?? "");
      equal(isDirectory || isSymlink, true);
    }));
}

function hold(path: string, access: number): () => void {
  const descriptor = openSync(join(path, "out.pipe"), access);
  return () => closeSync(descriptor);
}
