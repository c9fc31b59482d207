/**
 * Benchmarks: `deno task bench [NAME...] [--json] [--full] [--database bundled|postgres]`. A table for people, or one
 * JSON object a line. Ratios count: machines differ and are noisy.
 */
import { closeBrowser } from "../e2e/browser.ts";
import { type Bench, type DatabaseName, DATABASES, type Figures } from "./bench.ts";
import { chainHistoryBench } from "./chain_history.ts";
import { consoleBench } from "./console.ts";
import { consoleLogBench } from "./console_log.ts";
import { exchangesBench } from "./exchanges.ts";
import { graphBenches } from "./graphs.ts";
import { idleBench } from "./idle.ts";
import { logDropBench } from "./log_drop.ts";
import { logLiveBench } from "./log_live.ts";
import { logSearchBench } from "./log_search.ts";
import { logBench } from "./logs.ts";
import { pagesBench } from "./pages.ts";
import { previewBench } from "./previews.ts";
import { createContext } from "./servers.ts";
import { serverStartBench } from "./server_start.ts";
import { startBench } from "./start.ts";
import { tickBench } from "./ticks.ts";

const BENCHES: readonly Bench[] = [
  ...graphBenches,
  tickBench,
  previewBench,
  idleBench,
  serverStartBench,
  startBench,
  exchangesBench,
  chainHistoryBench,
  logBench,
  logLiveBench,
  logSearchBench,
  logDropBench,
  pagesBench,
  consoleBench,
  consoleLogBench,
];

interface Options {
  readonly names: readonly string[];
  readonly json: boolean;
  readonly full: boolean;
  readonly database: DatabaseName;
}

await main(readOptions(Deno.args));

async function main({ names, json, full, database }: Options): Promise<void> {
  for (const bench of BENCHES) {
    const wanted = names.length === 0 ? bench.optional !== true : names.includes(bench.name);
    if (!wanted) continue;
    await using context = createContext(database, full);
    const figures = await bench.run(context);
    print(
      json ? JSON.stringify({ bench: bench.name, database, ...figures }) : row(bench.name, database, figures),
    );
  }
  await closeBrowser();
}

function readOptions(args: readonly string[]): Options {
  const names: string[] = [];
  const flags = new Set<string>();
  let wanted = "bundled";
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--database") wanted = args[++index] ?? "";
    else if (arg.startsWith("--")) flags.add(arg);
    else names.push(arg);
  }
  const database = DATABASES.find((name) => name === wanted);
  const unknown = [
    ...[...flags].filter((flag) => flag !== "--json" && flag !== "--full"),
    ...names.filter((name) => !BENCHES.some((bench) => bench.name === name)),
    ...(database === undefined ? [`--database ${wanted}`] : []),
  ];
  if (database === undefined || unknown.length > 0) {
    fail(`Unknown: ${unknown.join(", ")}. Benchmarks: ${BENCHES.map(({ name }) => name).join(", ")}`);
  }
  return { names, json: flags.has("--json"), full: flags.has("--full"), database };
}

function row(name: string, database: string, { value, unit, limit, ...more }: Figures): string {
  const rest = Object.entries(more).map(([key, figure]) => `${key} ${figure}`).join("  ");
  const beside = limit === null ? "" : `of ${limit}`;
  return `${name.padEnd(13)} ${database.padEnd(9)} ${String(value).padStart(8)} ${unit.padEnd(8)} ${
    beside.padEnd(12)
  } ${rest}`;
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

function fail(message: string): never {
  Deno.stderr.writeSync(new TextEncoder().encode(`${message}\n`));
  Deno.exit(2);
}
