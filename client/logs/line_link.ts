/** Lines in the address: `2.140` is line 140 of the second attempt, `2.140-160` the lines from there to line 160. */
import type { LinePlace } from "./log_state.ts";

export interface LineRange {
  readonly attempt: number;
  /** Both inclusive, `first` the smaller. */
  readonly first: number;
  readonly last: number;
}

const WRITTEN = /^(\d{1,9})\.(\d{1,9})(?:-(\d{1,9}))?$/;

/** Null when the text names no lines. */
export function readLineRange(text: string | undefined): LineRange | null {
  const found = WRITTEN.exec(text ?? "");
  if (found === null) return null;
  const [attempt = 0, one = 0, two = one] = found.slice(1).filter((part) => part !== undefined).map(Number);
  if (attempt === 0 || one === 0 || two === 0) return null;
  return { attempt, first: Math.min(one, two), last: Math.max(one, two) };
}

export function writeLineRange({ attempt, first, last }: LineRange): string {
  return first === last ? `${attempt}.${first}` : `${attempt}.${first}-${last}`;
}

export function inLineRange(range: LineRange | null, { attempt, seq }: LinePlace): boolean {
  return range !== null && attempt === range.attempt && seq >= range.first && seq <= range.last;
}

/** What a press on a line's number makes of the choice: that line, none when it was the one, or all up to it. */
export function chooseLine(range: LineRange | null, place: LinePlace, extend: boolean): LineRange | null {
  const { attempt, seq } = place;
  if (extend && range !== null && range.attempt === attempt) {
    return { attempt, first: Math.min(range.first, seq), last: Math.max(range.last, seq) };
  }
  const alone = range !== null && range.first === range.last && inLineRange(range, place);
  return alone ? null : { attempt, first: seq, last: seq };
}
