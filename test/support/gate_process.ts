/** Starts the parts of the gate with the same Deno that runs it, so that it works where none is on the path. */

/** What takes as long hangs. All tests of the server take a quarter of it, and on a busy machine twice that. */
const LONGEST_MS = 60 * 60_000;

export interface DenoEnd {
  readonly good: boolean;
  /** In words, when it was ended by a signal and not by itself; such an end says nothing of its own. */
  readonly struckBy: string | null;
  readonly late: boolean;
}

export interface DenoOptions {
  /** On top of the person's own, without settings of the server. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly longestMs?: number;
}

/** Runs Deno in the project's root with its output shown. */
export async function runDeno(
  args: readonly string[],
  { environment = {}, longestMs = LONGEST_MS }: DenoOptions = {},
): Promise<DenoEnd> {
  const patience = AbortSignal.timeout(longestMs);
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
    clearEnv: true,
    env: { ...plainEnvironment(), ...environment },
    signal: patience,
  });
  const { success, signal } = await command.spawn().status;
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

export function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
