/** Retention of one of thirty days among millions of lines, while somebody else goes on writing. */
import type { OpenDatabase } from "../../server/db/open.ts";
import { dropPartitions } from "../../server/domain/logs/partitions.ts";
import { type Bench, type BenchContext, type Figures, quantile, round } from "./bench.ts";
import { DAYS, LAST_DAY, withLines } from "./log_rows.ts";

const DAY_MS = 86_400_000;
const LINES = {
  postgres: { quick: 500_000, full: 10_000_000 },
  embedded: { quick: 100_000, full: 1_000_000 },
} as const;
/** Writes before the drop, so that the writer is warm. */
const WARM_UP_WRITES = 20;

export const logDropBench: Bench = { name: "log-drop", optional: true, run: benchLogDrop };

async function benchLogDrop(context: BenchContext): Promise<Figures> {
  const sizes = LINES[context.database];
  const lines = context.full ? sizes.full : sizes.quick;
  const dropMs: number[] = [];
  const before: number[] = [];
  const during: number[] = [];
  await withLines(context.database, lines, async (opened) => {
    for (let count = 0; count < WARM_UP_WRITES; count++) before.push(await write(opened, count));
    let over = false;
    const writing = (async () => {
      for (let count = WARM_UP_WRITES; !over; count++) during.push(await write(opened, count));
    })();
    const startedAt = performance.now();
    // One day is past the rest.
    const dropped = await dropPartitions(opened.db, new Date(LAST_DAY - (DAYS - 2) * DAY_MS));
    dropMs.push(performance.now() - startedAt);
    over = true;
    await writing;
    if (dropped.length !== 1) throw new Error(`Dropped ${dropped.length} days`);
  });
  return {
    value: round(dropMs[0] ?? NaN),
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
