/** Starts the process of an attempt, or says in a sentence why there is none. */
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { say, type Sentence } from "../../../schema/sentences.ts";
import { isSystemLimit } from "../backoff.ts";
import type { Work } from "../port.ts";
import { MARK_VARIABLE } from "../end/processes.ts";
import { leadSession } from "./session.ts";
import { INPUTS_VARIABLE, provideInputs } from "./task_inputs.ts";
import { provideParameters } from "./task_parameters.ts";
import { OUTPUT_VARIABLE, outputPath } from "../end/task_outputs.ts";
import { type AllowedUsers, type SystemUser, userEnvironment, userPrefix } from "./users.ts";
import { WRAPPER_SHELL, wrapperArguments } from "./wrapper.ts";

/** Any of the three execute bits. */
const EXECUTABLE = 0o111;

interface LaunchPlace {
  readonly folder: string;
  /** Behind the process id in the attempt's `run`. */
  readonly note: string;
  readonly mark: string;
  readonly workDir: string;
  readonly baseEnvironment: Readonly<Record<string, string>>;
  readonly users: AllowedUsers;
}

type Launch =
  | { readonly kind: "started"; readonly child: Deno.ChildProcess }
  /** Postponed: the system has no descriptor, process or memory to give just now. */
  | { readonly kind: "postponed"; readonly reason: Sentence }
  | { readonly kind: "failed"; readonly reason: Sentence };

/** The process leads a session and a group of its own, and inherits nothing but what is given here. */
export function launchProcess(work: Work, place: LaunchPlace): Launch {
  const user = work.runAs === null ? null : place.users.get(work.runAs);
  if (user === undefined) {
    return {
      kind: "failed",
      reason: say("START_FAILED", { why: say("USER_REFUSED", { user: work.runAs ?? "" }) }),
    };
  }
  // The agent's own work folder is closed to others.
  const home = user === null ? place.workDir : user.home;
  const directory = work.directory === null ? home : resolve(home, work.directory);
  const searchPath = work.environment.PATH ?? place.baseEnvironment.PATH ?? "";
  const obstacle = work.obstacle ?? findObstacle(work.shell, directory, searchPath);
  if (obstacle !== null) return { kind: "failed", reason: say("START_FAILED", { why: obstacle }) };
  try {
    const env = environmentOf(work, place, user);
    if (user !== null) givePipes(place.folder, user);
    const { program, args, detached } = leadSession(
      WRAPPER_SHELL,
      wrapperArguments(place.folder, work, place.note, user === null ? "" : userPrefix(user)),
    );
    const child = new Deno.Command(program, {
      args: [...args],
      cwd: directory,
      env,
      clearEnv: true,
      detached,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    return { kind: "started", child };
  } catch (error) {
    const reason = say("START_FAILED", { why: explain(error) });
    return isSystemLimit(error) ? { kind: "postponed", reason } : { kind: "failed", reason };
  }
}

/** Who owns a pipe may open it by name too, as in `echo careful > /dev/stderr`. */
function givePipes(folder: string, { uid, gid }: SystemUser): void {
  for (const pipe of ["out.pipe", "err.pipe"]) Deno.chownSync(join(folder, pipe), uid, gid);
}

function environmentOf(work: Work, place: LaunchPlace, user: SystemUser | null): Record<string, string> {
  return {
    ...place.baseEnvironment,
    ...user === null ? {} : userEnvironment(user),
    ...work.environment,
    ...provideParameters(work.environment, place.folder),
    [OUTPUT_VARIABLE]: outputPath(place.folder),
    [INPUTS_VARIABLE]: provideInputs(work.inputs, place.folder),
    [MARK_VARIABLE]: place.mark,
  };
}

function findObstacle(shell: string, directory: string, searchPath: string): Sentence | null {
  const place = statPath(directory);
  if (place === null) return say("DIRECTORY_MISSING", { path: directory });
  if (!place.isDirectory) return say("NO_DIRECTORY", { path: directory });
  if (shell.includes("/")) {
    return isProgram(resolve(directory, shell)) ? null : say("SHELL_MISSING", { path: shell });
  }
  const found = searchPath.split(delimiter).some((dir) => isAbsolute(dir) && isProgram(join(dir, shell)));
  return found ? null : say("SHELL_NOT_FOUND", { shell });
}

function isProgram(path: string): boolean {
  const file = statPath(path);
  return file !== null && file.isFile && ((file.mode ?? 0) & EXECUTABLE) !== 0;
}

/** Null when it is not there, or cannot be looked at. */
function statPath(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch {
    // Whatever the cause, nothing can be started there; the caller says so.
    return null;
  }
}

function explain(error: unknown): Sentence {
  const text = error instanceof Error ? error.message : String(error);
  if (text.includes("os error 7")) return say("ARGUMENTS_LONG");
  return say("TEXT", { text: text.slice(0, 500) });
}
