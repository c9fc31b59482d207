/**
 * How much room the output of all attempts takes together. When it is all that it may take, as happens when the server
 * cannot be reached for long, no more work is taken, and of what runs only so much is kept as is there now.
 */
import type { Attempt, OutputFile } from "../attempt.ts";
import type { AgentLog } from "../options.ts";

export const SPOOL_LIMIT_BYTES = 16 * 1024 ** 3;
/** Once full it is so until this share of the limit is free: what frees a little must not let all of it in again. */
const FREE_SHARE = 0.1;
/** So much of its output is kept of any attempt, also when the spool is full. */
const MIN_KEPT_BYTES = 1024 ** 2;

export interface SpoolRoom {
  readonly limitBytes: number;
  /** As it was when it was last measured. */
  usedBytes(): number;
  full(): boolean;
  measure(): void;
  /** How much of its output is kept of an attempt now. */
  limitOf(attempt: Attempt, outputLimitBytes: number): number;
}

export function createSpoolRoom(
  attempts: ReadonlyMap<number, Attempt>,
  limitBytes: number,
  log: AgentLog,
): SpoolRoom {
  let usedBytes = 0;
  let full = false;

  return {
    limitBytes,
    usedBytes: () => usedBytes,
    full: () => full,
    measure(): void {
      usedBytes = 0;
      for (const { out, err } of attempts.values()) usedBytes += keptBytes(out) + keptBytes(err);
      if (full === usedBytes >= (full ? limitBytes * (1 - FREE_SHARE) : limitBytes)) return;
      full = !full;
      if (full) {
        log.warn("The spool is full: no work is taken until output was handed over", {
          usedBytes,
          limitBytes,
        });
      } else log.info("The spool has room again", { usedBytes, limitBytes });
    },
    limitOf({ out, err }, outputLimitBytes): number {
      if (!full) return outputLimitBytes;
      return Math.min(outputLimitBytes, Math.max(MIN_KEPT_BYTES, keptBytes(out) + keptBytes(err)));
    },
  };
}

function keptBytes({ size, cut }: OutputFile): number {
  return size - (cut === null ? 0 : Math.max(0, cut.freed - cut.head));
}
