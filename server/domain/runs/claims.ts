/** READY task runs become an agent's attempts: the highest priority first, then the one that waits longest. */
import { sql } from "drizzle-orm";
import { prepared } from "../../db/prepared_statements.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { Wish } from "../../agent/port.ts";

/** Of a transaction, or of the database: then each is a transaction by itself. */
export type Statements = Pick<Transaction, "execute">;

/** More than any agent starts at once; it asks again for the rest. */
const CLAIMS_AT_ONCE = 500;
/** So many are looked at beyond those that are wanted: their run may be in somebody's hands. */
const LOOKED_BEYOND = 500;

/** An attempt with what its work is made of. */
export interface ClaimedRow extends Record<string, unknown> {
  readonly attemptId: number;
  readonly attempt: number;
  readonly taskRunId: number;
  readonly taskIndex: number;
  readonly runId: number;
  readonly versionId: number;
  readonly priority: number;
  readonly containerId: number;
  readonly containerName: string;
  readonly projectId: number;
  readonly projectSlug: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A run of one task by itself. */
  readonly single: boolean;
  /** Null for a run that no slot asked for. */
  readonly scheduledFor: Date | null;
  /** Some task run of the run has outputs. */
  readonly outputs: boolean;
  /** Some project or container has variables. */
  readonly variables: boolean;
}

/** Of `r`, which has the columns of a task run and of its run. */
const WORK_COLUMNS = sql`r.id as "taskRunId", r.task_index as "taskIndex", r.priority, r.run_id as "runId",
  r.version_id as "versionId", r.container_id as "containerId", r.container_name as "containerName",
  r.project_id as "projectId", (select slug from projects p where p.id = r.project_id) as "projectSlug",
  r.environment, r.single, r.scheduled_for as "scheduledFor",
  exists (select from task_runs u where u.run_id = r.run_id and u.outputs is not null) as outputs,
  exists (select from variables) as variables`;

/**
 * Claims as many as are wished. Those that are started now have started by the database's clock until the agent says
 * when; those that only wait in an agent's hand have not, and so are READY for everybody. Their runs are locked, but
 * never waited for: those that somebody changes just now are offered again by whoever changes them.
 *
 * Each step finds its rows by an index, in the order of the one before: whatever the database believes of the tables'
 * sizes, it reads no more than it claims.
 */
export async function claimReady(
  db: Statements,
  agentId: number,
  { freeSlots, ahead, abovePriority }: Wish,
): Promise<readonly ClaimedRow[]> {
  const wanted = Math.min(freeSlots + ahead, CLAIMS_AT_ONCE);
  if (wanted === 0) return [];
  return await db.execute<ClaimedRow>(prepared(sql`
    with picked as (
      select t.id, t.priority as p, t.ready_at as a, r.*
      from (
        select id, run_id, priority, ready_at from task_runs
        where state = 'READY' and released and (${abovePriority}::integer is null or priority > ${abovePriority})
        order by priority desc, ready_at, id limit ${wanted + LOOKED_BEYOND}
      ) t cross join lateral (
        select id as run_id, version_id, container_id, container_name, project_id, environment, single, scheduled_for
        from runs r where r.id = t.run_id for update skip locked
      ) r
      order by t.priority desc, t.ready_at, t.id limit ${wanted}
    ), ranked as (
      select *, row_number() over (order by p desc, a, id) as place from picked
    ), claimed as (
      update task_runs t set state = 'RUNNING', released = false, attempt = t.attempt + 1, agent_id = ${agentId},
        reason = null, exit_code = null, signal = null,
        started_at = case when r.place <= ${freeSlots} then clock_timestamp() end
      from ranked r
      -- Once more, now that the run is locked; in a form that leads nobody to look for it first among all that is READY.
      where t.id = r.id and case when t.state = 'READY' then t.released else false end
      returning r.*, t.task_index, t.attempt, t.priority, nextval('attempts_id_seq') as attempt_id
    ), made as (
      insert into attempts (id, task_run_id, number, state, agent_id) overriding system value
      select attempt_id, id, attempt, 'STARTING', ${agentId}::bigint from claimed
    )
    select r.attempt_id as "attemptId", r.attempt, ${WORK_COLUMNS}
    from claimed r
    order by r.place`));
}

/** Every attempt that the agent has, as far as the database knows. */
export async function livingAttempts(db: Statements, agentId: number): Promise<readonly ClaimedRow[]> {
  return await db.execute<ClaimedRow>(prepared(sql`
    with living as (
      select a.id as attempt_id, a.number as attempt, t.id, t.task_index, t.priority, r.id as run_id, r.version_id,
        r.container_id, r.container_name, r.project_id, r.environment, r.single, r.scheduled_for
      from attempts a join task_runs t on t.id = a.task_run_id join runs r on r.id = t.run_id
      where a.agent_id = ${agentId} and a.state in ('STARTING', 'RUNNING')
    )
    select r.attempt_id as "attemptId", r.attempt, ${WORK_COLUMNS} from living r order by r.attempt_id`));
}
