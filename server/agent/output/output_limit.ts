/**
 * Nothing slows down a task that writes to a file. What is past the limit is taken out of the middle of the file behind
 * the task's back: its start and its end stay, and keep their places, so that how much is missing is known to the byte.
 * Where no hole can be made in a file, it is cut behind its start again and again, and its end is lost.
 */
import { join } from "node:path";
import type { Attempt, Cut, OutputFile } from "../attempt.ts";
import { isSystemLimit } from "../backoff.ts";
import { LINE_BYTES } from "./lines.ts";
import type { Folder } from "../spool/spool.ts";
import { openTaskFile, readTaskText } from "../spool/task_file.ts";

export const OUTPUT_LIMIT_BYTES = 1024 ** 3;
/** This part of the limit is kept of the end of each stream, beyond the limit. */
const TAIL_SHARE = 16;
/** This part of the limit is left to the stream that wrote less. */
const ROOM_FOR_LESS = 8;
const CUT_FILE = "overflow";
const NOTE_BYTES = 1024;
const LINE_FEED = 10;
const UNITS = ["bytes", "KiB", "MiB", "GiB"];

/** What is to be told next of a file: its bytes up to `end`, or words that stand for those up to `to`. */
export type Stretch =
  | { readonly kind: "bytes"; readonly end: number; readonly final: boolean }
  | { readonly kind: "words"; readonly to: number; readonly text: string };

type Limit = Pick<Cut, "limitBytes" | "spoolFull">;

/** Called whenever a file has grown. */
export function applyOutputLimit(attempt: Attempt, limitBytes: number, spoolFull: boolean): void {
  const { out, err } = attempt;
  const known = out.cut !== null || out.size + err.size <= limitBytes;
  if (!known) cutFiles(out, err, { limitBytes, spoolFull });
  // Both, whatever the first one answers.
  const changed = [out, err].map(freeMiddle).includes(true);
  if (changed || !known) noteOutput(attempt);
}

/** Takes up what a former agent noted. */
export function readOutputNote({ folder, out, err }: Attempt): void {
  const [outLine = "", errLine = ""] = readNote(folder).split("\n");
  // A line that is not whole was being written when the agent was killed: then it is decided anew.
  const [outNote, errNote] = [parseNote(outLine), parseNote(errLine)];
  if (outNote === null || errNote === null) return;
  out.cut = outNote.cut;
  err.cut = errNote.cut;
}

/** What cannot be read is as good as none: then it is decided anew. */
function readNote({ path }: Folder): string {
  try {
    return readTaskText(join(path, CUT_FILE), NOTE_BYTES) ?? "";
  } catch (error) {
    if (isSystemLimit(error)) throw error;
    return "";
  }
}

/** Null when there is nothing to be told now of what lies behind `from`. */
export function nextStretch({ phase, out }: Attempt, output: OutputFile, from: number): Stretch | null {
  const { cut, size, fault, lost } = output;
  const over = phase === "draining";
  const name = `standard ${output === out ? "output" : "error"}`;
  if (fault !== null) {
    return from < size ? { kind: "words", to: size, text: formatFault(fault, name, size - from - 1) } : null;
  }
  // It takes one byte more, so that it is stored once.
  if (lost && over && from === size) return { kind: "words", to: size + 1, text: formatLoss(name) };
  if (cut === null) return bytesUpTo(from, size, over);
  if (!gapIsCertain(output, cut)) return bytesUpTo(from, over ? size : Math.min(size, cut.head), over);
  if (from < cut.head) return bytesUpTo(from, cut.head, true);
  const words = `on ${name}`;
  // The first byte that is left out stands for this line, so that it is stored once.
  if (from === cut.head) return { kind: "words", to: from + 1, text: formatLimit(cut, words) };
  if (!over) return null;
  const gapEnd = cut.tail > 0 ? startOfTail(output, cut) : cut.head + 2;
  if (from < gapEnd) return { kind: "words", to: gapEnd, text: formatGap(cut, from, gapEnd, words) };
  return cut.tail > 0 ? bytesUpTo(from, size, true) : null;
}

function bytesUpTo(from: number, end: number, final: boolean): Stretch | null {
  return from < end ? { kind: "bytes", end, final } : null;
}

function gapIsCertain({ size }: OutputFile, { head, tail, dropped }: Cut): boolean {
  return tail > 0 ? size - tail > head + 1 : dropped > 0;
}

/**
 * The stream that wrote less keeps what it has, up to half, and has room for more: an error is often told last. Neither
 * loses what the server may have.
 */
function cutFiles(out: OutputFile, err: OutputFile, limit: Limit): void {
  const { limitBytes } = limit;
  const [less, more] = out.size < err.size ? [out, err] : [err, out];
  const room = Math.max(less.size, Math.floor(limitBytes / ROOM_FOR_LESS));
  const lessHead = Math.min(room, Math.floor(limitBytes / 2));
  const lessCut = createCut(less, lessHead, limit);
  more.cut = createCut(more, limitBytes - lessHead, limit);
  less.cut = lessCut;
}

function createCut(output: OutputFile, head: number, limit: Limit): Cut {
  const tail = Math.max(1, Math.floor(limit.limitBytes / TAIL_SHARE));
  return { ...limit, head: endOfLine(output, head), tail, freed: 0, dropped: 0 };
}

/** A head ends with a line, where that is not far away, and not before what the server may have. */
function endOfLine(output: OutputFile, head: number): number {
  const { size, offered } = output;
  if (head <= offered || head >= size) return Math.max(head, offered);
  const from = Math.max(offered, head - LINE_BYTES);
  const feed = readAt(output, from, head - from).lastIndexOf(LINE_FEED);
  return feed === -1 ? head : from + feed + 1;
}

/** The tail begins with a line, where there is one, or at least with a character. */
function startOfTail(output: OutputFile, { tail }: Cut): number {
  const from = output.size - tail;
  const bytes = readAt(output, from, Math.min(tail, LINE_BYTES));
  const feed = bytes.indexOf(LINE_FEED);
  if (feed !== -1 && feed + 1 < tail) return from + feed + 1;
  return from + Math.max(0, bytes.findIndex((byte) => (byte & 0xc0) !== 0x80));
}

/** Answers whether there is something to note. */
function freeMiddle(output: OutputFile): boolean {
  const { cut, path, fault } = output;
  if (cut === null || fault !== null) return false;
  if (cut.tail > 0) {
    const from = Math.max(cut.head, cut.freed);
    const end = output.size - cut.tail;
    // In steps, since each takes a process.
    if (end - from < cut.tail) return false;
    if (punchHole(path, from, end - from)) {
      cut.freed = end;
      forgetGrowth(output, cut.head, end);
      return false;
    }
    cut.tail = 0;
  }
  return truncate(output, cut) || cut.dropped === 0;
}

/** False where the system or the file system cannot. */
function punchHole(path: string, from: number, length: number): boolean {
  using file = openTaskFile(path);
  if (file === null) return true;
  // By its descriptor, not by its name, in whose place a task may put a link meanwhile.
  const opened = `/proc/${Deno.pid}/fd/${file.descriptor}`;
  const args = ["--punch-hole", "--offset", `${from}`, "--length", `${length}`, opened];
  try {
    return new Deno.Command("fallocate", { args, stdin: "null", stdout: "null", stderr: "null" }).outputSync()
      .success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function truncate(output: OutputFile, cut: Cut): boolean {
  const dropped = output.size - cut.head;
  if (dropped <= 0) return false;
  using file = openTaskFile(output.path, "write");
  file?.truncate(cut.head);
  cut.dropped += dropped;
  output.size = cut.head;
  for (const growth of output.growth) growth.size = Math.min(growth.size, cut.head);
  return true;
}

/** When bytes came that are not there any more does not matter. */
function forgetGrowth({ growth }: OutputFile, from: number, to: number): void {
  const first = growth.findIndex(({ size }) => size > from) + 1;
  const last = growth.findIndex(({ size }) => size > to);
  if (first > 0 && last > first) growth.splice(first, last - first);
}

function noteOutput({ folder, out, err }: Attempt): void {
  const lines = [out, err].map(({ cut }) =>
    cut === null
      ? ".\n"
      : `${cut.limitBytes} ${cut.spoolFull ? 1 : 0} ${cut.head} ${cut.tail} ${cut.dropped} .\n`
  );
  using file = openTaskFile(join(folder.path, CUT_FILE), "write");
  file?.replace(lines.join(""));
}

function parseNote(line: string): Pick<OutputFile, "cut"> | null {
  const found = /^(?:(\d+) ([01]) (\d+) (\d+) (\d+) )?\.$/.exec(line);
  if (found === null) return null;
  if (found[1] === undefined) return { cut: null };
  const [limitBytes = 0, full, head = 0, tail = 0, dropped = 0] = found.slice(1).map(Number);
  return { cut: { limitBytes, spoolFull: full === 1, head, tail, freed: 0, dropped } };
}

/** Nothing where the file cannot be read: whoever reads it next says so. */
function readAt({ path }: OutputFile, from: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  try {
    using file = openTaskFile(path);
    return bytes.subarray(0, file?.read(bytes, from) ?? 0);
  } catch (error) {
    if (isSystemLimit(error)) throw error;
    return bytes.subarray(0, 0);
  }
}

function formatLoss(name: string): string {
  return `Some of ${name} is lost: the disk of the spool had no room for it`;
}

function formatFault(fault: string, name: string, bytes: number): string {
  return `The rest of ${name} is lost, ${bytes} bytes that were seen and what follows: ${fault}`;
}

function formatLimit({ limitBytes, spoolFull, tail }: Cut, words: string): string {
  const why = spoolFull
    ? `The agent's spool is full, so that no more than ${formatBytes(limitBytes)} are kept`
    : `Output limit of ${formatBytes(limitBytes)} reached`;
  return `${why}: of what follows ${words} ` +
    (tail > 0 ? `the last ${formatBytes(tail)} are kept` : "nothing is kept");
}

function formatGap({ head, tail, dropped }: Cut, sent: number, gapEnd: number, words: string): string {
  if (tail === 0) return `At least ${dropped} bytes ${words} are left out here`;
  // One of them stood for the line before.
  return `${gapEnd - (sent === head + 1 ? head : sent)} bytes ${words} are left out here`;
}

function formatBytes(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** unit).toFixed(1))} ${UNITS[unit]}`;
}
