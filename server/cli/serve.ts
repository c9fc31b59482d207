/** `serve`: opens everything, says where it answers, and waits to be told to stop. */
import { openApp } from "../app.ts";
import type { Config } from "../config.ts";
import { createLog, type Log, toStandardError } from "../log.ts";

/** Whatever does not close by then is left to the kernel; tasks go on in any case. */
const CLOSE_MS = 9_000;

export async function serve(config: Config): Promise<void> {
  const log = await openLog(config);
  logUnhandled(log);
  const stopped = untilTold();
  if (Deno.build.os !== "windows" && Deno.uid() === 0) {
    log.warn("Orrery runs as root, and so does every task; give it a user of its own");
  }
  const terminal = Deno.stdout.isTerminal();
  // Without a terminal standard output has the ready line and nothing else.
  const app = await openApp({ config, log, terminal, print: terminal ? print : printError });
  print(`Orrery is ready at ${app.address}`);
  await stopped;
  log.info("Stopping; tasks that run are left alive and found again at the next start");
  const late = new Promise<"late">((resolve) => setTimeout(() => resolve("late"), CLOSE_MS));
  if (await Promise.race([app.close(), late]) === "late") log.warn("Something did not close in time");
  // Timers of libraries must not keep a stopped server alive.
  Deno.exit(0);
}

/** A promise that failed and that nobody waits for is written to the log; it does not end the server. Answers the way back. */
export function logUnhandled(log: Log): () => void {
  const onRejection = (event: PromiseRejectionEvent): void => {
    event.preventDefault();
    log.error("An operation that nobody waited for has failed", { error: event.reason });
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  return () => globalThis.removeEventListener("unhandledrejection", onRejection);
}

async function openLog({ logLevel, logFile, ...settings }: Config): Promise<Log> {
  if (logFile === null) return createLog(logLevel);
  // Loaded only where it is asked for: it takes a part of the time of a start.
  const { openLogFile } = await import("../log_file.ts");
  const file = openLogFile({
    path: logFile,
    megabytes: settings.logFileMegabytes,
    hours: settings.logFileHours,
    count: settings.logFileCount,
    clock: { now: () => Date.now() },
  });
  return createLog(logLevel, [toStandardError(), file]);
}

/** Told twice is told once: a task runner passes a signal on that the terminal has sent already. */
function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => resolve());
  });
}

function printError(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
