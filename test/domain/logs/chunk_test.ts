import assert from "node:assert/strict";
import type { OutputLine } from "../../../schema/events.ts";
import {
  CHUNK_CHARACTERS,
  CHUNK_LINES,
  CHUNK_SPAN_MS,
  type PackedChunk,
  packPassages,
  unpackLines,
} from "../../../server/domain/logs/chunk.ts";
import { NOON } from "./writer.ts";

function pack(lines: readonly OutputLine[]): readonly PackedChunk[] {
  return packPassages(lines.map((line) => ({ ...line, count: 1 })));
}

function outputLines(count: number, make: (place: number) => Partial<OutputLine>): readonly OutputLine[] {
  return Array.from({ length: count }, (_, place) => ({
    seq: 7 + place,
    at: NOON,
    stream: "STDOUT",
    text: "",
    ...make(place),
  }));
}

Deno.test("packPassages() and unpackLines() give the lines back", () => {
  const streams = ["STDOUT", "STDERR", "SYSTEM"] as const;
  const written = outputLines(
    3,
    (place) => ({ at: NOON + place * 9, stream: streams[place] ?? "STDOUT", text: `${place}` }),
  );

  const chunks = pack(written);

  assert.equal(chunks.length, 1);
  assert.deepEqual(chunks[0], {
    firstSeq: 7,
    lineCount: 3,
    firstAt: NOON,
    lastAt: NOON + 18,
    streams: "OES",
    delays: [0, 9, 18],
    body: "0\n1\n2",
  });
  assert.deepEqual(chunks.flatMap((chunk) => unpackLines(chunk)), written);
});

Deno.test("packPassages() closes a chunk at its characters, its lines and its time", () => {
  const cases: readonly [readonly OutputLine[], readonly number[]][] = [
    [[], []],
    [outputLines(1, () => ({ text: "x".repeat(3 * CHUNK_CHARACTERS) })), [1]],
    [outputLines(3, () => ({ text: "x".repeat(CHUNK_CHARACTERS) })), [1, 1, 1]],
    [outputLines(5, () => ({ text: "x".repeat(CHUNK_CHARACTERS / 2 - 1) })), [2, 2, 1]],
    [outputLines(CHUNK_LINES + 1, () => ({})), [CHUNK_LINES, 1]],
    [outputLines(3, (place) => ({ at: NOON + place * CHUNK_SPAN_MS })), [2, 1]],
    [outputLines(3, (place) => ({ at: NOON + place * (CHUNK_SPAN_MS + 1) })), [1, 1, 1]],
  ];

  for (const [written, counts] of cases) {
    const chunks = pack(written);

    assert.deepEqual(chunks.map(({ lineCount }) => lineCount), counts);
    assert.deepEqual(chunks.flatMap((chunk) => unpackLines(chunk)), written);
  }
});

Deno.test("packPassages() keeps a passage whole, and its lines apart", () => {
  const at = (place: number): number => NOON + place * 9;
  const many = CHUNK_LINES - 3;
  const [chunk, next] = packPassages([
    { seq: 7, at: at(0), stream: "STDOUT", count: 3, text: "a\n\nb" },
    { seq: 10, at: at(1), stream: "STDERR", count: 1, text: "" },
    { seq: 11, at: at(2), stream: "STDOUT", count: many, text: "\n".repeat(many - 1) },
  ]);

  if (chunk === undefined || next === undefined) throw new Error("There are not two chunks");
  assert.deepEqual([next.firstSeq, next.lineCount, unpackLines(next).length], [11, many, many]);
  assert.deepEqual(unpackLines(chunk), [
    { seq: 7, at: at(0), stream: "STDOUT", text: "a" },
    { seq: 8, at: at(0), stream: "STDOUT", text: "" },
    { seq: 9, at: at(0), stream: "STDOUT", text: "b" },
    { seq: 10, at: at(1), stream: "STDERR", text: "" },
  ]);
});

Deno.test("unpackLines() gives the part that is asked for", () => {
  const [chunk] = pack(outputLines(5, (place) => ({ text: `${place}` })));
  const cases: readonly [number, number, string][] = [
    [1, Infinity, "01234"],
    [8, 9, "12"],
    [11, 100, "4"],
    [12, 100, ""],
    [1, 6, ""],
  ];

  if (chunk === undefined) throw new Error("There is no chunk");
  for (const [from, to, texts] of cases) {
    assert.equal(unpackLines(chunk, from, to).map(({ text }) => text).join(""), texts);
  }
});
