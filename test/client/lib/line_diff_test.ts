import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { diffText } from "../../../client/lib/line_diff.ts";

Deno.test("diffText() tells removed lines before added ones, with the numbers of their own text", () => {
  deepStrictEqual(diffText("a\nb\nc", "a\nB\nc\nd"), [
    { kind: "same", text: "a", line: 1 },
    { kind: "removed", text: "b", line: 2 },
    { kind: "added", text: "B", line: 2 },
    { kind: "same", text: "c", line: 3 },
    { kind: "added", text: "d", line: 4 },
  ]);
});

Deno.test("diffText() takes a line feed at the end for no line", () => {
  deepStrictEqual(diffText("a\n", "a"), [{ kind: "gap", lines: 1 }]);
  deepStrictEqual(diffText("", "a"), [{ kind: "added", text: "a", line: 1 }]);
});

Deno.test("diffText() folds away what is far from any change", () => {
  const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const changed = lines.with(10, "other");

  const rows = diffText(lines.join("\n"), changed.join("\n"));

  deepStrictEqual(rows.at(0), { kind: "gap", lines: 7 });
  deepStrictEqual(rows.at(-1), { kind: "gap", lines: 6 });
  strictEqual(rows.length, 10);
});
