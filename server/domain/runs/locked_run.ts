/**
 * Runs under lock. Whoever changes a run or its task runs holds the run's row lock first, and locks several in the order
 * of their ids: so decisions are made on states that nobody else can change, and nobody waits in a circle.
 */
import { type SQL, sql } from "drizzle-orm";
import { say, type Sentence } from "../../../schema/sentences.ts";
import type { RunState, StopCause, TaskRunState } from "../../../schema/states.ts";
import { prepared } from "../../db/prepared_statements.ts";
import type { Transaction } from "../../db/transaction.ts";
import { type DefinitionCache, runGraph } from "../containers/definitions.ts";
import type { Graph } from "../rules/graph.ts";
import type { RunStop, TaskState } from "../rules/run_state.ts";

export interface LockedRun {
  readonly id: number;
  readonly containerId: number;
  readonly projectId: number;
  readonly versionId: number;
  readonly single: boolean;
  readonly state: RunState;
  readonly stop: RunStop | null;
  readonly maxParallel: number;
  readonly graph: Graph;
  /** Task index of the first task run: 0, but for a run of one task by itself. */
  readonly firstTaskIndex: number;
  /** By place; changed along with the decisions of this transaction. */
  readonly taskStates: TaskState[];
  /** Some run of the container waits for this one's end. */
  readonly waitedFor: boolean;
}

interface RunRow extends Record<string, unknown> {
  readonly id: number;
  readonly containerId: number;
  readonly projectId: number;
  readonly versionId: number;
  readonly single: boolean;
  readonly state: RunState;
  readonly stopCause: StopCause | null;
  readonly stopReason: Sentence | null;
  readonly waitedFor: boolean;
}

interface TaskStateRow extends Record<string, unknown> {
  readonly runId: number;
  readonly codes: string;
  readonly firstTaskIndex: number;
}

/** One letter a task run: a run's states travel as one short text, however many tasks it has. */
const TASK_STATES: Readonly<Record<string, TaskState>> = Object.freeze({
  P: { state: "PENDING" },
  V: { state: "PENDING", reserved: true },
  A: { state: "READY", wait: "RELEASED" },
  D: { state: "READY", wait: "DELAYED" },
  H: { state: "READY", wait: "HELD" },
  R: { state: "RUNNING" },
  S: { state: "SUCCEEDED" },
  F: { state: "FAILED" },
  T: { state: "TIMED_OUT" },
  C: { state: "CANCELLED" },
  K: { state: "SKIPPED" },
});

const TASK_STATE_CODE = sql.raw(`case state
  when 'PENDING' then case when agent_id is null then 'P' else 'V' end when 'RUNNING' then 'R' when 'SUCCEEDED' then 'S' when 'FAILED' then 'F'
  when 'TIMED_OUT' then 'T' when 'CANCELLED' then 'C' when 'SKIPPED' then 'K'
  else case when released then 'A' when retry_at is not null then 'D' else 'H' end end`);

/** `ids` is a list or a subquery of run ids. Runs that are not there are left out. */
export async function lockRuns(
  tx: Transaction,
  definitions: DefinitionCache,
  ids: SQL,
): Promise<ReadonlyMap<number, LockedRun>> {
  // Sent together: the second statement is carried out after the locks are held, and so sees what they guard.
  const [, runRows, taskStateRows] = await Promise.all([
    planByKeys(tx),
    tx.execute<RunRow>(prepared(sql`
      select id, container_id as "containerId", project_id as "projectId",
        version_id as "versionId", single, state, stop_cause as "stopCause", stop_reason as "stopReason",
        exists(select 1 from runs q where q.container_id = runs.container_id and q.state = 'QUEUED') as "waitedFor"
      from runs where id in (${ids}) order by runs.id for update`)),
    tx.execute<TaskStateRow>(prepared(sql`
      select run_id as "runId", string_agg(${TASK_STATE_CODE}, '' order by task_index) as codes,
        min(task_index) as "firstTaskIndex"
      from task_runs where run_id in (${ids}) group by run_id`)),
  ]);
  const stored = await definitions.getMany(runRows.map((row) => row.versionId), tx);
  const taskStatesOf = new Map(taskStateRows.map((row) => [row.runId, row]));
  return new Map(runRows.map((row) => {
    const version = stored.get(row.versionId);
    const taskState = taskStatesOf.get(row.id);
    if (version === undefined || taskState === undefined) {
      throw new Error(`Run ${row.id} has no definition or no tasks`);
    }
    const run: LockedRun = {
      id: row.id,
      containerId: row.containerId,
      projectId: row.projectId,
      versionId: row.versionId,
      single: row.single,
      state: row.state,
      stop: row.stopCause === null
        ? null
        : { cause: row.stopCause, reason: row.stopReason ?? say("STOPPED") },
      maxParallel: row.single ? 0 : version.definition.maxParallel,
      graph: runGraph(version, row.single, taskState.firstTaskIndex),
      firstTaskIndex: taskState.firstTaskIndex,
      taskStates: Array.from(taskState.codes, readTaskState),
      waitedFor: row.waitedFor,
    };
    return [run.id, run];
  }));
}

/**
 * All statements of a transaction that has locked runs find their rows by keys. PostgreSQL would plan some of them anew
 * each time, a millisecond of five; and as it takes each list of records for a hundred rows, it would rather read the
 * whole of a table of some thousands of rows and hash it, so that a step took longer with history.
 */
async function planByKeys(tx: Transaction): Promise<void> {
  // As parameters: the driver prepares no statement that has none.
  await tx.execute(prepared(sql`
    select set_config('plan_cache_mode', ${"force_generic_plan"}, true), set_config('enable_hashjoin', ${"off"}, true),
      set_config('enable_mergejoin', ${"off"}, true)`));
}

/** The place of a task in the run's graph and in its task states. */
export function placeOf(run: LockedRun, taskIndex: number): number {
  return run.single ? taskIndex - run.firstTaskIndex : taskIndex;
}

export function taskStateOf(state: TaskRunState, wait: "RELEASED" | "HELD" | "DELAYED"): TaskState {
  return state === "READY" ? { state, wait } : { state };
}

function readTaskState(code: string): TaskState {
  const taskState = TASK_STATES[code];
  if (taskState === undefined) throw new Error(`Unknown taskState ${code}`);
  return taskState;
}
