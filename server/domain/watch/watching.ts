/** One open stream: asleep until something happens, gone at once when its signal aborts. */

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
  const releases: (() => void)[] = [];
  let ended = false;
  let rung = false;
  let wake: () => void = () => {};

  function end(): void {
    if (ended) return;
    ended = true;
    signal.removeEventListener("abort", end);
    for (const release of releases.splice(0)) release();
    wake();
  }

  function sleep(timeoutMs: number, done: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const timer = timeoutMs === Infinity ? undefined : setTimeout(finish, timeoutMs);
      function finish(): void {
        clearTimeout(timer);
        wake = () => {};
        resolve();
      }
      wake = () => {
        if (ended || done()) finish();
      };
      wake();
    });
  }

  if (signal.aborted) ended = true;
  else signal.addEventListener("abort", end);
  return {
    get ended(): boolean {
      return ended;
    },
    onEnd(release): void {
      if (ended) release();
      else releases.push(release);
    },
    end,
    ring(): void {
      rung = true;
      wake();
    },
    async wait(timeoutMs = Infinity): Promise<boolean> {
      await sleep(timeoutMs, () => rung);
      const answer = rung;
      rung = false;
      return answer;
    },
    pause: (timeoutMs) => sleep(timeoutMs, () => false),
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
