/**
 * The part of one task run's output that the page holds: a window of at most MAX_LINES lines that moves in both
 * directions. Beyond it the server has the rest; live lines are added while the window reaches the end.
 */
import type { LogStream } from "../../schema/states.ts";
import { type AnsiStyle, plainStyle, styleAfter } from "./ansi.ts";

/** More would cost too much memory; those on the other side go. */
export const MAX_LINES = 200_000;
/** So many go at once, so that a flood does not copy the list for each of its lines. */
const TRIMMED_LINES = 20_000;

/** Which line of a task run: attempts from 1, and from 1 within each. */
export interface LinePlace {
  readonly attempt: number;
  readonly seq: number;
}

export interface LogLine extends LinePlace {
  readonly at: string;
  readonly stream: LogStream;
  readonly text: string;
  /** It is not complete yet. */
  readonly partial?: boolean;
}

export interface LogEdge {
  readonly cursor: string;
  readonly node: LogLine;
}

/** A line with the style that the lines before it left, and where paging goes on from it. */
export interface StyledLine extends LogLine {
  readonly cursor: string;
  readonly style: AnsiStyle;
}

export interface LogBuffer {
  readonly lines: StyledLine[];
  /** Those that are not complete, behind the newest of all lines. */
  partial: readonly LogLine[];
  /** Ordinal of the first line: a line keeps its ordinal (base + index) while others come and go around it. */
  base: number;
  hasOlder: boolean;
  /** The window ends before the output does: live lines are counted, not added. */
  hasNewer: boolean;
  /** The newest line that is known of, held or not: where a lost stream goes on. */
  newest: (LinePlace & { readonly cursor: string }) | null;
}

export function emptyLog(): LogBuffer {
  return { lines: [], partial: [], base: 0, hasOlder: false, hasNewer: false, newest: null };
}

/**
 * Takes in lines as they are written; answers how many are new. What came before comes again after a lost connection
 * and is passed over. While the reader follows, the oldest lines make room; otherwise what is being read stays.
 */
export function appendLive(log: LogBuffer, edges: readonly LogEdge[], follow: boolean): number {
  log.partial = partialAfter(log.partial, edges.map(({ node }) => node));
  const fresh = edges.filter(({ node }) =>
    !node.partial && (log.newest === null || comesAfter(node, log.newest))
  );
  for (const edge of fresh) {
    if (!follow && log.lines.length >= MAX_LINES) log.hasNewer = true;
    if (!log.hasNewer) push(log, edge);
  }
  noteNewest(log, fresh);
  if (follow) trimOldest(log);
  return fresh.length;
}

/** Puts a page of older lines in front. Their colours are right within them; what is held keeps its own. */
export function addOlder(log: LogBuffer, edges: readonly LogEdge[], hasOlder: boolean): void {
  const older: StyledLine[] = [];
  for (const { cursor, node } of edges) older.push(styled(node, cursor, older.at(-1)));
  log.lines.unshift(...older);
  log.base -= older.length;
  log.hasOlder = hasOlder;
  noteNewest(log, edges);
  if (log.lines.length <= MAX_LINES) return;
  log.lines.length = MAX_LINES - TRIMMED_LINES;
  log.hasNewer = true;
}

/** Puts a page of newer lines behind those that are held; `hasNewer` as the server said when it read them. */
export function addNewer(log: LogBuffer, edges: readonly LogEdge[], hasNewer: boolean): void {
  const last = log.lines.at(-1);
  for (const edge of edges) {
    if (last === undefined || comesAfter(edge.node, last)) push(log, edge);
  }
  noteNewest(log, edges);
  // Lines that came by stream after the page was read are not held yet.
  const end = log.lines.at(-1);
  const behind = log.newest !== null && end !== undefined && comesAfter(log.newest, end);
  log.hasNewer = hasNewer || behind;
  trimOldest(log);
}

/**
 * What is not complete after `lines` came: the next line of the same attempt and stream replaces it, and so does a later
 * attempt. One without text only removes it.
 */
export function partialAfter(partial: readonly LogLine[], lines: readonly LogLine[]): readonly LogLine[] {
  let standing = partial;
  for (const line of lines) {
    if (standing.length > 0) {
      standing = standing.filter(({ attempt, stream }) => attempt === line.attempt && stream !== line.stream);
    }
    if (line.partial && line.text !== "") standing = [...standing, line];
  }
  return standing;
}

/** Rows of the window, those that are not complete included. */
export function countRows({ lines, partial, hasNewer }: LogBuffer): number {
  return lines.length + (hasNewer ? 0 : partial.length);
}

export function rowAt({ lines, partial }: LogBuffer, index: number): StyledLine | undefined {
  const line = partial[index - lines.length];
  return line === undefined ? lines[index] : styled(line, "", lines.at(-1));
}

/** The index of a line; null when the window does not hold it. */
export function indexOfLine(log: LogBuffer, place: LinePlace): number | null {
  let [low, high] = [0, log.lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const line = log.lines[middle];
    if (line !== undefined && comesAfter(place, line)) low = middle + 1;
    else high = middle;
  }
  const found = log.lines[low];
  return found?.attempt === place.attempt && found.seq === place.seq ? low : null;
}

export function comesAfter(line: LinePlace, other: LinePlace): boolean {
  return line.attempt > other.attempt || (line.attempt === other.attempt && line.seq > other.seq);
}

function push(log: LogBuffer, { cursor, node }: LogEdge): void {
  log.lines.push(styled(node, cursor, log.lines.at(-1)));
}

function trimOldest(log: LogBuffer): void {
  if (log.lines.length <= MAX_LINES) return;
  const gone = log.lines.length - MAX_LINES + TRIMMED_LINES;
  log.lines.splice(0, gone);
  log.base += gone;
  log.hasOlder = true;
}

function noteNewest(log: LogBuffer, edges: readonly LogEdge[]): void {
  const last = edges.at(-1);
  if (last === undefined || (log.newest !== null && !comesAfter(last.node, log.newest))) return;
  log.newest = { attempt: last.node.attempt, seq: last.node.seq, cursor: last.cursor };
}

/** Each attempt begins anew, with a clean terminal; standard error does not colour standard output. */
function styled(line: LogLine, cursor: string, before: StyledLine | undefined): StyledLine {
  const goesOn = before !== undefined && before.attempt === line.attempt && before.stream === line.stream;
  const { attempt, seq, at, stream, text, partial = false } = line;
  const style = goesOn ? styleAfter(before.text, before.style) : plainStyle;
  return { attempt, seq, at, stream, text, partial, cursor, style };
}
