/**
 * What an expression means, asked by many at once: answers a second, beside a query that asks for nothing. And what 1,000
 * containers will do: with one expression for all of them, which is evaluated once, and with one of its own for each.
 */
import {
  type Bench,
  type BenchContext,
  type BenchServer,
  type Figures,
  median,
  round,
  ROUNDS,
} from "./bench.ts";
import { createContainers } from "./containers.ts";

const CLIENTS = 8;
const QUICK_MS = 2_000;
const FULL_MS = 10_000;
const CONTAINERS = 1_000;
/** The most that the list of what is to come tells. */
const FIRES = 500;
const HOURS = 24;

export const previewBench: Bench = { name: "preview", optional: true, run: benchPreview };

async function benchPreview(context: BenchContext): Promise<Figures> {
  const server = await context.openServer();
  const forMs = context.full ? FULL_MS : QUICK_MS;
  const rates: Record<"preview" | "shared" | "nothing", number[]> = { preview: [], shared: [], nothing: [] };
  for (let turn = 0; turn < ROUNDS; turn++) {
    // Never asked before, and the same for everybody.
    rates.preview.push(
      await rate(forMs, (count) => preview(server, `${count % 60} ${turn} * * ${count % 7}`)),
    );
    rates.shared.push(await rate(forMs, () => preview(server, "30 2 * * *")));
    rates.nothing.push(await rate(forMs, () => server.graphql("{ __typename }")));
  }
  return {
    value: round(median(rates.preview)),
    unit: "a second",
    limit: round(median(rates.nothing)),
    sharedRate: round(median(rates.shared)),
    sharedMs: await timeUpcoming(context, () => "30 * * * *"),
    ownMs: await timeUpcoming(context, (index) => `${index % 60} ${Math.floor(index / 60)} * * *`),
  };
}

async function preview(server: BenchServer, expression: string): Promise<void> {
  const answer = await server.graphql(
    `query ($expression: String!) {
      cronPreview(expression: $expression, timezone: "Europe/Berlin", count: 10) {
        ... on CronPreview { description times { at local offset clockChange } minimumGapSeconds warning }
        ... on Error { message }
      }
    }`,
    { expression },
  ) as unknown as { cronPreview: { message?: string } };
  if (answer.cronPreview.message !== undefined) throw new Error(answer.cronPreview.message);
}

async function rate(forMs: number, call: (count: number) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let count = 0;
  await Promise.all(Array.from({ length: CLIENTS }, async () => {
    while (performance.now() - start < forMs) await call(count++);
  }));
  return count / ((performance.now() - start) / 1000);
}

/** Milliseconds to tell what all of them will do, on a server of its own. */
async function timeUpcoming(context: BenchContext, expression: (index: number) => string): Promise<number> {
  const server = await context.openServer(0);
  const names = Array.from({ length: CONTAINERS }, (_, index) => `preview ${index}`);
  await createContainers(server, names, (index) => ({ expression: expression(index) }));
  const times: number[] = [];
  for (let turn = 0; turn < ROUNDS; turn++) {
    const start = performance.now();
    await server.graphql(`{ upcoming(hours: ${HOURS}, first: ${FIRES}) { at container { id } } }`);
    times.push(performance.now() - start);
  }
  return round(median(times));
}
