/**
 * What the clock or the end of another run sets going: QUEUED runs whose turn has come, retries whose delay is over,
 * runs whose time limit struck.
 */
import { sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import { say } from "../../../schema/sentences.ts";
import { prepared } from "../../db/prepared_statements.ts";
import { idArray, idRows } from "../../db/parameters.ts";
import { transaction } from "../../db/transaction.ts";
import { runsAhead } from "./clock_steps.ts";
import type { RunPorts } from "./create.ts";
import { type LockedRun, lockRuns } from "./locked_run.ts";
import { progressRuns } from "./progress.ts";
import { stopRuns } from "./stop.ts";
import { isPaused } from "../pauses/paused.ts";
import type { UnitOfWork } from "../unit_of_work.ts";

/** Rows that one transaction takes; the next takes the rest. */
const BATCH = 200;

/**
 * Of `q`: a QUEUED run whose time has come, of a container in which none runs, and that is not paused. Whoever asked for a
 * time was not asked for the overlap policy then: with ALLOW it starts beside others.
 */
const PROMOTABLE = sql`q.state = 'QUEUED' and not q.single and q.stop_cause is null
  and (q.start_at is null or q.start_at <= clock_timestamp()) and not ${isPaused(sql`q.project_id`)}
  and (not exists (
      select 1 from runs r where r.container_id = q.container_id and r.state = 'RUNNING' and not r.single)
    or q.start_at is not null and exists (
      select 1 from schedules s where s.container_id = q.container_id and s.overlap = 'ALLOW'))`;

export interface QueuePorts extends RunPorts {
  readonly db: Database;
}

/** Starts the oldest QUEUED run of each container in which none runs. Answers whether there may be more. */
export async function promoteRuns(ports: QueuePorts): Promise<boolean> {
  return await transaction(ports.db, async (tx, after) => {
    const unit = { ...ports, tx, after };
    // The container's lock is what the overlap policy is decided under: nobody makes a run meanwhile.
    const containers = await tx.execute<{ id: number }>(sql`
      select id from containers where id in (
        select q.container_id from runs q where ${PROMOTABLE} order by q.id limit ${BATCH})
      order by id for update`);
    if (containers.length === 0) return false;
    const promoted = await tx.execute<{ id: number }>(sql`
      update runs set state = 'RUNNING', started_at = clock_timestamp(),
        deadline_at = clock_timestamp() + nullif((v.definition->>'timeoutSeconds')::integer, 0) * interval '1 second'
      from container_versions v where v.id = runs.version_id and runs.id in (
        select distinct on (q.container_id) q.id from runs q
        where q.container_id = any(${idArray(containers.map(({ id }) => id))}) and ${PROMOTABLE}
        order by q.container_id, q.id)
      returning runs.id`);
    if (promoted.length === 0) return false;
    const ids = idRows(promoted.map(({ id }) => id));
    const locked = [...(await lockRuns(tx, ports.definitions, ids)).values()];
    await progressRuns(unit, locked, []);
    publishRuns(unit, locked);
    return containers.length === BATCH;
  });
}

/** Releases retries whose delay is over. Answers whether there may be more. */
export async function releaseRetries(ports: QueuePorts): Promise<boolean> {
  return await transaction(ports.db, async (tx, after) => {
    const due =
      sql`state = 'READY' and not released and retry_at is not null and retry_at <= clock_timestamp()`;
    const rows = await tx.execute<{ id: number; runId: number }>(
      sql`select id, run_id as "runId" from task_runs where ${due} order by retry_at limit ${BATCH}`,
    );
    if (rows.length === 0) return false;
    const runIds = [...new Set(rows.map((row) => row.runId))].sort((left, right) => left - right);
    const ids = idRows(runIds);
    await tx.execute(sql`select 1 from runs where id in (${ids}) order by id for update`);
    // Without its delay a task run is HELD, and the run's limit decides whether it goes at once.
    await tx.execute(sql`update task_runs set retry_at = null where run_id in (${ids}) and ${due}`);
    const locked = [...(await lockRuns(tx, ports.definitions, ids)).values()];
    await progressRuns({ ...ports, tx, after }, locked, []);
    after(() => ports.bus.publish({ kind: "work" }));
    return rows.length === BATCH;
  });
}

/** Stops runs whose time limit is over. Answers whether there may be more. */
export async function expireRuns(ports: QueuePorts): Promise<boolean> {
  return await transaction(ports.db, async (tx, after) => {
    const rows = await tx.execute<{ id: number }>(sql`
      select id from runs
      where state = 'RUNNING' and deadline_at is not null and deadline_at <= clock_timestamp() and stop_cause is null
      order by deadline_at limit ${BATCH}`);
    const stop = { cause: "TIMED_OUT", reason: say("RUN_TIME_OVER") } as const;
    await stopRuns({ ...ports, tx, after }, rows.map(({ id }) => id), stop);
    return rows.length === BATCH;
  });
}

/**
 * When the next retry or time limit is due, in milliseconds from now; 0 while a QUEUED run can start or the clock was set
 * back, null when there is none. An idle server asks nothing else.
 */
export async function nextDueInMs(db: Database): Promise<number | null> {
  const [row] = await db.execute<{ dueInMs: number | null }>(prepared(sql`
    select case when exists (select from runs q where ${PROMOTABLE}) or exists (${runsAhead}) then 0
      else extract(epoch from least(
        (select min(start_at) from runs where start_at > clock_timestamp() and state = 'QUEUED'),
        (select min(retry_at) from task_runs where state = 'READY' and not released and retry_at is not null),
        (select min(deadline_at) from runs where deadline_at is not null and state = 'RUNNING' and stop_cause is null)
      ) - clock_timestamp()) * 1000 end as "dueInMs"`));
  return row?.dueInMs ?? null;
}

function publishRuns(
  { after, bus }: UnitOfWork,
  locked: readonly LockedRun[],
): void {
  after(() => {
    for (const { id, containerId, projectId } of locked) {
      bus.publish({ kind: "run", runId: id, containerId, projectId, taskRunIds: [] });
    }
    bus.publish({ kind: "work" });
  });
}
