/**
 * The files of the spool as tasks may have left them. A task can put anything in their place: a pipe or a device would be
 * waited for, a link leads to what only the server may read, a sparse file has no end. So nothing here waits or follows a
 * link, and only a plain file that has this one name is read or written.
 */
import { closeSync, constants, ftruncateSync, openSync, readSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export interface TaskFileStat {
  readonly inode: number;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

export interface TaskFile extends Disposable {
  readonly descriptor: number;
  /** Answers how many bytes there were. */
  read(into: Uint8Array, position: number): number;
  replace(text: string): void;
  truncate(size: number): void;
}

const NEVER_WAITING = constants.O_NOFOLLOW | constants.O_NONBLOCK;
const ACCESS = { read: constants.O_RDONLY, write: constants.O_RDWR | constants.O_CREAT } as const;
const OWNER_ONLY = 0o600;

/** Null when nothing is there. */
export function statTaskFile(path: string): TaskFileStat | null {
  try {
    const { isFile, isSymlink, isDirectory, nlink, ino, size, mtime } = Deno.lstatSync(path);
    if (!isFile) {
      const kind = isSymlink ? "a link" : isDirectory ? "a folder" : "a pipe, socket or device";
      throw new Error(`the file is not a plain file but ${kind}`);
    }
    if ((nlink ?? 1) > 1) throw new Error("the file has a second name");
    if (!Number.isSafeInteger(size)) throw new Error("the file is too large to be read");
    return { inode: ino ?? 0, size, changedAt: mtime?.getTime() ?? 0 };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Null when nothing is there to be read. What is written is created when it is not there. */
export function openTaskFile(path: string, access: keyof typeof ACCESS = "read"): TaskFile | null {
  if (!Deno.lstatSync(dirname(path)).isDirectory) throw new Error("the folder of the file was replaced");
  // What comes in its place after this look is still neither followed nor waited for.
  if (statTaskFile(path) === null && access === "read") return null;
  const descriptor = openSync(path, ACCESS[access] | NEVER_WAITING, OWNER_ONLY);
  return {
    descriptor,
    read: (into, position) => readSync(descriptor, into, 0, into.length, position),
    replace(text): void {
      ftruncateSync(descriptor, 0);
      writeFileSync(descriptor, text);
    },
    truncate: (size) => ftruncateSync(descriptor, size),
    [Symbol.dispose]: () => closeSync(descriptor),
  };
}

/** Null when nothing is there. */
export function readTaskText(path: string, maxBytes: number): string | null {
  const size = statTaskFile(path)?.size ?? null;
  if (size === null) return null;
  if (size > maxBytes) throw new Error(`the file has ${size} bytes, more than ${maxBytes}`);
  using file = openTaskFile(path);
  const bytes = new Uint8Array(maxBytes);
  return file === null ? null : new TextDecoder().decode(bytes.subarray(0, file.read(bytes, 0)));
}
