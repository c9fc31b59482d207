/**
 * The console's lists over a long history: the very questions that the pages ask, beside the same server with a short
 * one. A page that grows with history shows as a ratio; the rows are made by SQL.
 */
import { fillHistory } from "../support/history.ts";
import { listQuestions, type Question } from "../support/page_questions.ts";
import { type Bench, type BenchContext, type BenchServer, type Figures, quantile, round } from "./bench.ts";

const CONTAINERS = 5_000;
const SHORT_RUNS = 10_000;
const QUICK_RUNS = 100_000;
const FULL_RUNS = 1_000_000;
/** With so many, each container has had as many runs as a strip of its last ones shows: a longer history shows no more. */
const FILLED_RUNS = 20 * CONTAINERS;
const QUICK_CALLS = 20;
const FULL_CALLS = 100;
/** Some minutes ago: nothing of it is new while it is measured. */
const HISTORY_END = new Date(Date.now() - 10 * 60_000);
/** Calls that do not count: what a server does once, at its first question. */
const WARM_UP_CALLS = 5;

/** Milliseconds of each call, by server. */
interface Times {
  readonly short: number[];
  /** Empty where the long history is no longer than this. */
  readonly filled: number[];
  readonly long: number[];
}
interface Row {
  readonly question: Question;
  readonly times: Times;
}
/** A server and what it is asked, in the order of all others. */
interface Place {
  readonly server: BenchServer;
  readonly questions: readonly Question[];
  readonly of: keyof Times;
}

export const pagesBench: Bench = { name: "pages", optional: true, run: benchPages };

async function benchPages(context: BenchContext): Promise<Figures> {
  const longRuns = context.full ? FULL_RUNS : QUICK_RUNS;
  const places = [
    await openPlace(context, "short", SHORT_RUNS),
    ...longRuns > FILLED_RUNS ? [await openPlace(context, "filled", FILLED_RUNS)] : [],
    await openPlace(context, "long", longRuns),
  ];
  const calls = context.full ? FULL_CALLS : QUICK_CALLS;
  const rows: Row[] = [];
  for (const [index, question] of places[0]?.questions.entries() ?? []) {
    const times: Times = { short: [], filled: [], long: [] };
    for (let call = -WARM_UP_CALLS; call < calls; call++) {
      // In turns, so that whatever else the machine does falls on all.
      for (const { server, questions, of } of places) {
        const ms = await time(server, questions[index] ?? question);
        if (call >= 0) times[of].push(ms);
      }
    }
    rows.push({ question, times });
  }
  return summarise(rows, longRuns);
}

async function openPlace(context: BenchContext, of: keyof Times, runs: number): Promise<Place> {
  const server = await openHistory(context, runs);
  return { server, of, questions: await listQuestions(server.graphql, { runs, end: HISTORY_END }) };
}

async function openHistory(context: BenchContext, runs: number): Promise<BenchServer> {
  const server = await context.openServer();
  await server.withSql((sql) => fillHistory(sql, { containers: CONTAINERS, runs, end: HISTORY_END }));
  return server;
}

async function time(server: BenchServer, { document, variables }: Question): Promise<number> {
  const startedAt = performance.now();
  await server.graphql(document, variables);
  return performance.now() - startedAt;
}

/** Of each page its slowest question counts, and the one that grew most. */
function summarise(rows: readonly Row[], runs: number): Figures {
  const figures: Record<string, number | string | null> = {};
  for (const page of ["containers", "runs", "overview"] as const) {
    const own = rows.filter(({ question }) => question.page === page).map(({ question, times }) => ({
      name: question.name,
      p50: quantile(times.long, 0.5),
      p95: quantile(times.long, 0.95),
      ratio: quantile(times.long, 0.95) / quantile(times.short, 0.95),
      // A page of a longer history may have more to show: how much of the growth is that, the filled one tells.
      ratioAtEqualRows: quantile(times.long, 0.95) / quantile(times.filled, 0.95),
    }));
    const slowest = own.toSorted((left, right) => right.p95 - left.p95)[0];
    const grown = own.toSorted((left, right) => right.ratio - left.ratio)[0];
    const atEqualRows = Math.max(...own.map(({ ratioAtEqualRows }) => ratioAtEqualRows));
    figures[`${page}P50Ms`] = round(Math.max(...own.map(({ p50 }) => p50)));
    figures[`${page}P95Ms`] = round(slowest?.p95 ?? NaN);
    figures[`${page}Slowest`] = slowest?.name ?? null;
    figures[`${page}Ratio`] = round(grown?.ratio ?? NaN);
    figures[`${page}Grown`] = grown?.name ?? null;
    figures[`${page}RatioAtEqualRows`] = Number.isNaN(atEqualRows) ? null : round(atEqualRows);
  }
  const value = Math.max(Number(figures.containersP95Ms), Number(figures.runsP95Ms));
  return { value, unit: "ms", limit: null, runs, ...figures };
}
