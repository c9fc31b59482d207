/**
 * From `deno task start` until it answers, with packages installed and the console built: in an empty data directory, and
 * once more in the same. Beside it what PostgreSQL alone takes until it answers: initialised and started when it is bundled,
 * connected when it is external.
 */
import { fileURLToPath } from "node:url";
import {
  type Bench,
  type BenchContext,
  type Figures,
  median,
  round,
  ROUNDS,
  type StorageSettings,
} from "./bench.ts";
import { openStorage } from "./servers.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const READY = "Orrery is ready at ";

export const serverStartBench: Bench = { name: "server-start", optional: true, run: benchStart };

async function benchStart(context: BenchContext): Promise<Figures> {
  // What is not built or cached yet is no part of it.
  await timeStart(await context.createStorage());
  const times: Record<"first" | "firstLimit" | "warm" | "warmLimit", number[]> = {
    first: [],
    firstLimit: [],
    warm: [],
    warmLimit: [],
  };
  for (let turn = 0; turn < ROUNDS; turn++) {
    const [ours, bare] = [await context.createStorage(), await context.createStorage()];
    times.first.push(await timeStart(ours));
    times.firstLimit.push(await timeDatabase(bare));
    times.warm.push(await timeStart(ours));
    times.warmLimit.push(await timeDatabase(bare));
  }
  return {
    value: round(median(times.first)),
    unit: "ms",
    limit: round(median(times.firstLimit)),
    warmMs: round(median(times.warm)),
    warmLimitMs: round(median(times.warmLimit)),
  };
}

async function timeStart({ dataDir, databaseUrl }: StorageSettings): Promise<number> {
  const startedAt = performance.now();
  await using program = new Deno.Command(Deno.execPath(), {
    args: ["task", "start"],
    cwd: ROOT,
    env: {
      NO_COLOR: "1",
      ORRERY_DATA_DIR: dataDir,
      ORRERY_PORT: "0",
      ...databaseUrl === null ? {} : { ORRERY_DATABASE_URL: databaseUrl },
    },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let output = "";
  for await (
    const text of program.stdout.pipeThrough(new TextDecoderStream()).values({ preventCancel: true })
  ) {
    output += text;
    if (output.includes(READY)) return performance.now() - startedAt;
  }
  throw new Error("The server did not start");
}

async function timeDatabase(storage: StorageSettings): Promise<number> {
  const startedAt = performance.now();
  const opened = await openStorage(storage);
  try {
    await opened.sql`select 1`;
    return performance.now() - startedAt;
  } finally {
    await opened.close();
  }
}
