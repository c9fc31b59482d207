/** Why a run, a task run or an attempt ended as it did. Stored with it. */
import type { FinalTaskRunState, RelationCondition } from "../states.ts";
import type { Format, Sentence } from "../sentences.ts";

interface Named {
  readonly name: string;
}

interface OfTasks extends Named {
  /** Why the named one ended so, where there is something to say. */
  readonly why: Sentence | null;
  /** So many others ended so too. */
  readonly more: number;
}

interface Because {
  readonly why: Sentence;
}

interface Processes {
  readonly names: readonly string[];
  /** So many are not named. */
  readonly more: number;
}

export const generalReasons = {
  /** What only another program can say, and what was stored before sentences were. */
  TEXT: ({ text }: { readonly text: string }) => text,
  PARTS: ({ parts }: { readonly parts: readonly Sentence[] }, format: Format) => parts.map(format).join("; "),
} as const;

export const runReasons = {
  SOME_TASK_FAILED: () => "A task failed",
  TASK_FAILED: (task: OfTasks, format: Format) => describeTasks(task, "failed", format),
  TASK_CANCELLED: (task: OfTasks, format: Format) => describeTasks(task, "was cancelled", format),
  ALL_SKIPPED: () => "Every task was skipped",
  RUN_TIME_OVER: () => "The time limit of the run was over",
  RUN_REPLACED: () => "Replaced by a newer run of its container",
  CANCELLED_BY: ({ name }: Named) => `Cancelled by ${name}`,
} as const;

export const taskRunReasons = {
  TASK_DISABLED: () => "The task is disabled",
  TASK_KEPT: () => "Kept from the earlier run",
  TASK_WAITED: (
    { name, condition, ended }: Named & {
      readonly condition: RelationCondition;
      /** PASSED: it was disabled and passed over. */
      readonly ended: FinalTaskRunState | "PASSED";
    },
  ) => {
    const waited = { SUCCESS: "to succeed", FAILURE: "to fail", ALWAYS: "to end" }[condition];
    const how = ended === "PASSED" ? "was passed over" : `ended ${ended.toLowerCase().replace("_", " ")}`;
    return `It waited for "${name}" ${waited}, which ${how}`;
  },
  TASK_RETRIED: (
    { attempt, why }: { readonly attempt: number; readonly why: Sentence | null },
    format: Format,
  ) => `Attempt ${attempt} failed${because(why, format)}; tried again after a delay`,
} as const;

export const attemptReasons = {
  EXIT_CODE: ({ code }: { readonly code: number | null }) => `Exit code ${code}`,
  KILLED_BY: ({ signal }: { readonly signal: string }) => `Killed by ${signal}`,
  STOPPED: () => "Stopped",
  TIME_OVER: () => "Its time limit was over",
  NOT_STARTED: () => "Its process could not be started",
  NOT_STARTED_YET: () => "It had not been started yet",
  VANISHED: () => "Killed from outside: its process left no status",
  MACHINE_RESTARTED: () => "The machine was restarted under it",
  RECORD_LOST: () => "The machine was restarted under it, or what the agent noted of it is gone",
  AGENT_LOST: ({ name, seconds }: Named & { readonly seconds: number }) =>
    `Agent "${name}" was not heard of for ${seconds} s and was given up`,
  END_UNREADABLE: ({ why }: Because, format: Format) => `Cannot read how it ended: ${format(why)}`,
  OUTPUT_UNREADABLE: ({ why }: Because, format: Format) => `Cannot read standard output: ${format(why)}`,
  ERRORS_UNREADABLE: ({ why }: Because, format: Format) => `Cannot read standard error: ${format(why)}`,
  PROCESSES_OUTLIVED: (found: Processes) => `Stopped because they outlived the shell: ${list(found)}`,
  PROCESSES_STRAYED: (found: Processes) => `Stopped outside its process group: ${list(found)}`,
  PROCESSES_SURVIVED: (found: Processes) => `Still alive 30 seconds after SIGKILL: ${list(found)}`,
} as const;

/** Clauses but for the first: they stand inside it. */
export const startReasons = {
  START_FAILED: ({ why }: Because, format: Format) => `Cannot start the process: ${format(why)}`,
  DIRECTORY_MISSING: ({ path }: Path) => `directory "${path}" does not exist`,
  NO_DIRECTORY: ({ path }: Path) => `"${path}" is not a directory`,
  SHELL_MISSING: ({ path }: Path) => `shell "${path}" does not exist or is not a program`,
  SHELL_NOT_FOUND: ({ shell }: { readonly shell: string }) => `shell "${shell}" is not a program in PATH`,
  SECRET_UNREADABLE: ({ name }: Named) =>
    `secret "${name}" cannot be decrypted with the key of this server; set its value again`,
  USER_REFUSED: ({ user }: { readonly user: string }) =>
    `the agent may not run tasks as "${user}": it has to be root and be started with that name, by ORRERY_RUN_AS or run_as in [agent]`,
  ARGUMENTS_LONG: () => "command and environment together are too long for the system",
  NOT_WRITABLE: ({ path }: Path) => `"${path}" cannot be written to`,
} as const;

interface Path {
  readonly path: string;
}

function describeTasks({ name, why, more }: OfTasks, what: string, format: Format): string {
  const text = `Task "${name}" ${what}${because(why, format)}`;
  return more === 0 ? text : `${text} (and ${more} more)`;
}

export function because(why: Sentence | null, format: Format): string {
  return why === null ? "" : `: ${format(why)}`;
}

function list({ names, more }: Processes): string {
  return `${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
