/** What this machine does without us: a plain loop that starts the identical processes at the same concurrency. */
import { join } from "node:path";
import { makeFolders } from "../../server/agent/spool/folder_pool.ts";
import { leadSession } from "../../server/agent/start/session.ts";
import { WRAPPER_SHELL, wrapperArguments } from "../../server/agent/start/wrapper.ts";
import { startProcessorTimer } from "./processes.ts";

const SHELL = "/bin/bash";
const FOLDERS_AT_ONCE = 32;

export interface BareResult {
  /** Processes per second, started as the agent starts them: wrapper, shell, files for output and exit code. */
  readonly limit: number;
  /** Processor time of one of them, with the loop's own; null where it cannot be measured. */
  readonly cpuMs: number | null;
  /** The rate of the shell alone, without wrapper and files. */
  readonly bareShell: number;
}

export async function runBare(count: number, concurrency: number, command = ":"): Promise<BareResult> {
  const root = await Deno.makeTempDir({ prefix: "orrery-bare-" });
  try {
    const names = Array.from({ length: count }, (_, index) => String(index));
    while (names.length > 0) await makeFolders(root, names.splice(-FOLDERS_AT_ONCE), true);
    const timer = startProcessorTimer(() => [Deno.pid]);
    const limit = await measure(
      count,
      concurrency,
      (index) =>
        start(
          WRAPPER_SHELL,
          wrapperArguments(join(root, String(index)), { shell: SHELL, command, mergeOutput: false }, "bench"),
        ),
    );
    const cpuMs = timer();
    const bareShell = await measure(count, concurrency, () => start(SHELL, ["-c", command]));
    return { limit, cpuMs: cpuMs === null ? null : cpuMs / count, bareShell };
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function measure(
  count: number,
  concurrency: number,
  run: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const worker = async (): Promise<void> => {
    while (next < count) await run(next++);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return count / ((performance.now() - startedAt) / 1000);
}

/** One process, as the agent starts it; `folder` is there. */
export async function startBare(folder: string, command: string): Promise<void> {
  await start(
    WRAPPER_SHELL,
    wrapperArguments(folder, { shell: SHELL, command, mergeOutput: false }, "bench"),
  );
}

async function start(shell: string, shellArgs: readonly string[]): Promise<unknown> {
  const { program, args, detached } = leadSession(shell, shellArgs);
  const child = new Deno.Command(program, {
    args: [...args],
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin" },
    detached,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return await child.status;
}
