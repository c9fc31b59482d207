import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  addNewer,
  addOlder,
  appendLive,
  countRows,
  emptyLog,
  indexOfLine,
  type LogBuffer,
  type LogEdge,
  type LogLine,
  MAX_LINES,
  rowAt,
} from "../../../client/logs/log_state.ts";

function edge(seq: number, fields: Partial<LogLine> = {}): LogEdge {
  const line = {
    attempt: 1,
    seq,
    at: "2026-01-01T00:00:00.000Z",
    stream: "STDOUT",
    text: `line ${seq}`,
  } as const;
  return { cursor: `c${fields.attempt ?? 1}.${seq}`, node: { ...line, ...fields } };
}

function edges(first: number, last: number): readonly LogEdge[] {
  return Array.from({ length: last - first + 1 }, (_edge, index) => edge(first + index));
}

/** Each held line by its ordinal. */
function ordinals(log: LogBuffer): ReadonlyMap<number, number> {
  return new Map(log.lines.map(({ seq }, index) => [log.base + index, seq]));
}

Deno.test("appendLive() passes over lines that came before, as after a lost connection", () => {
  const log = emptyLog();

  const added = appendLive(log, edges(1, 2), true);
  const again = appendLive(log, edges(2, 3), true);

  deepStrictEqual(log.lines.map(({ seq }) => seq), [1, 2, 3]);
  deepStrictEqual([added, again], [2, 1]);
  strictEqual(log.newest?.cursor, "c1.3");
});

Deno.test("appendLive() counts anew in the next attempt", () => {
  const log = emptyLog();

  appendLive(log, [edge(7), edge(1, { attempt: 2 })], true);

  deepStrictEqual(log.lines.map(({ attempt, seq }) => [attempt, seq]), [[1, 7], [2, 1]]);
});

/** All rows as texts, with a sign behind those that are not complete. */
function rows(log: LogBuffer): readonly string[] {
  return Array.from({ length: countRows(log) }, (_row, index) => {
    const line = rowAt(log, index);
    return `${line?.text}${line?.partial ? "…" : ""}`;
  });
}

Deno.test("appendLive() shows what is not complete behind all lines until the next of its stream comes", () => {
  const log = emptyLog();
  const steps: readonly (readonly [readonly LogEdge[], number, readonly string[]])[] = [
    [[edge(1), edge(2, { text: "10 %", partial: true })], 1, ["line 1", "10 %…"]],
    [[edge(2, { text: "20 %", partial: true })], 0, ["line 1", "20 %…"]],
    [[edge(2, { text: "oops", partial: true, stream: "STDERR" })], 0, ["line 1", "20 %…", "oops…"]],
    [[edge(2, { stream: "STDERR" })], 1, ["line 1", "line 2", "20 %…"]],
    [[edge(3), edge(4, { text: "more", partial: true })], 1, ["line 1", "line 2", "line 3", "more…"]],
    [[edge(4, { text: "", partial: true })], 0, ["line 1", "line 2", "line 3"]],
    [[edge(4, { text: "lost", partial: true })], 0, ["line 1", "line 2", "line 3", "lost…"]],
    [
      [edge(1, { attempt: 2, text: "again", partial: true })],
      0,
      ["line 1", "line 2", "line 3", "again…"],
    ],
  ];

  for (const [given, added, expected] of steps) {
    strictEqual(appendLive(log, given, true), added);
    deepStrictEqual(rows(log), expected);
  }
  strictEqual(log.newest?.cursor, "c1.3");
  log.hasNewer = true;
  deepStrictEqual(rows(log), ["line 1", "line 2", "line 3"]);
});

Deno.test("rowAt() goes on with the colour that the last line left", () => {
  const log = emptyLog();

  appendLive(log, [edge(1, { text: "\u001b[31mred" }), edge(2, { text: "10 %", partial: true })], true);

  strictEqual(rowAt(log, 1)?.style.foreground, 1);
});

Deno.test("appendLive() carries a colour to the next line of the same stream and attempt only", () => {
  const red = "\u001b[31mred";
  const log = emptyLog();

  appendLive(log, [
    edge(1, { text: red }),
    edge(2),
    edge(3, { stream: "STDERR" }),
    edge(1, { attempt: 2 }),
  ], true);

  deepStrictEqual(log.lines.map(({ style }) => style.foreground), [null, 1, null, null]);
});

Deno.test("appendLive() lets the oldest lines go while the end is followed; the others keep their ordinals", () => {
  const log = emptyLog();
  appendLive(log, edges(1, MAX_LINES), true);
  const before = ordinals(log);

  appendLive(log, edges(MAX_LINES + 1, MAX_LINES + 1), true);

  ok(log.lines.length <= MAX_LINES);
  ok(log.hasOlder);
  strictEqual(log.lines.at(-1)?.seq, MAX_LINES + 1);
  strictEqual(ordinals(log).get(log.base), before.get(log.base));
});

Deno.test("appendLive() leaves alone what is being read when there is no room: the new lines are left to the server", () => {
  const log = emptyLog();
  appendLive(log, edges(1, MAX_LINES), true);

  const added = appendLive(log, edges(MAX_LINES + 1, MAX_LINES + 5), false);

  strictEqual(added, 5);
  strictEqual(log.lines[0]?.seq, 1);
  strictEqual(log.lines.length, MAX_LINES);
  ok(log.hasNewer);
  strictEqual(log.newest?.seq, MAX_LINES + 5);
});

Deno.test("appendLive() only counts while the window ends before the output does", () => {
  const log = emptyLog();
  addNewer(log, edges(1, 3), true);

  const added = appendLive(log, [edge(9)], true);

  strictEqual(added, 1);
  deepStrictEqual(log.lines.map(({ seq }) => seq), [1, 2, 3]);
});

Deno.test("addOlder() puts a page in front and keeps the ordinals of what is held", () => {
  const log = emptyLog();
  appendLive(log, edges(3, 4), true);
  const ordinal = log.base;

  addOlder(log, edges(1, 2), false);

  deepStrictEqual(log.lines.map(({ seq }) => seq), [1, 2, 3, 4]);
  strictEqual(ordinals(log).get(ordinal), 3);
  strictEqual(log.newest?.seq, 4);
  strictEqual(log.hasOlder, false);
});

Deno.test("addOlder() lets the newest lines go when there are too many", () => {
  const log = emptyLog();
  appendLive(log, edges(101, MAX_LINES + 100), true);

  addOlder(log, edges(1, 100), false);

  ok(log.lines.length <= MAX_LINES);
  strictEqual(log.lines[0]?.seq, 1);
  ok(log.hasNewer);
  strictEqual(log.newest?.seq, MAX_LINES + 100);
});

Deno.test("addNewer() reaches the end only when no later line is known of", () => {
  const log = emptyLog();
  addNewer(log, edges(1, 2), true);
  appendLive(log, edges(5, 6), true);

  addNewer(log, edges(3, 4), false);
  const behind = log.hasNewer;
  addNewer(log, edges(5, 6), false);

  strictEqual(behind, true);
  strictEqual(log.hasNewer, false);
  deepStrictEqual(log.lines.map(({ seq }) => seq), [1, 2, 3, 4, 5, 6]);
});

Deno.test("indexOfLine() finds lines over attempts, and says when one is not held", () => {
  const log = emptyLog();
  appendLive(log, [...edges(5, 9), edge(1, { attempt: 2 }), edge(4, { attempt: 2 })], true);

  strictEqual(indexOfLine(log, { attempt: 1, seq: 5 }), 0);
  strictEqual(indexOfLine(log, { attempt: 2, seq: 1 }), 5);
  strictEqual(indexOfLine(log, { attempt: 1, seq: 4 }), null);
  strictEqual(indexOfLine(log, { attempt: 2, seq: 3 }), null);
  strictEqual(indexOfLine(log, { attempt: 3, seq: 1 }), null);
});
