/**
 * The conversation with the server: one exchange at a time. While it is under way reports gather for the next one, so
 * that idle one ending is one exchange at once, and under load one exchange carries dozens.
 */
import { createBell, retryDelayMs } from "./backoff.ts";
import type { AgentLog } from "./options.ts";
import type { AgentServer, Ended, ExchangeReply, Started } from "./port.ts";

/** The slow poll beneath every wake-up. */
const POLL_MS = 1_000;
/** A start is told a moment later than an end: most tasks end within it, and both are told at once. */
const STARTED_DELAY_MS = 15;
/** More reports wait for the next exchange. */
const REPORTS_AT_ONCE = 2_000;

export interface ExchangeLoop {
  start(): void;
  reportStarted(started: Started): void;
  reportEnded(ended: Ended): void;
  wake(): void;
  /** True when nothing waits to be told and no exchange is under way. */
  idle(): boolean;
  /** Ends when the exchange that is under way has. */
  stop(): Promise<void>;
}

export interface ExchangeParts {
  readonly agentId: number;
  readonly server: AgentServer;
  readonly log: AgentLog;
  readonly freeSlots: () => number;
  /** The server has taken these reports; to be answered at once, the next exchange waits for it. */
  readonly onReply: (reply: ExchangeReply, ended: readonly Ended[], resume: boolean) => Promise<void> | void;
}

export function createExchangeLoop(
  { agentId, server, log, freeSlots, onReply }: ExchangeParts,
): ExchangeLoop {
  const started = new Map<number, Started>();
  const ended: Ended[] = [];
  const bell = createBell();
  const stopping = new AbortController();
  let resume = true;
  let busy = false;
  let startedTimer: ReturnType<typeof setTimeout> | undefined;
  let loop: Promise<void> | null = null;

  async function run(): Promise<void> {
    let faults = 0;
    bell.ring();
    while (!stopping.signal.aborted) {
      await bell.wait(POLL_MS);
      if (stopping.signal.aborted) return;
      busy = true;
      try {
        await exchangeOnce();
        if (faults > 0) log.info("The server answers again", { faults });
        faults = 0;
      } catch (error) {
        // Whatever it is, the reports are kept and the server is asked again. It may have taken them, and claimed work
        // in an answer that was lost: the next reply names all.
        resume = true;
        if (++faults === 1) log.warn("Cannot exchange reports with the server, and tries again", { error });
        await bell.rest(retryDelayMs(faults), stopping.signal);
        bell.ring();
      } finally {
        busy = false;
      }
    }
  }

  async function exchangeOnce(): Promise<void> {
    clearTimeout(startedTimer);
    startedTimer = undefined;
    const told = [...started.values()].slice(0, REPORTS_AT_ONCE);
    const toldEnded = ended.slice(0, REPORTS_AT_ONCE);
    const all = resume;
    const reply = await server.exchange({
      agentId,
      started: told,
      ended: toldEnded,
      // What the server claims beside all the rest could be too much: that comes with the next one.
      freeSlots: all ? 0 : freeSlots(),
      resume: all,
    });
    for (const report of told) if (started.get(report.attemptId) === report) started.delete(report.attemptId);
    ended.splice(0, toldEnded.length);
    if (all) {
      resume = false;
      bell.ring();
    }
    if (ended.length > 0 || started.size > 0) bell.ring();
    await onReply(reply, toldEnded, all);
  }

  return {
    start: () => void (loop ??= run()),
    reportStarted(report): void {
      started.set(report.attemptId, report);
      startedTimer ??= setTimeout(bell.ring, STARTED_DELAY_MS);
    },
    reportEnded(report): void {
      // The end tells the start too.
      started.delete(report.attemptId);
      ended.push(report);
      bell.ring();
    },
    wake: bell.ring,
    idle: () => !busy && ended.length === 0,
    async stop(): Promise<void> {
      stopping.abort();
      clearTimeout(startedTimer);
      bell.ring();
      await loop;
    },
  };
}
