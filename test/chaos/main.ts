/** `deno task chaos [--kills N] [--seed N] [--containers N] [--database embedded|postgres]`: a long attack. */
import { findPostgres } from "../support/postgres.ts";
import { type ChaosOptions, runChaos } from "./chaos.ts";
import type { DatabaseName } from "./world.ts";

const DEFAULTS = { kills: 200, containers: 30 };

const numbers = new Map<string, number>();
let wanted: string | null = null;
for (let index = 0; index < Deno.args.length; index += 2) {
  const [name = "", value = ""] = Deno.args.slice(index, index + 2);
  if (name === "--database") wanted = value;
  else if (["--kills", "--seed", "--containers"].includes(name) && /^\d+$/.test(value)) {
    numbers.set(name, Number(value));
  } else fail(`Unknown: ${name} ${value}`);
}

const found: readonly DatabaseName[] = findPostgres() === null ? ["embedded"] : ["embedded", "postgres"];
const databases = found.filter((name) => wanted === null || name === wanted);
if (databases.length === 0) fail(`There is no database "${wanted}" here`);
const seed = numbers.get("--seed") ?? Math.floor(Math.random() * 2 ** 31);
let faulty = false;
for (const database of databases) {
  print(`${database}, seed ${seed}`);
  const options: ChaosOptions = {
    database,
    seed,
    strikes: numbers.get("--kills") ?? DEFAULTS.kills,
    containers: numbers.get("--containers") ?? DEFAULTS.containers,
    say: print,
  };
  const { runs, acknowledged, faults } = await runChaos(options);
  for (const fault of faults) print(`FAULT ${fault}`);
  print(`${database}: ${runs} runs, ${acknowledged} acknowledged calls, ${faults.length} faults`);
  faulty ||= faults.length > 0;
}
Deno.exit(faulty ? 1 : 0);

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

function fail(message: string): never {
  Deno.stderr.writeSync(new TextEncoder().encode(`${message}\n`));
  Deno.exit(2);
}
