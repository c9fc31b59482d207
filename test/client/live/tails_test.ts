import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createTails } from "../../../client/live/tails.ts";

Deno.test("createTails() says when lines begin to come, so that what was written before is read then", () => {
  const tails = createTails();
  const heard: number[] = [];
  tails.listen("task", (lines) => heard.push(...lines.map(({ seq }) => seq)));

  tails.deliver([]);
  tails.deliver([{
    attempt: 1,
    seq: 7,
    at: "2026-03-01T10:00:00.000Z",
    stream: "STDOUT",
    text: "seven",
    partial: false,
    taskRun: { id: "task" },
  }]);
  strictEqual(tails.begun(), 1);
  tails.deliver([]);

  strictEqual(tails.begun(), 2);
  deepStrictEqual(heard, [7]);
});
