import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  appendLines,
  emptyLog,
  followAfterLines,
  followAfterScroll,
  type LogEdge,
  type LogLine,
  MOST_LINES,
  prependLines,
  type ScrollPlace,
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

Deno.test("appendLines() passes over lines that came before, as after a lost connection", () => {
  const log = emptyLog();

  appendLines(log, [edge(1), edge(2)]);
  appendLines(log, [edge(2), edge(3)]);

  deepStrictEqual(log.lines.map(({ seq }) => seq), [1, 2, 3]);
  strictEqual(log.newest, "c1.3");
  strictEqual(log.oldest, "c1.1");
});

Deno.test("appendLines() counts anew in the next attempt", () => {
  const log = emptyLog();

  appendLines(log, [edge(7), edge(1, { attempt: 2 })]);

  deepStrictEqual(log.lines.map(({ attempt, seq }) => [attempt, seq]), [[1, 7], [2, 1]]);
});

Deno.test("appendLines() carries a colour to the next line of the same stream and attempt only", () => {
  const red = "\u001b[31mred";
  const log = emptyLog();

  appendLines(log, [
    edge(1, { text: red }),
    edge(2),
    edge(3, { stream: "STDERR" }),
    edge(1, { attempt: 2 }),
  ]);

  deepStrictEqual(log.lines.map(({ style }) => style.foreground), [null, 1, null, null]);
});

Deno.test("appendLines() lets the oldest lines go when there are too many, and says how many", () => {
  const log = emptyLog();

  appendLines(log, Array.from({ length: MOST_LINES + 1 }, (_line, index) => edge(index + 1)));

  ok(log.lines.length <= MOST_LINES);
  strictEqual(log.lines.length + log.dropped, MOST_LINES + 1);
  strictEqual(log.lines.at(-1)?.seq, MOST_LINES + 1);
  strictEqual(log.oldest, null);
});

Deno.test("prependLines() puts an older page in front and moves the oldest cursor", () => {
  const log = emptyLog();
  appendLines(log, [edge(3)]);

  prependLines(log, [edge(1), edge(2)]);

  deepStrictEqual(log.lines.map(({ seq }) => seq), [1, 2, 3]);
  strictEqual(log.oldest, "c1.1");
  strictEqual(log.newest, "c1.3");
});

Deno.test("followAfterScroll() lets go when the reader scrolls up, and takes hold at the end", () => {
  const place = (top: number): ScrollPlace => ({ top, height: 100, contentHeight: 1000 });

  const away = followAfterScroll({ follow: true, unseen: 0 }, 500, place(300), true);
  const down = followAfterScroll(followAfterLines(away, 5), 300, place(600), true);
  const end = followAfterScroll(down, 600, place(898), true);

  deepStrictEqual(away, { follow: false, unseen: 0 });
  deepStrictEqual(down, { follow: false, unseen: 5 });
  deepStrictEqual(end, { follow: true, unseen: 0 });
});

Deno.test("followAfterScroll() keeps following when the view moved by itself", () => {
  const state = { follow: true, unseen: 0 };

  strictEqual(followAfterScroll(state, 500, { top: 300, height: 100, contentHeight: 1000 }, false), state);
});

Deno.test("followAfterLines() counts nothing while the end is in view", () => {
  deepStrictEqual(followAfterLines({ follow: true, unseen: 0 }, 9), { follow: true, unseen: 0 });
});
