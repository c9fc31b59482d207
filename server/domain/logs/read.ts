/** Pages through the lines of one task run, oldest first. */
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import type { LogPage, PageRequest } from "./interface.ts";
import { decodePlace } from "./cursor.ts";
import {
  FIRST_PLACE,
  hasLineFrom,
  hasLineUpTo,
  LAST_PLACE,
  type LineRange,
  readNewest,
  readOldest,
} from "./task_run_lines.ts";

export async function readTaskRunPage(
  db: Database,
  visible: Visible,
  taskRunId: number,
  attempt: number | null,
  page: PageRequest,
): Promise<LogPage> {
  const range: LineRange = {
    visible,
    taskRunId,
    attempt,
    after: page.after === undefined ? FIRST_PLACE : decodePlace(page.after, "after"),
    before: page.before === undefined ? LAST_PLACE : decodePlace(page.before, "before"),
  };
  const forward = page.last === undefined;
  const limit = page.last ?? page.first ?? 0;
  const [piece, earlier, later] = await Promise.all([
    forward ? readOldest(db, range, limit) : readNewest(db, range, limit),
    page.after !== undefined && hasLineUpTo(db, range, range.after),
    page.before !== undefined && hasLineFrom(db, range, range.before),
  ]);
  return {
    rows: piece.rows,
    hasNextPage: later || forward && piece.more,
    hasPreviousPage: earlier || !forward && piece.more,
  };
}
