/** How lines lie in a chunk: many lines of one attempt in one row, in order and without gap in their seq. */
import type { OutputLine } from "../../../schema/events.ts";
import type { LogStream } from "../../../schema/states.ts";

/** Characters in a chunk; a longer line has a chunk of its own. */
export const CHUNK_CHARACTERS = 64 * 1024;
export const CHUNK_LINES = 4096;
/** From the first line of a chunk to its last. Search relies on it to know where in time a chunk can begin. */
export const CHUNK_SPAN_MS = 10_000;

export interface PackedChunk {
  readonly firstSeq: number;
  readonly lineCount: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly streams: string;
  readonly delays: readonly number[];
  readonly body: string;
}

const LETTERS: Readonly<Record<LogStream, string>> = Object.freeze({ STDOUT: "O", STDERR: "E", SYSTEM: "S" });
const STREAMS: Readonly<Record<string, LogStream>> = Object.freeze({ O: "STDOUT", E: "STDERR", S: "SYSTEM" });

/** `lines` follow each other in seq, and their times do not go back. */
export function packLines(lines: readonly OutputLine[]): readonly PackedChunk[] {
  const chunks: PackedChunk[] = [];
  let start = 0;
  while (start < lines.length) {
    const end = endOfChunk(lines, start);
    chunks.push(pack(lines.slice(start, end)));
    start = end;
  }
  return chunks;
}

/** The lines of a chunk from `fromSeq` to `toSeq`, both included. */
export function unpackLines(chunk: PackedChunk, fromSeq = 1, toSeq = Infinity): readonly OutputLine[] {
  const texts = chunk.body.split("\n");
  const lines: OutputLine[] = [];
  const last = Math.min(chunk.lineCount - 1, toSeq - chunk.firstSeq);
  for (let place = Math.max(0, fromSeq - chunk.firstSeq); place <= last; place++) {
    lines.push({
      seq: chunk.firstSeq + place,
      at: chunk.firstAt + (chunk.delays[place] ?? 0),
      stream: streamOf(chunk.streams[place]),
      text: texts[place] ?? "",
    });
  }
  return lines;
}

export function letterOf(stream: LogStream): string {
  return LETTERS[stream];
}

function endOfChunk(lines: readonly OutputLine[], start: number): number {
  const firstAt = lines[start]?.at ?? 0;
  let characters = 0;
  for (let place = start; place < lines.length; place++) {
    const line = lines[place];
    characters += (line?.text.length ?? 0) + 1;
    const full = characters > CHUNK_CHARACTERS || place - start >= CHUNK_LINES ||
      (line?.at ?? 0) - firstAt > CHUNK_SPAN_MS;
    if (full && place > start) return place;
  }
  return lines.length;
}

function pack(lines: readonly OutputLine[]): PackedChunk {
  const [first] = lines;
  const last = lines.at(-1);
  if (first === undefined || last === undefined) throw new Error("A chunk needs a line");
  return {
    firstSeq: first.seq,
    lineCount: lines.length,
    firstAt: first.at,
    lastAt: last.at,
    streams: lines.map(({ stream }) => LETTERS[stream]).join(""),
    delays: lines.map(({ at }) => at - first.at),
    body: lines.map(({ text }) => text).join("\n"),
  };
}

function streamOf(letter: string | undefined): LogStream {
  const stream = letter === undefined ? undefined : STREAMS[letter];
  if (stream === undefined) throw new Error(`Unknown stream letter ${letter}`);
  return stream;
}
