/** Many schedules due at the same instant, again and again: how late is a run's row, and is any slot lost or doubled? */
import { type Bench, type BenchContext, type BenchServer, type Figures, quantile, round } from "./bench.ts";

const CONTAINERS = 1_000;
const EVERY_SECONDS = 5;
const QUICK_SECONDS = 20;
const FULL_SECONDS = 60;
const CALLS_AT_ONCE = 20;
const PAGE = 500;
const SETTLE_MS = 10_000;

export const tickBench: Bench = { name: "tick", run: benchTick };

async function benchTick(context: BenchContext): Promise<Figures> {
  const server = await context.openServer();
  const ids = await createContainers(server);
  const seconds = context.full ? FULL_SECONDS : QUICK_SECONDS;
  // Enabled only now, so that making them does not count; from the first slot that all of them have.
  await changeAll(server, ids, true);
  const from = Math.ceil((Date.now() + 1_000) / (EVERY_SECONDS * 1000)) * EVERY_SECONDS * 1000;
  const to = from + seconds * 1000;
  await new Promise((resolve) => setTimeout(resolve, to + 100 - Date.now()));
  await changeAll(server, ids, false);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const runs = await readRuns(server, from, to);
  const slots = new Set(runs.map(({ container, scheduledFor }) => `${container.id} ${scheduledFor}`));
  const expected = ids.length * Math.floor((to - from) / (EVERY_SECONDS * 1000));
  const late = runs.map((run) => Date.parse(run.createdAt) - Date.parse(run.scheduledFor));
  const starts = runs.map((run) =>
    Date.parse(run.taskRuns[0]?.startedAt ?? "") - Date.parse(run.scheduledFor)
  )
    .filter((value) => !Number.isNaN(value));
  return {
    value: round(quantile(late, 0.99)),
    unit: "ms",
    limit: null,
    p50Ms: round(quantile(late, 0.5)),
    p99Ms: round(quantile(late, 0.99)),
    startP99Ms: round(quantile(starts, 0.99)),
    lost: expected - slots.size,
    doubled: runs.length - slots.size,
  };
}

async function createContainers(server: BenchServer): Promise<readonly string[]> {
  return await inTurns(Array.from({ length: CONTAINERS }, (_, index) => index), async (index) => {
    const answer = await server.graphql(
      `mutation ($input: CreateContainerInput!) { createContainer(input: $input) { ... on Container { id } } }`,
      {
        input: {
          name: `tick ${index}`,
          expression: `*/${EVERY_SECONDS} * * * * *`,
          enabled: false,
          overlap: "ALLOW",
        },
      },
    ) as unknown as { createContainer: { id: string } };
    const { id } = answer.createContainer;
    await server.graphql(
      `mutation ($input: CreateTaskInput!) { createTask(input: $input) { __typename } }`,
      { input: { containerId: id, name: "only", command: ":" } },
    );
    return id;
  });
}

async function changeAll(server: BenchServer, ids: readonly string[], enabled: boolean): Promise<void> {
  await inTurns(
    ids,
    (id) =>
      server.graphql(
        `mutation ($input: UpdateContainerInput!) { updateContainer(input: $input) { __typename } }`,
        {
          input: { id, enabled },
        },
      ),
  );
}

interface TickRun {
  readonly container: { readonly id: string };
  readonly scheduledFor: string;
  readonly createdAt: string;
  readonly taskRuns: readonly { readonly startedAt: string | null }[];
}

/** The runs of the slots after `from`, up to `to`. */
async function readRuns(server: BenchServer, from: number, to: number): Promise<readonly TickRun[]> {
  const runs: TickRun[] = [];
  for (let after: string | null = null;;) {
    const answer = await server.graphql(
      `query ($after: String, $first: Int) {
        runs(first: $first, after: $after, filter: { causes: [SCHEDULE] }) {
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

/** In order, so many at once. */
async function inTurns<T, R>(items: readonly T[], call: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, async () => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await call(item);
    }
  }));
  return results;
}
