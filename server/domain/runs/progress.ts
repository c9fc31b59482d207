/**
 * What follows from changes in locked runs: decided by the rules, written in one statement a table, told after the
 * commit. Everything that ends, stops or releases a task run comes through here.
 */
import { sql } from "drizzle-orm";
import type { Sentence } from "../../../schema/sentences.ts";
import { type AttemptState, finalTaskRun, type TaskRunState } from "../../../schema/states.ts";
import { prepared } from "../../db/prepared_statements.ts";
import { idRows, jsonRows } from "../../db/parameters.ts";
import type { Transaction } from "../../db/transaction.ts";
import { runEndMessages } from "../messages/messages.ts";
import { cancelWaiting, decideNext, decideRunEnd, type Decision, type RunEnd } from "../rules/run_state.ts";
import { type LockedRun, taskStateOf } from "./locked_run.ts";
import type { UnitOfWork } from "../unit_of_work.ts";

/** One task run's change, as one record of the statement that writes them all. */
export interface TaskRunChange {
  readonly runId: number;
  readonly taskIndex: number;
  readonly from: TaskRunState;
  readonly state: TaskRunState;
  readonly reason: Sentence | null;
  readonly released: boolean;
  /** Seconds from now until a retry may start; null when it is not one. */
  readonly retryInSeconds: number | null;
  /** It was given up with its agent, which is no try. */
  readonly reassigned?: true;
  /** Of one that was reserved: when its process started, in milliseconds since 1970. */
  readonly startedAt?: number;
  /** The end of its attempt, when that is what changed it: written along with it. Times in milliseconds since 1970. */
  readonly attempt: {
    readonly attemptId: number;
    readonly attemptState: AttemptState;
    readonly attemptReason: Sentence | null;
    readonly exitCode: number | null;
    readonly signal: string | null;
    readonly startedAt: number | null;
    readonly finishedAt: number;
    readonly outputs: Readonly<Record<string, string>> | null;
  } | null;
}

/**
 * Decides and writes what follows. `changes` are those made by the caller, who has set the task states accordingly.
 * Answers how many task runs were released, that is: may be claimed now.
 */
export async function progressRuns(
  unit: UnitOfWork,
  runs: Iterable<LockedRun>,
  changes: readonly TaskRunChange[],
): Promise<number> {
  const touched = [...runs];
  const followed = touched.flatMap((run) => followRun(run));
  const written = [...changes, ...followed];
  const [changedRows, ends] = await Promise.all([
    writeTaskRuns(unit.tx, written),
    endRuns(unit, touched, written),
  ]);
  publishRuns(unit, touched, changedRows, ends);
  return followed.filter(({ released }) => released).length;
}

/** A QUEUED run starts nothing, stopped or not. */
function decide({ state, graph, taskStates, maxParallel, stop }: LockedRun): readonly Decision[] {
  if (state !== "QUEUED") return decideNext(graph, taskStates, maxParallel, stop);
  return stop === null ? [] : cancelWaiting(taskStates, stop);
}

/** Applies the decisions to the task states of the run and answers them as changes. */
function followRun(run: LockedRun): readonly TaskRunChange[] {
  return decide(run).map((decision) => {
    const from = run.taskStates[decision.place]?.state;
    if (from === undefined) throw new Error(`Run ${run.id} has no task at place ${decision.place}`);
    const change = changeOf(run, decision, from);
    run.taskStates[decision.place] = taskStateOf(change.state, change.released ? "RELEASED" : "HELD");
    return change;
  });
}

function changeOf(run: LockedRun, decision: Decision, from: TaskRunState): TaskRunChange {
  const base = {
    runId: run.id,
    taskIndex: run.firstTaskIndex + decision.place,
    from,
    reason: null,
    released: false,
    retryInSeconds: null,
    attempt: null,
  };
  switch (decision.kind) {
    case "ready":
      return { ...base, state: "READY", released: decision.released };
    case "release":
      return { ...base, state: "READY", released: true };
    case "take":
      return { ...base, state: "RUNNING" };
    case "end":
      return { ...base, state: decision.state, reason: decision.reason };
    default:
      throw new Error(`Unknown decision ${decision satisfies never}`);
  }
}

interface ChangedRow extends Record<string, unknown> {
  readonly id: number;
  readonly runId: number;
}

async function writeTaskRuns(
  tx: Transaction,
  changes: readonly TaskRunChange[],
): Promise<readonly ChangedRow[]> {
  if (changes.length === 0) return [];
  const records = changes.map(({ attempt, ...change }) => ({ ...change, ...attempt }));
  const rows = await tx.execute<ChangedRow>(prepared(sql`
    with x as materialized (
      select * from json_to_recordset(${jsonRows(records)}) as x("runId" bigint, "taskIndex" integer,
        "from" task_run_state, state task_run_state, reason jsonb, released boolean, "retryInSeconds" float8, reassigned boolean,
        "attemptId" bigint, "attemptState" attempt_state, "attemptReason" jsonb, "exitCode" integer, signal text,
        "startedAt" float8, "finishedAt" float8, outputs jsonb)
    ), ended as (
      update attempts a set state = x."attemptState", reason = x."attemptReason", exit_code = x."exitCode",
        signal = x.signal, started_at = coalesce(to_timestamp(x."startedAt" / 1000), a.started_at),
        finished_at = greatest(to_timestamp(x."finishedAt" / 1000),
          coalesce(to_timestamp(x."startedAt" / 1000), a.started_at))
      from x where a.id = x."attemptId" and a.state in ('STARTING', 'RUNNING')
    )
    update task_runs t set
      state = x.state, reason = x.reason, released = x.released,
      -- What was reserved is counted once it is taken, and is no agent's when it never was.
      attempt = case when x."from" = 'PENDING' and (x.state = 'RUNNING' or x."attemptId" is not null)
        then t.attempt + 1 else t.attempt end,
      agent_id = case when x."from" = 'PENDING' and x.state <> 'RUNNING' and x."attemptId" is null
        then null else t.agent_id end,
      reassign_count = t.reassign_count + case when x.reassigned then 1 else 0 end,
      ready_at = case when x.state = 'READY' and x."from" <> 'READY' then clock_timestamp() else t.ready_at end,
      retry_at = clock_timestamp() + x."retryInSeconds" * interval '1 second',
      exit_code = case when x."attemptId" is null then t.exit_code else x."exitCode" end,
      signal = case when x."attemptId" is null then t.signal else x.signal end,
      started_at = coalesce(to_timestamp(x."startedAt" / 1000), t.started_at),
      outputs = coalesce(x.outputs, t.outputs),
      finished_at = case when x.state not in ('PENDING', 'READY', 'RUNNING')
        then greatest(coalesce(to_timestamp(x."finishedAt" / 1000), clock_timestamp()),
          coalesce(to_timestamp(x."startedAt" / 1000), t.started_at)) end
    from x where t.run_id = x."runId" and t.task_index = x."taskIndex" and t.state = x."from"
    returning t.id, t.run_id as "runId"`));
  if (rows.length !== changes.length) {
    throw new Error(
      `${changes.length} task runs were to change, ${rows.length} did: somebody wrote without the run's lock`,
    );
  }
  return rows;
}

async function endRuns(
  unit: UnitOfWork,
  runs: readonly LockedRun[],
  changes: readonly TaskRunChange[],
): Promise<ReadonlyMap<number, RunEnd>> {
  const over = runs.filter((run) => run.taskStates.every(({ state }) => finalTaskRun(state)));
  if (over.length === 0) return new Map();
  const reasonOf = await readReasons(unit.tx, over, changes);
  const ends = new Map(over.flatMap((run) => {
    const end = decideRunEnd(run.graph, run.taskStates, (place) => reasonOf(run, place), run.stop);
    return end === null ? [] : [[run.id, end] as const];
  }));
  const records = [...ends].map(([id, { state, reason }]) => ({ id, state, reason }));
  const told = await unit.tx.execute(prepared(sql`
    with ended as (
      update runs set state = x.state, reason = x.reason, finished_at = greatest(clock_timestamp(), started_at)
      from json_to_recordset(${jsonRows(records)}) as x(id bigint, state run_state, reason jsonb)
      where runs.id = x.id and runs.state in ('QUEUED', 'RUNNING')
      returning runs.*)
    ${runEndMessages(sql`ended`)}`));
  if (told.length > 0) unit.after(() => unit.bus.publish({ kind: "messages" }));
  return ends;
}

/** Why task runs failed or were cancelled: those of this transaction are at hand, earlier ones are read. */
async function readReasons(
  tx: Transaction,
  over: readonly LockedRun[],
  changes: readonly TaskRunChange[],
): Promise<(run: LockedRun, place: number) => Sentence | null> {
  const unhappy = over.filter(({ stop, taskStates }) =>
    stop === null && taskStates.some(({ state }) => state !== "SUCCEEDED" && state !== "SKIPPED")
  );
  const reasons = new Map(changes.map(({ runId, taskIndex, reason }) => [`${runId} ${taskIndex}`, reason]));
  if (unhappy.length > 0) {
    const rows = await tx.execute<{ runId: number; taskIndex: number; reason: Sentence | null }>(prepared(sql`
      select run_id as "runId", task_index as "taskIndex", reason from task_runs
      where run_id in (${idRows(unhappy.map(({ id }) => id))})
        and state in ('FAILED', 'TIMED_OUT', 'CANCELLED')`));
    for (const row of rows) {
      const key = `${row.runId} ${row.taskIndex}`;
      if (!reasons.has(key)) reasons.set(key, row.reason);
    }
  }
  return (run, place) => reasons.get(`${run.id} ${run.firstTaskIndex + place}`) ?? null;
}

function publishRuns(
  { after, bus }: UnitOfWork,
  runs: readonly LockedRun[],
  changed: readonly ChangedRow[],
  ends: ReadonlyMap<number, RunEnd>,
): void {
  const byRun = Map.groupBy(changed, (row) => row.runId);
  after(() => {
    for (const { id, containerId, projectId, waitedFor } of runs) {
      const taskRunIds = (byRun.get(id) ?? []).map((row) => row.id);
      if (taskRunIds.length === 0 && !ends.has(id)) continue;
      bus.publish({ kind: "run", runId: id, containerId, projectId, taskRunIds });
      if (ends.has(id) && waitedFor) bus.publish({ kind: "queue" });
    }
  });
}
