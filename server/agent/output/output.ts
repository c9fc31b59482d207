/**
 * The two files of an attempt, read into batches. The files are the buffer: what the server has not taken stays there,
 * and only the time at which it was seen is kept here, so that lines have their time even when the server was away.
 */
import type { LogStream } from "../../../schema/states.ts";
import type { Attempt, OutputFile } from "../attempt.ts";
import { cutLines, LINE_BYTES } from "./lines.ts";
import { MAX_FORM_BYTES } from "./redactor.ts";
import { isSystemLimit } from "../backoff.ts";
import { nextStretch } from "./output_limit.ts";
import type { OutputBatch, Passage } from "../port.ts";
import { openTaskFile, statTaskFile } from "../spool/task_file.ts";

/** Times of growth kept for one file; when there are more, every other one goes: the older, the coarser. */
const GROWTH_LIMIT = 512;
const LINE_FEED = 10;

/** What may still go into a call. */
export interface Budget {
  bytes: number;
  lines: number;
}

/** With less than this left, the next call is waited for: a line might not fit, and then nothing would move. */
export const MIN_BUDGET: Readonly<Budget> = { bytes: 2 * (LINE_BYTES + MAX_FORM_BYTES + 8), lines: 64 };

/** What is read at once, and the byte before it. */
const buffer = new Uint8Array(1 + 512 * 1024);

/** Looks how far the file has grown. Answers whether there is something to tell. */
export function measureFile(output: OutputFile, now: number): boolean {
  if (output.fault !== null) return false;
  const { size } = output;
  try {
    measure(output);
  } catch (error) {
    failOutput(output, error);
  }
  if (output.size <= size) return false;
  noteGrowth(output, now);
  return true;
}

function measure(output: OutputFile): void {
  const { path, seen, readable } = output;
  const found = statTaskFile(path);
  if (found === null) {
    if (seen !== null) throw new Error("the file was removed");
    return;
  }
  if (seen !== null && seen.inode !== found.inode) throw new Error("the file was replaced by another one");
  output.seen = found;
  const size = Math.min(found.size, readable ?? Infinity);
  if (size < output.size) throw new Error("the file was emptied");
  output.size = size;
}

/** What the file still held is lost; a line says so, and takes one byte, so that it is stored once. */
export function failOutput(output: OutputFile, error: unknown): void {
  if (isSystemLimit(error)) throw error;
  output.fault = error instanceof Error ? error.message : String(error);
  output.size = Math.max(output.size, output.offered) + 1;
}

/** True when there may be something that the server does not have. */
export function outputPending(attempt: Attempt): boolean {
  const { out, err } = attempt;
  return nextStretch(attempt, out, out.sent) !== null || nextStretch(attempt, err, err.sent) !== null;
}

/** True when something was handed over of which the server has not said that it has it. */
export function outputTaken({ out, err }: Attempt): boolean {
  return out.taken !== out.sent || err.taken !== err.sent;
}

/** Bytes that were not yet handed over. */
export function untakenBytes({ out, err }: Attempt): number {
  return out.size - out.taken + err.size - err.taken;
}

export interface TakenBatch extends OutputBatch {
  /** How often a secret was replaced in it. */
  readonly redactedCount: number;
}

/**
 * What comes after all that was handed over; it counts as handed over then, and is subtracted from `budget`. Null when all
 * that there is cannot be sent yet.
 */
export function takeBatch(attempt: Attempt, budget: Budget): TakenBatch | null {
  const { out, err } = attempt;
  const from = { outFrom: out.taken, errFrom: err.taken };
  // Neither stream keeps the other one waiting: both get half when both have something to say.
  const half = { bytes: budget.bytes >> 1, lines: budget.lines >> 1 };
  const bothSpeak = nextStretch(attempt, out, out.taken) !== null &&
    nextStretch(attempt, err, err.taken) !== null;
  const share = bothSpeak ? half : budget;
  // What has to wait for the next call is not overtaken by what was seen after it on the other stream; of what was seen
  // at one look, standard output goes first.
  const outFirst = readPart(attempt, out, "STDOUT", share, () => false);
  const errPart = readPart(attempt, err, "STDERR", share, (at) => at >= outFirst.stoppedAt);
  const outPart = errPart.stoppedAt < outFirst.stoppedAt
    ? readPart(attempt, out, "STDOUT", share, (at) => at > errPart.stoppedAt)
    : outFirst;
  if (outPart.to === out.taken && errPart.to === err.taken) return null;
  const passages = mergePassages(outPart.passages, errPart.passages);
  budget.bytes -= outPart.to - out.taken + errPart.to - err.taken;
  budget.lines -= passages.reduce((sum, { count }) => sum + count, 0);
  take(out, outPart);
  take(err, errPart);
  return {
    attemptId: attempt.id,
    ...from,
    outTo: outPart.to,
    errTo: errPart.to,
    passages: passages.map((passage) => forwardInTime(attempt, passage)),
    redactedCount: outPart.redactedCount + errPart.redactedCount,
  };
}

/** The server has all of the batch. */
export function acknowledgeBatch(
  attempt: Attempt,
  { outTo, errTo, passages, redactedCount }: TakenBatch,
): void {
  attempt.redactedCount += redactedCount;
  acknowledge(attempt.out, Math.max(attempt.out.sent, outTo));
  acknowledge(attempt.err, Math.max(attempt.err.sent, errTo));
  attempt.sentLineAt = Math.max(attempt.sentLineAt, passages.at(-1)?.at ?? 0);
}

/** The server has everything up to here. What was handed over beyond it may be under way. */
export function acknowledge(output: OutputFile, offset: number): void {
  const { size, cut, fault, lost, readable } = output;
  const shorter = offset > size && cut === null && fault === null && !lost && readable === null;
  output.sent = offset;
  output.taken = Math.max(output.taken, offset);
  output.offered = Math.max(output.offered, offset);
  const unread = output.growth.findIndex(({ size }) => size > offset);
  output.growth.splice(0, unread === -1 ? output.growth.length : unread);
  if (shorter) failOutput(output, new Error("the file was emptied"));
}

/** Nothing is under way: what the server has not said that it has is handed over again. */
export function takeBack(attempt: Attempt): void {
  const { out, err } = attempt;
  out.taken = out.sent;
  err.taken = err.sent;
  attempt.lastLineAt = attempt.sentLineAt;
}

function take(output: OutputFile, { to }: Part): void {
  output.taken = to;
  output.offered = Math.max(output.offered, to);
}

/** Lines of one file, and how far they reach. */
interface Part {
  readonly passages: readonly Passage[];
  readonly to: number;
  /** When that was seen for which there was no room; Infinity when there was room for all. */
  readonly stoppedAt: number;
  readonly redactedCount: number;
}

/** Only what was seen before the first time that `waits`. */
function readPart(
  attempt: Attempt,
  output: OutputFile,
  stream: LogStream,
  budget: Readonly<Budget>,
  waits: (at: number) => boolean,
): Part {
  const from = output.taken;
  const stretch = nextStretch(attempt, output, from);
  if (stretch === null) return { passages: [], to: from, stoppedAt: Infinity, redactedCount: 0 };
  if (stretch.kind === "words") {
    return {
      passages: [{ at: attempt.lastLineAt, stream: "SYSTEM", count: 1, text: stretch.text }],
      to: stretch.to,
      stoppedAt: Infinity,
      redactedCount: 0,
    };
  }
  const { end: limit, final } = stretch;
  let to = from;
  let left = budget.lines;
  let redactedCount = 0;
  const passages: Passage[] = [];
  const window = readWindow(output, limit - to, budget.bytes);
  // It cannot be read any more, or not from there, which is told instead.
  if (window === null) return readPart(attempt, output, stream, budget, waits);
  const { bytes, continued, cutShort } = window;
  for (const { size, at } of [...output.growth, { size: limit, at: attempt.lastLineAt }]) {
    if (waits(at)) break;
    // A line is seen when its end is.
    const end = Math.min(size, limit);
    const seen = bytes.subarray(to - from, Math.max(0, end - from));
    if (seen.length > 0) {
      const cut = cutLines(seen, {
        redactor: attempt.redactor,
        final: final && from + bytes.length === limit && end === limit,
        continued: to === from ? continued : bytes[to - from - 1] !== LINE_FEED,
        maxLines: left,
      });
      redactedCount += cut.redactedCount;
      for (const { count, text } of cut.pieces) {
        passages.push({ at, stream, count, text });
        left -= count;
      }
      to += cut.length;
    }
    if (left <= 0 || cutShort && end > from + bytes.length) {
      return { passages, to, stoppedAt: at, redactedCount };
    }
  }
  return { passages, to, stoppedAt: Infinity, redactedCount };
}

interface Window {
  readonly bytes: Uint8Array;
  readonly continued: boolean;
  /** There is more than there was room for. */
  readonly cutShort: boolean;
}

/** At most `length` bytes, and `room`. Valid until the next call. A budget that is nearly spent is left to the next batch. */
function readWindow(output: OutputFile, length: number, room: number): Window | null {
  const nothing = { bytes: buffer.subarray(0, 0), continued: false, cutShort: false };
  const wanted = Math.min(length, room, buffer.length - 1);
  if (wanted <= 0) return nothing;
  const before = output.taken > 0 ? 1 : 0;
  if (!readOutput(output, output.taken - before, wanted + before)) return null;
  return {
    bytes: buffer.subarray(before, before + wanted),
    continued: before > 0 && buffer[0] !== LINE_FEED,
    cutShort: wanted < length,
  };
}

/** By time; what was seen at one look keeps its order, standard output first. */
function mergePassages(out: readonly Passage[], err: readonly Passage[]): Passage[] {
  if (err.length === 0) return [...out];
  if (out.length === 0) return [...err];
  return [...out, ...err].sort((a, b) => a.at - b.at);
}

function forwardInTime(attempt: Attempt, passage: Passage): Passage {
  attempt.lastLineAt = Math.max(attempt.lastLineAt, passage.at);
  return passage.at === attempt.lastLineAt ? passage : { ...passage, at: attempt.lastLineAt };
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

/** Into the buffer. False when the file cannot be read any more. It is open only meanwhile: descriptors are scarce. */
function readOutput(output: OutputFile, position: number, length: number): boolean {
  try {
    using file = openTaskFile(output.path);
    if (file === null) throw new Error("the file was removed");
    if (file.read(buffer.subarray(0, length), position) < length) throw new Error("the file was emptied");
    return true;
  } catch (error) {
    failOutput(output, error);
    return false;
  }
}
