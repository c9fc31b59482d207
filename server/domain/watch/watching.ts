/** One open stream: asleep until something happens, gone at once when its signal aborts. */
import { createSignal, pause } from "../../lib/signal.ts";

export interface Watching {
  /** True once the signal aborted or end() was called. */
  readonly ended: boolean;
  /** Called when the watching ends, or at once when it has. */
  onEnd(release: () => void): void;
  end(): void;
  /** Wakes who waits; when nobody does, the next wait returns at once. */
  ring(): void;
  /** Until it rings, ends, or the time is over. Answers whether it rang. */
  wait(timeoutMs?: number): Promise<boolean>;
  /** Until the time is over or it ends, whatever rings. */
  pause(timeoutMs: number): Promise<void>;
}

export function openWatching(signal: AbortSignal): Watching {
  const over = new AbortController();
  const changed = createSignal();

  function end(): void {
    signal.removeEventListener("abort", end);
    over.abort();
    changed.notify();
  }

  if (signal.aborted) end();
  else signal.addEventListener("abort", end);
  return {
    get ended(): boolean {
      return over.signal.aborted;
    },
    onEnd(release): void {
      if (over.signal.aborted) release();
      else over.signal.addEventListener("abort", release, { once: true });
    },
    end,
    ring: changed.notify,
    wait: async (timeoutMs = Infinity) => !over.signal.aborted && await changed.wait(timeoutMs),
    pause: (timeoutMs) => pause(timeoutMs, over.signal),
  };
}

/** The batches as a stream that releases the watching when it is over, and at once when its reader returns early. */
export function streamOf<T>(watching: Watching, batches: AsyncGenerator<T>): AsyncIterableIterator<T> {
  const guarded = guard(watching, batches);
  const stream: AsyncIterableIterator<T> = {
    next: () => guarded.next(),
    return(): Promise<IteratorResult<T>> {
      // A generator that waits would hear of its return only when it wakes.
      watching.end();
      return guarded.return(undefined);
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}

async function* guard<T>(watching: Watching, batches: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* batches;
  } finally {
    watching.end();
  }
}
