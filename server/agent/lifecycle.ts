/** Takes every attempt from its start to the report of its end (attempt.ts draws the way). */
import { type Attempt, createAttempt, type LeaderEnd, monotonicMs } from "./attempt.ts";
import { createDelivery } from "./delivery.ts";
import { describeEnd, describeUnstarted, readExit } from "./endings.ts";
import { launchProcess } from "./launch.ts";
import { createLaunchQueue } from "./launch_queue.ts";
import type { AgentOptions } from "./options.ts";
import { closeOutput, measureFinally, outputPending } from "./output.ts";
import { applyOutputLimit, OUTPUT_LIMIT_BYTES } from "./output_limit.ts";
import type { Ended, Started, Work } from "./port.ts";
import type { Processes } from "./processes.ts";
import type { Recovery } from "./recovery.ts";
import { formatNote, readRun } from "./run_record.ts";
import type { Folder, Spool } from "./spool.ts";
import { createStopper } from "./stop.ts";
import { createTending } from "./tending.ts";

export interface Lifecycle {
  start(): void;
  /** Attempts that may still have a process, or output to hand over. */
  living(): number;
  /** Starts it in its turn; a generation counts the starts, of which all but the last were given up. */
  launch(work: Work, generation: number): void;
  /** True until the server has taken its end. */
  knows(attemptId: number): boolean;
  adopt(recovery: Extract<Recovery, { readonly kind: "living" | "ended" }>): void;
  /** Tells again the start of all but those: the server refuses those that it gave up while it could not be reached. */
  retell(named: ReadonlySet<number>): void;
  /** Harmless for one that just ended, that is being stopped, or that nobody knows. */
  requestStop(attemptId: number): void;
  /** The server does not know it as ours: it is stopped, and nothing of it is told. */
  disown(attemptId: number): void;
  /** The server has taken its end. */
  forget(attemptId: number): void;
  /** True when nothing that has ended waits for its output to be taken. */
  flushed(): boolean;
  /** Looks after nobody any more; the processes live on. */
  stop(): Promise<void>;
}

export interface LifecycleParts {
  readonly options: AgentOptions;
  readonly processes: Processes;
  readonly spool: Spool;
  readonly reportStarted: (started: Started) => void;
  readonly reportEnded: (ended: Ended) => void;
}

export function createLifecycle(parts: LifecycleParts): Lifecycle {
  const { options, processes, spool, reportStarted, reportEnded } = parts;
  const { clock, log } = options;
  const outputLimitBytes = options.outputLimitBytes ?? OUTPUT_LIMIT_BYTES;
  const attempts = new Map<number, Attempt>();
  const queue = createLaunchQueue(launch);
  let livingCount = 0;
  let stopped = false;

  const stopper = createStopper({
    processes,
    log,
    markOf: (attempt) => formatMark(spool, attempt.id),
    onGone: beginDraining,
  });
  const delivery = createDelivery({
    agentId: options.agentId,
    server: options.server,
    log,
    onDelivered: (attempt) => {
      if (attempt.phase === "draining") finish(attempt);
    },
    onRefused: disown,
  });
  const tending = createTending({
    attempts,
    processes,
    clock,
    log,
    outputLimitBytes,
    onOutput: delivery.offer,
    onTimeOver: (attempt) => beginStop(attempt, "TIMED_OUT"),
    onLeaderEnd: endLeader,
  });

  function launch(work: Work, generation: number): void {
    const startedAt = clock.now();
    let folder: Folder;
    try {
      folder = spool.createFolder(work.attemptId, generation);
    } catch (error) {
      // A full disk, most likely. The task is told of it, the others go on.
      log.warn(`Cannot create the folder of attempt ${work.attemptId}`, { error });
      const reason = `Cannot start the process: ${error instanceof Error ? error.message : error}`;
      return reportEnded(describeUnstarted(work, "NOT_STARTED", startedAt, reason));
    }
    const launched = launchProcess(work, {
      folder: folder.path,
      note: formatNote({ ...work, bootId: processes.bootId, startedAt }),
      mark: formatMark(spool, work.attemptId),
      workDir: options.workDir,
      baseEnvironment: options.baseEnvironment,
    });
    if (launched.kind === "failed") {
      spool.remove(folder);
      return reportEnded(describeUnstarted(work, "NOT_STARTED", startedAt, launched.reason));
    }
    const { child } = launched;
    const { timeoutSeconds, killGraceSeconds } = work;
    const startedMs = monotonicMs();
    const id = work.attemptId;
    const attempt = createAttempt({
      id,
      folder,
      pid: child.pid,
      child,
      startedAt,
      startedMs,
      timeoutSeconds,
      killGraceSeconds,
    });
    begin(attempt);
    reportStarted({ attemptId: id, startedAt });
    child.status.then(
      ({ code, signal }) => {
        const at = clock.now();
        endLeader(attempt, signal === null ? readExit(code, at) : { kind: "killed", signal, at });
      },
      (error) => log.warn(`Cannot learn how attempt ${id} ended`, { error }),
    );
  }

  function adopt(recovery: Extract<Recovery, { readonly kind: "living" | "ended" }>): void {
    const { attempt } = recovery;
    begin(attempt);
    if (recovery.kind === "living") {
      return reportStarted({ attemptId: attempt.id, startedAt: attempt.startedAt });
    }
    if (recovery.groupLives) return endLeader(attempt, recovery.end);
    attempt.leader = recovery.end;
    drain(attempt, recovery.end.at);
  }

  function begin(attempt: Attempt): void {
    attempts.set(attempt.id, attempt);
    livingCount++;
    tending.begin();
  }

  function endLeader(attempt: Attempt, end: LeaderEnd): void {
    if (stopped || attempt.leader !== null || attempt.phase === "ended") return;
    attempt.leader = end;
    if (stopper.leaderEnded(attempt)) beginDraining(attempt);
  }

  function beginStop(attempt: Attempt, cause: "STOPPED" | "TIMED_OUT"): void {
    if (attempt.phase === "draining" || attempt.phase === "ended") return;
    attempt.stopCause ??= cause;
    stopper.stopAttempt(attempt);
  }

  function beginDraining(attempt: Attempt): void {
    drain(attempt, clock.now());
  }

  /** All its processes are gone: what it wrote is complete. */
  function drain(attempt: Attempt, finishedAt: number): void {
    attempt.phase = "draining";
    attempt.finishedAt = finishedAt;
    if (attempt.unwanted || !hasOutput(attempt)) finish(attempt);
    else delivery.offer(attempt);
  }

  function hasOutput(attempt: Attempt): boolean {
    try {
      const now = clock.now();
      measureFinally(attempt.out, now);
      measureFinally(attempt.err, now);
      applyOutputLimit(attempt, outputLimitBytes);
    } catch (error) {
      // What was seen before is handed over; the end must not wait for files that cannot be read.
      log.warn(`Cannot look for the last output of attempt ${attempt.id}`, { error });
    }
    return outputPending(attempt);
  }

  function finish(attempt: Attempt): void {
    attempt.phase = "ended";
    livingCount--;
    closeOutput(attempt);
    delivery.withdraw(attempt);
    if (attempt.unwanted) return forget(attempt.id);
    reportEnded(neverRan(attempt) ?? describeEnd(attempt));
  }

  function disown(attempt: Attempt): void {
    attempt.unwanted = true;
    delivery.withdraw(attempt);
    if (attempt.phase === "draining") finish(attempt);
    else if (attempt.phase === "ended") forget(attempt.id);
    else stopper.stopAttempt(attempt);
  }

  function forget(attemptId: number): void {
    const attempt = attempts.get(attemptId);
    if (attempt === undefined) return;
    attempts.delete(attemptId);
    spool.remove(attempt.folder);
  }

  return {
    start(): void {
      delivery.start();
      stopper.start();
    },
    living: () => livingCount + queue.size(),
    launch: queue.add,
    knows: (attemptId) => attempts.has(attemptId) || queue.has(attemptId),
    adopt,
    retell(named): void {
      for (const { id, phase, unwanted, startedAt } of attempts.values()) {
        if (phase !== "ended" && !unwanted && !named.has(id)) reportStarted({ attemptId: id, startedAt });
      }
    },
    requestStop(attemptId): void {
      const attempt = attempts.get(attemptId);
      if (attempt !== undefined) beginStop(attempt, "STOPPED");
      else if (queue.remove(attemptId)) reportEnded(describeUnstarted({ attemptId }, "STOPPED", clock.now()));
    },
    disown(attemptId): void {
      const attempt = attempts.get(attemptId);
      if (attempt !== undefined) disown(attempt);
      else queue.remove(attemptId);
    },
    forget,
    flushed: () => ![...attempts.values()].some(({ phase }) => phase === "draining"),
    async stop(): Promise<void> {
      stopped = true;
      queue.stop();
      tending.stop();
      await Promise.all([delivery.stop(), stopper.stop()]);
      for (const attempt of attempts.values()) {
        closeOutput(attempt);
        attempt.child?.unref();
      }
    },
  };
}

export function formatMark(spool: Spool, attemptId: number): string {
  return `${spool.id}.${attemptId}`;
}

/** A wrapper that could not claim its attempt kills itself before it runs anything. */
function neverRan(attempt: Attempt): Ended | null {
  const { leader, stopCause, child, folder, finishedAt } = attempt;
  if (child === null || leader?.kind !== "killed" || leader.signal !== "SIGKILL" || stopCause !== null) {
    return null;
  }
  if (readRun(folder).kind === "claimed") return null;
  const reason = `Cannot start the process: "${folder.path}" cannot be written to`;
  return describeUnstarted({ attemptId: attempt.id }, "NOT_STARTED", finishedAt, reason);
}
