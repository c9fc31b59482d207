/**
 * The console's lists over a long history: the very questions that the pages ask, beside the same server with a short
 * one. A page that grows with history shows as a ratio; the rows are made by SQL, PostgreSQL only.
 */
import postgres from "postgres";
import { fillHistory } from "../support/history.ts";
import { listQuestions, type Question } from "../support/page_questions.ts";
import { type Bench, type BenchContext, type BenchServer, type Figures, quantile, round } from "./bench.ts";

const CONTAINERS = 5_000;
const SHORT_RUNS = 10_000;
const QUICK_RUNS = 100_000;
const FULL_RUNS = 1_000_000;
const QUICK_CALLS = 20;
const FULL_CALLS = 100;
/** Some minutes ago: nothing of it is new while it is measured. */
const HISTORY_END = new Date(Date.now() - 10 * 60_000);
/** Calls that do not count: what a server does once, at its first question. */
const WARM_UP_CALLS = 5;

/** Milliseconds of each call, by server. */
interface Times {
  readonly short: number[];
  readonly long: number[];
}

export const pagesBench: Bench = { name: "pages", optional: true, databases: ["postgres"], run: benchPages };

async function benchPages(context: BenchContext): Promise<Figures> {
  const longRuns = context.full ? FULL_RUNS : QUICK_RUNS;
  const short = await openHistory(context, SHORT_RUNS);
  const long = await openHistory(context, longRuns);
  const shortQuestions = await listQuestions(short.graphql, { runs: SHORT_RUNS, end: HISTORY_END });
  const longQuestions = await listQuestions(long.graphql, { runs: longRuns, end: HISTORY_END });
  const calls = context.full ? FULL_CALLS : QUICK_CALLS;
  const rows: { readonly question: Question; readonly times: Times }[] = [];
  for (const [index, question] of longQuestions.entries()) {
    const times: Times = { short: [], long: [] };
    for (let call = -WARM_UP_CALLS; call < calls; call++) {
      // In turns, so that whatever else the machine does falls on both.
      const [a, b] = [await time(short, shortQuestions[index] ?? question), await time(long, question)];
      if (call < 0) continue;
      times.short.push(a);
      times.long.push(b);
    }
    rows.push({ question, times });
  }
  return summarise(rows, longRuns);
}

async function openHistory(context: BenchContext, runs: number): Promise<BenchServer> {
  const server = await context.openServer();
  if (server.databaseUrl === null) throw new Error("The history is made by SQL: this needs PostgreSQL");
  const sql = postgres(server.databaseUrl, { max: 1, onnotice: () => {} });
  try {
    await fillHistory(sql, { containers: CONTAINERS, runs, end: HISTORY_END });
  } finally {
    await sql.end();
  }
  return server;
}

async function time(server: BenchServer, { document, variables }: Question): Promise<number> {
  const startedAt = performance.now();
  await server.graphql(document, variables);
  return performance.now() - startedAt;
}

/** Of each page its slowest question counts, and the one that grew most. */
function summarise(
  rows: readonly { readonly question: Question; readonly times: Times }[],
  runs: number,
): Figures {
  const figures: Record<string, number | string | null> = {};
  for (const page of ["containers", "runs", "overview"] as const) {
    const own = rows.filter(({ question }) => question.page === page).map(({ question, times }) => ({
      name: question.name,
      p50: quantile(times.long, 0.5),
      p95: quantile(times.long, 0.95),
      ratio: quantile(times.long, 0.95) / quantile(times.short, 0.95),
    }));
    const slowest = own.toSorted((left, right) => right.p95 - left.p95)[0];
    const grown = own.toSorted((left, right) => right.ratio - left.ratio)[0];
    figures[`${page}P50Ms`] = round(Math.max(...own.map(({ p50 }) => p50)));
    figures[`${page}P95Ms`] = round(slowest?.p95 ?? NaN);
    figures[`${page}Slowest`] = slowest?.name ?? null;
    figures[`${page}Ratio`] = round(grown?.ratio ?? NaN);
    figures[`${page}Grown`] = grown?.name ?? null;
  }
  const value = Math.max(Number(figures.containersP95Ms), Number(figures.runsP95Ms));
  return { value, unit: "ms", limit: null, runs, ...figures };
}
