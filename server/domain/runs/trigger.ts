/** Runs that a person or a script asks for: of a container, of one task, and again. */
import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { ConflictError, InvalidInputError, NotFoundError } from "../../../schema/errors.ts";
import type { Viewer } from "../accounts/interface.ts";
import type { Runs } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { finalRun, type OverlapPolicy, type TaskRunState } from "../../../schema/states.ts";
import type { Container } from "../../../schema/tables/container.ts";
import { type Run, runs, taskRuns } from "../../../schema/tables/run.ts";
import { schedules } from "../../../schema/tables/schedule.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import type { StoredDefinition } from "../containers/definitions.ts";
import { check, checkParameterValues, environment as environmentSchema, idempotencyKey } from "../inputs.ts";
import { authorise } from "../accounts/rights.ts";
import { inProjects, visibleTo } from "../accounts/visible.ts";
import { parameterVariables } from "../rules/parameters.ts";
import { planRerun } from "../rules/rerun.ts";
import { ensureVersions, lockContainer, lockContainerOfTask } from "../containers/versions.ts";
import { audit, subjectOf, subjectOfRun } from "../audit/audit.ts";
import { createRuns, firstTaskStates, type RunRequest, type RunUnit } from "./create.ts";
import { createRequest, createTriggerQueue, type TriggerCall, type TriggerPorts } from "./trigger_many.ts";

/** Refuses what can be refused without the database; calls that come at once are then answered together. */
export function createTrigger(ports: TriggerPorts): Runs["trigger"] {
  const queue = createTriggerQueue(ports);
  return async (viewer, input) => await queue(readCall(viewer, input));
}

/** Also a disabled task: whoever starts it by hand means it. */
export async function runTask(
  ports: TriggerPorts,
  viewer: Viewer,
  input: Parameters<Runs["runTask"]>[1],
): Promise<number> {
  const action = "run task";
  return await transaction(ports.db, async (tx, after) => {
    const { container, task } = await lockContainerOfTask(
      tx,
      viewer,
      input.taskId,
      action,
      ["taskId"],
      "run:start",
    );
    const environment = readEnvironment(input.environment, action);
    if (Object.keys(environment).length > 0) authorise(viewer, "run:variables", container);
    const versionId = (await ensureVersions(tx, ports.definitions, [container])).get(container.id) ?? 0;
    const stored = (await ports.definitions.getMany([versionId], tx)).get(versionId);
    const singleTaskIndex = stored?.definition.tasks.findIndex(({ taskId }) => taskId === task.id) ?? -1;
    if (singleTaskIndex === -1) throw new Error(`Task ${task.id} is not in its container's definition`);
    const request = await requestFor(tx, container, viewer);
    // Whoever tries one task by itself is not asked for what the whole run needs; the defaults are there.
    const parameters = container.parameters.map((parameter) => ({ ...parameter, required: false }));
    const values = checkParameterValues(parameters, {}, action);
    if (values instanceof InvalidInputError) throw values;
    await audit(tx, viewer, "task.run", subjectOf("Task", { ...task, projectId: container.projectId }));
    return await start({ ...ports, tx, after }, action, {
      ...request,
      environment: { ...environment, ...parameterVariables(values) },
      singleTaskIndex,
    });
  });
}

export async function retryRun(
  ports: TriggerPorts,
  viewer: Viewer,
  input: Parameters<Runs["retry"]>[1],
): Promise<number> {
  const action = "run again";
  return await transaction(ports.db, async (tx, after) => {
    const [run] = await tx.select().from(runs)
      .where(and(eq(runs.id, input.id), inProjects(visibleTo(viewer), runs.projectId)));
    if (run === undefined) throw new NotFoundError(say("NO_RUN", { action }), ["id"]);
    const container = await lockContainer(tx, viewer, run.containerId, action, ["id"], "run:start");
    if (!finalRun(run.state)) {
      throw new ConflictError(
        say("RUN_ACTIVE", { action, state: run.state }),
        ["id"],
      );
    }
    const rerun = await planAgain(tx, ports, run, input, action);
    const request = await requestFor(tx, container, viewer);
    await audit(tx, viewer, "run.retry", subjectOfRun(run.id, container));
    return await start({ ...ports, tx, after }, action, {
      ...request,
      ...rerun,
      cause: "RETRY",
      environment: run.environment,
    });
  });
}

async function planAgain(
  tx: Transaction,
  ports: TriggerPorts,
  run: Run,
  { fromFailed, fromTaskRunIds }: Parameters<Runs["retry"]>[1],
  action: Action,
): Promise<Pick<RunRequest, "again" | "singleTaskIndex">> {
  const stored = (await ports.definitions.getMany([run.versionId], tx)).get(run.versionId);
  if (stored === undefined) throw new Error(`Version ${run.versionId} is not stored`);
  const rows = await tx.select({ id: taskRuns.id, taskIndex: taskRuns.taskIndex, state: taskRuns.state })
    .from(taskRuns).where(eq(taskRuns.runId, run.id)).orderBy(taskRuns.taskIndex);
  const singleTaskIndex = run.single ? rows[0]?.taskIndex ?? 0 : null;
  const from = fromTaskRunIds ? placesOf(rows, fromTaskRunIds, action) : null;
  const kept = fromFailed || from !== null
    ? keptSuccesses(stored, run.single, rows, from)
    : new Map<number, number>();
  const { taskStates } = firstTaskStates(stored, singleTaskIndex, kept);
  if (!taskStates.some(({ state }) => state === "READY")) {
    throw new InvalidInputError(
      say("NOTHING_FAILED", { action }),
      ["fromFailed"],
    );
  }
  return {
    singleTaskIndex,
    again: { runId: run.id, versionId: run.versionId, containerVersion: run.containerVersion, kept },
  };
}

function placesOf(
  rows: readonly { readonly id: number }[],
  ids: readonly number[],
  action: Action,
): ReadonlySet<number> {
  const placeOf = new Map(rows.map(({ id }, place) => [id, place]));
  return new Set(ids.map((id) => {
    const place = placeOf.get(id);
    if (place !== undefined) return place;
    throw new NotFoundError(say("RERUN_STRANGE", { action }), ["fromTaskRunIds"]);
  }));
}

/** Place in the run's graph -> the task run whose success stays. */
function keptSuccesses(
  stored: StoredDefinition,
  single: boolean,
  rows: readonly { readonly id: number; readonly state: TaskRunState }[],
  from: ReadonlySet<number> | null,
): ReadonlyMap<number, number> {
  const states = rows.map(({ state }) => state);
  const places = single
    ? (states[0] === "SUCCEEDED" && from?.has(0) !== true ? [0] : [])
    : planRerun(stored.graph, states, from ?? new Set());
  return new Map(places.map((place) => [place, rows[place]?.id ?? 0]));
}

async function start(
  unit: RunUnit,
  action: Action,
  request: RunRequest,
): Promise<number> {
  const [made] = await createRuns(unit, [request]);
  if (made === undefined) throw new Error("A run was asked for and neither made nor refused");
  if (made.kind === "made") return made.runId;
  throw new ConflictError(say("OVERLAP", { action, name: request.container.name, why: made.reason }));
}

async function requestFor(tx: Transaction, container: Container, viewer: Viewer): Promise<RunRequest> {
  const [schedule] = await tx.select({ overlap: schedules.overlap }).from(schedules)
    .where(eq(schedules.containerId, container.id));
  const overlap: OverlapPolicy | undefined = schedule?.overlap;
  if (overlap === undefined) throw new Error(`Container ${container.id} has no schedule`);
  return createRequest(container, overlap, viewer);
}

function readCall(viewer: Viewer, input: Parameters<Runs["trigger"]>[1]): TriggerCall {
  const action = "start run";
  const environment = readEnvironment(input.environment, action);
  const startAt = input.startAt ?? null;
  const { containerId, parameters } = input;
  const idempotency = readIdempotency(input.idempotencyKey, { environment, parameters, startAt }, action);
  return { viewer, containerId, environment, parameters, startAt, idempotency };
}

function readEnvironment(given: unknown, action: Action): Readonly<Record<string, string>> {
  return check(environmentSchema, given ?? {}, action, ["environment"]);
}

function sortedEntries(object: object): readonly (readonly [string, unknown])[] {
  return Object.entries(object).sort(([left], [right]) => left < right ? -1 : 1);
}

function readIdempotency(
  given: string | null | undefined,
  { environment, parameters, startAt }: Pick<TriggerCall, "environment" | "parameters" | "startAt">,
  action: Action,
): RunRequest["idempotency"] {
  if (given === undefined || given === null) return null;
  const key = check(idempotencyKey, given, action, ["idempotencyKey"]);
  const others = [...sortedEntries(environment)];
  if (parameters !== undefined && parameters !== null) others.push(["parameters", sortedEntries(parameters)]);
  if (startAt !== null) others.push(["startAt", startAt]);
  return { key, hash: createHash("sha256").update(JSON.stringify(others)).digest("hex") };
}
