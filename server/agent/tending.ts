/**
 * Looks after the living attempts: what they wrote, whether their time is over, and, for those of a former agent,
 * whether they ended. One timer for all, and none when there is nobody; a task that is over before the first look costs
 * nothing here.
 */
import { type Attempt, type LeaderEnd, monotonicMs } from "./attempt.ts";
import type { AgentLog, Clock } from "./options.ts";
import { measureFile } from "./output.ts";
import { applyOutputLimit } from "./output_limit.ts";
import type { Processes } from "./processes.ts";
import { findExit, findVanished } from "./recovery.ts";

/** A line is seen within this and the length of a look. */
const LOOK_MS = 25;
const LONGEST_PAUSE_MS = 80;
/** A look takes at most this share of the time, as long as the pause is not the longest one. */
const LOOK_SHARE = 0.2;
/** Between two looks at the processes of a former agent: those that end leave their exit code, which is seen at once. */
const ADOPTED_LOOK_MS = 250;

export interface Tending {
  /** To be called when an attempt begins. */
  begin(): void;
  stop(): void;
}

export interface TendingParts {
  readonly attempts: ReadonlyMap<number, Attempt>;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly log: AgentLog;
  readonly outputLimitBytes: number;
  readonly onOutput: (attempt: Attempt) => void;
  readonly onTimeOver: (attempt: Attempt) => void;
  readonly onLeaderEnd: (attempt: Attempt, end: LeaderEnd) => void;
}

export function createTending(parts: TendingParts): Tending {
  const { attempts, processes, clock, log } = parts;
  const faulty = new Set<number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let nextAdoptedLookMs = 0;

  function schedule(delayMs: number): void {
    if (!stopped) timer ??= setTimeout(look, delayMs);
  }

  function look(): void {
    timer = undefined;
    const began = monotonicMs();
    let living = false;
    for (const attempt of attempts.values()) {
      if (attempt.phase === "draining" || attempt.phase === "ended") continue;
      living = true;
      if (attempt.child === null || began - attempt.startedMs >= LOOK_MS) tendSafely(attempt, began);
    }
    if (!living) return faulty.clear();
    if (began >= nextAdoptedLookMs) {
      nextAdoptedLookMs = began + ADOPTED_LOOK_MS;
      lookAtAdopted().catch((error) => log.warn("Cannot look at the processes, and tries again", { error }));
    }
    schedule(Math.min(LONGEST_PAUSE_MS, Math.max(LOOK_MS, (monotonicMs() - began) / LOOK_SHARE)));
  }

  function tendSafely(attempt: Attempt, nowMs: number): void {
    try {
      tend(attempt, nowMs);
      faulty.delete(attempt.id);
    } catch (error) {
      // One attempt's files cannot be read just now: the others are not to suffer, and it is tried again.
      if (!faulty.has(attempt.id)) log.warn(`Cannot look after attempt ${attempt.id}`, { error });
      faulty.add(attempt.id);
    }
  }

  function tend(attempt: Attempt, nowMs: number): void {
    const timeOver = attempt.timeoutMs > 0 && nowMs - attempt.startedMs >= attempt.timeoutMs;
    if (timeOver && attempt.phase === "running") parts.onTimeOver(attempt);
    if (attempt.child === null && attempt.leader === null) {
      const end = findExit(attempt.folder);
      if (end !== null) return parts.onLeaderEnd(attempt, end);
    }
    const now = clock.now();
    const grown = [measureFile(attempt.out, now), measureFile(attempt.err, now)].includes(true);
    if (!grown) return;
    applyOutputLimit(attempt, parts.outputLimitBytes);
    parts.onOutput(attempt);
  }

  /** A shell that was killed leaves nothing behind: it has to be looked for. */
  async function lookAtAdopted(): Promise<void> {
    const adopted = [...attempts.values()].filter(({ child, leader, phase }) =>
      child === null && leader === null && (phase === "running" || phase === "stopping")
    );
    if (adopted.length === 0) return;
    const rows = new Map((await processes.list(false)).map((row) => [row.pid, row]));
    for (const attempt of adopted) {
      const gone = rows.get(attempt.pid)?.startedAt !== attempt.leaderStartedAt;
      if (gone && attempt.leader === null && !stopped) {
        parts.onLeaderEnd(attempt, findVanished(attempt.folder, clock.now()));
      }
    }
  }

  return {
    begin: () => schedule(LOOK_MS),
    stop(): void {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
