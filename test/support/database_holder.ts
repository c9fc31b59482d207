/** test/programs/database_holder.ts as a process of its own. */
import { fileURLToPath } from "node:url";
import { clusterOf, stopEarlierServer } from "../../server/db/bundled_cluster.ts";
import { until } from "./until.ts";

export interface DatabaseHolder extends AsyncDisposable {
  /** What it said so far, whole lines. */
  said(): readonly string[];
  /** Standard error so far. */
  complained(): string;
  /** Its exit code. */
  readonly ended: Promise<number>;
  /** SIGKILL, and until it is gone. */
  kill(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL("../programs/database_holder.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** `under`: a program and its arguments that runs it, such as strace. */
export function startDatabaseHolder(
  dataDir: string,
  { write = false, under = [] }: { readonly write?: boolean; readonly under?: readonly string[] } = {},
): DatabaseHolder {
  const [program = "", ...args] = [
    ...under,
    Deno.execPath(),
    ...["run", "-A", "--no-check", "--quiet", PROGRAM, dataDir],
    ...write ? ["--write"] : [],
  ];
  const child = new Deno.Command(program, {
    args,
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  })
    .spawn();
  let output = "";
  let errors = "";
  const read = Promise.all([
    collect(child.stdout, (text) => output += text),
    collect(child.stderr, (text) => errors += text),
  ]);
  let over = false;
  const status = child.status.finally(() => over = true);
  const ended = Promise.all([status, read]).then(([{ code }]) => code);
  async function kill(): Promise<void> {
    if (!over) child.kill("SIGKILL");
    await ended;
  }
  return {
    said: () => output.split("\n").slice(0, -1),
    complained: () => errors,
    ended,
    kill,
    async [Symbol.asyncDispose](): Promise<void> {
      await kill();
      await stopEarlierServer(clusterOf(dataDir));
    },
  };
}

export async function untilOpen(holder: DatabaseHolder): Promise<void> {
  await until("the database is open", () => holder.said().includes("open"), 60_000);
}

async function collect(stream: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of stream) take(decoder.decode(bytes, { stream: true }));
}
