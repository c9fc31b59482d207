/** How much text of log lines one operation is answered with: it may name any number of pages, each of long lines. */
import { LimitExceededError } from "../errors.ts";
import { say } from "../sentences.ts";
import type { LogPage } from "../../server/domain/logs/interface.ts";

const MAX_CHARACTERS = 8 * 1024 * 1024;
/** A page is not known to be large before it was read, and others must not be read meanwhile without end. */
const PAGES_AT_ONCE = 2;

/** Reads a page when the operation has text left; throws LimitExceededError when it has none. */
export type ReadLines = (read: () => Promise<LogPage>) => Promise<LogPage>;

export function createLineBudget(): ReadLines {
  const lanes: Promise<unknown>[] = [];
  let pages = 0;
  let characters = 0;

  async function readWithin(read: () => Promise<LogPage>): Promise<LogPage> {
    if (characters >= MAX_CHARACTERS) {
      throw new LimitExceededError(say("LINES_LARGE", { most: MAX_CHARACTERS }));
    }
    const page = await read();
    characters += page.rows.reduce((sum, { text }) => sum + text.length, 0);
    return page;
  }

  return (read) => {
    const lane = pages++ % PAGES_AT_ONCE;
    const page = (lanes[lane] ?? Promise.resolve()).then(() => readWithin(read));
    lanes[lane] = page.catch(() => {});
    return page;
  };
}
