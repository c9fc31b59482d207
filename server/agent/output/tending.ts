/**
 * Looks after the living attempts: what they wrote, whether their time is over, and, for those of a former agent,
 * whether they ended. One timer for all, and none when there is nobody; a task that is over before the first look costs
 * nothing here.
 */
import { createAdoptedWatch } from "../end/adopted.ts";
import { type Attempt, type LeaderEnd, monotonicMs } from "../attempt.ts";
import type { AgentLog, Clock } from "../options.ts";
import { measureFile } from "./output.ts";
import { applyOutputLimit } from "./output_limit.ts";
import { createPartialLines } from "./partial_lines.ts";
import type { AgentServer } from "../port.ts";
import { followPipes } from "./pipes.ts";
import type { Readers } from "./readers.ts";
import type { SpoolRoom } from "../spool/spool_room.ts";
import type { Processes } from "../end/processes.ts";
import { findExit } from "../end/recovery.ts";

/** A line is seen within this and the length of a look. */
const LOOK_MS = 25;
const MAX_PAUSE_MS = 80;
/** A look takes at most this share of the time, as long as the pause is not the longest one. */
const LOOK_SHARE = 0.2;
export interface Tending {
  /** To be called when an attempt begins. */
  begin(): void;
  stop(): void;
}

interface TendingParts {
  readonly agentId: number;
  readonly server: AgentServer;
  readonly attempts: ReadonlyMap<number, Attempt>;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly log: AgentLog;
  readonly outputLimitBytes: number;
  readonly room: SpoolRoom;
  readonly readers: Readers;
  readonly onOutput: (attempt: Attempt) => void;
  readonly onTimeOver: (attempt: Attempt) => void;
  readonly onLeaderEnd: (attempt: Attempt, end: LeaderEnd) => void;
}

export function createTending(parts: TendingParts): Tending {
  const adopted = createAdoptedWatch(parts);
  const partialLines = createPartialLines(parts);
  const faulty = new Set<number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  function schedule(delayMs: number): void {
    if (!stopped) timer ??= setTimeout(look, delayMs);
  }

  function look(): void {
    timer = undefined;
    const began = monotonicMs();
    const living = [...parts.attempts.values()].filter(isLiving);
    const shown = partialLines.look(living);
    if (living.length === 0 && !shown) return faulty.clear();
    parts.room.measure();
    for (const attempt of living) {
      if (attempt.child === null || began - attempt.startedMs >= LOOK_MS) {
        tendSafely(attempt, began, parts, faulty);
      }
    }
    adopted.look(living);
    schedule(Math.min(MAX_PAUSE_MS, Math.max(LOOK_MS, (monotonicMs() - began) / LOOK_SHARE)));
  }

  return {
    begin: () => schedule(LOOK_MS),
    stop(): void {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function isLiving({ phase }: Attempt): boolean {
  return phase !== "emptying" && phase !== "draining" && phase !== "ended";
}

function tendSafely(attempt: Attempt, nowMs: number, parts: TendingParts, faulty: Set<number>): void {
  try {
    tend(attempt, nowMs, parts);
    faulty.delete(attempt.id);
  } catch (error) {
    // One attempt's files cannot be read just now: the others are not to suffer, and it is tried again.
    if (!faulty.has(attempt.id)) parts.log.warn(`Cannot look after attempt ${attempt.id}`, { error });
    faulty.add(attempt.id);
  }
}

function tend(attempt: Attempt, nowMs: number, parts: TendingParts): void {
  const timeOver = attempt.timeoutMs > 0 && nowMs - attempt.startedMs >= attempt.timeoutMs;
  if (timeOver && attempt.phase === "running") parts.onTimeOver(attempt);
  if (attempt.child === null && attempt.leader === null) {
    const end = findExit(attempt.folder);
    if (end !== null) return parts.onLeaderEnd(attempt, end);
  }
  followPipes(attempt, parts.readers);
  if (measureOutput(attempt, parts)) parts.onOutput(attempt);
}

/** Answers whether there is more than before. */
export function measureOutput(
  attempt: Attempt,
  { clock, room, outputLimitBytes }: Pick<TendingParts, "clock" | "room" | "outputLimitBytes">,
): boolean {
  const now = clock.now();
  const limitBytes = room.limitOf(attempt, outputLimitBytes);
  const grown = [measureFile(attempt.out, now), measureFile(attempt.err, now)].includes(true);
  if (grown) applyOutputLimit(attempt, limitBytes, room.full());
  return grown;
}
