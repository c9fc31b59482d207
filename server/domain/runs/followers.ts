/** Task runs that are reserved for the agent of the one before them (rules/followers.ts). */
import { sql } from "drizzle-orm";
import { jsonRows } from "../../db/parameters.ts";
import { prepared } from "../../db/prepared_statements.ts";
import type { DefinitionCache, StoredDefinition } from "../containers/definitions.ts";
import { findFollowers } from "../rules/followers.ts";
import type { ClaimedRow, Statements } from "./claims.ts";
import type { LockedRun } from "./locked_run.ts";

/** No answer to an agent names more. */
const RESERVED_AT_ONCE = 1_000;

/** One that follows, and the row that it follows or that the first of its path follows. */
interface Follower {
  readonly claimed: ClaimedRow;
  readonly taskIndex: number;
}

/**
 * Reserves what follows the tasks that were just claimed, and answers it as claimed rows. Nothing is reserved in a run
 * with a limit of its own, where another task may have the next turn, nor in one that is stopped. `locked` are runs whose
 * states are known.
 */
export async function reserveFollowers(
  db: Statements,
  definitions: DefinitionCache,
  locked: ReadonlyMap<number, LockedRun>,
  claimed: readonly ClaimedRow[],
): Promise<readonly ClaimedRow[]> {
  if (claimed.length === 0) return [];
  const stored = await definitions.getMany(claimed.map(({ versionId }) => versionId), db);
  const paths = claimed.map((row) =>
    followersOf(row, stored.get(row.versionId), locked.get(row.runId)).map((taskIndex): Follower => ({
      claimed: row,
      taskIndex,
    }))
  );
  const wanted = paths.flat().slice(0, RESERVED_AT_ONCE);
  if (wanted.length === 0) return [];
  const reserved = await reserve(db, wanted);
  // One that was cancelled by itself, or kept from an earlier run, is not reserved: then nothing that follows it may be.
  const kept = paths.map((path) => {
    const gap = path.findIndex((follower) => !reserved.has(follower));
    return gap === -1 ? path : path.slice(0, gap);
  });
  const keeps = new Set(kept.flat());
  const dropped = [...reserved.keys()].filter((follower) => !keeps.has(follower));
  await releaseReserved(
    db,
    dropped.map(({ claimed: { runId }, taskIndex }) => ({ runId, taskIndex })),
  );
  return [...keeps].flatMap((follower) => reserved.get(follower) ?? []);
}

/** Reserved for no agent any more; they have left no trace. */
export async function releaseReserved(
  db: Statements,
  taskRuns: readonly { readonly runId: number; readonly taskIndex: number }[],
): Promise<void> {
  if (taskRuns.length === 0) return;
  await db.execute(prepared(sql`
    with gone as (
      delete from attempts a using json_to_recordset(${
    jsonRows(taskRuns)
  }) as x("runId" bigint, "taskIndex" integer), task_runs t
      where t.run_id = x."runId" and t.task_index = x."taskIndex" and a.task_run_id = t.id and a.state = 'STARTING'
      returning a.id, a.task_run_id, a.next_seq
    ), lines as (
      -- It may have written some before its agent went away.
      delete from log_chunks c using gone where gone.next_seq > 1 and c.task_run_id = gone.task_run_id and c.attempt_id = gone.id
    )
    update task_runs t set agent_id = null from gone where t.id = gone.task_run_id and t.state = 'PENDING'`));
}

function followersOf(
  { single, taskIndex }: ClaimedRow,
  stored: StoredDefinition | undefined,
  run: LockedRun | undefined,
): readonly number[] {
  if (stored === undefined || single || stored.definition.maxParallel > 0) return [];
  if (run !== undefined && run.stop !== null) return [];
  const { tasks } = stored.definition;
  const place = labelsOf(tasks[taskIndex]);
  return findFollowers(
    stored.graph,
    taskIndex,
    run?.taskStates ?? null,
    (next) => labelsOf(tasks[next]) === place,
  );
}

function labelsOf(task: { readonly requiredLabels: readonly string[] } | undefined): string {
  return (task?.requiredLabels ?? []).join();
}

async function reserve(
  db: Statements,
  wanted: readonly Follower[],
): Promise<ReadonlyMap<Follower, ClaimedRow>> {
  const records = wanted.map(({ claimed: { runId, agentId }, taskIndex }, place) => ({
    runId,
    agentId,
    taskIndex,
    place,
  }));
  const rows = await db.execute<{ attemptId: number; taskRunId: number; attempt: number; place: number }>(
    prepared(sql`
    with x as materialized (
      select * from json_to_recordset(${jsonRows(records)})
        as x("runId" bigint, "agentId" bigint, "taskIndex" integer, place integer)
    ), locked as materialized (
      select id from runs
      where id in (select "runId" from x) and state = 'RUNNING' and stop_cause is null
      order by id for update skip locked
    ), reserved as (
      update task_runs t set agent_id = x."agentId" from x join locked on locked.id = x."runId"
      where t.run_id = x."runId" and t.task_index = x."taskIndex" and t.state = 'PENDING' and t.agent_id is null
      returning t.id, t.attempt + 1 as attempt, x."agentId", x.place, nextval('attempts_id_seq') as attempt_id
    ), made as (
      insert into attempts (id, task_run_id, number, state, agent_id) overriding system value
      select attempt_id, id, attempt, 'STARTING', "agentId" from reserved
    )
    select attempt_id as "attemptId", id as "taskRunId", attempt, place from reserved`),
  );
  return new Map(rows.flatMap(({ place, ...row }) => {
    const follower = wanted[place];
    if (follower === undefined) return [];
    const { claimed, taskIndex } = follower;
    return [[follower, { ...claimed, ...row, taskIndex, reserved: true }] as const];
  }));
}
