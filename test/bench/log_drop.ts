/** Retention of one of thirty days among millions of lines, while somebody else goes on writing. */
import type { OpenDatabase } from "../../server/db/open.ts";
import { dropPartitions } from "../../server/domain/logs/partitions.ts";
import { type Bench, type BenchContext, type Figures, quantile, round } from "./bench.ts";
import { DAYS, LAST_DAY, openLines } from "./log_rows.ts";

const DAY_MS = 86_400_000;
const QUICK_LINES = 500_000;
const FULL_LINES = 10_000_000;
/** Writes before the drop, so that the writer is warm. */
const WARM_UP_WRITES = 20;

export const logDropBench: Bench = { name: "log-drop", optional: true, run: benchLogDrop };

async function benchLogDrop(context: BenchContext): Promise<Figures> {
  const lines = context.full ? FULL_LINES : QUICK_LINES;
  const before: number[] = [];
  const during: number[] = [];
  const opened = await openLines(context, lines);
  for (let count = 0; count < WARM_UP_WRITES; count++) before.push(await write(opened, count));
  let over = false;
  const writing = (async () => {
    for (let count = WARM_UP_WRITES; !over; count++) during.push(await write(opened, count));
  })();
  const startedAt = performance.now();
  // One day is past the rest.
  const dropped = await dropPartitions(opened.db, new Date(LAST_DAY - (DAYS - 2) * DAY_MS));
  const dropMs = performance.now() - startedAt;
  over = true;
  await writing;
  if (dropped.length !== 1) throw new Error(`Dropped ${dropped.length} days`);
  return {
    value: round(dropMs),
    unit: "ms",
    limit: null,
    lines,
    writeMs: round(quantile(before, 0.5)),
    longestWriteMs: round(Math.max(0, ...during)),
  };
}

/** A chunk more on the last day; answers how long it took. */
async function write({ sql }: OpenDatabase, count: number): Promise<number> {
  const startedAt = performance.now();
  await sql`
    insert into log_chunks (day, attempt_id, first_seq, line_count, attempt, task_run_id, run_id, task_id,
      container_id, project_id, first_at, last_at, streams, delays, body)
    values (${new Date(LAST_DAY).toISOString().slice(0, 10)}, ${
    -1 - count
  }, 1, 1, 1, 1, 1, 1, 1, 1, now(), now(), 'O',
      '{0}', ${"x".repeat(64 * 1024)})`;
  return performance.now() - startedAt;
}
