/**
 * One stream of server-sent events, as graphql-sse has them: `next` and `complete`, with the operation's id where several
 * share the stream. Each operation waits until its event is taken before it asks for the next, so that behind a slow
 * reader there is never more than one event of each.
 */
import { createSignal } from "../lib/signal.ts";
import { STREAM_PING_MS } from "./limits.ts";
import type { FormattedResult, Outcome } from "./operations.ts";

const PING = ":\n\n";

export interface EventStream {
  /** What the client gets; `cookies` as it goes out with the first byte. */
  respond(): Response;
  /**
   * Writes an operation's results and that it is complete. Resolves when all is taken, or when the signal aborts or the
   * stream ends: then it lets go of the results. When the results end in a fault, such as a database that is gone, the
   * stream ends: its client comes back, where "complete" would tell it that there is no more to come.
   */
  carry(id: string | null, outcome: Outcome, signal: AbortSignal): Promise<void>;
  end(): void;
}

/** `onEnd` is called once, however it ends: by end(), or because the client is gone. */
export function createEventStream(onEnd: () => void): EventStream {
  const encoder = new TextEncoder();
  const waiting: { readonly text: string; readonly taken: () => void }[] = [];
  let over = false;
  const changed = createSignal();

  function end(): void {
    if (over) return;
    over = true;
    for (const { taken } of waiting.splice(0)) taken();
    changed.notify();
    onEnd();
  }

  function write(event: "next" | "complete", data: unknown): Promise<void> {
    if (over) return Promise.resolve();
    const text = `event: ${event}\ndata: ${data === null ? "" : JSON.stringify(data)}\n\n`;
    return new Promise((taken) => {
      waiting.push({ text, taken });
      changed.notify();
    });
  }

  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    // The first bytes tell the client that the stream is open.
    start: (controller) => controller.enqueue(encoder.encode(PING)),
    async pull(controller): Promise<void> {
      while (waiting.length === 0 && !over && await changed.wait(STREAM_PING_MS));
      const first = waiting.shift();
      if (first !== undefined) {
        controller.enqueue(encoder.encode(first.text));
        first.taken();
      } else if (over) controller.close();
      else controller.enqueue(encoder.encode(PING));
    },
    cancel: end,
  });

  return {
    respond: () =>
      new Response(body, {
        headers: {
          "content-type": "text/event-stream; charset=utf-8",
          "cache-control": "no-cache, no-transform",
          // nginx would collect events otherwise.
          "x-accel-buffering": "no",
        },
      }),
    async carry(id, outcome, signal): Promise<void> {
      const next = (result: FormattedResult): Promise<void> =>
        write("next", id === null ? result : { id, payload: result });
      let last: FormattedResult | null = null;
      if (outcome.kind === "result") await next(outcome.result);
      else {
        await forEach(outcome.results, signal, async (result) => {
          last = result;
          await next(result);
        });
      }
      if (isFault(last)) end();
      else if (!signal.aborted) await write("complete", id === null ? null : { id });
    },
    end,
  };
}

/** An event that was carried out has data, or null where it failed. */
function isFault(result: FormattedResult | null): boolean {
  return result !== null && result.data === undefined;
}

/** Does not wait for a result that may never come once the signal has aborted. */
async function forEach<T>(
  results: AsyncIterable<T>,
  signal: AbortSignal,
  take: (result: T) => Promise<void>,
): Promise<void> {
  const iterator = results[Symbol.asyncIterator]();
  try {
    while (true) {
      const step = await nextUnlessAborted(iterator, signal);
      if (step === null || step.done === true) return;
      await take(step.value);
    }
  } finally {
    // Not awaited: a generator that waits for something else would hold us up.
    void iterator.return?.();
  }
}

/** A listener for each step: a race against one promise for all steps would keep every result until the stream ends. */
function nextUnlessAborted<T>(
  iterator: AsyncIterator<T>,
  signal: AbortSignal,
): Promise<IteratorResult<T> | null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(null);
    signal.addEventListener("abort", abort, { once: true });
    iterator.next().then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
