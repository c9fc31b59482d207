/**
 * Folders for attempts, each with its named pipes, made before they are wanted: only a program makes a named pipe, and
 * one that makes a hundred takes hardly longer than one that makes one.
 *
 * The pipes come with a modification time of 1970, and writing changes it: so it is known of each pipe whether there is
 * something to be read, and a task that writes nothing needs no reader. Where a file system does not change it, as
 * overlayfs does not, they come without it, and every task has readers.
 *
 * A folder that an attempt does not need any more is used again, once nobody has its pipes open: to make six files and
 * to delete them takes a file system longer than the rest of a short task.
 */
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { hasCode, openPipe } from "../output/pipes.ts";

const MIN_AT_ONCE = 64;
/** As many as are waited for, and as many again, since more may come meanwhile. */
const MAX_AT_ONCE = 512;
const DIR = "prepared";
const PIPES = ["err.pipe", "out.pipe", "ready"];
const FOLDER_MODE = 0o700;
const PIPE_MODE = 0o600;
const PERMISSIONS = 0o777;
/** More files than an attempt has. */
const MAX_FILES = 16;
/** Newer than a pipe that nobody has written to, and older than any other. */
export const PIPES_REFERENCE = `${DIR}/reference`;

export interface FolderPool {
  /** Moves a folder to this path; what is in its place is removed. False when none is `wanted` any more. */
  take(path: string, wanted: () => boolean): Promise<boolean>;
  /** The same at once; false when there is none. */
  takeAtOnce(path: string): boolean;
  /** Takes the folder of an attempt that is over. Answers where it is when it cannot be used again; null when it can. */
  takeBack(path: string): string | null;
}

export async function openFolderPool(spoolDir: string): Promise<FolderPool> {
  const ready: string[] = [];
  let timed: boolean | null = null;
  let count = 0;
  let waiting = 0;
  let making: Promise<void> | null = null;

  async function make(): Promise<void> {
    timed ??= await probeTimes(spoolDir);
    const length = Math.min(MAX_AT_ONCE, Math.max(MIN_AT_ONCE, 2 * waiting));
    const folders = Array.from({ length }, () => `${DIR}/${++count}`);
    await makeFolders(spoolDir, folders, timed);
    ready.push(...folders);
  }

  function refill(): Promise<void> {
    return making ??= make().finally(() => making = null);
  }

  function pop(): string | null {
    const folder = ready.pop();
    // Why there is none is told to whoever waits for one.
    if (ready.length < MIN_AT_ONCE / 2) refill().catch(() => {});
    return folder === undefined ? null : join(spoolDir, folder);
  }

  await Deno.remove(join(spoolDir, DIR), { recursive: true }).catch(() => {});
  await refill().catch(() => {});
  return {
    async take(path, wanted): Promise<boolean> {
      while (wanted()) {
        const folder = pop();
        if (folder === null) {
          waiting++;
          await refill().finally(() => waiting--);
          continue;
        }
        try {
          await Deno.rename(folder, path);
          return true;
        } catch (error) {
          // A task may have removed those that were ready: another one is as good.
          if (await exists(path)) await Deno.remove(path, { recursive: true });
          else if (await exists(folder)) throw error;
        }
      }
      return false;
    },
    takeAtOnce(path): boolean {
      const folder = pop();
      return folder !== null && moveAtOnce(folder, path);
    },
    takeBack(path): string | null {
      if (ready.length >= MAX_AT_ONCE || timed === null) return path;
      const folder = `${DIR}/${++count}`;
      const moved = join(spoolDir, folder);
      // First of all: whoever is still asked for readers by the name of the attempt does not find it any more.
      if (!moveAtOnce(path, moved)) return path;
      if (!empty(moved, timed)) return moved;
      ready.push(folder);
      return null;
    },
  };
}

/** Answers whether nothing is left in the folder but its pipes, as they were at first. */
function empty(path: string, timed: boolean): boolean {
  try {
    if (((Deno.lstatSync(path).mode ?? 0) & PERMISSIONS) !== FOLDER_MODE) return false;
    const names = [...Deno.readDirSync(path)].map(({ name }) => name);
    if (names.length > MAX_FILES || PIPES.some((name) => !names.includes(name))) return false;
    const pipes = PIPES.map((name) => join(path, name));
    if (!pipes.every(isIdle)) return false;
    for (const name of names) if (!PIPES.includes(name)) Deno.removeSync(join(path, name));
    if (timed) { for (const pipe of pipes) Deno.utimeSync(pipe, 0, 0); }
    return true;
  } catch {
    // A task has put something else there, or the disk says no: the folder is removed, which tells why it cannot be.
    return false;
  }
}

/** Nobody has the pipe open: neither a reader, nor a process that outlived its task and may still write. */
function isIdle(path: string): boolean {
  try {
    closeSync(openPipe(path, constants.O_WRONLY));
    return false;
  } catch (error) {
    if (!hasCode(error, "ENXIO")) throw error;
  }
  const descriptor = openPipe(path, constants.O_RDONLY);
  try {
    if ((fstatSync(descriptor).mode & PERMISSIONS) !== PIPE_MODE) return false;
    return readSync(descriptor, new Uint8Array(1)) === 0;
  } catch (error) {
    if (hasCode(error, "EAGAIN")) return false;
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

/** False when something is in the way; the other way removes it, or says why not. */
function moveAtOnce(folder: string, path: string): boolean {
  try {
    Deno.renameSync(folder, path);
    return true;
  } catch {
    return false;
  }
}

/** The folders are named by paths within `spoolDir`, without a character that a shell would take for something else. */
export async function makeFolders(
  spoolDir: string,
  folders: readonly string[],
  timed: boolean,
): Promise<void> {
  const pipes = folders.flatMap((folder) => [`${folder}/out.pipe`, `${folder}/err.pipe`]);
  const steps = [
    "PATH=$PATH:/usr/bin:/bin",
    "umask 077",
    `mkdir -p ${DIR} ${folders.join(" ")}`,
    `mkfifo ${pipes.join(" ")} ${folders.map((folder) => `${folder}/ready`).join(" ")}`,
    "export TZ=UTC0",
    ...timed ? [`touch -t 197001010000 ${pipes.join(" ")}`] : [],
    `{ [ -f ${PIPES_REFERENCE} ] || touch -t 197001010001 ${PIPES_REFERENCE}; }`,
  ];
  const { success, stderr } = await new Deno.Command("/bin/sh", {
    args: ["-c", steps.join(" && ")],
    cwd: spoolDir,
    stdin: "null",
    stdout: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim().slice(0, 500));
}

/** Whether writing to a pipe changes its modification time here. */
async function probeTimes(spoolDir: string): Promise<boolean> {
  const probe = `${DIR}/probe`;
  await makeFolders(spoolDir, [probe], true);
  const descriptor = openSync(join(spoolDir, probe, "out.pipe"), constants.O_RDWR | constants.O_NONBLOCK);
  try {
    writeSync(descriptor, "\n");
    return fstatSync(descriptor).mtimeMs !== 0;
  } finally {
    closeSync(descriptor);
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
