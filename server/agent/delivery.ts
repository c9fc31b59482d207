/** Hands output to the server: one call at a time, many attempts in a call, until it is taken. */
import type { Attempt } from "./attempt.ts";
import { createBell, retryDelayMs } from "./backoff.ts";
import type { AgentLog } from "./options.ts";
import { acknowledge, type Budget, LEAST_BUDGET, outputPending, readBatch } from "./output.ts";
import type { AgentServer, OutputBatch, OutputVerdict } from "./port.ts";

/** In one call, of all attempts together. */
const CALL_BYTES = 512 * 1024;
const CALL_LINES = 16 * 1024;
/** Nothing is lost when nobody rings: whoever has output rings. */
const IDLE_MS = 60_000;

export interface Delivery {
  start(): void;
  /** Output of this attempt waits in its files. */
  offer(attempt: Attempt): void;
  withdraw(attempt: Attempt): void;
  /** Ends after the call that is under way. */
  stop(): Promise<void>;
}

export interface DeliveryParts {
  readonly agentId: number;
  readonly server: AgentServer;
  readonly log: AgentLog;
  /** The server has all that this attempt can say for now. */
  readonly onDelivered: (attempt: Attempt) => void;
  /** The server does not want it: the attempt is final, or not ours. */
  readonly onRefused: (attempt: Attempt) => void;
}

export function createDelivery({ agentId, server, log, onDelivered, onRefused }: DeliveryParts): Delivery {
  const waiting = new Map<number, Attempt>();
  const bell = createBell();
  const stopping = new AbortController();
  let loop: Promise<void> | null = null;

  async function run(): Promise<void> {
    let faults = 0;
    while (!stopping.signal.aborted) {
      if (waiting.size === 0) await bell.wait(IDLE_MS);
      try {
        await deliverOnce();
        faults = 0;
      } catch (error) {
        // The server is away. All that it has not taken is still in the files.
        if (++faults === 1) log.warn("Cannot hand over output, and tries again", { error });
        await bell.rest(retryDelayMs(faults), stopping.signal);
      }
    }
  }

  async function deliverOnce(): Promise<void> {
    const batches = collectBatches(waiting, onDelivered);
    if (batches.length === 0) return;
    for (const verdict of await server.appendOutput(agentId, batches)) takeVerdict(verdict);
  }

  function takeVerdict({ attemptId, accepted, outOffset, errOffset }: OutputVerdict): void {
    const attempt = waiting.get(attemptId);
    if (attempt === undefined) return;
    if (!accepted) {
      waiting.delete(attemptId);
      onRefused(attempt);
      return;
    }
    acknowledge(attempt.out, outOffset);
    acknowledge(attempt.err, errOffset);
    waiting.delete(attemptId);
    // To the end of the queue: the others come first.
    if (outputPending(attempt)) waiting.set(attemptId, attempt);
    else onDelivered(attempt);
  }

  return {
    start: () => void (loop ??= run()),
    offer(attempt): void {
      waiting.set(attempt.id, attempt);
      bell.ring();
    },
    withdraw: (attempt) => void waiting.delete(attempt.id),
    async stop(): Promise<void> {
      stopping.abort();
      bell.ring();
      await loop;
    },
  };
}

/** Those that have nothing to send now leave the queue: they come again when they wrote more. */
function collectBatches(
  waiting: Map<number, Attempt>,
  onDelivered: (attempt: Attempt) => void,
): readonly OutputBatch[] {
  const batches: OutputBatch[] = [];
  const budget: Budget = { bytes: CALL_BYTES, lines: CALL_LINES };
  for (const attempt of [...waiting.values()]) {
    if (budget.bytes < LEAST_BUDGET.bytes || budget.lines < LEAST_BUDGET.lines) break;
    const batch = readBatch(attempt, budget);
    if (batch !== null) {
      batches.push(batch);
    } else {
      waiting.delete(attempt.id);
      onDelivered(attempt);
    }
  }
  return batches;
}
