/**
 * Hands output to the server until it is taken: many attempts in a call, and, while there is more than one call holds,
 * further calls before the first is answered, so that reading and storing go on side by side. When an answer is lost or
 * is not the one that was expected, all calls are waited for, and it goes on with one at a time from where the server
 * stands. A call that failed is followed by one of half as many attempts, so that one of which the output is never taken
 * does not hold up the others.
 */
import { setImmediate } from "node:timers";
import type { Attempt } from "../attempt.ts";
import { createSignal, pause } from "../../lib/signal.ts";
import type { AgentLog } from "../options.ts";
import {
  acknowledge,
  acknowledgeBatch,
  type Budget,
  MIN_BUDGET,
  outputPending,
  outputTaken,
  takeBack,
  takeBatch,
  type TakenBatch,
  untakenBytes,
} from "./output.ts";
import type { AgentServer, OutputVerdict } from "../port.ts";

/** In one call, of all attempts together. */
const CALL_BYTES = 512 * 1024;
const CALL_LINES = 16 * 1024;
const CALL_ATTEMPTS = 1024;
const CALLS_AT_ONCE = 3;
/** With less than this to hand over, the call that is under way is waited for: then there is more for the next one. */
const WORTHWHILE_BYTES = CALL_BYTES / 2;
/** Nothing is lost when nobody rings: whoever has output rings. */
const IDLE_MS = 60_000;

export interface Delivery {
  start(): void;
  /** Output of this attempt waits in its files. */
  offer(attempt: Attempt): void;
  withdraw(attempt: Attempt): void;
  /** Ends after the calls that are under way. */
  stop(): Promise<void>;
}

interface DeliveryParts {
  readonly agentId: number;
  readonly server: AgentServer;
  readonly log: AgentLog;
  readonly retryDelayMs: (faults: number) => number;
  /** The server has all that this attempt can say for now. */
  readonly onDelivered: (attempt: Attempt) => void;
  /** The server does not want it: the attempt is final, or not ours. */
  readonly onRefused: (attempt: Attempt) => void;
}

export function createDelivery(parts: DeliveryParts): Delivery {
  const { agentId, server, log, retryDelayMs, onDelivered, onRefused } = parts;
  /** Those that have something which the server has not said that it has. */
  const waiting = new Map<number, Attempt>();
  const calls = new Set<Promise<void>>();
  const signal = createSignal();
  const stopping = new AbortController();
  let loop: Promise<void> | null = null;
  /** One call at a time, whose answer says where the server stands. */
  let careful = true;
  /** An answer was not the expected one: what was handed over behind it is not where it should be. */
  let astray = false;
  /** Attempts in a call. */
  let attemptLimit = CALL_ATTEMPTS;
  let faults = 0;
  let fault: { readonly error: unknown } | null = null;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (astray || fault !== null) await recover();
      else if (begin()) await new Promise((resolve) => setImmediate(resolve));
      else await signal.wait(IDLE_MS);
    }
    await Promise.all(calls);
  }

  /** Answers whether there was something to hand over. */
  function begin(): boolean {
    if (calls.size >= (careful ? 1 : CALLS_AT_ONCE) || !worthwhile()) return false;
    try {
      const batches = collectBatches(waiting, attemptLimit, onDelivered);
      if (batches.length === 0) return false;
      const call = deliver(batches).finally(() => {
        calls.delete(call);
        signal.notify();
      });
      calls.add(call);
    } catch (error) {
      fault = { error };
    }
    return true;
  }

  function worthwhile(): boolean {
    if (calls.size === 0) return waiting.size > 0;
    let bytes = 0;
    for (const attempt of waiting.values()) {
      bytes += untakenBytes(attempt);
      if (bytes >= WORTHWHILE_BYTES) return true;
    }
    return false;
  }

  async function deliver(batches: readonly TakenBatch[]): Promise<void> {
    try {
      const verdicts = await server.appendOutput(agentId, batches);
      batches.forEach((batch, place) => takeVerdict(batch, verdicts[place]));
      faults = 0;
      attemptLimit = Math.min(CALL_ATTEMPTS, 2 * attemptLimit);
    } catch (error) {
      // The server is away. All that it has not taken is still in the files.
      fault = { error };
    }
  }

  function takeVerdict(batch: TakenBatch, verdict: OutputVerdict | undefined): void {
    if (verdict?.attemptId !== batch.attemptId) throw new Error(`No answer about attempt ${batch.attemptId}`);
    const attempt = waiting.get(batch.attemptId);
    if (attempt === undefined) return;
    if (!verdict.accepted) {
      waiting.delete(attempt.id);
      return onRefused(attempt);
    }
    const expected = verdict.outOffset === batch.outTo && verdict.errOffset === batch.errTo;
    if (expected) {
      acknowledgeBatch(attempt, batch);
      careful = false;
    } else if (careful) {
      acknowledge(attempt.out, verdict.outOffset);
      acknowledge(attempt.err, verdict.errOffset);
      takeBack(attempt);
    } else {
      astray = true;
      return;
    }
    if (outputPending(attempt)) return;
    onDelivered(attempt);
    waiting.delete(attempt.id);
  }

  async function recover(): Promise<void> {
    await Promise.all(calls);
    for (const attempt of waiting.values()) takeBack(attempt);
    const failed = fault;
    astray = false;
    fault = null;
    careful = true;
    if (failed === null) return;
    if (++faults === 1 && attemptLimit === CALL_ATTEMPTS) {
      log.warn("Cannot hand over output, and tries again", { error: failed.error });
    }
    attemptLimit = Math.max(1, Math.floor(Math.min(attemptLimit, waiting.size) / 2));
    await pause(retryDelayMs(faults), stopping.signal);
  }

  return {
    start: () => void (loop ??= run()),
    offer(attempt): void {
      waiting.set(attempt.id, attempt);
      signal.notify();
    },
    withdraw: (attempt) => void waiting.delete(attempt.id),
    async stop(): Promise<void> {
      stopping.abort();
      signal.notify();
      await loop;
    },
  };
}

/** Those of which the server has all that can be sent now leave the queue: they come again when they wrote more. */
function collectBatches(
  waiting: Map<number, Attempt>,
  limit: number,
  onDelivered: (attempt: Attempt) => void,
): readonly TakenBatch[] {
  const batches: TakenBatch[] = [];
  const budget: Budget = { bytes: CALL_BYTES, lines: CALL_LINES };
  for (const attempt of [...waiting.values()]) {
    const full = batches.length >= limit || budget.bytes < MIN_BUDGET.bytes ||
      budget.lines < MIN_BUDGET.lines;
    if (full) break;
    const underWay = outputTaken(attempt);
    // The server is not asked to take two at once of one that it does not know yet.
    if (underWay && attempt.out.sent + attempt.err.sent === 0) continue;
    const batch = takeBatch(attempt, budget);
    if (batch !== null) {
      batches.push(batch);
      // To the end of the queue: the others come first.
      waiting.delete(attempt.id);
      waiting.set(attempt.id, attempt);
    } else if (!underWay) {
      onDelivered(attempt);
      waiting.delete(attempt.id);
    }
  }
  return batches;
}
