/** From the call that starts a single run, at rest, to its process; beside it a bare start of the identical process. */
import { join } from "node:path";
import { makeFolders } from "../../server/agent/spool/folder_pool.ts";
import { startBare } from "./bare.ts";
import { type Bench, type BenchContext, type BenchServer, type Figures, quantile, round } from "./bench.ts";
import { createGraph, triggerRun, wide } from "./runs.ts";

const RUNS = 100;
/** Both are at rest again. */
const REST_MS = 100;
const LOOK_MS = 5;

export const startBench: Bench = { name: "start", optional: true, run: benchStart };

async function benchStart(context: BenchContext): Promise<Figures> {
  const server = await context.openServer();
  const folder = await Deno.makeTempDir({ prefix: "orrery-start-" });
  try {
    const mark = join(folder, "mark");
    // The shell's own clock, read by the first thing that it does.
    const command = `echo $EPOCHREALTIME > ${mark}`;
    const id = await createGraph(server, wide(1, command), "ALLOW");
    await makeFolders(folder, Array.from({ length: RUNS }, (_, index) => `${index}`), true);
    const ours: number[] = [];
    const bare: number[] = [];
    for (let index = 0; index < RUNS; index++) {
      ours.push(await timeStart(mark, () => call(server, id)));
      bare.push(await timeStart(mark, () => startBare(join(folder, `${index}`), command)));
    }
    const p50 = quantile(ours, 0.5);
    return {
      value: round(p50),
      unit: "ms",
      limit: round(quantile(bare, 0.5)),
      p95Ms: round(quantile(ours, 0.95)),
      limitP95Ms: round(quantile(bare, 0.95)),
      aboveLimitMs: round(p50 - quantile(bare, 0.5)),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function call(server: BenchServer, containerId: string): Promise<void> {
  await triggerRun(server, containerId);
}

async function timeStart(mark: string, start: () => Promise<void>): Promise<number> {
  await sleep(REST_MS);
  const calledAt = Date.now();
  await start();
  for (;;) {
    const at = Number((await Deno.readTextFile(mark).catch(() => "")).trim().replace(",", "."));
    if (at > 0) {
      await Deno.remove(mark);
      return at * 1000 - calledAt;
    }
    await sleep(LOOK_MS);
  }
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
