/** How an attempt's end is told to the server. */
import { constants } from "node:os";
import { quoteError, say, sayParts, type Sentence } from "../../../schema/sentences.ts";
import { type Attempt, hasSucceeded, type LeaderEnd } from "../attempt.ts";
import type { EndCause, Ended, Work } from "../port.ts";
import { readRun } from "../spool/run_record.ts";
import type { Redactor } from "../output/redactor.ts";
import { NO_OUTPUTS, readTaskOutputs } from "./task_outputs.ts";

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
  const { outputs, fault } = hasSucceeded(attempt)
    ? readTaskOutputs(attempt.folder.path, attempt.redactor)
    : NO_OUTPUTS;
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
    followed: attempt.followed,
    redactedCount: attempt.redactedCount,
  };
}

/** The end of an attempt that has no process. */
export function describeUnstarted(
  { attemptId }: Pick<Work, "attemptId">,
  cause: Extract<EndCause, "NOT_STARTED" | "STOPPED" | "LOST" | "GIVEN_BACK">,
  at: number,
  reason: Sentence | null = say("NOT_STARTED_YET"),
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
    redactedCount: 0,
  };
}

/** A wrapper that could not claim its attempt kills itself before it runs anything. */
export function describeNeverRan(attempt: Attempt): Ended | null {
  const { id, leader, stopCause, child, folder, finishedAt } = attempt;
  const killed = leader?.kind === "killed" && leader.signal === "SIGKILL";
  if (!killed || child === null || stopCause !== null) return null;
  const { kind } = readRun(folder);
  if (kind === "claimed" || kind === "unreadable") return null;
  const reason = say("START_FAILED", { why: say("NOT_WRITABLE", { path: folder.path }) });
  return describeUnstarted({ attemptId: id }, "NOT_STARTED", finishedAt, reason);
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

function describeTrouble(
  { outlived, strayed, survived, leader, out, err, redactor }: Attempt,
): Sentence | null {
  const parts = [
    describeFault("END_UNREADABLE", leader?.kind === "vanished" ? leader.fault : null),
    describeFault("OUTPUT_UNREADABLE", out.fault),
    describeFault("ERRORS_UNREADABLE", err.fault),
    describeProcesses("PROCESSES_OUTLIVED", outlived, redactor),
    describeProcesses("PROCESSES_STRAYED", strayed, redactor),
    describeProcesses("PROCESSES_SURVIVED", survived, redactor),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : sayParts(parts);
}

function describeFault(
  key: "END_UNREADABLE" | "OUTPUT_UNREADABLE" | "ERRORS_UNREADABLE",
  fault: string | null,
): Sentence | null {
  return fault === null ? null : say(key, { why: quoteError(fault) });
}

function describeProcesses(
  key: "PROCESSES_OUTLIVED" | "PROCESSES_STRAYED" | "PROCESSES_SURVIVED",
  found: ReadonlySet<string>,
  redactor: Redactor | null,
): Sentence | null {
  if (found.size === 0) return null;
  const names = [...found].slice(0, MAX_NAMES).map((name) => redactor?.redact(name).text ?? name);
  return say(key, { names, more: found.size - names.length });
}
