/** The first page of a search among millions of lines, beside what it takes to read all of their text. */
import { createLogs } from "../../server/domain/logs/logs.ts";
import type { LogFilter } from "../../server/domain/logs/interface.ts";
import { type Bench, type BenchContext, type Figures, quantile, round } from "./bench.ts";
import { ABSENT_WORD, ATTEMPTS, COMMON_WORD, openLines, RARE_WORD } from "./log_rows.ts";

const PAGE = 100;
const ROUNDS = 20;
const QUICK_LINES = 500_000;
const FULL_LINES = 10_000_000;

export const logSearchBench: Bench = { name: "log-search", optional: true, run: benchLogSearch };

async function benchLogSearch(context: BenchContext): Promise<Figures> {
  const lines = context.full ? FULL_LINES : QUICK_LINES;
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
  };
}

interface Measured {
  readonly rare: number;
  readonly common: number;
  readonly absent: number;
  readonly ofRun: number;
  /** All text by the database's own means, without the trigrams. */
  readonly reading: number;
}

async function measure(context: BenchContext, lines: number): Promise<Measured> {
  const opened = await openLines(context, lines);
  const logs = createLogs(opened);
  const page = (filter: LogFilter) => p95(async () => void await logs.search("all", filter, { first: PAGE }));
  const startedAt = performance.now();
  await opened.sql`select count(*) from log_chunks where body ilike ${`%${ABSENT_WORD}%`}`;
  const reading = performance.now() - startedAt;
  return {
    rare: await page({ contains: RARE_WORD }),
    common: await page({ contains: COMMON_WORD }),
    ofRun: await page({ runId: Math.floor(ATTEMPTS / 3) }),
    absent: await page({ contains: ABSENT_WORD }),
    reading,
  };
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
