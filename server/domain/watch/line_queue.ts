/** Lines on their way to one reader: bounded, so that a slow reader costs no memory. */
import type { LinesAppended, OutputLine, PartialLineChanged } from "../../../schema/events.ts";
import type { LogRow } from "../logs/interface.ts";
import { rowOf } from "../logs/task_run_lines.ts";

const QUEUED_LINES = 20_000;
const QUEUED_CHARACTERS = 4 * 1024 * 1024;
/** What a reader gets at once. */
const BATCH_LINES = 1000;
const BATCH_CHARACTERS = 1024 * 1024;

/** Lines that the reader was too slow for. */
export interface Missed {
  readonly count: number;
  /** The last of them, as its own event. */
  readonly last: LinesAppended;
}

export class LineQueue {
  #events: LinesAppended[] = [];
  /** Lines of the first event that were taken already. */
  #taken = 0;
  #lines = 0;
  #characters = 0;
  #missed: Missed | null = null;
  /** By attempt and stream, the last state of each: never more than two for an attempt. */
  readonly #partial = new Map<string, LogRow>();

  get empty(): boolean {
    return this.#lines === 0 && this.#missed === null;
  }

  addPartial(event: PartialLineChanged): void {
    for (const line of event.lines) this.#partial.set(partialKey(event, line), rowOf(event, line));
  }

  add(event: LinesAppended): void {
    // A whole line replaces the one that was not.
    if (this.#partial.size > 0) event.lines.forEach((line) => this.#partial.delete(partialKey(event, line)));
    const characters = countCharacters(event.lines);
    if (
      this.#lines + event.lines.length > QUEUED_LINES || this.#characters + characters > QUEUED_CHARACTERS
    ) {
      this.#drop();
    }
    this.#events.push(event);
    this.#lines += event.lines.length;
    this.#characters += characters;
  }

  /** What was dropped before the lines that are here; null when nothing was. */
  takeMissed(): Missed | null {
    const missed = this.#missed;
    this.#missed = null;
    return missed;
  }

  /** The next lines, in order, as many as a reader gets at once; behind the last of them those that are not complete. */
  take(): readonly LogRow[] {
    const rows: LogRow[] = [];
    let characters = 0;
    while (rows.length < BATCH_LINES && characters < BATCH_CHARACTERS) {
      const event = this.#events[0];
      if (event === undefined) break;
      const line = event.lines[this.#taken];
      if (line === undefined) {
        this.#events.shift();
        this.#taken = 0;
        continue;
      }
      rows.push(rowOf(event, line));
      this.#taken++;
      this.#lines--;
      this.#characters -= line.text.length;
      characters += line.text.length;
    }
    if (this.#events.length === 0) {
      rows.push(...this.#partial.values());
      this.#partial.clear();
    }
    return rows;
  }

  clear(): void {
    this.#events = [];
    this.#taken = 0;
    this.#lines = 0;
    this.#characters = 0;
    this.#missed = null;
  }

  #drop(): void {
    const last = this.#events.at(-1);
    if (last === undefined || this.#lines === 0) return;
    const missed = { count: (this.#missed?.count ?? 0) + this.#lines, last };
    this.clear();
    this.#missed = missed;
  }
}

/** The line that stands where others were left out. */
export function missedRow({ count, last }: Missed): LogRow {
  const line = last.lines.at(-1);
  if (line === undefined) throw new Error("Lines were missed of an event that has none");
  return rowOf(last, { ...line, stream: "SYSTEM", text: missedText(count) });
}

export function missedText(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "line was" : "lines were"} left out here: ` +
    "this reader is slower than the output";
}

function partialKey({ attemptId }: { readonly attemptId: number }, { stream }: OutputLine): string {
  return `${attemptId} ${stream}`;
}

function countCharacters(lines: readonly OutputLine[]): number {
  return lines.reduce((sum, { text }) => sum + text.length, 0);
}
