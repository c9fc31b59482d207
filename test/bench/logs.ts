/** One task that prints as fast as it can: how much is stored a second, beside the bare database. */
import type { Sql } from "postgres";
import {
  type Bench,
  type BenchContext,
  type BenchServer,
  type Figures,
  median,
  round,
  ROUNDS,
  toMib,
} from "./bench.ts";
import { createGraph, durationSeconds, type EndedRun, triggerRun, wide } from "./runs.ts";

const QUICK_MEGABYTES = 64;
const FULL_MEGABYTES = 256;
const MEGABYTE = 1_000_000;
/** With its line end, 100 bytes. */
const LINE = "x".repeat(99);
const CHUNK_CHARACTERS = 64 * 1024;
const POLL_MS = 100;

export const logBench: Bench = { name: "log", run: benchLog };

async function benchLog(context: BenchContext): Promise<Figures> {
  const megabytes = context.full ? FULL_MEGABYTES : QUICK_MEGABYTES;
  const command = `yes ${LINE} | head -c ${megabytes * MEGABYTE}`;
  const server = await context.openServer();
  const ours: Round[] = [];
  const bare: number[] = [];
  for (let turn = 0; turn < ROUNDS; turn++) {
    ours.push(await runOnce(server, command));
    bare.push(await storeBare(server, command));
  }
  const value = megabytes / median(ours.map(({ seconds }) => seconds));
  const limit = megabytes / median(bare);
  const [fresh = null, ...warm] = ours.map(({ growth }) => toMib(growth));
  return {
    value: round(value),
    unit: "MB/s",
    limit: round(limit),
    ratio: round(value / limit),
    // What the runtime once takes for itself and keeps, and what comes on top of it.
    memoryGrowthMiB: fresh,
    warmMemoryGrowthMiB: fresh === null ? null : Math.max(...warm.map(Number)),
  };
}

interface Round {
  /** From the start of the run until all its output is stored: a final state comes after that. */
  readonly seconds: number;
  /** Of the server's resident memory, at its highest, in bytes. */
  readonly growth: number | null;
}

async function runOnce(server: BenchServer, command: string): Promise<Round> {
  const before = server.readResidentMemory();
  let highest = before ?? NaN;
  const runId = await triggerRun(server, await createGraph(server, wide(1, command)));
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    highest = Math.max(highest, server.readResidentMemory() ?? NaN);
    const { run } = await server.graphql(
      `query ($id: ID!) { run(id: $id) { id state createdAt startedAt finishedAt } }`,
      { id: runId },
    ) as unknown as { run: EndedRun | { readonly finishedAt: null } };
    if (run.finishedAt === null) continue;
    if (run.state !== "SUCCEEDED") throw new Error(`The run ended ${run.state}`);
    return { seconds: durationSeconds(run), growth: before === null ? null : highest - before };
  }
}

/** Seconds for the same command into a file, and that file copied into a table of the same database, in chunks. */
async function storeBare(server: BenchServer, command: string): Promise<number> {
  const path = await Deno.makeTempFile({ prefix: "orrery-bench-" });
  return await server.withSql(async (sql) => {
    await sql`create table bare_chunks (body text)`;
    const startedAt = performance.now();
    await new Deno.Command("/bin/bash", { args: ["-c", `${command} > "${path}"`] }).output();
    await copyChunks(sql, path);
    const seconds = (performance.now() - startedAt) / 1000;
    await sql`drop table bare_chunks`;
    await Deno.remove(path);
    return seconds;
  });
}

async function copyChunks(sql: Sql, path: string): Promise<void> {
  const writable = await sql`copy bare_chunks from stdin`.writable();
  for await (const chunk of readChunks(path)) {
    await new Promise<void>((resolve, reject) =>
      writable.write(`${chunk.replaceAll("\n", "\\n")}\n`, (error) => error ? reject(error) : resolve())
    );
  }
  await new Promise<void>((resolve, reject) => {
    writable.on("error", reject);
    writable.on("finish", resolve);
    writable.end();
  });
}

async function* readChunks(path: string): AsyncGenerator<string> {
  using file = await Deno.open(path);
  const buffer = new Uint8Array(CHUNK_CHARACTERS);
  for (let length = await file.read(buffer); length !== null; length = await file.read(buffer)) {
    yield new TextDecoder().decode(buffer.subarray(0, length));
  }
}
