import assert from "node:assert/strict";
import type { OutputLine } from "../../../schema/events.ts";
import {
  CHUNK_CHARACTERS,
  CHUNK_LINES,
  CHUNK_SPAN_MS,
  packLines,
  unpackLines,
} from "../../../server/domain/logs/chunk.ts";
import { NOON } from "./writer.ts";

function outputLines(count: number, make: (place: number) => Partial<OutputLine>): readonly OutputLine[] {
  return Array.from({ length: count }, (_, place) => ({
    seq: 7 + place,
    at: NOON,
    stream: "STDOUT",
    text: "",
    ...make(place),
  }));
}

Deno.test("packLines() and unpackLines() give the lines back", () => {
  const streams = ["STDOUT", "STDERR", "SYSTEM"] as const;
  const written = outputLines(
    3,
    (place) => ({ at: NOON + place * 9, stream: streams[place] ?? "STDOUT", text: `${place}` }),
  );

  const chunks = packLines(written);

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

Deno.test("packLines() closes a chunk at its characters, its lines and its time", () => {
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
    const chunks = packLines(written);

    assert.deepEqual(chunks.map(({ lineCount }) => lineCount), counts);
    assert.deepEqual(chunks.flatMap((chunk) => unpackLines(chunk)), written);
  }
});

Deno.test("unpackLines() gives the part that is asked for", () => {
  const [chunk] = packLines(outputLines(5, (place) => ({ text: `${place}` })));
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
