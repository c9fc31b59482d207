/**
 * Looks whether the shells that a former agent started are still there. One that ends by itself leaves its exit code,
 * which is seen sooner (tending.ts); one that was killed leaves nothing, and has to be looked for.
 */
import { type Attempt, type LeaderEnd, monotonicMs } from "../attempt.ts";
import type { AgentLog, Clock } from "../options.ts";
import type { Processes } from "./processes.ts";
import { findVanished } from "./recovery.ts";

/** Between two looks. */
const LOOK_MS = 250;

interface AdoptedWatch {
  /** To be called now and then; most calls do nothing. */
  look(attempts: Iterable<Attempt>): void;
}

interface AdoptedWatchParts {
  readonly processes: Processes;
  readonly clock: Clock;
  readonly log: AgentLog;
  readonly onLeaderEnd: (attempt: Attempt, end: LeaderEnd) => void;
}

export function createAdoptedWatch(parts: AdoptedWatchParts): AdoptedWatch {
  let nextLookMs = 0;
  return {
    look(attempts): void {
      const nowMs = monotonicMs();
      if (nowMs < nextLookMs) return;
      nextLookMs = nowMs + LOOK_MS;
      const adopted = [...attempts].filter(needsLook);
      if (adopted.length === 0) return;
      lookAt(adopted, parts).catch((error) =>
        parts.log.warn("Cannot look at the processes, and tries again", { error })
      );
    },
  };
}

function needsLook({ child, leader, phase }: Attempt): boolean {
  return child === null && leader === null && (phase === "running" || phase === "stopping");
}

async function lookAt(
  adopted: readonly Attempt[],
  { processes, clock, onLeaderEnd }: AdoptedWatchParts,
): Promise<void> {
  const rows = new Map((await processes.list(false)).map((row) => [row.pid, row]));
  for (const attempt of adopted) {
    const lives = rows.get(attempt.pid)?.startedAt === attempt.leaderStartedAt;
    if (!lives && needsLook(attempt)) onLeaderEnd(attempt, findVanished(attempt.folder, clock.now()));
  }
}
