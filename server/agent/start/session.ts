/**
 * How a process gets a session and a group of its own. Deno's `detached` copies the whole server's page tables with a
 * fork: 4 ms a process at 300 MB, in which nothing else is done. Without it the system starts a program in half a
 * millisecond however large the server is, and setsid(1) makes the session, under the same process id.
 */
const SETSID = "/usr/bin/setsid";

/** A program with its arguments, and whether Deno has to make the session. */
interface SessionCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly detached: boolean;
}

export function leadSession(program: string, args: readonly string[]): SessionCommand {
  return hasSetsid()
    ? { program: SETSID, args: [program, ...args], detached: false }
    : { program, args, detached: true };
}

/** Not on macOS. Looked for each time: a microsecond, and nothing to be kept. */
function hasSetsid(): boolean {
  try {
    return Deno.statSync(SETSID).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
