import type { Work } from "./port.ts";

/**
 * The few words of shell around every task: they outlive the agent, and what they leave in the attempt's folder tells
 * the next one what became of it.
 *
 * 1. Creating `run` without overwriting it is the claim. Whoever is first wins, this wrapper or an agent that gives the
 *    attempt up after a crash; the loser dies before it ran anything. `out` and `err` are created in the same breath, so
 *    that a full disk means "not started" and not "ran without output"; each begins with a line feed (attempt.ts). The death is by signal, which no command can
 *    be mistaken for: its exit codes are the wrapper's own. All of them are for their owner alone; the command has the
 *    server's mask, `$6`. A task without inputs has a file of its own that says so: it may write to it.
 * 2. The signals that stop a task go to its whole group; with the trap the wrapper lives on and writes the exit code.
 *    A trap is back to its default in the program that is started.
 * 3. The command takes the place of a subshell, so that the words with which a shell tells that a signal ended its child
 *    are the wrapper's, which nobody reads, and not in the task's output.
 * 4. The exit code is a line of its own at the end of `run`, and counts once it ends in a newline. The file is opened before
 *    the command runs, which may put in its place what an open would wait for.
 *
 * It is an outer `sh` for every shell. A single bash that runs the command in a subshell started 6 % more tasks a second
 * here (587 to 552), but is not what `bash -c` is: `kill $$`, or a handler that a script sets for it, hits the wrapper.
 * Both files are opened to append, so that one file for both streams has every write where it was made.
 * No variable is set: all that it needs are positional parameters, so that nothing leaks into the command.
 */
const CLAIM =
  `umask 077; set -C; { { echo >&3 && echo >&4 && echo "$$ $4"; } >"$1/run" 3>"$1/out" 4>"$1/err" && ` +
  `{ [ -f "$1/inputs.json" ] || echo {} >"$1/inputs.json"; }; } 2>/dev/null || kill -KILL $$`;
const KEEP_ALIVE = `exec 3>>"$1/run"; umask "$6"; set +C; trap : TERM INT HUP`;
const TELL_END = `set -- "$?"; echo "$1" >&3; exit "$1"`;
const WRAPPER = [CLAIM, KEEP_ALIVE, `(exec "$2" -c "$3" >>"$1/out" 2>>"$1/$5" 3>&-)`, TELL_END].join("; ");

/**
 * Of a command that opens its output anew by name, as in `echo careful > /dev/stderr`, which would empty a file: it writes
 * to pipes, as it would under most other programs that start commands, and two more processes take to the files what
 * comes out of them. These let the signals of a stop pass, since the command may say something last.
 */
const PIPING_WRAPPER = [
  `command -p mkfifo "$1/out.pipe" "$1/err.pipe" 2>/dev/null`,
  CLAIM,
  `[ -p "$1/err.pipe" ] || kill -KILL $$`,
  KEEP_ALIVE,
  `(trap "" TERM INT HUP; command -p cat <"$1/out.pipe" >>"$1/out") &`,
  `[ "$5" = out ] || (trap "" TERM INT HUP; command -p cat <"$1/err.pipe" >>"$1/err") &`,
  `if [ "$5" = out ]; then (exec "$2" -c "$3" >"$1/out.pipe" 2>&1 3>&-)`,
  `else (exec "$2" -c "$3" >"$1/out.pipe" 2>"$1/err.pipe" 3>&-); fi`,
  TELL_END,
].join("\n");
const OUTPUT_BY_NAME = /\/dev\/(?:stdout|stderr|fd\/[12])|\/proc\/self\/fd\/[12]/;

export const WRAPPER_SHELL = "/bin/sh";

/** `note` follows the process id on the first line of `run`. */
export function wrapperArguments(
  folder: string,
  { shell, command, mergeOutput }: Pick<Work, "shell" | "command" | "mergeOutput">,
  note: string,
): string[] {
  const script = OUTPUT_BY_NAME.test(command) ? PIPING_WRAPPER : WRAPPER;
  const umask = Deno.umask().toString(8);
  return ["-c", script, "sh", folder, shell, command, note, mergeOutput ? "out" : "err", umask];
}
