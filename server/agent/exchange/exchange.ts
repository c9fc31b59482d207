/**
 * The conversation with the server: one exchange at a time. While it is under way reports gather for the next one, so
 * that idle one ending is one exchange at once, and under load one exchange carries dozens.
 */
import { createSignal, pause, type Signal } from "../../lib/signal.ts";
import { monotonicMs } from "../attempt.ts";
import type { AgentLog } from "../options.ts";
import type { AgentServer, Ended, ExchangeReply, Started, Wish } from "../port.ts";
import { createReports, type Reports } from "./reports.ts";

/** The slow poll beneath every wake-up, where one may be lost and where none is. */
export const POLL_MS = 1_000;
const QUIET_POLL_MS = 5_000;
/** A start is told a moment later than an end: most tasks end within it, and both are told at once. */
const STARTED_DELAY_MS = 15;
/** An end that something has followed already is told a moment later: so a chain of short tasks is told a few at a time. */
const FOLLOWED_DELAY_MS = 50;
/** While there is plenty in hand nothing waits for an exchange, and each costs as much as ten ends: they gather for so long. */
const GATHER_MS = 50;
export const NOTHING: Wish = Object.freeze({ freeSlots: 0, ahead: 0, abovePriority: null });

interface ExchangeLoop {
  start(): void;
  reportStarted(started: Started): void;
  reportEnded(ended: Ended): void;
  wake(): void;
  /** True when no end waits to be told and no exchange is under way. */
  idle(): boolean;
  /** Ends when the exchange that is under way has. */
  stop(): Promise<void>;
}

interface ExchangeParts {
  readonly agentId: number;
  readonly server: AgentServer;
  readonly log: AgentLog;
  readonly pollMs: number;
  readonly retryDelayMs: (faults: number) => number;
  /** What it would have, given the ends that are told along with it. */
  readonly wish: (ended: readonly Ended[]) => Wish;
  /** There is so much in hand that no slot will be free before the exchange after this one. */
  readonly handFull: () => boolean;
  /** The server has taken these ends. The next exchange waits until this is done. */
  readonly onReply: (reply: ExchangeReply, ended: readonly Ended[], resume: boolean) => Promise<void>;
}

/** All that the steps below share. */
interface Conversation extends ExchangeParts {
  readonly reports: Reports;
  readonly signal: Signal;
  readonly stopping: AbortController;
  /** The next reply has to name all that the server believes this agent to have. */
  resume: boolean;
  busy: boolean;
  startedTimer: ReturnType<typeof setTimeout> | undefined;
}

export function createExchangeLoop(parts: ExchangeParts): ExchangeLoop {
  const reports = createReports();
  const signal = createSignal();
  const stopping = new AbortController();
  const talk: Conversation = {
    ...parts,
    reports,
    signal,
    stopping,
    resume: true,
    busy: false,
    startedTimer: undefined,
  };
  let loop: Promise<void> | null = null;
  return {
    start: () => void (loop ??= converse(talk)),
    reportStarted(report): void {
      reports.addStarted(report);
      talk.startedTimer ??= setTimeout(signal.notify, STARTED_DELAY_MS);
    },
    reportEnded(report): void {
      reports.addEnded(report);
      // What follows it was started without the server.
      if (report.followed) talk.startedTimer ??= setTimeout(signal.notify, FOLLOWED_DELAY_MS);
      else signal.notify();
    },
    wake: signal.notify,
    idle: () => !talk.busy && !reports.endsWaiting(),
    async stop(): Promise<void> {
      stopping.abort();
      clearTimeout(talk.startedTimer);
      signal.notify();
      await loop;
    },
  };
}

async function converse(talk: Conversation): Promise<void> {
  const { signal, stopping, log, retryDelayMs } = talk;
  let faults = 0;
  signal.notify();
  while (true) {
    await signal.wait(talk.server.hears() ? Math.max(talk.pollMs, QUIET_POLL_MS) : talk.pollMs);
    await gather(talk);
    if (stopping.signal.aborted) return;
    talk.busy = true;
    try {
      await exchangeOnce(talk);
      if (faults > 0) log.info("The server answers again", { faults });
      faults = 0;
    } catch (error) {
      // Whatever it is, the reports are kept and the server is asked again. It may have taken them, and claimed work in
      // an answer that was lost: the next reply names all.
      talk.resume = true;
      if (++faults === 1) log.warn("Cannot exchange reports with the server, and tries again", { error });
      await pause(retryDelayMs(faults), stopping.signal);
      signal.notify();
    } finally {
      talk.busy = false;
    }
  }
}

/** Each end notifies, and so the hand is looked at anew whenever something leaves it. */
async function gather({ signal, stopping, handFull }: Conversation): Promise<void> {
  const untilMs = monotonicMs() + GATHER_MS;
  while (handFull() && !stopping.signal.aborted) {
    const leftMs = untilMs - monotonicMs();
    if (leftMs <= 0) return;
    await signal.wait(leftMs);
  }
}

async function exchangeOnce(talk: Conversation): Promise<void> {
  const { agentId, server, wish, reports, signal, resume } = talk;
  clearTimeout(talk.startedTimer);
  talk.startedTimer = undefined;
  const told = reports.next();
  // What the server claims beside all the rest could be too much: that comes with the next exchange.
  const asked = resume ? NOTHING : wish(told.ended);
  const reply = await server.exchange({ agentId, ...told, ...asked, resume });
  reports.settle(told);
  if (resume) talk.resume = false;
  if (resume || reports.endsWaiting() || reports.startsWaiting()) signal.notify();
  await talk.onReply(reply, told.ended, resume);
}
