/** The rows of new runs, however many, in one statement a table. */
import { sql } from "drizzle-orm";
import { jsonRows } from "../../db/parameters.ts";
import type { Transaction } from "../../db/transaction.ts";

/** One task run, as a record of the statement that writes them all. */
export interface TaskRunRecord {
  readonly final: boolean;
}

export async function nextRunIds(tx: Transaction, count: number): Promise<readonly number[]> {
  const rows = await tx.execute<{ id: number }>(
    sql`select nextval(pg_get_serial_sequence('runs', 'id')) as id from generate_series(1, ${count}::integer)`,
  );
  return rows.map(({ id }) => id);
}

export async function writeRuns(tx: Transaction, records: readonly object[]): Promise<void> {
  await tx.execute(sql`
    insert into runs (id, project_id, container_id, container_name, container_version, version_id, state, cause,
      scheduled_for, started_at, started_by, retry_of, single, environment, idempotency_key, idempotency_hash, start_at, number, deadline_at)
    overriding system value
    select id, project_id, container_id, container_name, container_version, version_id, state, cause, scheduled_for,
      case when state = 'RUNNING' then clock_timestamp() end, started_by, retry_of, single, environment, idempotency_key,
      idempotency_hash, start_at,
      -- The container's lock keeps others from counting meanwhile.
      coalesce((select max(n.number) from runs n where n.container_id = r.container_id), 0)
        + row_number() over (partition by container_id order by id),
      case when state = 'RUNNING' and timeout_seconds > 0
        then clock_timestamp() + timeout_seconds * interval '1 second' end
    from json_to_recordset(${jsonRows(records)}) as r(id bigint, project_id bigint, container_id bigint,
      container_name text, container_version integer, version_id bigint, state run_state, cause run_cause,
      scheduled_for timestamptz, started_by bigint, retry_of bigint, single boolean, environment jsonb,
      idempotency_key text, idempotency_hash text, start_at timestamptz, timeout_seconds integer)
    order by id`);
}

export async function writeTaskRuns(
  tx: Transaction,
  records: readonly TaskRunRecord[],
): Promise<readonly { readonly id: number; readonly runId: number }[]> {
  return await tx.execute<{ id: number; runId: number }>(sql`
    insert into task_runs (run_id, task_index, task_id, project_id, container_id, name, x, y, state, reason, reused_from,
      placement_id, priority, released, ready_at, finished_at, outputs)
    select run_id, task_index, task_id, project_id, container_id, name, x, y, state, reason, reused_from, placement_id,
      priority, released, case when state = 'READY' then clock_timestamp() end, case when final then clock_timestamp() end,
      -- What is kept hands over what it did then.
      (select k.outputs from task_runs k where k.id = t.reused_from)
    from json_to_recordset(${jsonRows(records)}) as t(run_id bigint, task_index integer, task_id bigint,
      project_id bigint, container_id bigint, name text, x float8, y float8, state task_run_state, reason jsonb,
      reused_from bigint, placement_id bigint, priority integer, released boolean, final boolean)
    order by run_id, task_index
    returning id, run_id as "runId"`);
}
