/** Lines on their way to one reader: bounded, so that a slow reader costs no memory. */
import type { LinesAppended, OutputLine } from "../../../schema/events.ts";
import type { LogRow } from "../../../schema/graphql/context.ts";
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
  #lines = 0;
  #characters = 0;
  #missed: Missed | null = null;

  get empty(): boolean {
    return this.#events.length === 0 && this.#missed === null;
  }

  add(event: LinesAppended): void {
    if (event.lines.length === 0) return;
    const characters = countCharacters(event.lines);
    if (this.#lines + event.lines.length > QUEUED_LINES || this.#characters + characters > QUEUED_CHARACTERS) {
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

  /** The next lines, in order: a batch. */
  take(): readonly LogRow[] {
    const rows: LogRow[] = [];
    let characters = 0;
    for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
      const rest = this.#takeFrom(event, rows, characters);
      characters = rows.reduce((sum, { text }) => sum + text.length, 0);
      if (rest.length > 0) {
        this.#events.unshift({ ...event, lines: rest });
        break;
      }
    }
    return rows;
  }
}
