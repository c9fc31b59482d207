/** What a server and its database cost while they have nothing to do: without schedules, and with many, none of them due. */
import { fillHistory } from "../support/history.ts";
import { type Bench, type BenchContext, type BenchServer, type Figures, round, toMib } from "./bench.ts";

const CONTAINERS = 10_000;
const QUICK_MS = 30_000;
const FULL_MS = 60_000;
/** After a start: what comes with it is done. */
const SETTLE_MS = 3_000;

export const idleBench: Bench = { name: "idle", optional: true, run: benchIdle };

async function benchIdle(context: BenchContext): Promise<Figures> {
  const server = await context.openServer();
  const forMs = context.full ? FULL_MS : QUICK_MS;
  const empty = await measure(server, forMs);
  // Each of the schedules is due days from now.
  await server.withSql((sql) => fillHistory(sql, { containers: CONTAINERS, runs: 0, end: new Date() }));
  const filled = await measure(server, forMs);
  return {
    value: filled.cpuPercent ?? NaN,
    unit: "% CPU",
    limit: null,
    emptyCpuPercent: empty.cpuPercent,
    containers: CONTAINERS,
    memoryMiB: toMib(filled.memory),
    emptyMemoryMiB: toMib(empty.memory),
  };
}

interface Idle {
  /** Of one core. */
  readonly cpuPercent: number | null;
  readonly memory: number | null;
}

async function measure(server: BenchServer, forMs: number): Promise<Idle> {
  await server.restart();
  await sleep(SETTLE_MS);
  const timer = server.startProcessorTimer();
  await sleep(forMs);
  const cpuMs = timer();
  return { cpuPercent: cpuMs === null ? null : round(cpuMs / forMs * 100), memory: server.readMemory() };
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
