/** What a server costs that has much to keep in mind and nothing to do: hourly containers, none of them due. */
import { type Bench, type BenchContext, type Figures, round } from "./bench.ts";
import { createContainers } from "./containers.ts";

const QUICK_CONTAINERS = 1_000;
const FULL_CONTAINERS = 10_000;
const QUICK_MS = 10_000;
const FULL_MS = 60_000;
/** After a start: what comes with it is done. */
const SETTLE_MS = 3_000;
const MIB = 1024 * 1024;

export const idleBench: Bench = { name: "idle", optional: true, run: benchIdle };

async function benchIdle(context: BenchContext): Promise<Figures> {
  const empty = await context.openServer();
  const server = await context.openServer();
  const count = context.full ? FULL_CONTAINERS : QUICK_CONTAINERS;
  const names = Array.from({ length: count }, (_, index) => `idle ${index}`);
  // As far from now as an hour allows.
  const minute = (new Date().getUTCMinutes() + 30) % 60;
  await createContainers(server, names, () => ({ expression: `${minute} * * * *` }));
  await server.restart();
  await empty.restart();
  await sleep(SETTLE_MS);
  const forMs = context.full ? FULL_MS : QUICK_MS;
  const before = { cpu: await server.cpuSeconds(), empty: await empty.cpuSeconds() };
  await sleep(forMs);
  const share = (seconds: number): number => round(seconds / (forMs / 1000) * 100);
  return {
    value: share(await server.cpuSeconds() - before.cpu),
    unit: "% CPU",
    limit: share(await empty.cpuSeconds() - before.empty),
    containers: count,
    memoryMiB: round(await server.memory() / MIB),
    emptyMemoryMiB: round(await empty.memory() / MIB),
  };
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
