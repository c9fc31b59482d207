/**
 * The agent: takes work from a server, starts its processes, stops them, and tells what became of them. It keeps nothing
 * that its spool could not tell the next agent, so that it may be killed at any instant.
 */
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import { monotonicMs } from "./attempt.ts";
import { retryDelayMs } from "./backoff.ts";
import { createExchangeLoop, NOTHING, POLL_MS } from "./exchange/exchange.ts";
import { createIntake } from "./exchange/intake.ts";
import { createLifecycle } from "./lifecycle.ts";
import type { AgentOptions } from "./options.ts";
import type { Ended, ExchangeReply, Wish } from "./port.ts";
import { openProcesses, type Processes } from "./end/processes.ts";
import { openReaders, type Readers } from "./output/readers.ts";
import { openSpool, type Spool } from "./spool/spool.ts";

/** Attempts that were told to have ended, kept so long that no late answer starts one of them again. */
const ENDED_KEPT = 10_000;
const SWEEP_MS = 3_600_000;
/** So long a stop waits for what has ended to be told, and then for calls that are under way. */
const FLUSH_MS = 3_000;
const CALL_END_MS = 1_000;
const FLUSH_LOOK_MS = 10;
/** Work is claimed ahead for attempts that ended within so long: short tasks never wait for work, long ones claim none. */
const SHORT_MS = 1_000;
/** So much for each of them, and for each slot at most. */
const AHEAD_OF_ENDED = 4;
const AHEAD_OF_SLOT = 4;
/** What waits in the hand for so long is given back: another agent may have a slot. */
const IN_HAND_MS = 1_000;
const GIVE_BACK_LOOK_MS = 500;

export interface Agent {
  start(): void;
  /** Takes no more work and leaves the processes alive; tells within a bound what has ended. */
  stop(): Promise<void>;
  /** Attempts that may still have a process, or output to hand over. */
  running(): number;
  /** What output takes in the spool, and may take; with all of it taken the agent takes no work. */
  spool(): SpoolUse;
}

export interface SpoolUse {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

export async function openAgent(options: AgentOptions): Promise<Agent> {
  const processes = await openProcesses();
  // A task's own directory is another one than ours: no path may depend on it.
  const workDir = resolve(options.workDir);
  const spool = await openSpool(resolve(options.spoolDir), processes.bootId, options.log);
  await Deno.mkdir(workDir, { recursive: true, mode: 0o700 });
  return createAgent({ ...options, workDir }, processes, spool, openReaders(spool.dir));
}

function createAgent(options: AgentOptions, processes: Processes, spool: Spool, readers: Readers): Agent {
  const { agentId, server, log, clock, capacity, inHandMs = IN_HAND_MS } = options;
  const told = new LRUCache<number, true>({ max: ENDED_KEPT });
  let stopping = false;
  let nextSweepMs = 0;
  let endWakes: (() => void) | null = null;
  let giveBackTimer: ReturnType<typeof setInterval> | undefined;

  const exchange = createExchangeLoop({
    agentId,
    server,
    log,
    pollMs: options.pollMs ?? POLL_MS,
    retryDelayMs: options.retryDelayMs ?? retryDelayMs,
    wish,
    // More than starts while an exchange is under way.
    handFull: () => lifecycle.waiting() > capacity,
    onReply: takeReply,
  });
  const lifecycle = createLifecycle({
    options,
    processes,
    spool,
    readers,
    reportStarted: exchange.reportStarted,
    reportEnded,
  });
  const intake = createIntake({ processes, spool, lifecycle, clock, log, told, reportEnded });

  function reportEnded(ended: Ended): void {
    told.set(ended.attemptId, true);
    exchange.reportEnded(ended);
  }

  /** What ended since the last word says how many slots get free until the next one. */
  function wish(ended: readonly Ended[]): Wish {
    if (stopping || capacity === 0 || !intake.confirmed() || lifecycle.room.full() || lifecycle.postponed()) {
      return NOTHING;
    }
    const left = capacity - lifecycle.running() - lifecycle.waiting();
    const freeSlots = Math.max(0, left);
    const ahead = Math.max(
      0,
      left + Math.min(AHEAD_OF_SLOT * capacity, AHEAD_OF_ENDED * countShort(ended)) - freeSlots,
    );
    if (freeSlots + ahead > 0) return { freeSlots, ahead, abovePriority: null };
    // There is enough in hand, but something more urgent may have come.
    const abovePriority = lifecycle.highestPriority();
    return abovePriority === null ? NOTHING : { freeSlots, ahead: capacity, abovePriority };
  }

  async function takeReply(reply: ExchangeReply, ended: readonly Ended[], resume: boolean): Promise<void> {
    intake.settle(ended);
    for (const attemptId of reply.refused) lifecycle.disown(attemptId);
    if (stopping) {
      // After a resume it names what lives, which goes on.
      if (!resume) intake.giveBack(reply.work);
      return;
    }
    const stops = new Set(reply.stops);
    await intake.takeWork(reply.work, stops);
    for (const attemptId of stops) lifecycle.requestStop(attemptId);
    for (const attemptId of reply.recalls) lifecycle.recall(attemptId);
    if (resume) {
      lifecycle.retell(new Set(reply.work.map(({ attemptId }) => attemptId)));
      await intake.adoptUnnamed();
    }
    if (!intake.confirmed() && await intake.confirm()) exchange.wake();
    sweep();
  }

  function sweep(): void {
    if (monotonicMs() < nextSweepMs) return;
    nextSweepMs = monotonicMs() + SWEEP_MS;
    spool.sweep(clock.now(), lifecycle.knows);
  }

  return {
    start(): void {
      endWakes ??= server.onWork(exchange.wake);
      lifecycle.start();
      exchange.start();
      giveBackTimer ??= setInterval(() => lifecycle.giveBack(inHandMs), GIVE_BACK_LOOK_MS);
    },
    async stop(): Promise<void> {
      stopping = true;
      endWakes?.();
      clearInterval(giveBackTimer);
      lifecycle.giveBack(0);
      const deadline = monotonicMs() + FLUSH_MS;
      while (!(exchange.idle() && lifecycle.flushed()) && monotonicMs() < deadline) {
        await pause(FLUSH_LOOK_MS);
      }
      // A call that never answers must not hold up whoever stops us.
      const ends = [exchange.stop(), lifecycle.stop(), spool.finishRemoval()];
      await waitAtMost(CALL_END_MS, Promise.all(ends));
    },
    running: lifecycle.running,
    spool: () => ({ usedBytes: lifecycle.room.usedBytes(), limitBytes: lifecycle.room.limitBytes }),
  };
}

function countShort(ended: readonly Ended[]): number {
  return ended.filter(({ startedAt, finishedAt }) => startedAt !== null && finishedAt - startedAt < SHORT_MS)
    .length;
}

function waitAtMost(limitMs: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, limitMs);
    work.then(() => resolve(), reject).finally(() => clearTimeout(timer));
  });
}
