import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { addLines, type Tail, takeStored } from "../../../client/live/tail_state.ts";
import type { LogLine } from "../../../client/logs/log_state.ts";

Deno.test("addLines() keeps the last lines, in order, each once", () => {
  const tail = addLines([], lines(1, 4), 3);

  const next = addLines(tail, lines(3, 5), 3);

  deepStrictEqual(numbers(next), [3, 4, 5]);
  strictEqual(next[0], tail[1]);
});

Deno.test("addLines() answers the same tail when there is nothing new", () => {
  const tail = addLines([], lines(1, 4), 9);

  strictEqual(addLines(tail, lines(2, 4), 9), tail);
});

Deno.test("addLines() names what is missing in between, within an attempt only", () => {
  const tail = addLines(addLines([], lines(1, 2), 9), [line(9), { ...line(5), attempt: 2 }], 9);

  deepStrictEqual(tail.map(({ missing }) => missing), [0, 0, 6, 0]);
});

Deno.test("takeStored() fills a gap, and what is stored takes the place of what said so", () => {
  const tail = addLines([], [
    line(1),
    { ...line(3), stream: "SYSTEM", text: "2 lines were left out" },
    line(4),
  ], 9);

  const next = takeStored(tail, lines(2, 5), 9);

  deepStrictEqual(numbers(next), [1, 2, 3, 4, 5]);
  strictEqual(next[2]?.text, "line 3");
  deepStrictEqual(next.map(({ missing }) => missing), [0, 0, 0, 0, 0]);
});

Deno.test("addLines() keeps a colour though the line that began it is gone", () => {
  const tail = addLines([], [{ ...line(1), text: "\u001b[31mred" }, line(2)], 1);

  const next = addLines(tail, lines(3, 3), 2);

  deepStrictEqual(next.map(({ style }) => style.foreground), [1, 1]);
});

function numbers(tail: Tail): readonly number[] {
  return tail.map(({ seq }) => seq);
}

function lines(from: number, to: number): readonly LogLine[] {
  return Array.from({ length: to - from + 1 }, (_line, index) => line(from + index));
}

function line(seq: number): LogLine {
  return { attempt: 1, seq, at: "2026-03-01T10:00:00.000Z", stream: "STDOUT", text: `line ${seq}` };
}
