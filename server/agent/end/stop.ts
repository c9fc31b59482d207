/**
 * Stops attempts, and tells when all that belongs to one is gone. One look at the system's processes serves all that are
 * being stopped. "Gone" is what the system says, never what a signal should have done.
 */
import { type Attempt, monotonicMs, nameProcess } from "../attempt.ts";
import { createSignal, pause } from "../../lib/signal.ts";
import { retryDelayMs } from "../backoff.ts";
import type { AgentLog } from "../options.ts";
import { groupExists, type Processes, type ProcessRow, sendSignal } from "./processes.ts";

/** Between two looks, while somebody is being stopped. */
const LOOK_MS = 50;
/** A look takes at most this share of the time, however many processes there are. */
const LOOK_SHARE = 0.2;
/** What outlived the shell had its grace period already. */
const OUTLIVED_GRACE_MS = 1_000;
/** So long is a process given to be gone after SIGKILL. */
const VERIFY_MS = 30_000;
const IDLE_MS = 60_000;

export interface Stopper {
  start(): void;
  /** The shell has ended; answers true when nothing is left of its group. */
  leaderEnded(attempt: Attempt): boolean;
  /** SIGTERM now, SIGKILL after the grace period. Without effect when that is under way. */
  stopAttempt(attempt: Attempt): void;
  stop(): Promise<void>;
}

interface StopperParts {
  readonly processes: Processes;
  readonly log: AgentLog;
  readonly markOf: (attempt: Attempt) => string;
  readonly onGone: (attempt: Attempt) => void;
}

export function createStopper({ processes, log, markOf, onGone }: StopperParts): Stopper {
  const watched = new Map<number, Attempt>();
  const signal = createSignal();
  const stopping = new AbortController();
  let loop: Promise<void> | null = null;

  async function run(): Promise<void> {
    let faults = 0;
    while (!stopping.signal.aborted) {
      if (watched.size === 0) await signal.wait(IDLE_MS);
      const began = monotonicMs();
      try {
        await lookOnce();
        faults = 0;
      } catch (error) {
        // Without a look nothing can be said about anyone: the next one may do.
        if (++faults === 1) log.warn("Cannot look at the processes, and tries again", { error });
        await pause(retryDelayMs(faults), stopping.signal);
      }
      await pause((monotonicMs() - began) * (1 / LOOK_SHARE - 1), stopping.signal);
      if (watched.size > 0) await signal.wait(LOOK_MS);
    }
  }

  async function lookOnce(): Promise<void> {
    if (watched.size === 0) return;
    const attempts = [...watched.values()];
    const rows = await processes.list(attempts.some(({ phase }) => phase === "stopping"));
    if (stopping.signal.aborted) return;
    for (const attempt of attempts) {
      if (!advance(attempt, findProcesses(attempt, rows, markOf(attempt)))) continue;
      watched.delete(attempt.id);
      onGone(attempt);
    }
  }

  return {
    start: () => void (loop ??= run()),
    leaderEnded(attempt): boolean {
      if (attempt.phase === "running" && !groupExists(attempt.pid)) return true;
      if (attempt.phase === "running") {
        attempt.phase = "lingering";
        attempt.dueMs = monotonicMs() + attempt.killGraceMs;
        watched.set(attempt.id, attempt);
      }
      signal.notify();
      return false;
    },
    stopAttempt(attempt): void {
      if (attempt.phase !== "running" && attempt.phase !== "lingering") return;
      attempt.phase = "stopping";
      attempt.step = "term";
      watched.set(attempt.id, attempt);
      signal.notify();
    },
    async stop(): Promise<void> {
      stopping.abort();
      signal.notify();
      await loop;
    },
  };
}

interface Found {
  readonly group: readonly ProcessRow[];
  /** Marked as the attempt's, and outside its group; none when it ended by itself: what left it then may stay. */
  readonly strays: readonly ProcessRow[];
}

function findProcesses(attempt: Attempt, rows: readonly ProcessRow[], mark: string): Found {
  const leader = rows.find(({ pid }) => pid === attempt.pid);
  if (attempt.leader === null) attempt.leaderStartedAt ??= leader?.startedAt ?? null;
  // Once the group is empty its number may be given to a stranger, who then leads it.
  const stranger = leader !== undefined && leader.startedAt !== attempt.leaderStartedAt;
  return {
    group: stranger ? [] : rows.filter(({ group }) => group === attempt.pid),
    strays: toldToStop(attempt) ? rows.filter((row) => row.mark === mark && row.group !== attempt.pid) : [],
  };
}

/** One step further. Answers true when there is nothing left to be done. */
function advance(attempt: Attempt, found: Found): boolean {
  if (attempt.phase === "lingering") return advanceLingering(attempt, found);
  const left = [...found.group, ...found.strays];
  for (const stray of found.strays) attempt.strayed.add(nameProcess(stray));
  if (left.length === 0) {
    // Its exit status is on its way; the look after it will do.
    return attempt.leader !== null || attempt.child === null;
  }
  const now = monotonicMs();
  switch (attempt.step) {
    case "term":
      signalAll(attempt, found, "SIGTERM");
      // A process that is held up could not obey.
      signalAll(attempt, found, "SIGCONT");
      attempt.step = "kill";
      attempt.dueMs = now + (toldToStop(attempt) ? attempt.killGraceMs : OUTLIVED_GRACE_MS);
      return false;
    case "kill":
      if (now < attempt.dueMs) return false;
      signalAll(attempt, found, "SIGKILL");
      attempt.step = "verify";
      attempt.dueMs = now + VERIFY_MS;
      return false;
    case "verify":
      // Again and again: one that forks without end may have been ahead of the last time.
      signalAll(attempt, found, "SIGKILL");
      if (now < attempt.dueMs) return false;
      for (const row of left) attempt.survived.add(nameProcess(row));
      return true;
    default:
      throw new Error(`Unknown step ${attempt.step satisfies never}`);
  }
}

function advanceLingering(attempt: Attempt, found: Found): boolean {
  if (found.group.length === 0) return true;
  if (monotonicMs() < attempt.dueMs) return false;
  for (const row of found.group) attempt.outlived.add(nameProcess(row));
  attempt.phase = "stopping";
  attempt.step = "term";
  return advance(attempt, found);
}

function toldToStop({ stopCause, unwanted }: Attempt): boolean {
  return stopCause !== null || unwanted;
}

function signalAll(attempt: Attempt, { group, strays }: Found, signal: Deno.Signal): void {
  if (group.length > 0) sendSignal(-attempt.pid, signal);
  for (const { pid } of strays) sendSignal(pid, signal);
}
