import { PIPES_REFERENCE } from "../spool/folder_pool.ts";
import type { Work } from "../port.ts";
import { READER_REQUESTS } from "../output/readers.ts";

/**
 * The few words of shell around every task: they outlive the agent, and what they leave in the attempt's folder tells
 * the next one what became of it.
 *
 * 1. Creating `run` without overwriting it is the claim. Whoever is first wins, this wrapper or an agent that gives the
 *    attempt up after a crash; the loser dies before it ran anything, as does one on a full disk. The death is by
 *    signal, which no command can be mistaken for: its exit codes are the wrapper's own. All files are for their owner
 *    alone; the command has the server's mask, `$6`. A task without inputs has a file of its own that says so: it may
 *    write to it.
 * 2. The command writes to named pipes, which no program can empty by opening them anew by name, as in
 *    `echo careful > /dev/stderr`. They are open here for reading too, so that they hold what nobody has read yet.
 * 3. The signals that stop a task go to its whole group; with the trap the wrapper lives on and writes the exit code.
 *    A trap is back to its default in the program that is started.
 * 4. The command takes the place of a subshell, so that the words with which a shell tells that a signal ended its child
 *    are the wrapper's, which nobody reads, and not in the task's output.
 * 5. The exit code is a line of its own at the end of `run`, and counts once it ends in a newline. The file is opened before
 *    the command runs, which may put in its place what an open would wait for.
 * 6. A pipe that was written to and has no reader is not left before it has one (readers.ts): the agent that holds it too
 *    may be gone. A reader, or the lack of room for one, is announced in `ready`, which is open before it is asked for.
 *
 * It is an outer `sh` for every shell. A single bash that runs the command in a subshell started 6 % more tasks a second
 * here (587 to 552), but is not what `bash -c` is: `kill $$`, or a handler that a script sets for it, hits the wrapper.
 * No variable is set before the command ends: all that it needs are positional parameters, so that nothing leaks into it.
 */
const CLAIM = `umask 077; set -C; { command exec 4<>"$1/out.pipe" 5<>"$1/$5.pipe" 6<>"$1/ready" && ` +
  `echo "$$ $4" >"$1/run" && { [ -f "$1/inputs.json" ] || echo {} >"$1/inputs.json"; }; } 2>/dev/null || kill -KILL $$`;
const KEEP_ALIVE = `exec 3>>"$1/run"; umask "$6"; set +C; trap : TERM INT HUP`;
/** `prefix` stands before the shell, such as a program that changes the user. */
const runCommand = (prefix: string): string =>
  `(exec ${prefix}"$2" -c "$3" >"$1/out.pipe" 2>"$1/$5.pipe" 3>&- 4>&- 5>&- 6>&-)`;
const TELL_END = `set -- "$?" "$1" "$5" "\${1%/*}"; echo "$1" >&3`;
const AWAIT_READERS =
  `read_elsewhere() { [ "$1.pipe" -ot "$2/${PIPES_REFERENCE}" ] || [ -e "$1.reader" ] || [ -x "$1.pipe" ] || [ ! -p "$1.pipe" ]; }; ` +
  `until read_elsewhere "$2/out" "$4" && read_elsewhere "$2/$3" "$4" || [ ! "$2/ready" -ef /dev/fd/6 ]; do ` +
  `[ ! -p "$4/${READER_REQUESTS}" ] || echo "\${2##*/}" 1<>"$4/${READER_REQUESTS}"; read -r REPLY <&6; done; exit "$1"`;
const wrapper = (prefix: string): string =>
  [CLAIM, KEEP_ALIVE, runCommand(prefix), TELL_END, AWAIT_READERS].join("; ");

export const WRAPPER_SHELL = "/bin/sh";

/** `note` follows the process id on the first line of `run`. */
export function wrapperArguments(
  folder: string,
  { shell, command, mergeOutput }: Pick<Work, "shell" | "command" | "mergeOutput">,
  note: string,
  prefix = "",
): string[] {
  const umask = Deno.umask().toString(8);
  return ["-c", wrapper(prefix), "sh", folder, shell, command, note, mergeOutput ? "out" : "err", umask];
}
