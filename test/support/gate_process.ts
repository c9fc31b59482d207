/** Starts the parts of the gate with the same Deno that runs it, so that it works where none is on the path. */

/** What takes as long hangs. All tests of the server take a quarter of it, and on a busy machine twice that. */
const MAX_MS = 60 * 60_000;
const LEFT_OPEN_MS = 2_000;

export interface DenoEnd {
  readonly good: boolean;
  /** In words, when it was ended by a signal and not by itself; such an end says nothing of its own. */
  readonly struckBy: string | null;
  readonly late: boolean;
}

/** When the output of a process is shown. */
export type Shown = "at once" | "at the end";

export interface DenoOptions {
  /** On top of the person's own, without settings of the server. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly longestMs?: number;
  readonly shown?: Shown;
}

/** Runs Deno in the project's root. */
export async function runDeno(
  args: readonly string[],
  { environment = {}, longestMs = MAX_MS, shown = "at once" }: DenoOptions = {},
): Promise<DenoEnd> {
  const patience = AbortSignal.timeout(longestMs);
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "null",
    stdout: shown === "at once" ? "inherit" : "piped",
    stderr: shown === "at once" ? "inherit" : "piped",
    clearEnv: true,
    env: { ...plainEnvironment(), ...environment },
    signal: patience,
  });
  const child = command.spawn();
  const streams = shown === "at once" ? [] : [collect(child.stdout), collect(child.stderr)];
  const { success, signal } = await child.status;
  for (const stream of streams) say(await stream.text());
  const late = signal !== null && patience.aborted;
  const struckBy = late
    ? `stopped, since it had not ended after ${longestMs / 60_000} min`
    : signalled(signal);
  if (struckBy !== null) say(`\ndeno ${args[0] ?? ""} was ${struckBy}`);
  return { good: success, struckBy, late };
}

function signalled(signal: Deno.Signal | null): string | null {
  return signal === null ? null : `ended by ${signal}`;
}

/** A person's own settings of the server are none of the tests' business. */
function plainEnvironment(): Record<string, string> {
  const kept = Object.entries(Deno.env.toObject()).filter(([name]) => !name.startsWith("ORRERY_"));
  return Object.fromEntries(kept);
}

/** What comes until the end of the stream, or shortly after the process: a process that it has left may hold the stream open. */
function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>): { text(): Promise<string> } {
  let collected = "";
  const end = (async () => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) collected += text;
  })();
  return {
    async text(): Promise<string> {
      let timer: ReturnType<typeof setTimeout> | undefined;
      await Promise.race([end, new Promise((resolve) => timer = setTimeout(resolve, LEFT_OPEN_MS))]);
      clearTimeout(timer);
      return collected;
    },
  };
}

export function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
