/**
 * Benchmarks: `deno task bench [NAME...] [--json] [--full] [--database embedded|postgres]`. A table for people, or one
 * JSON object a line. Ratios count: machines differ and are noisy.
 */
import { findPostgres } from "../support/postgres.ts";
import type { Bench, DatabaseName, Figures } from "./bench.ts";
import { consoleBench } from "./console.ts";
import { consoleLogBench } from "./console_log.ts";
import { graphBenches } from "./graphs.ts";
import { idleBench } from "./idle.ts";
import { logDropBench } from "./log_drop.ts";
import { logLiveBench } from "./log_live.ts";
import { logSearchBench } from "./log_search.ts";
import { logBench } from "./logs.ts";
import { pagesBench } from "./pages.ts";
import { previewBench } from "./previews.ts";
import { createContext } from "./servers.ts";
import { tickBench } from "./ticks.ts";

const BENCHES: readonly Bench[] = [
  ...graphBenches,
  tickBench,
  previewBench,
  idleBench,
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
  readonly databases: readonly DatabaseName[];
}

await main(readOptions(Deno.args));

async function main(options: Options): Promise<void> {
  for (const bench of BENCHES) {
    const wanted = options.names.length === 0 ? bench.optional !== true : options.names.includes(bench.name);
    if (!wanted) continue;
    for (const database of options.databases.filter((name) => bench.databases?.includes(name) ?? true)) {
      await using context = createContext(database, options.full);
      const figures = await bench.run(context);
      print(
        options.json
          ? JSON.stringify({ bench: bench.name, database, ...figures })
          : row(bench.name, database, figures),
      );
    }
  }
}

function readOptions(args: readonly string[]): Options {
  const names: string[] = [];
  const flags = new Set<string>();
  let database: string | null = null;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--database") database = args[++index] ?? "";
    else if (arg.startsWith("--")) flags.add(arg);
    else names.push(arg);
  }
  const unknown = [
    ...[...flags].filter((flag) => flag !== "--json" && flag !== "--full"),
    ...names.filter((name) => !BENCHES.some((bench) => bench.name === name)),
    ...(database === null || database === "embedded" || database === "postgres" ? [] : [database]),
  ];
  if (unknown.length > 0) {
    fail(`Unknown: ${unknown.join(", ")}. Benchmarks: ${BENCHES.map(({ name }) => name).join(", ")}`);
  }
  const found: readonly DatabaseName[] = findPostgres() === null ? ["embedded"] : ["embedded", "postgres"];
  const databases = database === null ? found : found.filter((name) => name === database);
  if (databases.length === 0) fail("PostgreSQL is not installed");
  return { names, json: flags.has("--json"), full: flags.has("--full"), databases };
}

function row(name: string, database: string, { value, unit, limit, ...more }: Figures): string {
  const rest = Object.entries(more).map(([key, figure]) => `${key} ${figure}`).join("  ");
  const beside = limit === null ? "" : `of ${limit}`;
  return `${name.padEnd(12)} ${database.padEnd(9)} ${String(value).padStart(8)} ${unit.padEnd(8)} ${
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
