/** The lines of one task run that the page holds: newest first read, live ones added, older ones put in front. */
import type { LogStream } from "../../schema/states.ts";
import { type AnsiStyle, plainStyle, styleAfter } from "./ansi.ts";

/** More would cost too much memory; the oldest go. */
export const MOST_LINES = 200_000;
/** So many go at once, so that a flood does not copy the list for each of its lines. */
const TRIMMED_LINES = 20_000;

export interface LogLine {
  readonly attempt: number;
  readonly seq: number;
  readonly at: string;
  readonly stream: LogStream;
  readonly text: string;
}

export interface LogEdge {
  readonly cursor: string;
  readonly node: LogLine;
}

/** A line with the style that the lines before it left. */
export interface StyledLine extends LogLine {
  readonly style: AnsiStyle;
}

export interface LogBuffer {
  readonly lines: StyledLine[];
  /** Cursor of the newest line: where a lost stream goes on. */
  newest: string | null;
  /** Cursor of the oldest line that is held. */
  oldest: string | null;
  /** Lines that were held once and had to go. */
  dropped: number;
}

export function emptyLog(): LogBuffer {
  return { lines: [], newest: null, oldest: null, dropped: 0 };
}

/** Adds newer lines. What is held already comes again after a lost connection and is passed over. */
export function appendLines(log: LogBuffer, edges: readonly LogEdge[]): void {
  let last = log.lines.at(-1);
  for (const { cursor, node } of edges) {
    if (last !== undefined && !comesAfter(node, last)) continue;
    const line = styled(node, last);
    log.lines.push(line);
    log.newest = cursor;
    if (last === undefined) log.oldest = cursor;
    last = line;
  }
  if (log.lines.length <= MOST_LINES) return;
  const gone = log.lines.length - MOST_LINES + TRIMMED_LINES;
  log.lines.splice(0, gone);
  log.dropped += gone;
  // There is no cursor for the new first line: what went is not read again on this page.
  log.oldest = null;
}

/** Puts older lines in front. Their colours are right within them; what is held keeps its own. */
export function prependLines(log: LogBuffer, edges: readonly LogEdge[]): void {
  const older: StyledLine[] = [];
  for (const { node } of edges) older.push(styled(node, older.at(-1)));
  log.lines.unshift(...older);
  log.oldest = edges[0]?.cursor ?? log.oldest;
  log.newest ??= edges.at(-1)?.cursor ?? null;
}

/** Each attempt begins anew, with a clean terminal; standard error does not colour standard output. */
function styled(line: LogLine, before: StyledLine | undefined): StyledLine {
  const goesOn = before !== undefined && before.attempt === line.attempt && before.stream === line.stream;
  return { ...line, style: goesOn ? styleAfter(before.text, before.style) : plainStyle };
}

function comesAfter(line: LogLine, last: LogLine): boolean {
  return line.attempt > last.attempt || (line.attempt === last.attempt && line.seq > last.seq);
}

/** Whether the view follows the end, and how many lines came since it stopped doing so. */
export interface Following {
  readonly follow: boolean;
  readonly unseen: number;
}

/** A pixel or two off the end, as zooming makes them, still is the end. */
const END_PX = 8;

export interface ScrollPlace {
  readonly top: number;
  readonly height: number;
  readonly contentHeight: number;
}

/**
 * After the view was scrolled: up lets go, the very end takes hold again. What moves without the reader's hand, as when
 * lines turn out to be higher than was thought, lets nothing go.
 */
export function followAfterScroll(
  state: Following,
  before: number,
  place: ScrollPlace,
  byReader: boolean,
): Following {
  const atEnd = place.top + place.height >= place.contentHeight - END_PX;
  if (atEnd) return { follow: true, unseen: 0 };
  return byReader && place.top < before ? { ...state, follow: false } : state;
}

export function followAfterLines(state: Following, added: number): Following {
  return state.follow ? state : { ...state, unseen: state.unseen + added };
}
