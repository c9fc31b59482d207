/** What goes on in the background: each duty calls the domain and knows only when to do so again. */
import { type Heartbeat, HEARTBEAT_SECONDS, MAX_MISSED_HEARTBEATS } from "../domain/agents.ts";
import { SAMPLE_MS } from "../domain/host_history.ts";
import type { Operations } from "../domain/mod.ts";
import type { Log } from "../log.ts";
import { createService, type Service } from "./service.ts";

/** The slow poll beneath every wake-up: a lost one, or a change that another server made, is seen within this. */
const POLL_MS = 1_000;
const TAKEN_MS = 10;
const LATE_MS = 5_000;
const PRUNE_MS = 3_600_000;

/** Fires schedules at their instants. */
export function createScheduler(operations: Operations, log: Log): Service {
  return createService("scheduler", async () => {
    while (await operations.replanSchedules());
    while (await operations.fireDueSchedules());
    // What is due now comes before the ledger of an outage, which is written in batches.
    if (await operations.recordBacklog()) return 0;
    const dueInMs = await operations.nextSlotInMs();
    // What is still due is in the hands of another server, or of somebody who edits it.
    return dueInMs !== null && dueInMs <= 0 ? TAKEN_MS : untilDue(dueInMs);
  }, log);
}

/** Finds slots whose run does not get going. */
export function createTimekeeper(operations: Operations, log: Log): Service {
  return createService("timekeeper", async () => {
    while (await operations.markLateSlots());
    return LATE_MS;
  }, log);
}

/** Starts queued runs, releases retries, ends runs whose time is over. */
export function createDispatcher(operations: Operations, log: Log): Service {
  return createService("dispatcher", async () => {
    while (await operations.promoteRuns());
    while (await operations.followClock());
    while (await operations.releaseRetries());
    while (await operations.expireRuns());
    return untilDue(await operations.nextDueInMs());
  }, log);
}

/**
 * Says that our agent is up, and gives up agents that stay away. Their missed heartbeats are counted and not measured by a
 * clock, which may jump; a pass that fails counts for nothing: when the database is away, the others stay away too.
 */
export function createReaper(operations: Operations, agentId: number | null, log: Log): Service {
  let known: ReadonlyMap<number, Heartbeat & { readonly missed: number }> = new Map();
  return createService("reaper", async () => {
    if (agentId !== null) await operations.touchAgent(agentId);
    const heartbeats = (await operations.listHeartbeats()).map((heartbeat) => {
      const before = known.get(heartbeat.agentId);
      return { ...heartbeat, missed: before?.seenAt === heartbeat.seenAt ? before.missed + 1 : 0 };
    });
    for (const heartbeat of heartbeats) {
      while (heartbeat.missed >= MAX_MISSED_HEARTBEATS && await operations.giveUpAgent(heartbeat));
    }
    known = new Map(heartbeats.map((heartbeat) => [heartbeat.agentId, heartbeat]));
    return HEARTBEAT_SECONDS * 1_000;
  }, log);
}

/** Deletes what is past its retention. */
export function createPruner(operations: Operations, log: Log): Service {
  return createService("pruner", async () => {
    await operations.prune();
    return PRUNE_MS;
  }, log);
}

/** Measures how busy this machine is. */
export function createMeasurer(operations: Operations, log: Log): Service {
  return createService("measurer", () => {
    operations.measureHost();
    return Promise.resolve(SAMPLE_MS);
  }, log);
}

function untilDue(dueInMs: number | null): number {
  return dueInMs === null ? POLL_MS : Math.min(POLL_MS, Math.max(0, dueInMs));
}
