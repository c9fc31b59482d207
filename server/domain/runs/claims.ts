/** READY task runs become an agent's attempts: the highest priority first, then the one that waits longest. */
import { type SQL, sql } from "drizzle-orm";
import { kept } from "../../db/kept_statements.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { Exchange } from "../../agent/port.ts";

/** More than any agent starts at once; it asks again for the rest. */
const CLAIMS_AT_ONCE = 500;

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
  /** Milliseconds since 1970; null for a run that no slot asked for. */
  readonly scheduledFor: number | null;
  /** Some task run of the run has outputs. */
  readonly outputs: boolean;
}

export type Wish = Pick<Exchange, "freeSlots" | "ahead" | "abovePriority">;

/**
 * Claims as many as are wished. Those that are started now have started by the database's clock until the agent says
 * when; those that only wait in an agent's hand have not, and so are READY for everybody. The runs are locked too, but never waited for: those that somebody changes just now are
 * offered again by whoever changes them.
 */
export async function claimReady(
  tx: Transaction,
  agentId: number,
  { freeSlots, ahead, abovePriority }: Wish,
): Promise<readonly ClaimedRow[]> {
  const wanted = freeSlots + ahead;
  if (wanted === 0) return [];
  return await tx.execute<ClaimedRow>(kept(sql`
    with picked as (
      select t.id from task_runs t join runs r on r.id = t.run_id
      where t.state = 'READY' and t.released and (${abovePriority}::integer is null or t.priority > ${abovePriority})
      order by t.priority desc, t.ready_at, t.id
      limit ${Math.min(wanted, CLAIMS_AT_ONCE)} for update of t, r skip locked
    ), ranked as (
      select t.id, row_number() over (order by t.priority desc, t.ready_at, t.id) as place
      from task_runs t join picked on picked.id = t.id
    ), claimed as (
      update task_runs t set state = 'RUNNING', released = false, attempt = t.attempt + 1, agent_id = ${agentId},
        reason = null, exit_code = null, signal = null, 
        started_at = case when ranked.place <= ${freeSlots} then clock_timestamp() end
      from ranked where t.id = ranked.id
      returning t.id, t.run_id, t.task_index, t.attempt, t.priority, t.ready_at
    ), made as (
      insert into attempts (task_run_id, number, state, agent_id)
      select id, attempt, 'STARTING', ${agentId}::bigint from claimed
      returning id, task_run_id
    )
    select ${workColumns(sql`made.id`, sql`t.attempt`)}
    from made join claimed t on t.id = made.task_run_id join runs r on r.id = t.run_id
      join projects p on p.id = r.project_id
    order by t.priority desc, t.ready_at, t.id`));
}

/** Every attempt that the agent has, as far as the database knows. */
export async function livingAttempts(tx: Transaction, agentId: number): Promise<readonly ClaimedRow[]> {
  return await tx.execute<ClaimedRow>(kept(sql`
    select ${workColumns(sql`a.id`, sql`a.number`)}
    from attempts a join task_runs t on t.id = a.task_run_id join runs r on r.id = t.run_id
      join projects p on p.id = r.project_id
    where a.agent_id = ${agentId} and a.state in ('STARTING', 'RUNNING')
    order by a.id`));
}

function workColumns(attemptId: SQL, attempt: SQL): SQL {
  return sql`${attemptId}::float8 as "attemptId", ${attempt} as attempt, t.id::float8 as "taskRunId", t.task_index as "taskIndex",
    r.id::float8 as "runId", r.version_id::float8 as "versionId", t.priority, r.container_id::float8 as "containerId",
    r.container_name as "containerName", r.project_id::float8 as "projectId", p.slug as "projectSlug", r.environment, r.single,
    (extract(epoch from r.scheduled_for) * 1000)::float8 as "scheduledFor",
    exists (select from task_runs u where u.run_id = r.id and u.outputs is not null) as outputs`;
}
