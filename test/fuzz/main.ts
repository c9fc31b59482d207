/** `deno task fuzz [--seed N] [--operations N] [--seconds N] [--parallel N]`: operations and requests that nobody would send. */
import { processLives } from "../support/processes.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { runFuzz } from "./fuzz.ts";

const DEFAULTS = {
  seed: Math.floor(Math.random() * 2 ** 31),
  operations: 20_000,
  seconds: 3_600,
  parallel: 20,
};
/** Caches are full and code is compiled after this share of the operations. */
const WARM_UP_SHARE = 0.25;
/** Fewer than this warm nothing up. */
const MIN_MEASURED_OPERATIONS = 4_000;
const MAX_GROWTH_MIB = 64;
const IDLE_MS = 5_000;
/** What is not needed is given back after a while. */
const MAX_IDLES = 12;

const options: Record<string, number> = { ...DEFAULTS };
for (let index = 0; index < Deno.args.length; index += 2) {
  const [name = "", value = ""] = Deno.args.slice(index, index + 2);
  const key = name.replace(/^--/, "");
  if (!(key in DEFAULTS) || !/^\d+$/.test(value)) {
    print(`Unknown: ${name} ${value}`);
    Deno.exit(2);
  }
  options[key] = Number(value);
}
const wanted = { ...DEFAULTS, ...options };
print(`seed ${wanted.seed}, ${wanted.operations} operations, at most ${wanted.parallel} at once`);
Deno.exit(await fuzz() ? 0 : 1);

async function fuzz(): Promise<boolean> {
  await using server = await startServer();
  let warm = Infinity;
  let printed = 0;
  const began = performance.now();
  const { sent, answers, faults } = await runFuzz({
    ...wanted,
    server,
    say: print,
    async pause(count): Promise<void> {
      if (count >= printed + 1_000) print(`${printed = count} sent, ${memoryMiB(server)} MiB`);
      if (count < wanted.operations * WARM_UP_SHARE || warm < Infinity) return;
      await idle();
      warm = memoryMiB(server);
      print(`${warm} MiB after the warm-up`);
    },
  });
  if (!processLives(server.pid)) print(`The server has ended with exit code ${await server.stop()}`);
  const grown = await growsSince(server, warm);
  for (const [answer, count] of Object.entries(answers).toSorted(([, a], [, b]) => b - a)) {
    print(`${count} ${answer}`);
  }
  print(
    `${sent} operations of seed ${wanted.seed} in ${Math.round((performance.now() - began) / 1000)} s, ${
      faults.length + Number(grown)
    } faults`,
  );
  return faults.length === 0 && !grown;
}

async function growsSince(server: TestServer, warm: number): Promise<boolean> {
  if (wanted.operations < MIN_MEASURED_OPERATIONS || warm === Infinity || !processLives(server.pid)) {
    return false;
  }
  let memory = Infinity;
  for (let count = 0; count < MAX_IDLES && memory > warm + MAX_GROWTH_MIB; count++) {
    await idle();
    memory = memoryMiB(server);
  }
  const grown = memory > warm + MAX_GROWTH_MIB;
  print(`${grown ? "FAULT " : ""}${memory} MiB at rest, ${warm} MiB after the warm-up`);
  return grown;
}

function memoryMiB({ pid }: TestServer): number {
  const [, kib] = /^VmRSS:\s+(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`)) ?? [];
  return Math.round(Number(kib) / 1024);
}

function idle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, IDLE_MS));
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
