/** Bytes of a file become lines. Pure: the same bytes give the same lines, however often they are read. */

import { byteLength, MAX_FORM_BYTES, type Redactor, replaceRanges } from "./redactor.ts";

/** A longer line is told in parts. */
export const LINE_BYTES = 64 * 1024;
/** Lines that follow each other are one text as long as it is no longer than this. */
export const PIECE_BYTES = 64 * 1024;
export const PIECE_LINES = 4096;
/** Stands at the end of a part that goes on, and at the start of the part that goes on with it. */
export const CONTINUATION = "…";

const LINE_FEED = 10;
/** A character of UTF-8 is four bytes at most: three of them may have to be left for the next part. */
const MAX_TAIL = 3;

/** Invalid bytes become U+FFFD. */
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Lines that follow each other, joined by a line feed: to split what is stored joined would be in vain. */
interface Piece {
  readonly count: number;
  readonly text: string;
}

export interface Cut {
  readonly pieces: readonly Piece[];
  /** Bytes that these lines are; reading goes on behind them. */
  readonly length: number;
  /** How often a secret was replaced in them. */
  readonly redactedCount: number;
}

export interface CutOptions {
  /** Nothing follows these bytes: what has no line feed is a line too. */
  readonly final: boolean;
  /** These bytes begin within a line. */
  readonly continued: boolean;
  readonly maxLines: number;
  /** Null when the attempt has no secrets. */
  readonly redactor: Redactor | null;
}

/** Cuts whole lines from the start of `bytes`, and parts of those that are too long. */
export function cutLines(bytes: Uint8Array, options: CutOptions): Cut {
  const { final, continued, maxLines, redactor } = options;
  const pieces: Piece[] = [];
  let redactedCount = 0;
  let position = 0;
  let left = maxLines;
  let within = continued;
  while (position < bytes.length && left > 0) {
    const { count, end } = within
      ? { count: 0, end: position }
      : measureWholeLines(bytes, position, Math.min(left, PIECE_LINES));
    if (count > 0) {
      const lines = redact(decodeLines(bytes.subarray(position, end)), redactor);
      pieces.push({ count, text: lines.text });
      redactedCount += lines.count;
      position = end;
      left -= count;
      continue;
    }
    const part = nextPart(bytes, position, final, redactor);
    if (part === null) break;
    const text = (within ? CONTINUATION : "") + part.text + (part.whole ? "" : CONTINUATION);
    pieces.push({ count: 1, text });
    redactedCount += part.redactedCount;
    position = part.end;
    left--;
    within = !part.whole;
  }
  return { pieces, length: position, redactedCount };
}

/** The last bytes of a line that has no end yet; null when there is none. `cut`: it begins before them. */
export function formatPartial(bytes: Uint8Array, cut: boolean, redactor: Redactor | null): string | null {
  if (bytes.length === 0 || bytes.includes(LINE_FEED)) return null;
  const start = cut ? bytes.findIndex((byte) => (byte & 0xc0) !== 0x80) : 0;
  // Half a character at the end is waited for.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(Math.max(0, start)), {
    stream: true,
  });
  const shown = text.replaceAll("\0", "\uFFFD");
  if (redactor === null) return (cut ? CONTINUATION : "") + shown;
  const { text: redacted } = redactor.redact(redactor.withoutBeginnings(shown));
  // The line may begin within a secret: what could still be of it is left out.
  return cut ? CONTINUATION + redacted.slice(MAX_FORM_BYTES / 3) : redacted;
}

/** Lines that need no cutting and make one piece; none when the first one is too long or has no end yet. */
function measureWholeLines(
  bytes: Uint8Array,
  from: number,
  maxLines: number,
): { readonly count: number; readonly end: number } {
  let count = 0;
  let end = from;
  while (count < maxLines) {
    const feed = bytes.indexOf(LINE_FEED, end);
    if (feed === -1 || feed - end > LINE_BYTES) break;
    if (count > 0 && feed + 1 - from > PIECE_BYTES) break;
    end = feed + 1;
    count++;
  }
  return { count, end };
}

interface Part {
  readonly text: string;
  readonly end: number;
  readonly whole: boolean;
  readonly redactedCount: number;
}

/** A line, or a part of one. Null when it has to be waited for. */
function nextPart(bytes: Uint8Array, from: number, final: boolean, redactor: Redactor | null): Part | null {
  const feed = bytes.indexOf(LINE_FEED, from);
  const lineEnd = feed === -1 ? bytes.length : feed;
  if (lineEnd - from > LINE_BYTES) {
    const end = endOfCharacter(bytes, from + LINE_BYTES);
    if (redactor !== null) return redactedPart(bytes, { from, end, lineEnd }, feed !== -1 || final, redactor);
    return { text: decode(bytes.subarray(from, end)), end, whole: false, redactedCount: 0 };
  }
  if (feed === -1 && !final) return null;
  const decoded = decode(bytes.subarray(from, lineEnd));
  const { text, count } = redact(feed === -1 ? decoded : withoutReturn(decoded), redactor);
  return { text, end: feed === -1 ? lineEnd : feed + 1, whole: true, redactedCount: count };
}

/** Ends before a secret that would be cut: what follows has to be there, so that it is recognised. */
function redactedPart(
  bytes: Uint8Array,
  { from, end, lineEnd }: { readonly from: number; readonly end: number; readonly lineEnd: number },
  complete: boolean,
  redactor: Redactor,
): Part | null {
  if (!complete && lineEnd < end + MAX_FORM_BYTES) return null;
  const part = decode(bytes.subarray(from, end));
  const ahead = decode(bytes.subarray(end, Math.min(lineEnd, end + MAX_FORM_BYTES)));
  const ranges = redactor.find(part + ahead).filter(({ start }) => start < part.length);
  const last = ranges.at(-1);
  if (last === undefined || last.end <= part.length || last.start === 0) {
    // One that takes the whole part is a text repeated: its end is replaced with the next part.
    const within = ranges.map(({ start, end }) => ({ start, end: Math.min(end, part.length) }));
    const { text, count } = replaceRanges(part, within);
    return { text, end, whole: false, redactedCount: count };
  }
  const { text, count } = replaceRanges(part.slice(0, last.start), ranges.slice(0, -1));
  return { text, end: end - byteLength(part.slice(last.start)), whole: false, redactedCount: count };
}

function redact(text: string, redactor: Redactor | null): { readonly text: string; readonly count: number } {
  return redactor === null ? { text, count: 0 } : redactor.redact(text);
}

/** At most `limit`, and not within a character. */
function endOfCharacter(bytes: Uint8Array, limit: number): number {
  for (let end = limit; end > limit - MAX_TAIL - 1; end--) {
    if (((bytes[end] ?? 0) & 0xc0) !== 0x80) return end;
  }
  return limit;
}

/** `bytes` ends in a line feed. */
function decodeLines(bytes: Uint8Array): string {
  const text = decode(bytes.subarray(0, -1));
  return text.includes("\r") ? text.split("\n").map(withoutReturn).join("\n") : text;
}

function decode(bytes: Uint8Array): string {
  // The database keeps no NUL in a text.
  return decoder.decode(bytes).replaceAll("\0", "\uFFFD");
}

function withoutReturn(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}
