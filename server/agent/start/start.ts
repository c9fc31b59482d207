/** From work to a running attempt, or to the report that there is none. */
import { quoteError, say, type Sentence } from "../../../schema/sentences.ts";
import { type Attempt, createAttempt, monotonicMs } from "../attempt.ts";
import { isSystemLimit } from "../backoff.ts";
import { describeUnstarted } from "../end/endings.ts";
import { launchProcess } from "./launch.ts";
import type { AgentOptions } from "../options.ts";
import { type Ended, secretsOf, type Work } from "../port.ts";
import { holdPipes, type Holds, releaseHolds } from "../output/pipes.ts";
import type { Processes } from "../end/processes.ts";
import { formatNote } from "../spool/run_record.ts";
import type { Prepared } from "./launch_queue.ts";
import type { Spool } from "../spool/spool.ts";

interface StartPlace {
  readonly options: AgentOptions;
  readonly processes: Processes;
  readonly spool: Spool;
}

export type Start =
  | { readonly kind: "started"; readonly attempt: Attempt; readonly child: Deno.ChildProcess }
  | { readonly kind: "failed"; readonly ended: Ended }
  /** Its turn comes again. */
  | { readonly kind: "postponed"; readonly reason: Sentence };

export function startAttempt(work: Work, prepared: Prepared, place: StartPlace): Start {
  const { options, processes, spool } = place;
  const startedAt = options.clock.now();
  const fail = (reason: Sentence): Start => ({
    kind: "failed",
    ended: describeUnstarted(work, "NOT_STARTED", startedAt, reason),
  });
  // A full disk, most likely. The task is told of it, the others go on.
  if (prepared.kind === "unprepared") return fail(prepared.reason);
  const { folder } = prepared;
  let holds: Holds;
  try {
    holds = holdPipes(folder);
  } catch (error) {
    const reason = say("START_FAILED", { why: quoteError(error) });
    return isSystemLimit(error) ? { kind: "postponed", reason } : fail(reason);
  }
  const launched = launchProcess(work, {
    folder: folder.path,
    note: formatNote({ ...work, bootId: processes.bootId, startedAt }),
    mark: formatMark(spool, work.attemptId),
    workDir: options.workDir,
    baseEnvironment: options.baseEnvironment,
    users: options.users ?? new Map(),
  });
  if (launched.kind !== "started") releaseHolds(holds);
  if (launched.kind === "postponed") return launched;
  if (launched.kind === "failed") {
    spool.remove(folder);
    return fail(launched.reason);
  }
  const { child } = launched;
  const { attemptId: id, timeoutSeconds, killGraceSeconds, follows } = work;
  const startedMs = monotonicMs();
  return {
    kind: "started",
    child,
    attempt: createAttempt({
      id,
      folder,
      pid: child.pid,
      child,
      holds,
      startedAt,
      startedMs,
      timeoutSeconds,
      killGraceSeconds,
      follows: follows?.attemptId ?? null,
      secrets: secretsOf(work),
    }),
  };
}

/** What every process of the attempt carries in its environment, and no process of anything else. */
export function formatMark(spool: Spool, attemptId: number): string {
  return `${spool.id}.${attemptId}`;
}
