/** How lines lie in a chunk: many lines of one attempt in one row, in order and without gap in their seq. */
import type { OutputLine } from "../../../schema/events.ts";
import type { LogStream } from "../../../schema/states.ts";
import type { Passage } from "../../agent/port.ts";

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

/** Its lines have the numbers from `seq` on. */
export interface NumberedPassage extends Passage {
  readonly seq: number;
}

const LETTERS: Readonly<Record<LogStream, string>> = Object.freeze({ STDOUT: "O", STDERR: "E", SYSTEM: "S" });
const STREAMS: Readonly<Record<string, LogStream>> = Object.freeze({ O: "STDOUT", E: "STDERR", S: "SYSTEM" });

/** `passages` follow each other in seq, and their times do not go back. A passage stays whole. */
export function packPassages(passages: readonly NumberedPassage[]): readonly PackedChunk[] {
  const chunks: PackedChunk[] = [];
  let start = 0;
  while (start < passages.length) {
    const end = endOfChunk(passages, start);
    chunks.push(pack(passages.slice(start, end)));
    start = end;
  }
  return chunks;
}

export function splitPassage({ seq, at, stream, text }: NumberedPassage): readonly OutputLine[] {
  return text.split("\n").map((line, place) => ({ seq: seq + place, at, stream, text: line }));
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

function endOfChunk(passages: readonly NumberedPassage[], start: number): number {
  const firstAt = passages[start]?.at ?? 0;
  let characters = 0;
  let lines = 0;
  for (const [offset, { at, count, text }] of passages.slice(start).entries()) {
    characters += text.length + 1;
    lines += count;
    const full = characters > CHUNK_CHARACTERS || lines > CHUNK_LINES || at - firstAt > CHUNK_SPAN_MS;
    if (full && offset > 0) return start + offset;
  }
  return passages.length;
}

function pack(passages: readonly NumberedPassage[]): PackedChunk {
  const [first] = passages;
  const last = passages.at(-1);
  if (first === undefined || last === undefined) throw new Error("A chunk needs a line");
  return {
    firstSeq: first.seq,
    lineCount: last.seq + last.count - first.seq,
    firstAt: first.at,
    lastAt: last.at,
    streams: passages.map(({ stream, count }) => LETTERS[stream].repeat(count)).join(""),
    delays: passages.flatMap(({ at, count }) => new Array<number>(count).fill(at - first.at)),
    // To join one text copies it.
    body: passages.length === 1 ? first.text : passages.map(({ text }) => text).join("\n"),
  };
}

function streamOf(letter: string | undefined): LogStream {
  const stream = letter === undefined ? undefined : STREAMS[letter];
  if (stream === undefined) throw new Error(`Unknown stream letter ${letter}`);
  return stream;
}
