/** How far the output of attempts is stored: their rows, under lock. */
import { sql } from "drizzle-orm";
import type { AttemptState } from "../../../schema/states.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { DefinitionCache } from "../definitions.ts";

/** Changed along with what this transaction takes; moveOffsets writes it. */
export interface Standing {
  readonly attemptId: number;
  readonly attempt: number;
  readonly taskRunId: number;
  readonly taskId: number;
  readonly runId: number;
  readonly containerId: number;
  readonly projectId: number;
  readonly state: AttemptState;
  readonly keepLogs: boolean;
  /** The next line's seq as this transaction found it. */
  readonly foundSeq: number;
  nextSeq: number;
  outOffset: number;
  errOffset: number;
}

interface AttemptRow extends Record<string, unknown> {
  readonly id: number;
  readonly number: number;
  readonly state: AttemptState;
  readonly out_offset: number;
  readonly err_offset: number;
  readonly next_seq: number;
  readonly task_run_id: number;
  readonly task_id: number;
  readonly task_index: number;
  readonly run_id: number;
  readonly container_id: number;
  readonly project_id: number;
  readonly version_id: number;
}

/**
 * Locks in the order of ids, so that nobody waits in a circle. Attempts of another agent are left out; null takes those
 * of any.
 */
export async function lockAttempts(
  tx: Transaction,
  definitions: DefinitionCache,
  agentId: number | null,
  attemptIds: readonly number[],
): Promise<ReadonlyMap<number, Standing>> {
  const rows = await tx.execute<AttemptRow>(sql`
    select a.id::float8 as id, a.number, a.state, a.out_offset::float8 as out_offset,
      a.err_offset::float8 as err_offset, a.next_seq, t.id::float8 as task_run_id, t.task_id::float8 as task_id,
      t.task_index, t.run_id::float8 as run_id, t.container_id::float8 as container_id,
      t.project_id::float8 as project_id, r.version_id::float8 as version_id
    from attempts a join task_runs t on t.id = a.task_run_id join runs r on r.id = t.run_id
    where a.id in (select value::bigint from json_array_elements_text(${JSON.stringify(attemptIds)}::json))
      and (${agentId}::bigint is null or a.agent_id = ${agentId}::bigint)
    order by a.id for update of a`);
  const stored = await definitions.getMany(rows.map((row) => row.version_id), tx);
  return new Map(rows.map((row) => {
    const task = stored.get(row.version_id)?.definition.tasks[row.task_index];
    if (task === undefined) throw new Error(`Task run ${row.task_run_id} has no definition`);
    return [row.id, createStanding(row, task.keepLogs)];
  }));
}

export async function moveOffsets(tx: Transaction, standings: readonly Standing[]): Promise<void> {
  const records = standings.map(({ attemptId, outOffset, errOffset, nextSeq }) => ({
    i: attemptId,
    o: outOffset,
    e: errOffset,
    n: nextSeq,
  }));
  await tx.execute(sql`
    update attempts set out_offset = x.o, err_offset = x.e, next_seq = x.n
    from json_to_recordset(${JSON.stringify(records)}::json) as x(i bigint, o bigint, e bigint, n integer)
    where attempts.id = x.i`);
}

function createStanding(row: AttemptRow, keepLogs: boolean): Standing {
  return {
    attemptId: row.id,
    attempt: row.number,
    taskRunId: row.task_run_id,
    taskId: row.task_id,
    runId: row.run_id,
    containerId: row.container_id,
    projectId: row.project_id,
    state: row.state,
    keepLogs,
    foundSeq: row.next_seq,
    nextSeq: row.next_seq,
    outOffset: row.out_offset,
    errOffset: row.err_offset,
  };
}
