/**
 * Nothing slows down a task that writes to a file, so that what is past the limit is cut off behind its back: it goes on
 * writing where the file now ends. What is kept is the head; how much is missing stands in the log's last line.
 */
import { join } from "node:path";
import type { Attempt, OutputFile, Overflow } from "./attempt.ts";

export const OUTPUT_LIMIT_BYTES = 1024 ** 3;
/** This part of the limit is left to the stream that wrote less. */
const ROOM_FOR_LESS = 8;
const OVERFLOW_FILE = "overflow";

const UNITS = ["bytes", "KiB", "MiB", "GiB"];

/** Called whenever a file has grown. */
export function applyOutputLimit(attempt: Attempt, limitBytes: number): void {
  const { out, err } = attempt;
  const written = attempt.overflow;
  if (written === null && out.size + err.size <= limitBytes) return;
  const { outLimit, errLimit } = written ?? divideLimit(out, err, limitBytes);
  const dropped = truncateFile(out, outLimit) + truncateFile(err, errLimit);
  if (dropped === 0) return;
  attempt.overflow = { outLimit, errLimit, droppedBytes: (written?.droppedBytes ?? 0) + dropped };
  Deno.writeTextFileSync(
    join(attempt.folder.path, OVERFLOW_FILE),
    `${outLimit} ${errLimit} ${attempt.overflow.droppedBytes}\n`,
  );
}

/** What a former agent noted. */
export function readOverflow(folder: string): Overflow | null {
  try {
    const text = Deno.readTextFileSync(join(folder, OVERFLOW_FILE));
    const [outLimit, errLimit, droppedBytes] = text.split(" ").map(Number);
    if (outLimit === undefined || errLimit === undefined || droppedBytes === undefined) return null;
    return { outLimit, errLimit, droppedBytes };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * Up to where a file may be read now. The last byte of a file that was cut is left to the very end: the line that names
 * what is missing goes with it, for a batch is only known to be stored by the bytes that it moves.
 */
export function readableEnd({ overflow, phase, out }: Attempt, output: OutputFile): number {
  if (overflow === null || phase === "draining") return output.size;
  return Math.min(output.size, (output === out ? overflow.outLimit : overflow.errLimit) - 1);
}

export function formatOverflow({ outLimit, errLimit, droppedBytes }: Overflow): string {
  return `Output limit of ${formatBytes(outLimit + errLimit)} reached: ` +
    `at least ${droppedBytes} more bytes were written and are left out`;
}

/**
 * The stream that wrote less keeps what it has, up to half, and has room for more: an error is often told last. Neither
 * loses what the server has, or the byte that is left to the end.
 */
function divideLimit(
  out: OutputFile,
  err: OutputFile,
  limitBytes: number,
): { readonly outLimit: number; readonly errLimit: number } {
  const [less, more] = out.size < err.size ? [out, err] : [err, out];
  const room = Math.max(less.size, Math.floor(limitBytes / ROOM_FOR_LESS));
  const lessLimit = Math.max(less.sent + 1, Math.min(room, Math.floor(limitBytes / 2)));
  const moreLimit = Math.max(more.sent + 1, limitBytes - lessLimit);
  return less === out
    ? { outLimit: lessLimit, errLimit: moreLimit }
    : { outLimit: moreLimit, errLimit: lessLimit };
}

/** Answers how many bytes went. */
function truncateFile(output: OutputFile, limit: number): number {
  const dropped = output.size - limit;
  if (dropped <= 0) return 0;
  Deno.truncateSync(output.path, limit);
  output.size = limit;
  for (const growth of output.growth) growth.size = Math.min(growth.size, limit);
  return dropped;
}

function formatBytes(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** unit).toFixed(1))} ${UNITS[unit]}`;
}
