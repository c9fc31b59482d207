/** The crontab that a command is about: a file of the system, or one that crontab(1) keeps. */
import { chown, copyFile, mkdir, open, rename, stat } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { StartError } from "../../start_error.ts";

export interface CrontabFile {
  readonly kind: "SYSTEM" | "USER";
  readonly source: string;
  readonly user: string | null;
  /** As the server reads it. */
  readonly text: string;
  /** Byte for byte: each character is one byte. */
  readonly bytes: string;
  /** Replaces it at once; a copy of what it was is kept. Answers where. */
  write(bytes: string): Promise<string>;
}

/** No file: the caller's own crontab, or that of `user`. A file with `user` is what `crontab -l` printed. */
export async function openCrontab(path: string | null, user: string | null): Promise<CrontabFile> {
  if (path !== null) {
    const file = resolve(path);
    const content = await readBytes(file);
    return {
      ...textsOf(content),
      kind: user === null ? "SYSTEM" : "USER",
      source: user === null ? file : `crontab of ${user}`,
      user,
      write: (bytes) => replaceFile(file, bytes),
    };
  }
  const owner = user ?? userInfo().username;
  const flags = user === null ? [] : ["-u", user];
  const { code, stdout, stderr } = await command(["-l", ...flags]);
  if (code !== 0) {
    throw new StartError(`Cannot read the crontab of ${owner}: ${new TextDecoder().decode(stderr).trim()}`);
  }
  return {
    ...textsOf(stdout),
    kind: "USER",
    source: `crontab of ${owner}`,
    user: owner,
    write: (bytes) => replaceOwn(flags, owner, stdout, bytes),
  };
}

/** The zone of this machine, in which cron reads its files. */
export function readZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw new StartError(`Cannot read "${path}": ${error instanceof Error ? error.message : error}`, error);
  }
}

/** As the server reads it. */
export function decodeBytes(bytes: string): string {
  return new TextDecoder().decode(fromBytes(bytes));
}

function textsOf(content: Uint8Array): Pick<CrontabFile, "text" | "bytes"> {
  return { text: new TextDecoder().decode(content), bytes: toBytes(content) };
}

function toBytes(content: Uint8Array): string {
  let text = "";
  for (const byte of content) text += String.fromCharCode(byte);
  return text;
}

function fromBytes(bytes: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
}

/** Outside of /etc/cron.d, where some crons would read a copy too. */
function copiesDir(): string {
  return join(Deno.env.get("XDG_STATE_HOME") || join(homedir(), ".local", "state"), "orrery", "crontabs");
}

async function copyPath(name: string): Promise<string> {
  const dir = copiesDir();
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const stamp = new Date().toISOString().replace(/[:.]/g, "-");
  return join(dir, `${basename(name)}.${stamp}`);
}

async function replaceFile(path: string, bytes: string): Promise<string> {
  const copy = await copyPath(path);
  await copyFile(path, copy);
  const { mode, uid, gid } = await stat(path);
  // A name with a dot and "~": no cron reads it. The rename is seen as a whole.
  const part = join(dirname(path), `.${basename(path)}.orrery~`);
  const file = await open(part, "w", mode & 0o7777);
  try {
    await file.writeFile(fromBytes(bytes));
    await file.chmod(mode & 0o7777);
    await file.sync();
  } finally {
    await file.close();
  }
  if (Deno.uid() === 0) await chown(part, uid, gid);
  await rename(part, path);
  return copy;
}

async function replaceOwn(
  flags: readonly string[],
  owner: string,
  before: Uint8Array,
  bytes: string,
): Promise<string> {
  const copy = await copyPath(`crontab-${owner}`);
  await Deno.writeFile(copy, before, { mode: 0o600 });
  const { code, stderr } = await command([...flags, "-"], fromBytes(bytes));
  if (code !== 0) {
    throw new StartError(`Cannot write the crontab of ${owner}: ${new TextDecoder().decode(stderr).trim()}`);
  }
  return copy;
}

async function command(
  args: readonly string[],
  input?: Uint8Array<ArrayBuffer>,
): Promise<Deno.CommandOutput> {
  try {
    const child = new Deno.Command("crontab", {
      args: [...args],
      stdin: input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    if (input !== undefined) {
      const writer = child.stdin.getWriter();
      await writer.write(input);
      await writer.close();
    }
    return await child.output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new StartError("There is no crontab(1) on this machine: name a file", error);
    }
    throw error;
  }
}
