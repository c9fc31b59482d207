/** What goes on in the background: each duty calls the domain and knows only when to do so again. */
import { SAMPLE_MS } from "../domain/statistics/host_history.ts";
import type { Operations } from "../domain/mod.ts";
import type { Log } from "../log.ts";
import { createService, type Service } from "./service.ts";

/** The slow poll beneath every wake-up: a lost one, or a jump of the clock, is seen within this. */
const POLL_MS = 1_000;
/** Where no wake-up is lost, and nothing is due soon: within the lateness that is no misfire. */
const QUIET_POLL_MS = 4_000;
const SOON_MS = 10_000;
const TAKEN_MS = 10;
const HEARTBEAT_MS = 5_000;
const LATE_MS = 5_000;
const PRUNE_MS = 3_600_000;

/** Fires schedules at their instants. */
export function createScheduler(operations: Operations, log: Log): Service {
  return createService("scheduler", async () => {
    const dueInMs = await operations.nextSlotInMs();
    if (!isDue(dueInMs)) return untilDue(dueInMs, operations.hears());
    while (await operations.replanSchedules());
    while (await operations.fireDueSchedules());
    // What is due now comes before the ledger of an outage, which is written in batches.
    if (await operations.recordBacklog()) return 0;
    return untilDue(await operations.nextSlotInMs(), operations.hears());
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
    if (!isDue(dueInMs)) return untilDue(dueInMs, operations.hears());
    while (await operations.promoteRuns());
    while (await operations.followClock());
    while (await operations.releaseRetries());
    while (await operations.expireRuns());
    return untilDue(await operations.nextDueInMs(), operations.hears());
  }, log);
}

/** Says that this server and its agent are up, and gives up what agents have that stay away. */
export function createReaper(operations: Operations, serverId: number, log: Log): Service {
  return createService("reaper", async () => {
    await operations.touchServer(serverId);
    await operations.giveUpAttempts();
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
function untilDue(dueInMs: number | null, hears: boolean): number {
  if (isDue(dueInMs)) return TAKEN_MS;
  const dueMs = dueInMs ?? Infinity;
  return Math.min(hears && dueMs > SOON_MS ? QUIET_POLL_MS : POLL_MS, dueMs);
}
