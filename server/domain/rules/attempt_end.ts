/** How an attempt ended, and what that means for its task run: final, or another try. */
import { backoff } from "../../lib/backoff.ts";
import { say, type Sentence } from "../../../schema/sentences.ts";
import type {
  FinalAttemptState,
  FinalTaskRunState,
  OfflinePolicy,
  StopCause,
} from "../../../schema/states.ts";

/** A delay between tries doubles up to here. */
const RETRY_DELAY_LIMIT_SECONDS = 3600;
/** A delay is shortened by up to this share, so that tasks that failed together do not come back together. */
const RETRY_JITTER = 0.1;
/** Whoever was given up with so many agents may be what takes them away. */
const MAX_REASSIGNMENTS = 10;

/** What the agent saw; the fields of its report that decide. */
export interface AttemptReport {
  readonly cause:
    | "EXIT"
    | "STOPPED"
    | "TIMED_OUT"
    | "NOT_STARTED"
    | "VANISHED"
    | "LOST"
    | "GIVEN_BACK"
    /** No agent says so: it was given up with its agent. */
    | "OFFLINE";
  /** Its agent has started what follows, so that a stop came too late for it. */
  readonly followed: boolean;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly reason: Sentence | null;
}

interface AttemptEnd {
  readonly state: FinalAttemptState;
  readonly reason: Sentence | null;
}

interface RetryPolicy {
  readonly maxRetries: number;
  readonly retryDelaySeconds: number;
  readonly offline: OfflinePolicy;
}

/** What was tried so far. */
interface Tries {
  /** Number of the attempt that ended. */
  readonly attempt: number;
  /** How many before it were given up with their agents and went to another one. */
  readonly reassigned: number;
}

type TaskRunFate =
  | { readonly kind: "final"; readonly state: Exclude<FinalTaskRunState, "SKIPPED"> }
  | { readonly kind: "retry"; readonly delaySeconds: number }
  /** READY at once for another agent. */
  | { readonly kind: "reassign" };

/**
 * A stop that was recorded wins over whatever the process did afterwards. Null: it was given back before anything of it
 * ran, so that it counts for nothing.
 */
export function decideAttemptEnd(
  report: AttemptReport,
  stop: { readonly cause: StopCause; readonly reason: Sentence } | null,
): AttemptEnd | null {
  if (stop !== null && !report.followed) {
    const state = stop.cause === "TIMED_OUT" ? "TIMED_OUT" : "CANCELLED";
    return { state, reason: withDetail(stop.reason, report.reason) };
  }
  switch (report.cause) {
    case "EXIT":
      return decideExit(report);
    case "STOPPED":
      return { state: "CANCELLED", reason: withDetail(say("STOPPED"), report.reason) };
    case "TIMED_OUT":
      return { state: "TIMED_OUT", reason: withDetail(say("TIME_OVER"), report.reason) };
    case "NOT_STARTED":
      return { state: "FAILED", reason: report.reason ?? say("NOT_STARTED") };
    case "VANISHED":
      return { state: "FAILED", reason: withDetail(say("VANISHED"), report.reason) };
    case "OFFLINE":
    case "LOST":
      return { state: "LOST", reason: report.reason ?? say("MACHINE_RESTARTED") };
    case "GIVEN_BACK":
      return null;
    default:
      throw new Error(`Unknown cause ${report.cause satisfies never}`);
  }
}

/** `random` is within 0 and 1. A stopped task is not tried again, and a cancelled attempt never is. */
export function decideTaskRunFate(
  end: AttemptEnd,
  cause: AttemptReport["cause"],
  { attempt, reassigned }: Tries,
  policy: RetryPolicy,
  stopped: boolean,
  random: number,
): TaskRunFate {
  if (end.state === "SUCCEEDED" || end.state === "CANCELLED") return { kind: "final", state: end.state };
  const tries = attempt - reassigned;
  if (!stopped && cause === "OFFLINE" && policy.offline === "REASSIGN") {
    if (reassigned < MAX_REASSIGNMENTS) return { kind: "reassign" };
  } else if (!stopped && tries <= policy.maxRetries) {
    return { kind: "retry", delaySeconds: retryDelay(tries, policy.retryDelaySeconds, random) };
  }
  return { kind: "final", state: end.state === "LOST" ? "FAILED" : end.state };
}

/** Seconds before the next try after `attempt` tries. */
export function retryDelay(attempt: number, firstDelaySeconds: number, random: number): number {
  const delay = backoff(attempt, firstDelaySeconds, RETRY_DELAY_LIMIT_SECONDS);
  return delay * (1 - RETRY_JITTER * random);
}

function decideExit(report: AttemptReport): AttemptEnd {
  if (report.exitCode === 0) return { state: "SUCCEEDED", reason: report.reason };
  if (report.signal !== null) {
    return {
      state: "FAILED",
      reason: withDetail(say("KILLED_BY", { signal: report.signal }), report.reason),
    };
  }
  return { state: "FAILED", reason: withDetail(say("EXIT_CODE", { code: report.exitCode }), report.reason) };
}

function withDetail(what: Sentence, detail: Sentence | null): Sentence {
  return detail === null ? what : say("PARTS", { parts: [what, detail] });
}
