/**
 * Lines that are not complete yet: shown while they stand, and stored like any other once they are complete. The rows
 * belong to attempts that run, and count only while the stream is stored up to where the line starts: so nothing has to
 * be removed at the moment at which a line is stored.
 */
import { type SQL, sql } from "drizzle-orm";
import type { PartialLineChanged } from "../../../schema/events.ts";
import type { Database } from "../../db/database.ts";
import type { LogStream } from "../../../schema/states.ts";
import type { PartialLine } from "../../agent/port.ts";
import { prepared } from "../../db/prepared_statements.ts";
import { jsonRows } from "../../db/parameters.ts";
import type { Bus } from "../../events/bus.ts";

export interface PartialRow {
  readonly attemptId: number;
  readonly attempt: number;
  /** Of the line that comes next. */
  readonly seq: number;
  readonly stream: LogStream;
  readonly startOffset: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

interface ReportedRow
  extends PartialRow, Omit<PartialLineChanged, "kind" | "lines">, Record<string, unknown> {}

const startsWhereStored = (stream: SQL, start: SQL): SQL =>
  sql`${start} = case ${stream} when 'STDOUT' then a.out_offset else a.err_offset end`;

/** Replaces what was reported before. One statement, however many they are. */
export async function storePartialLines(
  { db, bus }: { readonly db: Database; readonly bus: Bus },
  agentId: number,
  lines: readonly PartialLine[],
): Promise<void> {
  const rows = await db.execute<ReportedRow>(prepared(sql`
    with reported as materialized (
      select * from json_to_recordset(${jsonRows(lines)})
        as r("attemptId" bigint, stream text, "from" bigint, at float8, text text)
    ), removed as (
      delete from partial_lines using reported r where attempt_id = r."attemptId" and partial_lines.stream = r.stream and r.text = ''
    ), current as materialized (
      select r.*, a.number, a.next_seq, a.task_run_id from reported r join attempts a on a.id = r."attemptId"
      where a.agent_id = ${agentId}::bigint and a.state in ('STARTING', 'RUNNING')
        and (r.text = '' or ${startsWhereStored(sql`r.stream`, sql`r."from"`)})
    ), stored as (
      insert into partial_lines (attempt_id, stream, start_offset, at, text)
      select "attemptId", stream, "from", to_timestamp(at / 1000), text from current where text <> ''
      on conflict (attempt_id, stream) do update
        set start_offset = excluded.start_offset, at = excluded.at, text = excluded.text
    )
    select s."attemptId", s.number as attempt, s.next_seq as seq, s.stream, s.at, s.text, s."from" as "startOffset", t.id as "taskRunId", t.run_id as "runId",
      t.container_id as "containerId", t.project_id as "projectId"
    from current s join task_runs t on t.id = s.task_run_id`));
  for (const { seq, at, stream, text, ...of } of rows) {
    bus.publish({ ...of, kind: "partial", lines: [{ seq, at, stream, text, partial: true }] });
  }
}

/** Those of a task run as a list of `PartialRow` in JSON, standard output first. */
export function partialLinesOf(taskRunId: SQL): SQL {
  return sql`(
    select coalesce(json_agg(json_build_object('attemptId', a.id, 'attempt', a.number, 'seq', a.next_seq, 'stream', p.stream,
      'startOffset', p.start_offset, 'at', (extract(epoch from p.at) * 1000)::float8, 'text', p.text
    ) order by p.stream desc), '[]')
    from attempts a join partial_lines p on p.attempt_id = a.id
    where a.task_run_id = ${taskRunId} and a.state in ('STARTING', 'RUNNING')
      and ${startsWhereStored(sql`p.stream`, sql`p.start_offset`)})`;
}

/** What an agent left behind that did not report its end. */
export async function prunePartialLines(db: Database): Promise<void> {
  await db.execute(sql`
    delete from partial_lines p where not exists (
      select 1 from attempts a where a.id = p.attempt_id and a.state in ('STARTING', 'RUNNING'))`);
}
