/** Graphs of tasks that do nothing: what is left is the scheduler, beside the bare loop in the same minute. */
import { runBare } from "./bare.ts";
import {
  type Bench,
  type BenchContext,
  type BenchServer,
  type Figures,
  median,
  quantile,
  round,
  ROUNDS,
} from "./bench.ts";

const WIDE_TASKS = 1_000;
const LAYERS = 20;
const LAYER_TASKS = 50;
const UPSTREAMS = 3;
const CHAIN_TASKS = 40;
const THREE_STEP_RUNS = 200;
const SLEEPERS = 2_000;
const BARE_SLEEPERS = 600;
const SLEEPER_SLOTS = 20;
const SLEEP_SECONDS = 0.1;
const POLL_MS = 100;

interface Graph {
  readonly tasks: readonly { readonly name: string; readonly command: string }[];
  readonly relations: readonly { readonly upstream: string; readonly downstream: string }[];
}

export const graphBenches: readonly Bench[] = [
  { name: "dag-wide", run: (context) => benchGraph(context, wide(WIDE_TASKS)) },
  { name: "dag-layers", run: (context) => benchGraph(context, layers()) },
  { name: "dag-chain", run: (context) => benchGraph(context, chain(CHAIN_TASKS), 1) },
  { name: "three-steps", run: benchThreeSteps },
  { name: "sleepers", optional: true, run: benchSleepers },
];

const task = (name: string, command = ":"): Graph["tasks"][number] => ({ name, command });

function wide(count: number, command = ":"): Graph {
  return { tasks: Array.from({ length: count }, (_, index) => task(`t${index}`, command)), relations: [] };
}

function layers(): Graph {
  const names = Array.from(
    { length: LAYERS },
    (_, layer) => Array.from({ length: LAYER_TASKS }, (_, place) => `l${layer}-${place}`),
  );
  const relations = names.slice(1).flatMap((layer, above) =>
    layer.flatMap((downstream, place) =>
      Array.from({ length: UPSTREAMS }, (_, step) => ({
        upstream: names[above]?.[(place + step * 7) % LAYER_TASKS] ?? "",
        downstream,
      }))
    )
  );
  return { tasks: names.flat().map((name) => task(name)), relations };
}

function chain(count: number): Graph {
  const { tasks } = wide(count);
  const relations = tasks.slice(1).map(({ name }, index) => ({
    upstream: tasks[index]?.name ?? "",
    downstream: name,
  }));
  return { tasks, relations };
}

/** Tasks a second from the run's row to its end, in turn with the bare loop. */
async function benchGraph(context: BenchContext, graph: Graph, concurrency?: number): Promise<Figures> {
  const server = await context.openServer();
  const id = await createContainer(server, graph);
  const count = graph.tasks.length;
  const ours: number[] = [];
  const limits: number[] = [];
  const shells: number[] = [];
  await finish(server, [await trigger(server, id)]);
  const before = await server.memory();
  for (let turn = 0; turn < ROUNDS; turn++) {
    const [run] = await finish(server, [await trigger(server, id)]);
    ours.push(count / durationSeconds(run));
    const bare = await runBare(count, concurrency ?? server.capacity);
    limits.push(bare.limit);
    shells.push(bare.bareShell);
  }
  const value = median(ours);
  return {
    value: round(value),
    unit: "tasks/s",
    limit: round(median(limits)),
    ratio: round(median(ours.map((rate, turn) => rate / (limits[turn] ?? NaN)))),
    bareShell: round(median(shells)),
    ...(concurrency === 1 ? { stepMs: round(1000 / value) } : {}),
    memoryGrowthMiB: round(((await server.memory()) - before) / 1024 / 1024),
  };
}

/** A chain of three, started many times at once by the API. */
async function benchThreeSteps(context: BenchContext): Promise<Figures> {
  const server = await context.openServer();
  const id = await createContainer(server, chain(3), "ALLOW");
  await finish(server, [await trigger(server, id)]);
  const rates: number[] = [];
  const limits: number[] = [];
  const durations: number[] = [];
  for (let turn = 0; turn < ROUNDS; turn++) {
    const startedAt = Date.now();
    const ids = await Promise.all(Array.from({ length: THREE_STEP_RUNS }, () => trigger(server, id)));
    const done = await finish(server, ids);
    const endedAt = Math.max(...done.map(({ finishedAt }) => Date.parse(finishedAt ?? "")));
    rates.push(THREE_STEP_RUNS / ((endedAt - startedAt) / 1000));
    durations.push(...done.map((run) => durationSeconds(run) * 1000));
    limits.push((await runBare(THREE_STEP_RUNS * 3, server.capacity)).limit / 3);
  }
  return {
    value: round(median(rates)),
    unit: "runs/s",
    limit: round(median(limits)),
    ratio: round(median(rates.map((rate, turn) => rate / (limits[turn] ?? NaN)))),
    p50Ms: round(quantile(durations, 0.5)),
    p95Ms: round(quantile(durations, 0.95)),
  };
}

/**
 * Whether slots stay full: tasks that only wait, on so many slots of the agent. The limit is what no machine reaches, since
 * a process has to be started and ended too; `bare` is what the plain loop reaches with the identical processes.
 */
async function benchSleepers(context: BenchContext): Promise<Figures> {
  const server = await context.openServer(SLEEPER_SLOTS);
  const id = await createContainer(server, wide(SLEEPERS, `sleep ${SLEEP_SECONDS}`));
  const [run] = await finish(server, [await trigger(server, id)]);
  const value = SLEEPERS / durationSeconds(run);
  const limit = SLEEPER_SLOTS / SLEEP_SECONDS;
  const { limit: bare } = await runBare(BARE_SLEEPERS, SLEEPER_SLOTS, `sleep ${SLEEP_SECONDS}`);
  return {
    value: round(value),
    unit: "tasks/s",
    limit,
    ratio: round(value / limit),
    bare: round(bare),
    ofBare: round(value / bare),
  };
}

async function createContainer(
  server: BenchServer,
  graph: Graph,
  overlap = "SKIP",
): Promise<string> {
  const name = `bench ${crypto.randomUUID()}`;
  const made = await server.graphql(
    `mutation ($input: CreateContainerInput!) { createContainer(input: $input) { ... on Container { id } } }`,
    { input: { name, overlap } },
  );
  // The documents here ask for exactly what is read.
  const { createContainer: { id } } = made as unknown as { createContainer: { id: string } };
  await server.graphql(
    `mutation ($input: SaveContainerInput!) {
      saveContainer(input: $input) { __typename ... on Error { message } }
    }`,
    { input: { container: { id }, ...graph } },
  );
  return id;
}

async function trigger(server: BenchServer, containerId: string): Promise<string> {
  const answer = await server.graphql(
    `mutation ($id: ID!) { triggerRun(containerId: $id) { ... on Run { id } ... on Error { message } } }`,
    { id: containerId },
  );
  return (answer as unknown as { triggerRun: { id: string } }).triggerRun.id;
}

interface EndedRun {
  readonly id: string;
  readonly state: string;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** Waits until none is active, by a question that costs next to nothing, and then reads them. */
async function finish(server: BenchServer, ids: readonly string[]): Promise<readonly EndedRun[]> {
  do {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  } while (await anyActive(server));
  const answer = await server.graphql(
    `{ runs(first: 500) { edges { node { id state createdAt finishedAt } } } }`,
  ) as unknown as { runs: { edges: { node: EndedRun }[] } };
  const ended = answer.runs.edges.map(({ node }) => node).filter(({ id }) => ids.includes(id));
  const bad = ended.find(({ state }) => state !== "SUCCEEDED");
  if (bad !== undefined || ended.length < ids.length) {
    throw new Error(`A run ended ${bad?.state ?? "unseen"}`);
  }
  return ended;
}

async function anyActive(server: BenchServer): Promise<boolean> {
  const answer = await server.graphql(
    `{ runs(first: 1, filter: { states: [QUEUED, RUNNING] }) { edges { node { id } } } }`,
  ) as unknown as { runs: { edges: unknown[] } };
  return answer.runs.edges.length > 0;
}

function durationSeconds(run: EndedRun | undefined): number {
  if (run === undefined || run.finishedAt === null) throw new Error("The run has not ended");
  return (Date.parse(run.finishedAt) - Date.parse(run.createdAt)) / 1000;
}
