/** `deno task chaos [--kills N] [--seed N] [--containers N] [--crowd N] [--database bundled|postgres]`: a long attack. */
import { runChaos } from "./chaos.ts";
import { runCrowd } from "./crowd.ts";
import type { ClockName, DatabaseName } from "./world.ts";

const DEFAULTS = { kills: 200, containers: 30, crowd: 10_000 };
/** One kill in so many is made again under a mad clock. */
const MAD_SHARE = 5;
const FAULTS_TOLD = 20;

const numbers = new Map<string, number>();
let wanted: string | null = null;
for (let index = 0; index < Deno.args.length; index += 2) {
  const [name = "", value = ""] = Deno.args.slice(index, index + 2);
  if (name === "--database") wanted = value;
  else if (["--kills", "--seed", "--containers", "--crowd"].includes(name) && /^\d+$/.test(value)) {
    numbers.set(name, Number(value));
  } else fail(`Unknown: ${name} ${value}`);
}

const known: readonly DatabaseName[] = ["bundled", "postgres"];
const databases = known.filter((name) => wanted === null || name === wanted);
if (databases.length === 0) fail(`There is no database "${wanted}" here`);
const seed = numbers.get("--seed") ?? Math.floor(Math.random() * 2 ** 31);
const kills = numbers.get("--kills") ?? DEFAULTS.kills;
let faulty = false;
for (const database of databases) {
  await attack(database, "true", kills);
  await attack(database, "mad", Math.ceil(kills / MAD_SHARE));
  await crowd(database, numbers.get("--crowd") ?? DEFAULTS.crowd);
}
Deno.exit(faulty ? 1 : 0);

async function attack(database: DatabaseName, clock: ClockName, strikes: number): Promise<void> {
  print(`${database}, ${clock} clock, seed ${seed}`);
  const containers = numbers.get("--containers") ?? DEFAULTS.containers;
  const { runs, acknowledged, faults } = await runChaos({
    database,
    clock,
    strikes,
    seed,
    containers,
    say: print,
  });
  tell(faults, `${database}, ${clock} clock: ${runs} runs, ${acknowledged} acknowledged calls`);
}

async function crowd(database: DatabaseName, tasks: number): Promise<void> {
  const { seconds, faults } = await runCrowd(database, tasks);
  tell(faults, `${database}: ${tasks} tasks that exit at once, in ${seconds.toFixed(0)} s`);
}

function tell(faults: readonly string[], what: string): void {
  for (const fault of faults.slice(0, FAULTS_TOLD)) print(`FAULT ${fault}`);
  print(`${what}, ${faults.length} faults`);
  faulty ||= faults.length > 0;
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

function fail(message: string): never {
  Deno.stderr.writeSync(new TextEncoder().encode(`${message}\n`));
  Deno.exit(2);
}
