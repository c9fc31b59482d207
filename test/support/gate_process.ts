/** Starts the parts of the gate with the same Deno that runs it, so that it works where none is on the path. */

/** Nothing of the gate takes as long; what does hangs. */
const LONGEST_MS = 20 * 60_000;

/** Runs Deno in the project's root with its output shown. Answers whether it ended well. */
export async function runDeno(args: readonly string[]): Promise<boolean> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
    clearEnv: true,
    env: plainEnvironment(),
    signal: AbortSignal.timeout(LONGEST_MS),
  });
  const { success } = await command.spawn().status;
  return success;
}

/** A person's own settings of the server are none of the tests' business. */
function plainEnvironment(): Record<string, string> {
  const kept = Object.entries(Deno.env.toObject()).filter(([name]) => !name.startsWith("ORRERY_"));
  return Object.fromEntries(kept);
}

export function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
