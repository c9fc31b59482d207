/** Waits until the plain files have all that an attempt wrote; most have it at the second look. */
import { Buffer } from "node:buffer";
import { closeSync, constants, writeSync } from "node:fs";
import { basename } from "node:path";
import { type Attempt, monotonicMs, type OutputFile } from "../attempt.ts";
import { isSystemLimit } from "../backoff.ts";
import type { AgentLog } from "../options.ts";
import { failOutput } from "./output.ts";
import { followPipes, hasCode, lookAtPipe, openPipe } from "./pipes.ts";
import type { Readers } from "./readers.ts";
import { openTaskFile } from "../spool/task_file.ts";

/** Between two looks. */
const FIRST_PAUSE_MS = 1;
const MAX_PAUSE_MS = 25;
/** So long a reader is given to come to its end by itself; then a process has lived on that may write for ever. */
const MARK_AFTER_MS = 200;
/** So long anything of this may take. */
const END_LIMIT_MS = 30_000;
const SEARCHED_AT_ONCE = 4 * 1024 ** 2;

export interface OutputEnd {
  readonly readers: Readers;
  readonly log: AgentLog;
  /** What nobody else writes. */
  readonly mark: string;
  readonly stopped: () => boolean;
  readonly onComplete: () => void;
}

/** All processes of the attempt are gone. */
export function awaitOutput(attempt: Attempt, end: OutputEnd): void {
  const sinceMs = monotonicMs();
  look(FIRST_PAUSE_MS);

  function look(pauseMs: number): void {
    if (end.stopped()) return;
    if (attempt.outputRefused || isComplete(attempt, monotonicMs() - sinceMs, end)) return end.onComplete();
    setTimeout(look, pauseMs, Math.min(MAX_PAUSE_MS, 2 * pauseMs));
  }
}

function isComplete(attempt: Attempt, waitedMs: number, { readers, log, mark }: OutputEnd): boolean {
  try {
    followPipes(attempt, readers);
    return [attempt.out, attempt.err].map((output) => outputComplete(output, waitedMs, mark)).every(Boolean);
  } catch (error) {
    if (isSystemLimit(error)) return false;
    // What was seen before is handed over.
    log.warn(`Cannot look for the last output of attempt ${attempt.id}`, { error });
    return true;
  }
}

/**
 * True when the file has all that the attempt wrote; all its processes are gone. A reader that has come to the end of its
 * pipe is gone too. Where one goes on, because what writes to the pipe is not the attempt's any more, `mark` is written
 * behind what is in the pipe, and never read as output.
 */
function outputComplete(output: OutputFile, waitedMs: number, mark: string): boolean {
  const pipe = lookAtPipe(output);
  if (output.fault !== null || pipe === "untouched") return true;
  output.lost ||= pipe === "full";
  if (output.lost && !output.read) return true;
  // Its reader has it open all the same.
  if (pipe === "gone" && output.hold === null) {
    output.readable = null;
    return waitedMs > MARK_AFTER_MS;
  }
  if (pipe === "gone" || waitedMs > END_LIMIT_MS) {
    const what = pipe === "gone" ? "was removed or replaced" : "was not read to its end";
    failOutput(output, new Error(`the file "${basename(output.path)}.pipe" ${what}`));
    return true;
  }
  if (!output.read) return false;
  const lives = readerLives(output, waitedMs, mark);
  if (output.readable === null) return !lives;
  const { found, end } = searchMark(output, output.readable, mark);
  output.readable = found || lives || !end ? output.readable : null;
  return found || !lives && end;
}

function readerLives(output: OutputFile, waitedMs: number, mark: string): boolean {
  let descriptor: number;
  try {
    descriptor = openPipe(`${output.path}.pipe`, constants.O_WRONLY);
  } catch (error) {
    if (hasCode(error, "ENXIO")) return false;
    throw error;
  }
  try {
    if (waitedMs < MARK_AFTER_MS || output.marked) return true;
    output.readable ??= output.size;
    writeSync(descriptor, mark);
    output.marked = true;
  } catch (error) {
    // Just now the pipe has no room for it.
    if (!hasCode(error, "EAGAIN")) throw error;
  } finally {
    closeSync(descriptor);
  }
  return true;
}

/** A part of the file at a time. What is known not to hold the mark is readable. */
function searchMark(
  output: OutputFile,
  from: number,
  mark: string,
): { readonly found: boolean; readonly end: boolean } {
  using file = openTaskFile(output.path);
  const bytes = Buffer.alloc(SEARCHED_AT_ONCE);
  const length = file?.read(bytes, from) ?? 0;
  const at = bytes.subarray(0, length).indexOf(mark);
  output.readable = from + (at === -1 ? Math.max(0, length - mark.length) : at);
  return { found: at !== -1, end: length < bytes.length };
}
