/** Readers of streams, for tests. */
import type { TestDomain } from "../../support/domain.ts";
import { createWatch } from "../../../server/domain/watch/watch.ts";
import type { Watch } from "../../../server/domain/watch/interface.ts";

/** Long enough for a busy machine; a test that waits so long has failed. */
const DEADLINE_MS = 20_000;

export interface Reader<T> {
  /** All that came so far, in batches. */
  readonly batches: readonly T[];
  /** Resolves once what came is enough. */
  until(enough: (batches: readonly T[]) => boolean): Promise<void>;
  /** Resolves when the stream is over; rejects with its fault. */
  readonly over: Promise<void>;
  /** Aborts its signal, and waits until it is over. */
  stop(): Promise<void>;
}

/** Reads as fast as it comes; `pause` holds the reader up after each batch. */
export function read<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  pause: () => Promise<void> = () => Promise.resolve(),
): Reader<T> {
  const controller = new AbortController();
  const batches: T[] = [];
  let check = (): void => {};
  const stream = open(controller.signal);
  const over = (async () => {
    for await (const batch of stream) {
      batches.push(batch);
      check();
      await pause();
    }
  })();
  // A test that does not look at the end is not to fail of it elsewhere.
  over.catch(() => {});
  return {
    batches,
    get over(): Promise<void> {
      return within(over, () => "the end of the stream");
    },
    until: (enough) => {
      const reached = new Promise<void>((resolve) => {
        check = () => {
          if (enough(batches)) resolve();
        };
        check();
      });
      return within(reached, () => `enough: ${Deno.inspect(batches).slice(0, 2000)}`);
    },
    async stop(): Promise<void> {
      controller.abort();
      await within(over, () => "the end after the abort");
    },
  };
}

/** Figures and clock that always say the same. */
export function openWatch(domain: TestDomain, parts: Partial<Parameters<typeof createWatch>[0]> = {}): Watch {
  return createWatch({
    ...domain.ports,
    figures: { hostStats: () => Promise.reject(new Error("No figures here")) },
    clock: { now: () => 0 },
    ...parts,
  });
}

async function within<T>(promise: Promise<T>, what: () => string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${DEADLINE_MS} ms for ${what()}`)), DEADLINE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
