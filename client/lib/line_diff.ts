/** Two texts line by line, with what stayed the same folded away but for a little around each change. */
import { diffLines } from "diff";

/** Lines that are shown around a change. */
const CONTEXT_LINES = 3;
/** Longer texts are shown as removed and added whole: comparing them would hold up the page. */
const MAX_LINES = 5000;

export type DiffRow =
  | {
    readonly kind: "same" | "added" | "removed";
    readonly text: string;
    /** Number in the newer text, in the older one for a removed line. */
    readonly line: number;
  }
  | { readonly kind: "gap"; readonly lines: number };

type Line = Exclude<DiffRow, { readonly kind: "gap" }>;

export function diffText(before: string, after: string): readonly DiffRow[] {
  return fold(compare(before, after));
}

/** True for what is better told line by line than as one text after an arrow. */
export function hasLines(before: string, after: string): boolean {
  return before.includes("\n") || after.includes("\n");
}

function compare(before: string, after: string): readonly Line[] {
  const [old, now] = [splitLines(before), splitLines(after)];
  if (old.length + now.length > MAX_LINES) {
    return [...numbered(old, "removed", 1), ...numbered(now, "added", 1)];
  }
  const [left, right] = [old, now].map((lines) => lines.map((line) => `${line}\n`).join(""));
  let [oldLine, newLine] = [1, 1];
  return diffLines(left ?? "", right ?? "").flatMap(({ added, removed, value }) => {
    const kind = added ? "added" : removed ? "removed" : "same";
    const lines = numbered(splitLines(value), kind, removed ? oldLine : newLine);
    if (!added) oldLine += lines.length;
    if (!removed) newLine += lines.length;
    return lines;
  });
}

function numbered(lines: readonly string[], kind: Line["kind"], first: number): readonly Line[] {
  return lines.map((text, index) => ({ kind, text, line: first + index }));
}

/** A line feed at the end begins no line. */
function splitLines(text: string): readonly string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

function fold(lines: readonly Line[]): readonly DiffRow[] {
  const near = new Array<boolean>(lines.length).fill(false);
  for (const [index, { kind }] of lines.entries()) {
    if (kind !== "same") near.fill(true, Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1);
  }
  const rows: DiffRow[] = [];
  let hidden = 0;
  for (const [index, line] of lines.entries()) {
    if (!near[index]) {
      hidden++;
      continue;
    }
    if (hidden > 0) rows.push({ kind: "gap", lines: hidden });
    hidden = 0;
    rows.push(line);
  }
  return hidden > 0 ? [...rows, { kind: "gap", lines: hidden }] : rows;
}
