/** Bytes of a file become lines. Pure: the same bytes give the same lines, however often they are read. */

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
}

export interface CutOptions {
  /** Nothing follows these bytes: what has no line feed is a line too. */
  readonly final: boolean;
  /** These bytes begin within a line. */
  readonly continued: boolean;
  readonly maxLines: number;
}

/** Cuts whole lines from the start of `bytes`, and parts of those that are too long. */
export function cutLines(bytes: Uint8Array, { final, continued, maxLines }: CutOptions): Cut {
  const pieces: Piece[] = [];
  let position = 0;
  let left = maxLines;
  let within = continued;
  while (position < bytes.length && left > 0) {
    const { count, end } = within
      ? { count: 0, end: position }
      : measureWholeLines(bytes, position, Math.min(left, PIECE_LINES));
    if (count > 0) {
      pieces.push({ count, text: decodeLines(bytes.subarray(position, end)) });
      position = end;
      left -= count;
      continue;
    }
    const part = nextPart(bytes, position, final);
    if (part === null) break;
    const text = (within ? CONTINUATION : "") + part.text + (part.whole ? "" : CONTINUATION);
    pieces.push({ count: 1, text });
    position = part.end;
    left--;
    within = !part.whole;
  }
  return { pieces, length: position };
}

/** The last bytes of a line that has no end yet; null when there is none. `cut`: it begins before them. */
export function formatPartial(bytes: Uint8Array, cut: boolean): string | null {
  if (bytes.length === 0 || bytes.includes(LINE_FEED)) return null;
  const start = cut ? bytes.findIndex((byte) => (byte & 0xc0) !== 0x80) : 0;
  // Half a character at the end is waited for.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.subarray(Math.max(0, start)), {
    stream: true,
  });
  return (cut ? CONTINUATION : "") + text.replaceAll("\0", "\uFFFD");
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

/** A line, or a part of one. Null when it has to be waited for. */
function nextPart(
  bytes: Uint8Array,
  from: number,
  final: boolean,
): { readonly text: string; readonly end: number; readonly whole: boolean } | null {
  const feed = bytes.indexOf(LINE_FEED, from);
  const lineEnd = feed === -1 ? bytes.length : feed;
  if (lineEnd - from > LINE_BYTES) {
    const end = endOfCharacter(bytes, from + LINE_BYTES);
    return { text: decode(bytes.subarray(from, end)), end, whole: false };
  }
  if (feed !== -1) {
    return { text: withoutReturn(decode(bytes.subarray(from, feed))), end: feed + 1, whole: true };
  }
  return final ? { text: decode(bytes.subarray(from)), end: lineEnd, whole: true } : null;
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
