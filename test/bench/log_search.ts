/** The first page of a search among millions of lines, beside what it takes to read all of their text. */
import { openDatabase } from "../../server/db/open.ts";
import { createLogs } from "../../server/domain/logs/logs.ts";
import { ensurePartitions } from "../../server/domain/logs/partitions.ts";
import type { LogFilter } from "../../schema/graphql/context.ts";
import { copyEmbeddedTemplate, createTestDatabase, createTestLog } from "../support/database.ts";
import { type Bench, type BenchContext, type Figures, quantile, round } from "./bench.ts";
import { ABSENT_WORD, CHUNK_LINES, COMMON_WORD, fillChunks, RARE_WORD } from "./log_rows.ts";

const ATTEMPTS = 1000;
const PAGE = 100;
const ROUNDS = 20;
const DAY_MS = 86_400_000;
/** The embedded database is for one server and its files are on the same disk: less there. */
const LINES = {
  postgres: { quick: 1_000_000, full: 10_000_000 },
  embedded: { quick: 200_000, full: 1_000_000 },
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
  const dataDir = database === "embedded" ? await copyEmbeddedTemplate() : "";
  const url = database === "postgres" ? await createTestDatabase(true) : null;
  const opened = await openDatabase({ url, dataDir, log: createTestLog() });
  try {
    const lastDay = Date.UTC(2026, 0, 30);
    for (let day = 0; day < 30; day += 3) await ensurePartitions(opened.db, new Date(lastDay - day * DAY_MS));
    await fillChunks(opened, {
      chunks: Math.ceil(lines / CHUNK_LINES),
      attempts: ATTEMPTS,
      days: 30,
      lastDay,
    });
    const logs = createLogs(opened);
    const page = (filter: LogFilter) => p95(async () => void await logs.search(filter, { first: PAGE }));
    const startedAt = performance.now();
    await opened.sql`select count(*) from log_chunks where body ilike ${`%${ABSENT_WORD}%`}`;
    const reading = performance.now() - startedAt;
    return {
      rare: await page({ contains: RARE_WORD }),
      common: await page({ contains: COMMON_WORD }),
      ofRun: await page({ runId: Math.floor(ATTEMPTS / 3) }),
      longest: await longestWait(opened.sql, () => logs.search({ contains: ABSENT_WORD }, { first: PAGE })),
      absent: await page({ contains: ABSENT_WORD }),
      reading,
    };
  } finally {
    await opened.close();
    if (dataDir !== "") await Deno.remove(dataDir, { recursive: true });
  }
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
  sql: Awaited<ReturnType<typeof openDatabase>>["sql"],
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
