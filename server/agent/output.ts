/**
 * The two files of an attempt, read into batches. The files are the buffer: what the server has not taken stays there,
 * and only the time at which it was seen is kept here, so that lines have their time even when the server was away.
 */
import type { LogStream } from "../../schema/states.ts";
import type { Attempt, OutputFile } from "./attempt.ts";
import { cutLines, LINE_BYTES } from "./lines.ts";
import { nextStretch } from "./output_limit.ts";
import type { OutputBatch } from "./port.ts";

/** Times of growth kept for one file; when there are more, every other one goes: the older, the coarser. */
const GROWTH_LIMIT = 512;
const LINE_FEED = 10;

type Line = OutputBatch["lines"][number];

/** What may still go into a call. */
export interface Budget {
  bytes: number;
  lines: number;
}

/** With less than this left, the next call is waited for: a line might not fit, and then nothing would move. */
export const LEAST_BUDGET: Readonly<Budget> = { bytes: 2 * (LINE_BYTES + 8), lines: 64 };

/** What is read at once, and the byte before it that tells whether it begins within a line. */
const buffer = new Uint8Array(1 + 512 * 1024);

/** Looks how far the file has grown. Answers whether it has. */
export function measureFile(output: OutputFile, now: number): boolean {
  const file = output.file ??= openFile(output.path);
  if (file === null) return false;
  const size = file.seekSync(0, Deno.SeekMode.End);
  if (size <= output.size) return false;
  output.size = size;
  noteGrowth(output, now);
  return true;
}

/** The same for an attempt that may be over before its files were ever opened: most write nothing. */
export function measureFinally(output: OutputFile, now: number): boolean {
  if (output.file !== null) return measureFile(output, now);
  return sizeOf(output.path) > output.size && measureFile(output, now);
}

export function closeOutput({ out, err }: Attempt): void {
  for (const output of [out, err]) {
    output.file?.close();
    output.file = null;
  }
}

/** True when there may be something to send. */
export function outputPending(attempt: Attempt): boolean {
  return nextStretch(attempt, attempt.out) !== null || nextStretch(attempt, attempt.err) !== null;
}

/** Null when all that there is cannot be sent yet. What is taken is subtracted from `budget`. */
export function readBatch(attempt: Attempt, budget: Budget): OutputBatch | null {
  const { out, err } = attempt;
  // Neither stream keeps the other one waiting: both get half when both have something to say.
  const half = { bytes: budget.bytes >> 1, lines: budget.lines >> 1 };
  const outPart = readPart(attempt, out, "STDOUT", nextStretch(attempt, err) !== null ? half : budget);
  const errPart = readPart(attempt, err, "STDERR", nextStretch(attempt, out) !== null ? half : budget);
  if (outPart.to === out.sent && errPart.to === err.sent) return null;
  const lines = mergeLines(outPart.lines, errPart.lines);
  budget.bytes -= outPart.to - out.sent + errPart.to - err.sent;
  budget.lines -= lines.length;
  out.offered = Math.max(out.offered, outPart.to);
  err.offered = Math.max(err.offered, errPart.to);
  return {
    attemptId: attempt.id,
    outFrom: out.sent,
    outTo: outPart.to,
    errFrom: err.sent,
    errTo: errPart.to,
    lines: lines.map((line) => forwardInTime(attempt, line)),
  };
}

/** The server has everything up to here. */
export function acknowledge(output: OutputFile, offset: number): void {
  output.sent = offset;
  output.offered = Math.max(output.offered, offset);
  const unread = output.growth.findIndex(({ size }) => size > offset);
  output.growth.splice(0, unread === -1 ? output.growth.length : unread);
}

function readPart(
  attempt: Attempt,
  output: OutputFile,
  stream: LogStream,
  budget: Readonly<Budget>,
): { readonly lines: readonly Line[]; readonly to: number } {
  const stretch = nextStretch(attempt, output);
  if (stretch === null) return { lines: [], to: output.sent };
  if (stretch.kind === "words") {
    return { lines: [{ at: attempt.lastLineAt, stream: "SYSTEM", text: stretch.text }], to: stretch.to };
  }
  const { end: limit, final } = stretch;
  let to = output.sent;
  const lines: Line[] = [];
  const { bytes, continued } = readWindow(output, Math.min(limit - to, budget.bytes));
  for (const { size, at } of [...output.growth, { size: limit, at: attempt.lastLineAt }]) {
    // A line is seen when its end is.
    const seen = bytes.subarray(to - output.sent, Math.max(0, Math.min(size, limit) - output.sent));
    if (seen.length === 0) continue;
    const { texts, length } = cutLines(seen, {
      final: final && output.sent + bytes.length === limit && Math.min(size, limit) === limit,
      continued: to === output.sent ? continued : bytes[to - output.sent - 1] !== LINE_FEED,
      maxLines: budget.lines - lines.length,
    });
    for (const text of texts) lines.push({ at, stream, text });
    to += length;
  }
  return { lines, to };
}

/** Reads from where the server stands. A budget that is nearly spent is left to the next batch. */
function readWindow(
  output: OutputFile,
  length: number,
): { readonly bytes: Uint8Array; readonly continued: boolean } {
  const nothing = { bytes: buffer.subarray(0, 0), continued: false };
  if (length <= 0 || output.file === null) return nothing;
  const before = output.sent > 0 ? 1 : 0;
  output.file.seekSync(output.sent - before, Deno.SeekMode.Start);
  const read = output.file.readSync(buffer.subarray(0, Math.min(buffer.length, length + before))) ?? 0;
  if (read <= before) return nothing;
  // A copy: the other file's bytes come into the same buffer.
  return { bytes: buffer.slice(before, read), continued: before === 1 && buffer[0] !== LINE_FEED };
}

/** By time; what was seen at one look keeps its order, standard output first. */
function mergeLines(out: readonly Line[], err: readonly Line[]): Line[] {
  if (err.length === 0) return [...out];
  if (out.length === 0) return [...err];
  return [...out, ...err].sort((a, b) => a.at - b.at);
}

function forwardInTime(attempt: Attempt, line: Line): Line {
  attempt.lastLineAt = Math.max(attempt.lastLineAt, line.at);
  return line.at === attempt.lastLineAt ? line : { ...line, at: attempt.lastLineAt };
}

function noteGrowth(output: OutputFile, at: number): void {
  const { growth } = output;
  const last = growth.at(-1);
  if (last !== undefined && last.at >= at) {
    last.size = output.size;
    return;
  }
  if (growth.length >= GROWTH_LIMIT) {
    growth.splice(
      0,
      growth.length,
      ...growth.filter((_, place) => place % 2 === 1),
    );
  }
  growth.push({ size: output.size, at });
}

function openFile(path: string): Deno.FsFile | null {
  try {
    return Deno.openSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
