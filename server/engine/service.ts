/**
 * The contract of a background duty. `runOnce` does the work that there is and answers after how many milliseconds it
 * wants to be called again; `start` only calls it in a loop; `stop` is complete when it returns, may be called twice and
 * without a start. `wake` cuts a wait short; a wake that comes during a pass causes another pass.
 */
import { backoff } from "../lib/backoff.ts";
import { createSignal } from "../lib/signal.ts";
import type { Log } from "../log.ts";

/** After a fault the next pass comes after this, doubled each time up to the limit. */
const FIRST_FAULT_DELAY_MS = 250;
const FAULT_DELAY_LIMIT_MS = 10_000;

export interface Service {
  readonly name: string;
  start(): void;
  wake(): void;
  /** Since the last pass that did its work, or the start. */
  sinceRoundMs(): number;
  stop(): Promise<void>;
}

export function createService(
  name: string,
  runOnce: () => Promise<number>,
  log: Log,
  monotonicMs = (): number => performance.now(),
): Service {
  const stopping = new AbortController();
  let roundMs = monotonicMs();
  const signal = createSignal();
  let loop: Promise<void> | null = null;

  async function runLoop(): Promise<void> {
    let faults = 0;
    while (!stopping.signal.aborted) {
      let delayMs: number;
      try {
        delayMs = await runOnce();
        faults = 0;
        roundMs = monotonicMs();
      } catch (error) {
        // A duty goes on whatever happens to one pass: the database may be away for a while.
        delayMs = backoff(++faults, FIRST_FAULT_DELAY_MS, FAULT_DELAY_LIMIT_MS);
        log.error(`The ${name} could not do its work and tries again in ${delayMs} ms`, { error });
      }
      await signal.wait(delayMs);
    }
  }

  return {
    name,
    sinceRoundMs: () => monotonicMs() - roundMs,
    start: () => void (loop ??= runLoop()),
    wake: signal.notify,
    async stop(): Promise<void> {
      stopping.abort();
      signal.notify();
      await loop;
    },
  };
}
