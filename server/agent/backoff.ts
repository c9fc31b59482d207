/** Waiting between two tries of a call to the server. */

const FIRST_DELAY_MS = 100;
const DELAY_LIMIT_MS = 5_000;

/** `faults` calls failed one after another. */
export function retryDelayMs(faults: number): number {
  return Math.min(DELAY_LIMIT_MS, FIRST_DELAY_MS * 2 ** Math.max(0, faults - 1));
}

const SYSTEM_LIMITS: readonly unknown[] = ["EMFILE", "ENFILE", "EAGAIN", "ENOMEM"];

/** The system had no descriptor, process or memory to give just then: nobody's fault, and worth another try. */
export function isSystemLimit(error: unknown): boolean {
  return error instanceof Error && "code" in error && SYSTEM_LIMITS.includes(error.code);
}

/** A wait that somebody else can end. One at a time. */
export interface Bell {
  /** Until it rings or the time is over; not at all when it rang since the last wait. */
  wait(timeoutMs: number): Promise<void>;
  /** Until the time is over or the signal aborts, whoever rings. */
  rest(timeoutMs: number, signal: AbortSignal): Promise<void>;
  ring(): void;
}

export function createBell(): Bell {
  let rung = false;
  let end: (() => void) | null = null;
  return {
    async wait(timeoutMs): Promise<void> {
      if (!rung) await pause(timeoutMs, (resolve) => end = resolve);
      rung = false;
      end = null;
    },
    async rest(timeoutMs, signal): Promise<void> {
      if (!signal.aborted) {
        await pause(timeoutMs, (resolve) => signal.addEventListener("abort", resolve, { once: true }));
      }
    },
    ring(): void {
      rung = true;
      end?.();
    },
  };
}

function pause(timeoutMs: number, offerEnd: (end: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeoutMs);
    offerEnd(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
