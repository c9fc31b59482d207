/**
 * Runs that people and scripts ask for, as many in one transaction as ask while the last one is under way: who starts
 * hundreds waits no longer for the last of them than for the statements of a few.
 */
import { inArray, sql } from "drizzle-orm";
import { ConflictError, InvalidInputError, NotFoundError } from "../../../schema/errors.ts";
import type { Database } from "../../db/database.ts";
import type { Viewer } from "../accounts/interface.ts";
import { say } from "../../../schema/sentences.ts";
import type { OverlapPolicy } from "../../../schema/states.ts";
import { type Container, containers } from "../../../schema/tables/container.ts";
import { isUnavailable } from "../../db/constraints.ts";
import { gatherCalls } from "../../db/gather.ts";
import { idArray, jsonRows } from "../../db/parameters.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import { checkParameterValues } from "../inputs.ts";
import { parameterVariables } from "../rules/parameters.ts";
import { findForbidden } from "../accounts/rights.ts";
import { includesProject, visibleTo } from "../accounts/visible.ts";
import { auditMany, subjectOfRun } from "../audit/audit.ts";
import { createRuns, type RunMade, type RunPorts, type RunRequest, type RunUnit } from "./create.ts";

/** More than one script has under way; the next transaction takes the rest. */
const CALLS_AT_ONCE = 200;
/** After so long a key may be used anew. */
const IDEMPOTENCY_HOURS = 24;
/** More lies in the calendar of nobody. */
const MAX_DAYS_AHEAD = 366;
const ACTION = "start run";

export interface TriggerPorts extends RunPorts {
  readonly db: Database;
}

/** Checked as far as it can be without the database. */
export interface TriggerCall {
  readonly viewer: Viewer;
  readonly containerId: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly parameters: unknown;
  readonly startAt: Date | null;
  readonly idempotency: RunRequest["idempotency"];
}

/** The run that was made, or that the same call made before; or why there is none. */
type TriggerOutcome = number | Error;

/** Answers the run of each call. */
export function createTriggerQueue(ports: TriggerPorts): (call: TriggerCall) => Promise<number> {
  return gatherCalls((calls) => triggerMany(ports, calls), CALLS_AT_ONCE);
}

/** A call that the database does not take fails alone: the others of its transaction are tried again without it. */
async function triggerMany(
  ports: TriggerPorts,
  calls: readonly TriggerCall[],
): Promise<readonly TriggerOutcome[]> {
  try {
    return await triggerTogether(ports, calls);
  } catch (error) {
    if (isUnavailable(error) || !(error instanceof Error)) throw error;
    if (calls.length === 1) return [error];
    const middle = Math.ceil(calls.length / 2);
    const first = await triggerMany(ports, calls.slice(0, middle));
    return [...first, ...await triggerMany(ports, calls.slice(middle))];
  }
}

/** Decides the calls in their order, each under the lock of its container. */
async function triggerTogether(
  ports: TriggerPorts,
  calls: readonly TriggerCall[],
): Promise<readonly TriggerOutcome[]> {
  return await transaction(ports.db, async (tx, after) => {
    const unit = { ...ports, tx, after };
    const startables = await lockStartables(tx, [...new Set(calls.map(({ containerId }) => containerId))]);
    const outcomes = new Map<TriggerCall, TriggerOutcome>();
    for (const wave of splitWaves(calls, startables)) {
      for (const [call, outcome] of await triggerWave(unit, startables, wave)) {
        outcomes.set(call, outcome);
      }
    }
    return calls.map((call) => outcomes.get(call) ?? new Error("A run was neither made nor refused"));
  });
}

interface Startable {
  readonly container: Container;
  readonly overlap: OverlapPolicy;
  readonly hasTasks: boolean;
  /** Nothing is asked for after this instant. */
  readonly farthest: Date;
}

async function lockStartables(
  tx: Transaction,
  ids: readonly number[],
): Promise<ReadonlyMap<number, Startable>> {
  // Sent together: the second statement is carried out after the locks are held.
  const [locked, facts] = await Promise.all([
    tx.select().from(containers).where(inArray(containers.id, [...ids])).orderBy(containers.id).for("update"),
    tx.execute<{ id: number; overlap: OverlapPolicy; hasTasks: boolean; farthest: Date }>(sql`
      select container_id as id, overlap,
        exists (select from tasks t where t.container_id = s.container_id and t.enabled) as "hasTasks",
        clock_timestamp() + ${MAX_DAYS_AHEAD} * interval '1 day' as farthest
      from schedules s where container_id = any(${idArray(ids)})`),
  ]);
  const containerOf = new Map(locked.map((container) => [container.id, container]));
  return new Map(facts.flatMap(({ id, ...others }) => {
    const container = containerOf.get(id);
    return container === undefined ? [] : [[id, { container, ...others }] as const];
  }));
}

/**
 * Calls that bear on each other in a way that only rows can tell come one after another: the same key twice, and two
 * runs of which the later replaces the earlier.
 */
function splitWaves(
  calls: readonly TriggerCall[],
  startables: ReadonlyMap<number, Startable>,
): readonly (readonly TriggerCall[])[] {
  const waves: TriggerCall[][] = [];
  const seen = new Map<string, number>();
  for (const call of calls) {
    const { containerId, idempotency } = call;
    const replaces = startables.get(containerId)?.overlap === "REPLACE";
    const bearing = replaces
      ? `${containerId}`
      : idempotency === null
      ? null
      : `${containerId} ${idempotency.key}`;
    const wave = bearing === null ? 0 : seen.get(bearing) ?? 0;
    if (bearing !== null) seen.set(bearing, wave + 1);
    (waves[wave] ??= []).push(call);
  }
  return waves;
}

async function triggerWave(
  unit: RunUnit,
  startables: ReadonlyMap<number, Startable>,
  calls: readonly TriggerCall[],
): Promise<ReadonlyMap<TriggerCall, TriggerOutcome>> {
  const earlier = await findEarlier(unit.tx, calls);
  const outcomes = new Map<TriggerCall, TriggerOutcome>();
  const requests: { readonly call: TriggerCall; readonly request: RunRequest }[] = [];
  for (const call of calls) {
    const decided = decideCall(call, startables.get(call.containerId), earlier);
    if (typeof decided === "number" || decided instanceof Error) outcomes.set(call, decided);
    else requests.push({ call, request: decided });
  }
  const made = await createRuns(unit, requests.map(({ request }) => request));
  requests.forEach(({ call, request }, place) => outcomes.set(call, outcomeOf(request, made[place])));
  await auditMany(
    unit.tx,
    requests.flatMap(({ call: { viewer }, request: { container } }, place) => {
      const run = made[place];
      if (run?.kind !== "made") return [];
      return [{ viewer, action: "run.start", subject: subjectOfRun(run.runId, container), changes: null }];
    }),
  );
  return outcomes;
}

function decideCall(
  { containerId, environment, parameters, startAt, idempotency, viewer }: TriggerCall,
  startable: Startable | undefined,
  earlier: ReadonlyMap<string, EarlierRow>,
): TriggerOutcome | RunRequest {
  if (startable === undefined || !includesProject(visibleTo(viewer), startable.container.projectId)) {
    return new NotFoundError(say("NO_CONTAINER", { action: ACTION }), ["containerId"]);
  }
  const { container, overlap, hasTasks, farthest } = startable;
  const forbidden = findForbidden(viewer, "run:start", container);
  if (forbidden !== null) return forbidden;
  const setting = Object.keys(environment).length === 0
    ? null
    : findForbidden(viewer, "run:variables", container);
  if (setting !== null) return setting;
  const repeated = idempotency === null ? undefined : earlier.get(`${containerId} ${idempotency.key}`);
  if (repeated !== undefined && repeated.hash === idempotency?.hash) return repeated.id;
  if (repeated !== undefined) {
    return new ConflictError(
      say("KEY_USED", { action: ACTION, key: repeated.key, hours: IDEMPOTENCY_HOURS }),
      ["idempotencyKey"],
    );
  }
  if (!hasTasks) {
    return new InvalidInputError(
      say("NOTHING_ENABLED", { action: ACTION, name: container.name }),
      ["containerId"],
    );
  }
  if (startAt !== null && startAt > farthest) {
    return new InvalidInputError(say("START_FAR", { action: ACTION, days: MAX_DAYS_AHEAD }), ["startAt"]);
  }
  const values = checkParameterValues(container.parameters, parameters, ACTION);
  if (values instanceof InvalidInputError) return values;
  return {
    ...createRequest(container, overlap, viewer),
    environment: { ...environment, ...parameterVariables(values) },
    startAt,
    idempotency,
  };
}

/** A run of all of a container, by somebody. */
export function createRequest(container: Container, overlap: OverlapPolicy, viewer: Viewer): RunRequest {
  return {
    container,
    overlap,
    cause: viewer.via === "cookie" ? "MANUAL" : "API",
    scheduledFor: null,
    environment: {},
    startedBy: viewer.userId,
    startAt: null,
    idempotency: null,
    singleTaskIndex: null,
    again: null,
  };
}

function outcomeOf({ container }: RunRequest, made: RunMade | undefined): TriggerOutcome {
  if (made === undefined) return new Error("A run was asked for and neither made nor refused");
  if (made.kind === "made") return made.runId;
  return new ConflictError(say("OVERLAP", { action: ACTION, name: container.name, why: made.reason }));
}

interface EarlierRow extends Record<string, unknown> {
  readonly id: number;
  readonly containerId: number;
  readonly key: string;
  readonly hash: string;
}

/** The runs that the same keys made before, by container and key. The containers' locks make the answer hold. */
async function findEarlier(
  tx: Transaction,
  calls: readonly TriggerCall[],
): Promise<ReadonlyMap<string, EarlierRow>> {
  const keys = calls.flatMap(({ containerId, idempotency }) =>
    idempotency === null ? [] : [{ containerId, key: idempotency.key }]
  );
  if (keys.length === 0) return new Map();
  const asked = sql`json_to_recordset(${jsonRows(keys)}) as x("containerId" bigint, key text)`;
  const [, rows] = await Promise.all([
    tx.execute(sql`
      update runs r set idempotency_key = null, idempotency_hash = null from ${asked}
      where r.container_id = x."containerId" and r.idempotency_key = x.key
        and r.created_at < clock_timestamp() - ${IDEMPOTENCY_HOURS} * interval '1 hour'`),
    tx.execute<EarlierRow>(sql`
      select r.id, r.container_id as "containerId", r.idempotency_key as key,
        r.idempotency_hash as hash
      from runs r join ${asked} on r.container_id = x."containerId" and r.idempotency_key = x.key`),
  ]);
  return new Map(rows.map((row) => [`${row.containerId} ${row.key}`, row]));
}
