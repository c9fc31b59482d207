/**
 * The agent's memory: a folder for each attempt, in which `run` is written by the attempt's own wrapper (wrapper.ts), and
 * `out` and `err` by readers (readers.ts). Nothing of an attempt is forced to the disk. Against a kill of the agent there is no need, and
 * against a power cut it is enough to know that there was one: `identity` names the boot in which work was last taken,
 * and is forced to the disk before the first of it. What the server names then and the spool does not know is LOST,
 * never started a second time.
 */
import { join } from "node:path";
import type { AgentLog } from "../options.ts";
import { type FolderPool, openFolderPool } from "./folder_pool.ts";
import { createRemoval, type Removal } from "./removal.ts";
import { readTaskText } from "./task_file.ts";

/** Folders of attempts that nobody asks for go after this. */
const FOLDER_LIFE_MS = 7 * 24 * 3_600_000;
const IDENTITY_FILE = "identity";
const IDENTITY_BYTES = 1024;
const IDENTITY = /^(\S+) (\S+)\n$/;

/** Where an attempt's files are. A start that was given up leaves its folder behind and the next one counts on. */
export interface Folder {
  readonly attemptId: number;
  readonly generation: number;
  readonly path: string;
}

export interface Spool {
  readonly dir: string;
  /** Part of every mark. */
  readonly id: string;
  /** False when work was last taken in another boot, or never. */
  readonly sameBoot: boolean;
  readonly folders: ReadonlyMap<number, Folder>;
  /** Null when it is not `wanted` any more by the time that there is one. */
  createFolder(attemptId: number, generation: number, wanted?: () => boolean): Promise<Folder | null>;
  /**
   * The same at once, for when nobody else would have to wait: a way to another thread and back takes ten times as long.
   * Null when that is not possible.
   */
  createFolderAtOnce(attemptId: number, generation: number): Folder | null;
  /** Forces to the disk that work is taken in this boot. */
  confirmBoot(): Promise<void>;
  /** In the background. */
  remove(folder: Folder): void;
  /** Removes folders that are old and that nobody `keeps`. */
  sweep(now: number, keeps: (attemptId: number) => boolean): void;
  /** Ends when all is removed that was to be removed. */
  finishRemoval(): Promise<void>;
}

export async function openSpool(dir: string, bootId: string, log: AgentLog): Promise<Spool> {
  await Deno.mkdir(dir, { recursive: true, mode: 0o700 });
  await Deno.chmod(dir, 0o700);
  const known = readIdentity(dir, log);
  const id = known?.id ?? crypto.randomUUID();
  const confirmBoot = (): Promise<void> => writeIdentity(dir, `${id} ${bootId}\n`);
  const pool = await openFolderPool(dir);
  const folders = openFolders(dir, pool, createRemoval(log, pool.takeBack));
  return { dir, id, sameBoot: known?.bootId === bootId, confirmBoot, ...folders };
}

function openFolders(
  dir: string,
  pool: FolderPool,
  removal: Removal,
): Omit<Spool, "dir" | "id" | "sameBoot" | "confirmBoot"> {
  const remove = ({ attemptId, generation }: Folder): void => {
    for (let number = generation; number > 0; number--) removal.add(folderOf(dir, attemptId, number).path);
  };
  return {
    folders: listFolders(dir),
    async createFolder(attemptId, generation, wanted = () => true): Promise<Folder | null> {
      const folder = folderOf(dir, attemptId, generation);
      return await pool.take(folder.path, wanted) ? folder : null;
    },
    createFolderAtOnce(attemptId, generation): Folder | null {
      const folder = folderOf(dir, attemptId, generation);
      return pool.takeAtOnce(folder.path) ? folder : null;
    },
    remove,
    sweep(now, keeps): void {
      for (const folder of listFolders(dir).values()) {
        const changedAt = changeTime(folder) ?? now;
        if (changedAt < now - FOLDER_LIFE_MS && !keeps(folder.attemptId)) remove(folder);
      }
    },
    finishRemoval: removal.finish,
  };
}

function folderOf(dir: string, attemptId: number, generation: number): Folder {
  const name = generation === 1 ? `${attemptId}` : `${attemptId}.${generation}`;
  return { attemptId, generation, path: join(dir, name) };
}

/** Null when the folder is gone: folders are deleted in the background. */
function changeTime({ path }: Folder): number | null {
  try {
    return Deno.lstatSync(path).mtime?.getTime() ?? null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** The latest folder of each attempt. */
function listFolders(dir: string): ReadonlyMap<number, Folder> {
  const folders = new Map<number, Folder>();
  for (const { name, isDirectory } of Deno.readDirSync(dir)) {
    const found = /^(\d+)(?:\.(\d+))?$/.exec(name);
    if (!isDirectory || found === null) continue;
    const folder = folderOf(dir, Number(found[1]), Number(found[2] ?? 1));
    if (folder.generation > (folders.get(folder.attemptId)?.generation ?? 0)) {
      folders.set(folder.attemptId, folder);
    }
  }
  return folders;
}

/** Null at the first start, and when a task has spoiled it: then nothing is known of what was started before. */
function readIdentity(
  dir: string,
  log: AgentLog,
): { readonly id: string; readonly bootId: string } | null {
  try {
    const text = readTaskText(join(dir, IDENTITY_FILE), IDENTITY_BYTES);
    const [, id, bootId] = IDENTITY.exec(text ?? "") ?? [];
    return id === undefined || bootId === undefined ? null : { id, bootId };
  } catch (error) {
    log.warn(`Cannot read "${join(dir, IDENTITY_FILE)}"`, { error });
    return null;
  }
}

async function writeIdentity(dir: string, text: string): Promise<void> {
  const path = join(dir, IDENTITY_FILE);
  const fresh = `${path}.${crypto.randomUUID()}`;
  const file = await Deno.open(fresh, { write: true, createNew: true, mode: 0o600 });
  try {
    await file.write(new TextEncoder().encode(text));
    await file.sync();
  } finally {
    file.close();
  }
  // A file takes the place of anything but a folder.
  if (await isFolder(path)) await Deno.remove(path, { recursive: true });
  await Deno.rename(fresh, path);
  const folder = await Deno.open(dir);
  try {
    await folder.sync();
  } finally {
    folder.close();
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
