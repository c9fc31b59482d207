/**
 * What follows from changes in locked runs: decided by the rules, written in one statement a table, told after the
 * commit. Everything that ends, stops or releases a task run comes through here.
 */
import { sql } from "drizzle-orm";
import { type AttemptState, finalTaskRun, type TaskRunState } from "../../../schema/states.ts";
import { kept } from "../../db/kept_statements.ts";
import { idRows, jsonRows } from "../../db/parameters.ts";
import type { AfterCommit, Transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { runEndMessages } from "../messages/messages.ts";
import { decideNext, decideRunEnd, type Decision, type RunEnd } from "../rules/run_state.ts";
import { type LockedRun, standingOf } from "./locked_run.ts";

/** One task run's change, as one record of the statement that writes them all. */
export interface TaskRunChange {
  readonly runId: number;
  readonly taskIndex: number;
  readonly from: TaskRunState;
  readonly state: TaskRunState;
  readonly reason: string | null;
  readonly released: boolean;
  /** Seconds from now until a retry may start; null when it is not one. */
  readonly retryInSeconds: number | null;
  /** The end of its attempt, when that is what changed it: written along with it. Times in milliseconds since 1970. */
  readonly attempt: {
    readonly id: number;
    readonly state: AttemptState;
    readonly reason: string | null;
    readonly exitCode: number | null;
    readonly signal: string | null;
    readonly startedAt: number | null;
    readonly finishedAt: number;
    readonly outputs: Readonly<Record<string, string>> | null;
  } | null;
}

/**
 * Decides and writes what follows. `changes` are those made by the caller, who has set the standings accordingly.
 * Answers how many task runs were released, that is: may be claimed now.
 */
export async function progressRuns(
  tx: Transaction,
  after: AfterCommit,
  bus: Bus,
  runs: Iterable<LockedRun>,
  changes: readonly TaskRunChange[],
): Promise<number> {
  const touched = [...runs];
  const followed = touched.flatMap((run) => followRun(run));
  const written = [...changes, ...followed];
  const [changedRows, ends] = await Promise.all([
    writeTaskRuns(tx, written),
    endRuns(tx, after, bus, touched, written),
  ]);
  tellRuns(after, bus, touched, changedRows, ends);
  return followed.filter(({ released }) => released).length;
}

/** Applies the decisions to the run's standings and answers them as changes. A QUEUED run starts nothing. */
function followRun(run: LockedRun): readonly TaskRunChange[] {
  if (run.state === "QUEUED" && run.stop === null) return [];
  return decideNext(run.graph, run.standings, run.maxParallel, run.stop).map((decision) => {
    const from = run.standings[decision.place]?.state;
    if (from === undefined) throw new Error(`Run ${run.id} has no task at place ${decision.place}`);
    const change = changeOf(run, decision, from);
    run.standings[decision.place] = standingOf(change.state, change.released ? "RELEASED" : "HELD");
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
  const records = changes.map((change) => ({
    r: change.runId,
    i: change.taskIndex,
    f: change.from,
    s: change.state,
    w: change.reason,
    a: change.released,
    d: change.retryInSeconds,
    e: change.attempt?.id,
    k: change.attempt?.state,
    v: change.attempt?.reason,
    c: change.attempt?.exitCode,
    g: change.attempt?.signal,
    b: change.attempt?.startedAt,
    z: change.attempt?.finishedAt,
    o: change.attempt?.outputs,
  }));
  const rows = await tx.execute<ChangedRow>(kept(sql`
    with x as materialized (
      select * from json_to_recordset(${jsonRows(records)})
        as x(r bigint, i integer, f task_run_state, s task_run_state, w text, a boolean, d float8, e bigint,
          k attempt_state, v text, c integer, g text, b float8, z float8, o jsonb)
    ), ended as (
      update attempts a set state = x.k, reason = x.v, exit_code = x.c, signal = x.g,
        started_at = coalesce(to_timestamp(x.b / 1000), a.started_at),
        finished_at = greatest(to_timestamp(x.z / 1000), coalesce(to_timestamp(x.b / 1000), a.started_at))
      from x where a.id = x.e and a.state in ('STARTING', 'RUNNING')
    )
    update task_runs t set
      state = x.s, reason = x.w, released = x.a,
      ready_at = case when x.s = 'READY' and x.f <> 'READY' then clock_timestamp() else t.ready_at end,
      retry_at = clock_timestamp() + x.d * interval '1 second',
      exit_code = case when x.e is null then t.exit_code else x.c end,
      signal = case when x.e is null then t.signal else x.g end,
      started_at = coalesce(to_timestamp(x.b / 1000), t.started_at),
      outputs = coalesce(x.o, t.outputs),
      finished_at = case when x.s not in ('PENDING', 'READY', 'RUNNING')
        then greatest(coalesce(to_timestamp(x.z / 1000), clock_timestamp()),
          coalesce(to_timestamp(x.b / 1000), t.started_at)) end
    from x where t.run_id = x.r and t.task_index = x.i and t.state = x.f
    returning t.id, t.run_id as "runId"`));
  if (rows.length !== changes.length) {
    throw new Error(
      `${changes.length} task runs were to change, ${rows.length} did: somebody wrote without the run's lock`,
    );
  }
  return rows;
}

async function endRuns(
  tx: Transaction,
  after: AfterCommit,
  bus: Bus,
  runs: readonly LockedRun[],
  changes: readonly TaskRunChange[],
): Promise<ReadonlyMap<number, RunEnd>> {
  const over = runs.filter((run) => run.standings.every(({ state }) => finalTaskRun(state)));
  if (over.length === 0) return new Map();
  const reasonOf = await readReasons(tx, over, changes);
  const ends = new Map(over.flatMap((run) => {
    const end = decideRunEnd(run.graph, run.standings, (place) => reasonOf(run, place), run.stop);
    return end === null ? [] : [[run.id, end] as const];
  }));
  const records = [...ends].map(([id, { state, reason }]) => ({ id, state, reason }));
  const told = await tx.execute(kept(sql`
    with ended as (
      update runs set state = x.state, reason = x.reason, finished_at = greatest(clock_timestamp(), started_at)
      from json_to_recordset(${jsonRows(records)}) as x(id bigint, state run_state, reason text)
      where runs.id = x.id and runs.state in ('QUEUED', 'RUNNING')
      returning runs.*)
    ${runEndMessages(sql`ended`)}`));
  if (told.length > 0) after(() => bus.publish({ kind: "messages" }));
  return ends;
}

/** Why task runs failed or were cancelled: those of this transaction are at hand, earlier ones are read. */
async function readReasons(
  tx: Transaction,
  over: readonly LockedRun[],
  changes: readonly TaskRunChange[],
): Promise<(run: LockedRun, place: number) => string | null> {
  const unhappy = over.filter(({ stop, standings }) =>
    stop === null && standings.some(({ state }) => state !== "SUCCEEDED" && state !== "SKIPPED")
  );
  const reasons = new Map(changes.map(({ runId, taskIndex, reason }) => [`${runId} ${taskIndex}`, reason]));
  if (unhappy.length > 0) {
    const rows = await tx.execute<{ runId: number; taskIndex: number; reason: string | null }>(kept(sql`
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

function tellRuns(
  after: AfterCommit,
  bus: Bus,
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
