/** One task that prints as fast as it can: how much is stored a second, beside the bare database. */
import { type OpenDatabase, openDatabase } from "../../server/db/open.ts";
import { copyEmbeddedTemplate, createTestDatabase, createTestLog } from "../support/database.ts";
import {
  type Bench,
  type BenchContext,
  type BenchServer,
  type Figures,
  median,
  round,
  ROUNDS,
} from "./bench.ts";

const QUICK_MEGABYTES = 64;
const FULL_MEGABYTES = 256;
const MEGABYTE = 1_000_000;
const MIB = 1024 * 1024;
/** With its line end, 100 bytes. */
const LINE = "x".repeat(99);
const CHUNK_CHARACTERS = 64 * 1024;
const CHUNKS_A_STATEMENT = 8;
const STATEMENTS_IN_FLIGHT = 3;
const POLL_MS = 100;

export const logBench: Bench = { name: "log", run: benchLog };

async function benchLog(context: BenchContext): Promise<Figures> {
  const megabytes = context.full ? FULL_MEGABYTES : QUICK_MEGABYTES;
  const command = `yes ${LINE} | head -c ${megabytes * MEGABYTE}`;
  const server = await context.openServer();
  const ours: Round[] = [];
  const bare: number[] = [];
  for (let place = 0; place < ROUNDS; place++) {
    ours.push(await runOnce(server, `log ${place}`, command));
    bare.push(await storeBare(context, command));
  }
  const value = megabytes / median(ours.map(({ seconds }) => seconds));
  const limit = megabytes / median(bare);
  const [fresh, ...warm] = ours.map(({ growth }) => round(growth / MIB));
  return {
    value: round(value),
    unit: "MB/s",
    limit: round(limit),
    ratio: round(value / limit),
    // What the runtime, and the embedded database, once take for themselves and keep, and what comes on top of it.
    memoryGrowthMiB: fresh ?? NaN,
    warmMemoryGrowthMiB: Math.max(...warm),
  };
}

interface Round {
  /** From the start of the run until all its output is stored: a final state comes after that. */
  readonly seconds: number;
  /** Of the server's resident memory, at its highest, in bytes. */
  readonly growth: number;
}

async function runOnce(server: BenchServer, name: string, command: string): Promise<Round> {
  const before = await server.memory();
  let highest = before;
  const made = await server.graphql(
    `mutation ($input: CreateContainerInput!) { createContainer(input: $input) { ... on Container { id } } }`,
    { input: { name } },
  ) as unknown as { createContainer: { id: string } };
  const containerId = made.createContainer.id;
  await server.graphql(
    `mutation ($input: CreateTaskInput!) { createTask(input: $input) { __typename } }`,
    { input: { containerId, name: "printer", command } },
  );
  const started = await server.graphql(
    `mutation ($id: ID!) { triggerRun(containerId: $id) { ... on Run { id } } }`,
    { id: containerId },
  ) as unknown as { triggerRun: { id: string } };
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    highest = Math.max(highest, await server.memory());
    const { run } = await server.graphql(
      `query ($id: ID!) { run(id: $id) { state createdAt finishedAt } }`,
      { id: started.triggerRun.id },
    ) as unknown as { run: { state: string; createdAt: string; finishedAt: string | null } };
    if (run.finishedAt === null) continue;
    if (run.state !== "SUCCEEDED") throw new Error(`The run ended ${run.state}`);
    const seconds = (Date.parse(run.finishedAt) - Date.parse(run.createdAt)) / 1000;
    return { seconds, growth: highest - before };
  }
}

/** Seconds for the same command into a file, and that file stored in a database of the same kind, in chunks. */
async function storeBare({ database }: BenchContext, command: string): Promise<number> {
  const dataDir = await copyEmbeddedTemplate();
  const url = database === "postgres" ? await createTestDatabase(false) : null;
  const opened = await openDatabase({ url, dataDir, log: createTestLog() });
  try {
    await opened.sql`create table bare_chunks (body text)`;
    const path = `${dataDir}/out`;
    const startedAt = performance.now();
    await new Deno.Command("/bin/bash", { args: ["-c", `${command} > "${path}"`] }).output();
    if (opened.kind === "postgres") await copyChunks(opened.sql, path);
    else await insertChunks(opened.sql, path);
    return (performance.now() - startedAt) / 1000;
  } finally {
    await opened.close();
    await Deno.remove(dataDir, { recursive: true });
  }
}

async function copyChunks(sql: OpenDatabase["sql"], path: string): Promise<void> {
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

/** The embedded database takes no COPY: statements of half a megabyte, three in flight, are the quickest there. */
async function insertChunks(sql: OpenDatabase["sql"], path: string): Promise<void> {
  const inFlight = new Set<Promise<unknown>>();
  let chunks: string[] = [];
  const flush = (): void => {
    const texts = `{${chunks.map((text) => `"${text}"`).join(",")}}`;
    chunks = [];
    const sent: Promise<void> = sql`insert into bare_chunks select unnest(${texts}::text::text[])`.then(() =>
      void inFlight.delete(sent)
    );
    inFlight.add(sent);
  };
  for await (const chunk of readChunks(path)) {
    chunks.push(chunk);
    if (chunks.length < CHUNKS_A_STATEMENT) continue;
    flush();
    if (inFlight.size >= STATEMENTS_IN_FLIGHT) await Promise.race(inFlight);
  }
  if (chunks.length > 0) flush();
  await Promise.all(inFlight);
}

async function* readChunks(path: string): AsyncGenerator<string> {
  using file = await Deno.open(path);
  const buffer = new Uint8Array(CHUNK_CHARACTERS);
  for (let length = await file.read(buffer); length !== null; length = await file.read(buffer)) {
    yield new TextDecoder().decode(buffer.subarray(0, length));
  }
}
