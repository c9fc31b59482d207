/**
 * The pipes of an attempt as the agent sees them. It holds each of them open until a reader has it (readers.ts), so that
 * what is in one is not lost when all processes of the attempt are killed at once.
 */
import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { type Attempt, monotonicMs, type OutputFile } from "../attempt.ts";
import type { Readers } from "./readers.ts";
import type { Folder } from "../spool/spool.ts";

/** Before readers are asked for once more. */
const ASK_AGAIN_MS = 1_000;
const OWNER_EXECUTES = 0o100;
/** More than half of the files that the server may open are not spent on this. */
const HELD_BELOW = countOpenFiles() / 2;

/** Descriptors of both pipes; null where they are too scarce for that. */
export interface Holds {
  readonly out: number | null;
  readonly err: number | null;
}

export function holdPipes({ path }: Folder): Holds {
  const out = holdPipe(`${path}/out.pipe`);
  try {
    return { out, err: holdPipe(`${path}/err.pipe`) };
  } catch (error) {
    releaseHolds({ out, err: null });
    throw error;
  }
}

export function releaseHolds({ out, err }: Holds): void {
  for (const descriptor of [out, err]) if (descriptor !== null) closeSync(descriptor);
}

function holdPipe(path: string): number | null {
  const descriptor = openPipe(path, constants.O_RDONLY);
  // The lowest number that is free tells how many are not.
  if (descriptor < HELD_BELOW) return descriptor;
  closeSync(descriptor);
  return null;
}

function countOpenFiles(): number {
  const limits = Deno.build.os === "linux" ? Deno.readTextFileSync("/proc/self/limits") : "";
  return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Infinity);
}

export function releasePipe(output: OutputFile): void {
  if (output.hold === null) return;
  output.pipe = fstatSync(output.hold).ino;
  closeSync(output.hold);
  output.hold = null;
}

/** Asks for readers when a pipe without one was written to, and holds those no longer that have one. */
export function followPipes(attempt: Attempt, readers: Readers): void {
  const { out, err, folder } = attempt;
  const unread = [out, err].filter((output) => !output.read && !findReader(output));
  if (unread.length === 0 || monotonicMs() < attempt.askAgainMs) return;
  attempt.askAgainMs = monotonicMs() + ASK_AGAIN_MS;
  readers.request(folder);
}

/** True too when none is needed. */
function findReader(output: OutputFile): boolean {
  const pipe = lookAtPipe(output);
  if (pipe === "untouched" || pipe === "gone") return true;
  output.read = lstatOrNull(`${output.path}.reader`) !== null;
  if (output.read) releasePipe(output);
  return output.read;
}

/** `full`: the disk had no room for what came out of it. */
type PipeLook = "untouched" | "written" | "full" | "gone";

export function lookAtPipe({ path, hold, pipe }: OutputFile): PipeLook {
  const held = hold === null ? null : fstatSync(hold);
  if (held?.mtimeMs === 0) return "untouched";
  const found = lstatOrNull(`${path}.pipe`);
  const known = held?.ino ?? pipe;
  if (!found?.isFifo || known !== null && known !== found.ino) return "gone";
  if (found.mtime?.getTime() === 0) return "untouched";
  return ((found.mode ?? 0) & OWNER_EXECUTES) === 0 ? "written" : "full";
}

function lstatOrNull(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}

/** Waits for nothing. */
export function openPipe(path: string, access: number): number {
  const descriptor = openSync(path, access | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  if (fstatSync(descriptor).isFIFO()) return descriptor;
  closeSync(descriptor);
  throw new Error(`"${path}" is not a pipe`);
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
