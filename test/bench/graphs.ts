/** Graphs of tasks that do nothing: what is left is the scheduler, beside the bare loop in the same minute. */
import { runBare } from "./bare.ts";
import {
  type Bench,
  type BenchContext,
  type BenchServer,
  type Figures,
  median,
  medianOrNull,
  quantile,
  round,
  ROUNDS,
} from "./bench.ts";
import {
  chain,
  createGraph,
  durationSeconds,
  type Graph,
  layers,
  runOnce,
  triggerRun,
  waitForRuns,
  wide,
} from "./runs.ts";

const WIDE_TASKS = 1_000;
const LAYERS = 20;
const LAYER_TASKS = 50;
/** Three upstreams each, so many places apart. */
const LAYER_STEPS = [0, 7, 14];
const CHAIN_TASKS = 40;
const THREE_STEP_RUNS = 200;
/** Fewer would take too little processor time for its unit of 10 ms. */
const MIN_BARE_PROCESSES = 200;
/** What a run leaves to be done after its end counts in its processor time. */
const SETTLE_MS = 500;
const SLEEPERS = 2_000;
const BARE_SLEEPERS = 600;
const SLEEPER_SLOTS = 20;
const SLEEP_SECONDS = 0.1;

export const graphBenches: readonly Bench[] = [
  { name: "dag-wide", run: (context) => benchGraph(context, wide(WIDE_TASKS)) },
  { name: "dag-layers", run: (context) => benchGraph(context, layers(LAYERS, LAYER_TASKS, LAYER_STEPS)) },
  { name: "dag-chain", run: benchChain },
  { name: "three-steps", run: benchThreeSteps },
  { name: "sleepers", optional: true, run: benchSleepers },
];

async function benchChain(context: BenchContext): Promise<Figures> {
  const figures = await benchGraph(context, chain(CHAIN_TASKS), 1);
  return { ...figures, stepMs: round(1000 / figures.value) };
}

async function benchGraph(context: BenchContext, graph: Graph, concurrency?: number): Promise<Figures> {
  const server = await context.openServer();
  const id = await createGraph(server, graph);
  await runOnce(server, id);
  return await measureBesideBare(server, {
    count: graph.tasks.length,
    unit: "tasks/s",
    tasksPerUnit: 1,
    concurrency: concurrency ?? server.capacity,
    run: () => runOnce(server, id),
  });
}

/** A chain of three, started many times at once by the API. */
async function benchThreeSteps(context: BenchContext): Promise<Figures> {
  const server = await context.openServer();
  const id = await createGraph(server, chain(3), "ALLOW");
  await runOnce(server, id);
  const durations: number[] = [];
  const figures = await measureBesideBare(server, {
    count: THREE_STEP_RUNS,
    unit: "runs/s",
    tasksPerUnit: 3,
    concurrency: server.capacity,
    run: async () => {
      const startedAt = Date.now();
      const ids = await Promise.all(Array.from({ length: THREE_STEP_RUNS }, () => triggerRun(server, id)));
      const ended = await waitForRuns(server, ids);
      durations.push(...ended.map((run) => durationSeconds(run) * 1000));
      return (Math.max(...ended.map(({ finishedAt }) => Date.parse(finishedAt))) - startedAt) / 1000;
    },
  });
  return { ...figures, p50Ms: round(quantile(durations, 0.5)), p95Ms: round(quantile(durations, 0.95)) };
}

interface Work {
  /** How many units one call of `run` does. */
  readonly count: number;
  readonly unit: string;
  readonly tasksPerUnit: number;
  readonly concurrency: number;
  /** Answers the seconds that it took. */
  run(): Promise<number>;
}

/** Units per second and processor time per task, in turns with the bare loop. */
async function measureBesideBare(
  server: BenchServer,
  { count, unit, tasksPerUnit, concurrency, run }: Work,
): Promise<Figures> {
  const tasks = count * tasksPerUnit;
  const rounds = [];
  for (let turn = 0; turn < ROUNDS; turn++) {
    const timer = server.startProcessorTimer();
    const rate = count / await run();
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const cpuMs = timer();
    const bare = await runBare(Math.max(tasks, MIN_BARE_PROCESSES), concurrency);
    rounds.push({
      rate,
      cpuMs: cpuMs === null ? null : cpuMs / tasks,
      limit: bare.limit / tasksPerUnit,
      bare,
    });
  }
  return {
    value: round(median(rounds.map(({ rate }) => rate))),
    unit,
    limit: round(median(rounds.map(({ limit }) => limit))),
    ratio: round(median(rounds.map(({ rate, limit }) => rate / limit))),
    bareShell: round(median(rounds.map(({ bare }) => bare.bareShell))),
    cpuMs: medianOrNull(rounds.map(({ cpuMs }) => cpuMs)),
    bareCpuMs: medianOrNull(rounds.map(({ bare }) => bare.cpuMs)),
  };
}

/**
 * Whether slots stay full: tasks that only wait, on so many slots of the agent. The limit is what no machine reaches, since
 * a process has to be started and ended too; `bare` is what the plain loop reaches with the identical processes.
 */
async function benchSleepers(context: BenchContext): Promise<Figures> {
  const server = await context.openServer(SLEEPER_SLOTS);
  const id = await createGraph(server, wide(SLEEPERS, `sleep ${SLEEP_SECONDS}`));
  const value = SLEEPERS / await runOnce(server, id);
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
