/** The first page of a search among millions of lines, beside what it takes to read all of their text. */
import type { OpenDatabase } from "../../server/db/open.ts";
import { createLogs } from "../../server/domain/logs/logs.ts";
import type { LogFilter } from "../../schema/graphql/context.ts";
import { type Bench, type BenchContext, type Figures, quantile, round } from "./bench.ts";
import { ABSENT_WORD, ATTEMPTS, COMMON_WORD, RARE_WORD, withLines } from "./log_rows.ts";

const PAGE = 100;
const ROUNDS = 20;
/** The embedded database is for one server and its files are on the same disk: less there. */
const LINES = {
  postgres: { quick: 500_000, full: 10_000_000 },
  embedded: { quick: 100_000, full: 1_000_000 },
} as const;

export const logSearchBench: Bench = { name: "log-search", optional: true, run: benchLogSearch };

async function benchLogSearch(context: BenchContext): Promise<Figures> {
  const sizes = LINES[context.database];
  const lines = context.full ? sizes.full : sizes.quick;
  const small = await measure(context, lines / 10);
  const large = await measure(context, lines);
  return {
    value: round(large.absent),
    unit: "ms",
    limit: round(large.reading),
    ratio: round(large.absent / large.reading),
    lines,
    rareP95Ms: round(large.rare),
    commonP95Ms: round(large.common),
    ofRunP95Ms: round(large.ofRun),
    absentP95MsOfATenth: round(small.absent),
    longestStatementMs: round(large.longest),
  };
}

interface Measured {
  readonly rare: number;
  readonly common: number;
  readonly absent: number;
  readonly ofRun: number;
  /** All text by the database's own means, without the trigrams. */
  readonly reading: number;
  readonly longest: number;
}

async function measure({ database }: BenchContext, lines: number): Promise<Measured> {
  const measured: Measured[] = [];
  await withLines(database, lines, async (opened) => {
    const logs = createLogs(opened);
    const page = (filter: LogFilter) => p95(async () => void await logs.search(filter, { first: PAGE }));
    const startedAt = performance.now();
    await opened.sql`select count(*) from log_chunks where body ilike ${`%${ABSENT_WORD}%`}`;
    const reading = performance.now() - startedAt;
    measured.push({
      rare: await page({ contains: RARE_WORD }),
      common: await page({ contains: COMMON_WORD }),
      ofRun: await page({ runId: Math.floor(ATTEMPTS / 3) }),
      longest: await longestWait(opened.sql, () => logs.search({ contains: ABSENT_WORD }, { first: PAGE })),
      absent: await page({ contains: ABSENT_WORD }),
      reading,
    });
  });
  const [figures] = measured;
  if (figures === undefined) throw new Error("Nothing was measured");
  return figures;
}

async function p95(work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return quantile(times, 0.95);
}

/** How long somebody else's statement has to wait at most while the work goes on. */
async function longestWait(
  sql: OpenDatabase["sql"],
  work: () => Promise<unknown>,
): Promise<number> {
  let over = false;
  const done = work().finally(() => over = true);
  let longest = 0;
  while (!over) {
    const startedAt = performance.now();
    await sql`select 1`;
    longest = Math.max(longest, performance.now() - startedAt);
  }
  await done;
  return longest;
}
