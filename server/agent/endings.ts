/** How an attempt's end is told to the server. */
import { constants } from "node:os";
import type { Attempt, LeaderEnd } from "./attempt.ts";
import { NO_OUTPUTS, readTaskOutputs } from "./task_outputs.ts";
import type { EndCause, Ended, Work } from "./port.ts";
import { formatList } from "../lib/list.ts";

/** A shell gives this and the signal's number as its exit code when a signal ended the command. */
const SIGNAL_EXIT_BASE = 128;
/** More names are not read by anyone. */
const MAX_NAMES = 10;

const signalNames: ReadonlyMap<number, string> = new Map(
  // The first name of a number is the usual one: SIGABRT before SIGIOT.
  Object.entries(constants.signals).reverse().map(([name, number]) => [number, name]),
);

/** An exit code that stands for a signal is read as that signal too. */
export function readExit(code: number, at: number): LeaderEnd {
  return { kind: "exited", code, signal: signalNames.get(code - SIGNAL_EXIT_BASE) ?? null, at };
}

export function describeEnd(attempt: Attempt): Ended {
  const { leader } = attempt;
  const exited = leader?.kind === "exited" ? leader : null;
  const succeeded = exited?.code === 0 && attempt.stopCause === null;
  const { outputs, fault } = succeeded ? readTaskOutputs(attempt.folder.path) : NO_OUTPUTS;
  return {
    attemptId: attempt.id,
    cause: attempt.stopCause ?? causeOf(leader),
    exitCode: exited?.code ?? null,
    signal: leader?.kind === "killed" ? leader.signal : exited?.signal ?? null,
    startedAt: attempt.startedAt,
    finishedAt: Math.max(attempt.startedAt, attempt.finishedAt),
    reason: describeTrouble(attempt),
    outputs,
    outputFault: fault,
  };
}

/** The end of an attempt that has no process. */
export function describeUnstarted(
  { attemptId }: Pick<Work, "attemptId">,
  cause: Extract<EndCause, "NOT_STARTED" | "STOPPED" | "LOST" | "GIVEN_BACK">,
  at: number,
  reason: string | null = "It had not been started yet",
): Ended {
  return {
    attemptId,
    cause,
    exitCode: null,
    signal: null,
    startedAt: null,
    finishedAt: at,
    reason,
    outputs: null,
    outputFault: null,
  };
}

function causeOf(leader: LeaderEnd | null): EndCause {
  switch (leader?.kind) {
    case "exited":
    case "killed":
      return "EXIT";
    case "lost":
      return "LOST";
    case "vanished":
    case undefined:
      return "VANISHED";
    default:
      throw new Error(`Unknown end ${leader satisfies never}`);
  }
}

function describeTrouble({ outlived, strayed, survived, leader, out, err }: Attempt): string | null {
  const spoiled = leader?.kind === "vanished" ? leader.fault : null;
  const parts = [
    spoiled === null ? null : `Cannot read how it ended: ${spoiled}`,
    out.fault === null ? null : `Cannot read standard output: ${out.fault}`,
    err.fault === null ? null : `Cannot read standard error: ${err.fault}`,
    describe("Stopped because they outlived the shell", outlived),
    describe("Stopped outside its process group", strayed),
    describe("Still alive 30 seconds after SIGKILL", survived),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join("; ");
}

function describe(what: string, names: ReadonlySet<string>): string | null {
  if (names.size === 0) return null;
  return `${what}: ${formatList([...names], MAX_NAMES)}`;
}
