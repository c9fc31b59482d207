import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ansiSpans, plainStyle } from "../../../client/logs/ansi.ts";
import { findIn, foldCase, markSpans, noFind, stepMatch } from "../../../client/logs/find_state.ts";
import { addOlder, appendLive, emptyLog, type LogEdge } from "../../../client/logs/log_state.ts";

const escape = "\u001b";

function edge(seq: number, text: string): LogEdge {
  const at = "2026-01-01T00:00:00.000Z";
  return { cursor: `${seq}`, node: { attempt: 1, seq, at, stream: "STDOUT", text } };
}

Deno.test("findIn() finds text in any case, behind colours, and not the colours themselves", () => {
  const log = emptyLog();
  appendLive(log, [
    edge(1, "An Error"),
    edge(2, `${escape}[31mer${escape}[1mror${escape}[0m`),
    edge(3, "fine"),
    edge(4, `${escape}[31mred`),
  ], true);

  deepStrictEqual(findIn(log, "ERROR", noFind).matches, [0, 1]);
  deepStrictEqual(findIn(log, "31m", noFind).matches, []);
  deepStrictEqual(findIn(log, "", noFind).matches, []);
});

Deno.test("findIn() goes on from what it found before when lines come at either end, and forgets those that went", () => {
  const log = emptyLog();
  appendLive(log, [edge(3, "hit 3"), edge(4, "no")], true);
  const first = findIn(log, "hit", noFind);

  appendLive(log, [edge(5, "hit 5")], true);
  const later = findIn(log, "hit", first);
  addOlder(log, [edge(1, "hit 1"), edge(2, "no")], false);
  const older = findIn(log, "hit", later);
  log.lines.splice(0, 3);
  log.base += 3;
  const gone = findIn(log, "hit", older);

  deepStrictEqual(first.matches, [0]);
  deepStrictEqual(later.matches, [0, 2]);
  deepStrictEqual(older.matches, [-2, 0, 2]);
  deepStrictEqual(gone.matches, [2]);
});

Deno.test("findIn() hands the same matches on when nothing was added to them", () => {
  const log = emptyLog();
  appendLive(log, [edge(1, "hit")], true);
  const first = findIn(log, "hit", noFind);

  appendLive(log, [edge(2, "no")], true);

  strictEqual(findIn(log, "hit", first).matches, first.matches);
});

Deno.test("stepMatch() goes to the next match on either side of a line", () => {
  const matches = [2, 5, 9];

  strictEqual(stepMatch(matches, 5, 1), 2);
  strictEqual(stepMatch(matches, 5, -1), 0);
  strictEqual(stepMatch(matches, 4, 1), 1);
  strictEqual(stepMatch(matches, 9, 1), null);
  strictEqual(stepMatch(matches, 2, -1), null);
});

Deno.test("markSpans() marks matches that go over colours, and leaves the text whole", () => {
  const spans = ansiSpans(`a ma${escape}[31mtch and a MATCH`, plainStyle);

  const marked = markSpans(spans, "match");

  deepStrictEqual(marked.map(({ text, marked }) => [text, marked]), [
    ["a ", false],
    ["ma", true],
    ["tch", true],
    [" and a ", false],
    ["MATCH", true],
  ]);
  strictEqual(marked[2]?.style.foreground, 1);
});

Deno.test("markSpans() marks nothing without a needle or a match", () => {
  const spans = ansiSpans("plain", plainStyle);

  deepStrictEqual(markSpans(spans, "").map(({ marked }) => marked), [false]);
  deepStrictEqual(markSpans(spans, "absent").map(({ marked }) => marked), [false]);
});

Deno.test("findIn() and markSpans() find what begins a word, and mark it in its place behind letters that would grow", () => {
  const log = emptyLog();
  appendLive(log, [edge(1, "ΟΔΟΣΑ"), edge(2, "İİ error"), edge(3, "λόγος")], true);

  deepStrictEqual(findIn(log, "οδος", noFind).matches, [0]);
  deepStrictEqual(findIn(log, "ΌΓΟΣ", noFind).matches, [2]);
  const marked = markSpans(ansiSpans("İİ error", plainStyle), foldCase("ERROR")).filter((span) =>
    span.marked
  );
  deepStrictEqual(marked.map(({ text }) => text), ["error"]);
});
