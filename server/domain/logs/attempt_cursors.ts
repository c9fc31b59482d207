/** How far the output of attempts is stored: their rows, under lock. */
import { sql } from "drizzle-orm";
import { prepared } from "../../db/prepared_statements.ts";
import { idRows, jsonRows } from "../../db/parameters.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { DefinitionCache } from "../containers/definitions.ts";

/** An agent that was given up may hand over for so long what its attempts had written. */
export const LATE_OUTPUT_HOURS = 24;

/** Changed along with what this transaction takes; moveOffsets writes it. */
export interface AttemptCursor {
  readonly attemptId: number;
  readonly attempt: number;
  readonly taskRunId: number;
  readonly taskId: number;
  readonly runId: number;
  readonly containerId: number;
  readonly projectId: number;
  /** It takes no more lines. */
  readonly closed: boolean;
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
  readonly closed: boolean;
  readonly outOffset: number;
  readonly errOffset: number;
  readonly nextSeq: number;
  readonly taskRunId: number;
  readonly taskId: number;
  readonly taskIndex: number;
  readonly runId: number;
  readonly containerId: number;
  readonly projectId: number;
  readonly versionId: number;
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
): Promise<ReadonlyMap<number, AttemptCursor>> {
  const rows = await tx.execute<AttemptRow>(prepared(sql`
    select a.id, a.number, a.out_offset as "outOffset",
      a.err_offset as "errOffset", a.next_seq as "nextSeq", t.id as "taskRunId", t.task_id as "taskId",
      t.task_index as "taskIndex", t.run_id as "runId", t.container_id as "containerId",
      t.project_id as "projectId", r.version_id as "versionId",
      a.state not in ('STARTING', 'RUNNING') and not (
        a.state = 'LOST' and a.finished_at > clock_timestamp() - make_interval(hours => ${LATE_OUTPUT_HOURS})
      ) as closed
    from attempts a join task_runs t on t.id = a.task_run_id join runs r on r.id = t.run_id
    where a.id in (${idRows(attemptIds)})
      and (${agentId}::bigint is null or a.agent_id = ${agentId}::bigint)
    order by a.id for update of a`));
  const stored = await definitions.getMany(rows.map((row) => row.versionId), tx);
  return new Map(rows.map((row) => {
    const task = stored.get(row.versionId)?.definition.tasks[row.taskIndex];
    if (task === undefined) throw new Error(`Task run ${row.taskRunId} has no definition`);
    return [row.id, createCursor(row, task.keepLogs)];
  }));
}

export async function moveOffsets(tx: Transaction, cursors: readonly AttemptCursor[]): Promise<void> {
  const records = cursors.map(({ attemptId, outOffset, errOffset, nextSeq }) => ({
    attemptId,
    outOffset,
    errOffset,
    nextSeq,
  }));
  await tx.execute(prepared(sql`
    update attempts set out_offset = x."outOffset", err_offset = x."errOffset", next_seq = x."nextSeq"
    from json_to_recordset(${jsonRows(records)})
      as x("attemptId" bigint, "outOffset" bigint, "errOffset" bigint, "nextSeq" integer)
    where attempts.id = x."attemptId"`));
}

function createCursor(row: AttemptRow, keepLogs: boolean): AttemptCursor {
  return {
    attemptId: row.id,
    attempt: row.number,
    taskRunId: row.taskRunId,
    taskId: row.taskId,
    runId: row.runId,
    containerId: row.containerId,
    projectId: row.projectId,
    closed: row.closed,
    keepLogs,
    foundSeq: row.nextSeq,
    nextSeq: row.nextSeq,
    outOffset: row.outOffset,
    errOffset: row.errOffset,
  };
}
