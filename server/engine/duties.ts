/** What goes on in the background: each duty calls the domain and knows only when to do so again. */
import { SAMPLE_MS } from "../domain/host_history.ts";
import type { Operations } from "../domain/mod.ts";
import type { Log } from "../log.ts";
import { createService, type Service } from "./service.ts";

/** The slow poll beneath every wake-up: a lost one, or a change that another server made, is seen within this. */
const POLL_MS = 1_000;
const TAKEN_MS = 10;
const HEARTBEAT_MS = 10_000;
/**
 * When our own agent was not seen for so long although it is up, the database was away or its clock was set: then the
 * others did not stay away either, and get some beats of the heart to say so.
 */
const SEEN_SECONDS = 30;
const BEATS_OF_PATIENCE = 3;
const LATE_MS = 5_000;
const PRUNE_MS = 3_600_000;

/** Fires schedules at their instants. */
export function createScheduler(operations: Operations, log: Log): Service {
  return createService("scheduler", async () => {
    const dueInMs = await operations.nextSlotInMs();
    if (!isDue(dueInMs)) return untilDue(dueInMs);
    while (await operations.replanSchedules());
    while (await operations.fireDueSchedules());
    // What is due now comes before the ledger of an outage, which is written in batches.
    if (await operations.recordBacklog()) return 0;
    return untilDue(await operations.nextSlotInMs());
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
    const dueInMs = await operations.nextDueInMs();
    if (!isDue(dueInMs)) return untilDue(dueInMs);
    while (await operations.promoteRuns());
    while (await operations.followClock());
    while (await operations.releaseRetries());
    while (await operations.expireRuns());
    return untilDue(await operations.nextDueInMs());
  }, log);
}

/** Says that our agent is up, and gives up agents that stay away. */
export function createReaper(operations: Operations, agentId: number | null, log: Log): Service {
  let patience = 0;
  return createService("reaper", async () => {
    const unseenSeconds = agentId === null ? 0 : await operations.touchAgent(agentId);
    if (unseenSeconds > SEEN_SECONDS) patience = BEATS_OF_PATIENCE;
    if (patience > 0) patience--;
    else while (await operations.giveUpAgents());
    return HEARTBEAT_MS;
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

function isDue(dueInMs: number | null): boolean {
  return dueInMs !== null && dueInMs <= 0;
}

/** What is due and was not done is locked by another server, or by somebody who edits it. */
function untilDue(dueInMs: number | null): number {
  return isDue(dueInMs) ? TAKEN_MS : Math.min(POLL_MS, dueInMs ?? POLL_MS);
}
