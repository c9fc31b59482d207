/** A wait that somebody else can end. One waits at a time. */
import { setTimeout as delay } from "node:timers/promises";

export interface Signal {
  /**
   * Until somebody notifies or the time is over; not at all when somebody has since the last wait. Answers whether
   * somebody did.
   */
  wait(timeoutMs: number): Promise<boolean>;
  notify(): void;
}

export function createSignal(): Signal {
  let notified = false;
  let wake: (() => void) | null = null;
  return {
    async wait(timeoutMs): Promise<boolean> {
      if (!notified) {
        await new Promise<void>((resolve) => {
          const timer = timeoutMs === Infinity ? undefined : setTimeout(resolve, timeoutMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      const answer = notified;
      notified = false;
      wake = null;
      return answer;
    },
    notify(): void {
      notified = true;
      wake?.();
    },
  };
}

/** Until the time is over or the signal aborts. */
export async function pause(timeoutMs: number, signal: AbortSignal): Promise<void> {
  // It rejects for no other reason.
  await delay(timeoutMs, undefined, { signal }).catch(() => {});
}
