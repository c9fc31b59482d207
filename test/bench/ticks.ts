/**
 * Many schedules due at the same instant, once and again and again: how late is a run's row, how late its process, and
 * is any slot lost or doubled? Lateness is counted from the slot, by the database's clock.
 */
import { type Bench, type BenchContext, type BenchServer, type Figures, quantile, round } from "./bench.ts";
import { changeContainers, createContainers } from "./containers.ts";

const AT_ONCE = 2_000;
const AGAIN = 1_000;
const EVERY_SECONDS = 5;
const QUICK_SECONDS = 20;
const FULL_SECONDS = 60;
/** From the first change of a schedule to the one instant that all of them share. */
const MIN_BEFORE_MS = 5_000;
const AFTER_LAST_MS = 3_000;
const PAGE = 500;
const LOOK_MS = 1_000;
const PATIENCE_MS = 60_000;

export const tickBench: Bench = { name: "tick", run: benchTick };

async function benchTick(context: BenchContext): Promise<Figures> {
  const server = await context.openServer();
  const begunAt = Date.now();
  const names = Array.from({ length: AT_ONCE }, (_, index) => `tick ${index}`);
  const ids = await createContainers(server, names, () => ({
    expression: "@yearly",
    enabled: false,
    overlap: "ALLOW",
  }));
  // To enable one takes less than to make one.
  const soon = Date.now() + Math.max(Date.now() - begunAt, MIN_BEFORE_MS);
  const at = Math.ceil(soon / 1000) * 1000;
  const expression = `@at ${new Date(at).toISOString().slice(0, 19)}Z`;
  await changeContainers(server, ids, { expression, enabled: true });
  if (Date.now() > at) throw new Error("It took too long to enable the containers");
  await sleepUntil(at);
  const storm = summarise(await readSettled(server, at - 1, at, AT_ONCE), AT_ONCE);
  const again = await benchAgain(
    server,
    ids.slice(0, AGAIN),
    context.full ? FULL_SECONDS : QUICK_SECONDS,
  );
  return {
    value: storm.p99Ms,
    unit: "ms",
    limit: null,
    ...storm,
    lost: storm.lost + again.lost,
    doubled: storm.doubled + again.doubled,
    againP50Ms: again.p50Ms,
    againP99Ms: again.p99Ms,
    againStartP99Ms: again.startP99Ms,
  };
}

async function benchAgain(server: BenchServer, ids: readonly string[], seconds: number): Promise<Summary> {
  await changeContainers(server, ids, { expression: `*/${EVERY_SECONDS} * * * * *` });
  // Changing them does not count: from the first slot that all of them have.
  const from = Math.ceil((Date.now() + 1_000) / (EVERY_SECONDS * 1000)) * EVERY_SECONDS * 1000;
  const to = from + seconds * 1000;
  // What is due and not taken yet would be skipped when it is disabled.
  await sleepUntil(to + AFTER_LAST_MS);
  await changeContainers(server, ids, { enabled: false });
  const expected = ids.length * Math.floor(seconds / EVERY_SECONDS);
  return summarise(await readSettled(server, from, to, expected), expected);
}

interface Summary {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly startP50Ms: number;
  readonly startP99Ms: number;
  readonly lost: number;
  readonly doubled: number;
}

function summarise(runs: readonly TickRun[], expected: number): Summary {
  const slots = new Set(runs.map(({ container, scheduledFor }) => `${container.id} ${scheduledFor}`));
  const rows = runs.map((run) => Date.parse(run.createdAt) - Date.parse(run.scheduledFor));
  const starts = runs.map((run) =>
    Date.parse(run.taskRuns[0]?.startedAt ?? "") - Date.parse(run.scheduledFor)
  )
    .filter((value) => !Number.isNaN(value));
  return {
    p50Ms: round(quantile(rows, 0.5)),
    p99Ms: round(quantile(rows, 0.99)),
    startP50Ms: round(quantile(starts, 0.5)),
    startP99Ms: round(quantile(starts, 0.99)),
    lost: expected - slots.size,
    doubled: runs.length - slots.size,
  };
}

interface TickRun {
  readonly container: { readonly id: string };
  readonly scheduledFor: string;
  readonly createdAt: string;
  readonly taskRuns: readonly { readonly startedAt: string | null }[];
}

/** The runs of the slots after `from`, up to `to`, once as many as expected have started; at last what there is. */
async function readSettled(
  server: BenchServer,
  from: number,
  to: number,
  expected: number,
): Promise<readonly TickRun[]> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    await sleepUntil(Date.now() + LOOK_MS);
    if (await runsAreActive(server) && Date.now() < deadline) continue;
    const runs = await readRuns(server, from, to);
    if (runs.length >= expected || Date.now() > deadline) return runs;
  }
}

async function runsAreActive(server: BenchServer): Promise<boolean> {
  const answer = await server.graphql(
    "{ runs(first: 1, filter: { states: [QUEUED, RUNNING] }) { edges { node { id } } } }",
  ) as unknown as { runs: { edges: readonly unknown[] } };
  return answer.runs.edges.length > 0;
}

async function readRuns(server: BenchServer, from: number, to: number): Promise<readonly TickRun[]> {
  const runs: TickRun[] = [];
  for (let after: string | null = null;;) {
    const answer = await server.graphql(
      `query ($after: String, $first: Int) {
        runs(first: $first, after: $after, filter: { causes: [SCHEDULE, CATCH_UP] }) {
          edges { node { container { id } scheduledFor createdAt taskRuns { startedAt } } }
          pageInfo { hasNextPage endCursor }
        }
      }`,
      { after, first: PAGE },
    ) as unknown as {
      runs: { edges: { node: TickRun }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    };
    runs.push(...answer.runs.edges.map(({ node }) => node));
    if (!answer.runs.pageInfo.hasNextPage) break;
    after = answer.runs.pageInfo.endCursor;
  }
  return runs.filter(({ scheduledFor }) => Date.parse(scheduledFor) > from && Date.parse(scheduledFor) <= to);
}

async function sleepUntil(instant: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, instant - Date.now())));
}
