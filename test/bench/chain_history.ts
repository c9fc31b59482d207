/** A chain on a server that has done much, in turns with one that is new: nothing may become slower with time. */
import {
  type Bench,
  type BenchContext,
  type BenchServer,
  type Figures,
  median,
  medianOrNull,
  round,
} from "./bench.ts";
import { createContainers, inTurns } from "./containers.ts";
import { chain, createGraph, runOnce, triggerRun, waitUntilIdle } from "./runs.ts";

const CONTAINERS = 1_000;
const RUNS = 5_000;
const TASKS = 40;
/** More than elsewhere: a difference of a few percent is to be seen. */
const ROUNDS = 15;

export const chainHistoryBench: Bench = { name: "chain-history", optional: true, run: benchChainHistory };

async function benchChainHistory(context: BenchContext): Promise<Figures> {
  const used = await context.openServer();
  await makeHistory(used);
  const places = await Promise.all([used, await context.openServer()].map(async (server) => {
    const id = await createGraph(server, chain(TASKS));
    await runOnce(server, id);
    return { server, id, rates: [] as number[], cpuMs: [] as (number | null)[] };
  }));
  for (let turn = 0; turn < ROUNDS; turn++) {
    for (const { server, id, rates, cpuMs } of places) {
      const timer = server.startProcessorTimer();
      rates.push(TASKS / await runOnce(server, id));
      const taken = timer();
      cpuMs.push(taken === null ? null : taken / TASKS);
    }
  }
  const [withHistory = [], empty = []] = places.map(({ rates }) => rates);
  const [cpuMs = null, emptyCpuMs = null] = places.map((place) => medianOrNull(place.cpuMs));
  return {
    value: round(median(withHistory)),
    unit: "tasks/s",
    limit: round(median(empty)),
    ratio: round(median(withHistory.map((rate, turn) => rate / (empty[turn] ?? NaN)))),
    cpuMs,
    emptyCpuMs,
    runs: RUNS,
    containers: CONTAINERS,
  };
}

/** Containers are made, run and deleted, as by people, so that the database is left as it would be. */
async function makeHistory(server: BenchServer): Promise<void> {
  const names = Array.from({ length: CONTAINERS }, (_, index) => `history ${index}`);
  const ids = await createContainers(server, names, () => ({ expression: "@yearly", overlap: "ALLOW" }));
  const runs = Array.from({ length: RUNS / CONTAINERS }, () => ids).flat();
  await inTurns(runs, (id) => triggerRun(server, id));
  await waitUntilIdle(server);
  await inTurns(ids, (id) => deleteContainer(server, id));
}

async function deleteContainer(server: BenchServer, id: string): Promise<void> {
  const { deleteContainer: { message } } = await server.graphql(
    "mutation ($id: ID!) { deleteContainer(id: $id) { ... on Error { message } } }",
    { id },
  ) as unknown as { deleteContainer: { message?: string } };
  if (message !== undefined) throw new Error(message);
}
