/**
 * Runs are made here, many in a few statements: by hand, by the scheduler, again. The overlap policy is decided under
 * the lock of the container, so that however many ask at once, each gets what the policy says.
 */
import { sql } from "drizzle-orm";
import { say, type Sentence } from "../../../schema/sentences.ts";
import {
  finalTaskRun,
  type OverlapPolicy,
  type RunCause,
  type RunState,
  type TaskRunState,
} from "../../../schema/states.ts";
import type { Container } from "../../../schema/tables/container.ts";
import { idArray, idRows } from "../../db/parameters.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { type DefinitionCache, runGraph, type StoredDefinition } from "../containers/definitions.ts";
import { type ActiveRuns, decideOverlap } from "../rules/overlap.ts";
import { decideNext, type TaskState } from "../rules/run_state.ts";
import { ensureVersions } from "../containers/versions.ts";
import type { UnitOfWork } from "../unit_of_work.ts";
import { lockRuns } from "./locked_run.ts";
import type { PlacementOf, Placements } from "./placements.ts";
import { progressRuns } from "./progress.ts";
import { nextRunIds, type TaskRunRecord, writeRuns, writeTaskRuns } from "./run_rows.ts";
import { stopRuns } from "./stop.ts";

export interface RunPorts {
  readonly bus: Bus;
  readonly definitions: DefinitionCache;
  readonly placements: Placements;
}

/** A transaction that makes or changes runs. */
export type RunUnit = UnitOfWork & RunPorts;

export interface RunRequest {
  /** Locked by this transaction. */
  readonly container: Container;
  readonly overlap: OverlapPolicy;
  readonly cause: RunCause;
  readonly scheduledFor: Date | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly startedBy: number | null;
  /** Not before; null = at once. */
  readonly startAt: Date | null;
  readonly idempotency: { readonly key: string; readonly hash: string } | null;
  /** Place in the definition of the one task to run; null for all of them. */
  readonly singleTaskIndex: number | null;
  /** Null: the container's current version. */
  readonly again: Again | null;
}

/** A run of the same version as an earlier one. */
export interface Again {
  readonly runId: number;
  readonly versionId: number;
  readonly containerVersion: number;
  /** Task index -> the task run whose success is kept. */
  readonly kept: ReadonlyMap<number, number>;
}

export type RunMade =
  | { readonly kind: "made"; readonly runId: number; readonly state: RunState }
  | { readonly kind: "refused"; readonly reason: Sentence };

/** Answers one outcome for each request, in their order. */
export async function createRuns(
  unit: RunUnit,
  requests: readonly RunRequest[],
): Promise<readonly RunMade[]> {
  if (requests.length === 0) return [];
  const containers = [...new Map(requests.map(({ container }) => [container.id, container])).values()];
  const [activeOf, versionIds] = await Promise.all([
    readActiveRuns(unit.tx, containers.map(({ id }) => id)),
    ensureVersions(unit.tx, unit.definitions, containers),
  ]);
  const plans: (RunMade | { readonly request: RunRequest; readonly state: RunState })[] = [];
  for (const request of requests) plans.push(await planRun(unit, request, activeOf));
  const accepted = plans.flatMap((plan) => "request" in plan ? [plan] : []);
  const ids = await insertRuns(unit, accepted, versionIds);
  let next = 0;
  return plans.map((plan) => {
    if (!("request" in plan)) return plan;
    const runId = ids[next++];
    if (runId === undefined) throw new Error("A run was planned but not made");
    return { kind: "made", runId, state: plan.state };
  });
}

/** The task runs of a new run: what can start at once is READY, what nothing can start is SKIPPED. */
export function firstTaskStates(
  stored: StoredDefinition,
  single: number | null,
  kept: ReadonlyMap<number, number>,
): { readonly taskStates: readonly TaskState[]; readonly reasons: ReadonlyMap<number, Sentence> } {
  const graph = runGraph(stored, single !== null, single ?? 0);
  const taskStates: TaskState[] = graph.tasks.map((_, place) => ({
    state: kept.has(place) ? "SUCCEEDED" : "PENDING",
  }));
  const reasons = new Map<number, Sentence>();
  const maxParallel = single === null ? stored.definition.maxParallel : 0;
  for (const decision of decideNext(graph, taskStates, maxParallel, null)) {
    if (decision.kind === "end") {
      taskStates[decision.place] = { state: decision.state };
      reasons.set(decision.place, decision.reason);
    } else {
      const held = decision.kind === "ready" && !decision.released;
      taskStates[decision.place] = { state: "READY", wait: held ? "HELD" : "RELEASED" };
    }
  }
  return { taskStates, reasons };
}

interface ActiveRun {
  readonly id: number;
  readonly queued: boolean;
}

async function readActiveRuns(
  tx: Transaction,
  containerIds: readonly number[],
): Promise<Map<number, ActiveRun[]>> {
  const rows = await tx.execute<{ id: number; containerId: number; queued: boolean }>(sql`
    select id, container_id as "containerId", state = 'QUEUED' as queued from runs
    where state in ('QUEUED', 'RUNNING') and not single and (state = 'RUNNING' or start_at is null
      or start_at <= clock_timestamp()) and container_id = any(${idArray(containerIds)}) order by id`);
  const activeOf = new Map<number, ActiveRun[]>(containerIds.map((id) => [id, []]));
  for (const row of rows) activeOf.get(row.containerId)?.push({ id: row.id, queued: row.queued });
  return activeOf;
}

async function planRun(
  unit: RunUnit,
  request: RunRequest,
  activeOf: Map<number, ActiveRun[]>,
): Promise<RunMade | { readonly request: RunRequest; readonly state: RunState }> {
  // The overlap policy is asked when its time has come.
  if (request.startAt !== null) return { request, state: "QUEUED" };
  if (request.singleTaskIndex !== null) return { request, state: "RUNNING" };
  const active = activeOf.get(request.container.id) ?? [];
  const decision = decideOverlap(request.overlap, request.cause, countActive(active));
  switch (decision.kind) {
    case "refuse":
      return { kind: "refused", reason: decision.reason };
    case "start":
    case "queue":
      active.push({ id: 0, queued: decision.kind === "queue" });
      return { request, state: decision.kind === "queue" ? "QUEUED" : "RUNNING" };
    case "replace": {
      const stop = { cause: "REPLACED", reason: say("RUN_REPLACED") } as const;
      await stopRuns(unit, active.map(({ id }) => id), stop);
      const left = active.filter(({ queued }) => !queued);
      activeOf.set(request.container.id, [...left, { id: 0, queued: true }]);
      return { request, state: "QUEUED" };
    }
    default:
      throw new Error(`Unknown decision ${decision satisfies never}`);
  }
}

function countActive(active: readonly ActiveRun[]): ActiveRuns {
  const queued = active.filter((run) => run.queued).length;
  return { queued, running: active.length - queued };
}

async function insertRuns(
  unit: RunUnit,
  accepted: readonly { readonly request: RunRequest; readonly state: RunState }[],
  currentVersions: ReadonlyMap<number, number>,
): Promise<readonly number[]> {
  if (accepted.length === 0) return [];
  const ids = await nextRunIds(unit.tx, accepted.length);
  const planned = accepted.map(({ request, state }, place) => {
    const versionId = request.again?.versionId ?? currentVersions.get(request.container.id);
    const id = ids[place];
    if (versionId === undefined || id === undefined) throw new Error("A run has no version or no id");
    return { id, request, state, versionId };
  });
  const stored = await unit.definitions.getMany(planned.map(({ versionId }) => versionId), unit.tx);
  const runRecords: object[] = [];
  const taskRunRecords: TaskRunRecord[] = [];
  const over: number[] = [];
  const placementOf = await unit.placements.find(
    unit,
    planned.flatMap(({ request: { container: { projectId } }, versionId }) =>
      (stored.get(versionId)?.definition.tasks ?? []).map(({ requiredLabels: labels }) => ({
        projectId,
        labels,
      }))
    ),
  );
  for (const plan of planned) {
    const version = stored.get(plan.versionId);
    if (version === undefined) throw new Error(`Version ${plan.versionId} is not stored`);
    const records = taskRunRecordsOf(plan, version, placementOf);
    runRecords.push(runRecord(plan, version));
    taskRunRecords.push(...records);
    if (records.every(({ final }) => final)) over.push(plan.id);
  }
  // Sent together, carried out in this order.
  const [, made] = await Promise.all([
    writeRuns(unit.tx, runRecords),
    writeTaskRuns(unit.tx, taskRunRecords),
  ]);
  const timed = planned.some(({ versionId }) => (stored.get(versionId)?.definition.timeoutSeconds ?? 0) > 0);
  publishMade(unit, planned, made, timed);
  if (over.length > 0) await endAtOnce(unit, over);
  return ids;
}

/** Runs in which nothing can start, since all waits for what is disabled: no task's end would ever end them. */
async function endAtOnce(
  unit: RunUnit,
  ids: readonly number[],
): Promise<void> {
  const locked = await lockRuns(unit.tx, unit.definitions, idRows(ids));
  await progressRuns(unit, locked.values(), []);
}

interface PlannedRun {
  readonly id: number;
  readonly request: RunRequest;
  readonly state: RunState;
  readonly versionId: number;
}

function runRecord({ id, request, state, versionId }: PlannedRun, { definition }: StoredDefinition): object {
  const { container, cause, scheduledFor, environment, startedBy, idempotency, singleTaskIndex, again } =
    request;
  return {
    id,
    project_id: container.projectId,
    container_id: container.id,
    container_name: container.name,
    container_version: again?.containerVersion ?? container.version,
    version_id: versionId,
    state,
    cause,
    scheduled_for: scheduledFor,
    started_by: startedBy,
    start_at: request.startAt,
    retry_of: again?.runId ?? null,
    single: singleTaskIndex !== null,
    environment,
    idempotency_key: idempotency?.key ?? null,
    idempotency_hash: idempotency?.hash ?? null,
    timeout_seconds: definition.timeoutSeconds,
  };
}

function taskRunRecordsOf(
  { id, request, state }: PlannedRun,
  stored: StoredDefinition,
  placementOf: PlacementOf,
): readonly TaskRunRecord[] {
  const { container, singleTaskIndex, again } = request;
  const kept = again?.kept ?? new Map<number, number>();
  const { taskStates, reasons } = firstTaskStates(stored, singleTaskIndex, kept);
  return taskStates.map((taskState, place) => {
    const index = (singleTaskIndex ?? 0) + place;
    const task = stored.definition.tasks[index];
    if (task === undefined) throw new Error(`Version of run ${id} has no task at place ${index}`);
    // A run that waits decides nothing yet: what it keeps is final, the rest is PENDING until its turn.
    const waits = state === "QUEUED" && !kept.has(place);
    const now: TaskState = waits ? { state: "PENDING" } : taskState;
    return {
      run_id: id,
      task_index: index,
      task_id: task.taskId,
      project_id: container.projectId,
      container_id: container.id,
      name: task.name,
      x: task.x,
      y: task.y,
      state: now.state satisfies TaskRunState,
      reason: waits ? null : kept.has(place) ? say("TASK_KEPT") : reasons.get(place) ?? null,
      reused_from: kept.get(place) ?? null,
      placement_id: placementOf({ projectId: container.projectId, labels: task.requiredLabels }),
      priority: stored.definition.priority,
      released: now.state === "READY" && now.wait === "RELEASED",
      final: finalTaskRun(now.state),
    };
  });
}

function publishMade(
  { after, bus }: UnitOfWork,
  planned: readonly PlannedRun[],
  made: readonly { readonly id: number; readonly runId: number }[],
  timed: boolean,
): void {
  const byRun = Map.groupBy(made, (row) => row.runId);
  after(() => {
    for (const { id, request: { container } } of planned) {
      const taskRunIds = (byRun.get(id) ?? []).map((row) => row.id);
      bus.publish({
        kind: "run",
        runId: id,
        containerId: container.id,
        projectId: container.projectId,
        taskRunIds,
      });
    }
    if (timed || planned.some(({ state }) => state === "QUEUED")) bus.publish({ kind: "queue" });
    bus.publish({ kind: "work" });
  });
}
