/** Finding text in the lines that the page holds. Only what came since the last search is looked through. */
import { type AnsiSpan, plainText } from "./ansi.ts";
import type { LogBuffer } from "./log_state.ts";

/** Beyond so many a count says nothing; the search stops there. */
const MAX_MATCHES = 100_000;

/**
 * As the search on the server folds case, but every character keeps its length, so that a match lies in the text where
 * it was found; the few that would grow stay as they are.
 */
export function foldCase(text: string): string {
  const folded = text.toLowerCase().replaceAll("ς", "σ");
  if (folded.length === text.length) return folded;
  return [...text].map((character) => {
    const lower = character.toLowerCase();
    return lower.length === character.length ? lower : character;
  }).join("").replaceAll("ς", "σ");
}

export interface Find {
  /** Its case is folded; empty finds nothing. */
  readonly needle: string;
  /** Ordinals of the lines with a match, ascending; see LogBuffer. */
  readonly matches: readonly number[];
  /** The ordinals that were searched: from inclusive, to exclusive. */
  readonly from: number;
  readonly to: number;
}

export const noFind: Find = { needle: "", matches: [], from: 0, to: 0 };

/** The matches in what is held now, from those of before. */
export function findIn(log: LogBuffer, text: string, before: Find): Find {
  const needle = foldCase(text);
  const [from, to] = [log.base, log.base + log.lines.length];
  if (needle === "") return { ...noFind, from, to };
  const known = before.needle === needle && before.from < to && before.to > from;
  if (!known) return { needle, from, to, matches: search(log, needle, from, to) };
  const kept = before.from < from || before.to > to
    ? before.matches.filter((ordinal) => ordinal >= from && ordinal < to)
    : before.matches;
  const older = search(log, needle, from, Math.max(from, before.from));
  const newer = search(log, needle, Math.min(to, before.to), to);
  const same = older.length === 0 && newer.length === 0;
  return { needle, from, to, matches: same ? kept : [...older, ...kept, ...newer] };
}

/** The place in `matches` that a step from the line at `ordinal` leads to; null at the end of what is held. */
export function stepMatch(matches: readonly number[], ordinal: number, step: 1 | -1): number | null {
  const place = step === 1
    ? matches.findIndex((match) => match > ordinal)
    : matches.findLastIndex((match) => match < ordinal);
  return place === -1 ? null : place;
}

export interface MarkedSpan extends AnsiSpan {
  readonly marked: boolean;
}

/** The spans of a line, cut where `needle` (its case folded) begins and ends in its text. */
export function markSpans(spans: readonly AnsiSpan[], needle: string): readonly MarkedSpan[] {
  const edges = needle === "" ? [] : matchEdges(foldCase(spans.map(({ text }) => text).join("")), needle);
  if (edges.length === 0) return spans.map((span) => ({ ...span, marked: false }));
  const marked: MarkedSpan[] = [];
  let offset = 0;
  let next = 0;
  for (const { text, style } of spans) {
    let start = 0;
    for (; (edges[next] ?? Infinity) < offset + text.length; next++) {
      const end = (edges[next] ?? 0) - offset;
      if (end > start) marked.push({ text: text.slice(start, end), style, marked: next % 2 === 1 });
      start = end;
    }
    if (start < text.length) marked.push({ text: text.slice(start), style, marked: next % 2 === 1 });
    offset += text.length;
  }
  return marked;
}

/** Where matches begin and end, in turn. */
function matchEdges(text: string, needle: string): readonly number[] {
  const edges: number[] = [];
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) {
    edges.push(at, at + needle.length);
  }
  return edges;
}

function search(log: LogBuffer, needle: string, from: number, to: number): number[] {
  const matches: number[] = [];
  for (let ordinal = from; ordinal < to && matches.length < MAX_MATCHES; ordinal++) {
    const text = log.lines[ordinal - log.base]?.text ?? "";
    if (foldCase(plainText(text)).includes(needle)) matches.push(ordinal);
  }
  return matches;
}
