/** The last lines of one running task: few, in order, each once, with the gaps named. */
import { type AnsiStyle, plainStyle, styleAfter } from "../logs/ansi.ts";
import { comesAfter, type LogLine } from "../logs/log_state.ts";

/** What is kept while the end is followed. */
export const TAIL_LINES = 200;
/** What is kept while somebody reads further up: what they read shall not go from under their eyes. */
export const READ_LINES = 1000;

export interface TailLine extends LogLine {
  readonly style: AnsiStyle;
  /** Lines that are not shown between the one before and this one. */
  readonly missing: number;
}

export type Tail = readonly TailLine[];

/** Puts lines as they were written behind those that are held. What came before comes again and is passed over. */
export function addLines(tail: Tail, lines: readonly LogLine[], most: number): Tail {
  const last = tail.at(-1);
  const fresh = lines.filter((line) => last === undefined || comesAfter(line, last));
  return fresh.length === 0 ? tail : styled([...tail, ...fresh], most);
}

/** Takes in a page of the newest stored lines: it fills what was missed. */
export function takeStored(tail: Tail, stored: readonly LogLine[], most: number): Tail {
  const places = new Map<string, LogLine>();
  // What is stored wins: a line that only said that others were left out stands in the place of one of them.
  for (const line of [...tail, ...stored]) places.set(`${line.attempt}.${line.seq}`, line);
  const lines = [...places.values()].sort((a, b) => a.attempt - b.attempt || a.seq - b.seq);
  return styled(lines, most);
}

function styled(lines: readonly LogLine[], most: number): Tail {
  let before: TailLine | undefined;
  const tail = lines.map((line) => {
    // The oldest line keeps what those before it left, though they are gone.
    if (before === undefined && isStyled(line)) return before = line;
    const goesOn = before?.attempt === line.attempt && before.stream === line.stream;
    const style = before !== undefined && goesOn ? styleAfter(before.text, before.style) : plainStyle;
    const missing = before?.attempt === line.attempt ? line.seq - before.seq - 1 : 0;
    const { attempt, seq, at, stream, text } = line;
    // A line that was styled before keeps its identity, and with it its row on the screen.
    const same = isStyled(line) && line.style === style && line.missing === missing;
    return before = same ? line : { attempt, seq, at, stream, text, style, missing };
  });
  return tail.slice(-most);
}

function isStyled(line: LogLine): line is TailLine {
  return "style" in line && "missing" in line;
}
