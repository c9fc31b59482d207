/** Pages through the lines of all runs, newest first. */
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import type { LogFilter, LogPage, LogRow, PageRequest } from "./interface.ts";
import type { LogStream } from "../../../schema/states.ts";
import { CHUNK_SPAN_MS, unpackLines } from "./chunk.ts";
import { type ChunkPlace, type ChunkScan, type FoundChunk, readSlice } from "./chunk_scan.ts";
import { compareTimed, decodeTimedPlace, encodeTimedPlace, LAST_NUMBER, type TimedPlace } from "./cursor.ts";
import { checkFilter, given, lineTest, resolveFilter, type VisibleLogFilter } from "./filter.ts";

/** Text of one page, so that a few thousand very long lines do not fill the memory. */
const PAGE_CHARACTERS = 4 * 1024 * 1024;

interface LineSearch {
  readonly filter: VisibleLogFilter;
  readonly order: "newest" | "oldest";
  /** Both are left out themselves; null does not restrict. */
  readonly olderThan: TimedPlace | null;
  readonly newerThan: TimedPlace | null;
  readonly limit: number;
}

interface FoundLine extends TimedPlace {
  readonly attempt: number;
  readonly taskRunId: number;
  readonly stream: LogStream;
  readonly text: string;
}

interface FoundLines {
  /** In the order of the search. */
  readonly lines: readonly FoundLine[];
  readonly more: boolean;
}

export async function readSearchPage(
  db: Database,
  visible: Visible,
  filter: LogFilter,
  page: PageRequest,
): Promise<LogPage> {
  checkFilter(filter);
  const olderThan = page.after === undefined ? null : decodeTimedPlace(page.after, "after");
  const newerThan = page.before === undefined ? null : decodeTimedPlace(page.before, "before");
  const resolved = await resolveFilter(db, visible, filter);
  const forward = page.last === undefined;
  const found = await findLines(db, {
    filter: resolved,
    order: forward ? "newest" : "oldest",
    olderThan,
    newerThan,
    limit: page.last ?? page.first ?? 0,
  });
  const rows = found.lines.map(rowOf);
  const previous = olderThan !== null && await hasLineFrom(db, resolved, olderThan);
  const next = newerThan !== null && await hasLineUpTo(db, resolved, newerThan);
  return {
    rows: forward ? rows : rows.reverse(),
    hasNextPage: next || forward && found.more,
    hasPreviousPage: previous || !forward && found.more,
  };
}

/** True when a line of the filter is at this place or newer. */
async function hasLineFrom(db: Database, filter: VisibleLogFilter, place: TimedPlace): Promise<boolean> {
  const newerThan = { ...place, seq: place.seq - 1 };
  const search = { filter, order: "oldest", olderThan: null, newerThan, limit: 0 } as const;
  return (await findLines(db, search)).more;
}

/** True when a line of the filter is at this place or older. */
async function hasLineUpTo(db: Database, filter: VisibleLogFilter, place: TimedPlace): Promise<boolean> {
  const olderThan = { ...place, seq: place.seq + 1 };
  const search = { filter, order: "newest", olderThan, newerThan: null, limit: 0 } as const;
  return (await findLines(db, search)).more;
}

/**
 * Reads chunks until none that is unread can hold a line that belongs before those found. One more line than asked for
 * is looked for: it says whether there are more.
 */
async function findLines(db: Database, search: LineSearch): Promise<FoundLines> {
  const { filter, order, limit } = search;
  const wanted = limit + 1;
  const best = new BestLines(order, wanted);
  const test = lineTest(filter);
  for (let place: ChunkPlace | null = null;;) {
    const { found, next, unreadAt } = await readSlice(db, scanFor(search, best), place);
    best.add(found.flatMap((chunk) => linesOf(chunk, search, test)));
    const enough = limit === 0 && best.full;
    if (enough || unreadAt === null || best.settled(unreadAt)) break;
    place = next;
  }
  return { lines: best.lines.slice(0, limit), more: best.full };
}

function scanFor({ filter, order, olderThan, newerThan, limit }: LineSearch, best: BestLines): ChunkScan {
  const to = filter.to?.getTime() ?? Infinity;
  const everyLine = !given(filter.streams) && (filter.contains ?? "") === "";
  return {
    filter,
    order,
    lastAtFrom: Math.max(filter.from?.getTime() ?? 0, newerThan?.at ?? 0),
    lastAtTo: Math.min(to, olderThan?.at ?? Infinity) + CHUNK_SPAN_MS,
    firstAtTo: Math.min(olderThan?.at ?? Infinity, order === "oldest" ? best.worstAt : Infinity),
    // Twice as many, since chunks that overlap in time have lines that lie beyond the page.
    wantedLines: everyLine ? 2 * (limit + 1) : LAST_NUMBER,
  };
}

function linesOf(
  chunk: FoundChunk,
  { olderThan, newerThan }: LineSearch,
  test: ReturnType<typeof lineTest>,
): readonly FoundLine[] {
  const { attemptId, attempt, taskRunId } = chunk;
  return unpackLines(chunk).flatMap((line) => {
    const { at, seq, stream, text } = line;
    const place = { at, attemptId, seq };
    const inside = (olderThan === null || compareTimed(place, olderThan) < 0) &&
      (newerThan === null || compareTimed(place, newerThan) > 0);
    return inside && test(line) ? [{ at, attemptId, seq, attempt, taskRunId, stream, text }] : [];
  });
}

function rowOf(line: FoundLine): LogRow {
  const { attemptId, attempt, taskRunId, seq, stream, text } = line;
  const cursor = encodeTimedPlace(line);
  return { cursor, attemptId, attempt, taskRunId, seq, at: new Date(line.at), stream, text };
}

/** The first lines of the order among all that were found so far, and never many more. */
class BestLines {
  readonly #order: "newest" | "oldest";
  readonly #wanted: number;
  #lines: FoundLine[] = [];
  /** Lines were left out because those before them are long. */
  #cut = false;

  constructor(order: "newest" | "oldest", wanted: number) {
    this.#order = order;
    this.#wanted = wanted;
  }

  get lines(): readonly FoundLine[] {
    return this.#lines;
  }

  get full(): boolean {
    return this.#cut || this.#lines.length >= this.#wanted;
  }

  /** The time of the last line that is kept once there are enough: what lies beyond it does not matter. */
  get worstAt(): number {
    return this.full ? this.#lines.at(-1)?.at ?? Infinity : Infinity;
  }

  add(found: readonly FoundLine[]): void {
    const sign = this.#order === "newest" ? -1 : 1;
    this.#lines = [...this.#lines, ...found].sort((a, b) => sign * compareTimed(a, b)).slice(0, this.#wanted);
    let characters = 0;
    const end = this.#lines.findIndex(({ text }, place) =>
      (characters += text.length) > PAGE_CHARACTERS && place > 0
    );
    if (end === -1) return;
    this.#lines.length = end;
    this.#cut = true;
  }

  /** True when no chunk whose last line is there, or beyond it, can hold a line before the last that is kept. */
  settled(unreadAt: number): boolean {
    if (!this.full) return false;
    return this.#order === "newest" ? this.worstAt > unreadAt : this.worstAt < unreadAt - CHUNK_SPAN_MS;
  }
}
