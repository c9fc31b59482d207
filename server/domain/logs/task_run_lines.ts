/** Stored lines of one task run, a bounded piece at a time, from either end. */
import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import { inProjects } from "../accounts/visible.ts";
import type { LogRow } from "./interface.ts";
import type { OutputLine } from "../../../schema/events.ts";
import { prepared } from "../../db/prepared_statements.ts";
import { type PackedChunk, unpackLines } from "./chunk.ts";
import { encodePlace, LAST_NUMBER, type LinePlace } from "./cursor.ts";

/** Text of one piece, so that a few thousand very long lines do not fill the memory. */
const PIECE_BYTES = 4 * 1024 * 1024;

/** The lines of a task run, of all attempts or of one, that lie strictly between two places. */
export interface LineRange {
  readonly visible: Visible;
  readonly taskRunId: number;
  readonly attempt: number | null;
  readonly after: LinePlace;
  readonly before: LinePlace;
}

interface LinePiece {
  /** Oldest first. */
  readonly rows: readonly LogRow[];
  /** The range has more lines beyond the end that was read towards. */
  readonly more: boolean;
}

export const FIRST_PLACE: LinePlace = Object.freeze({ attempt: 0, seq: 0 });
export const LAST_PLACE: LinePlace = Object.freeze({ attempt: LAST_NUMBER, seq: LAST_NUMBER });

interface ChunkRow extends Record<string, unknown> {
  readonly attemptId: number;
  readonly attempt: number;
  readonly firstSeq: number;
  readonly lineCount: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly streams: string;
  readonly delays: readonly number[];
  readonly body: string;
  /** How many chunks there were to choose from. */
  readonly candidates: number;
}

/** The oldest lines of the range, at most `limit`; fewer when they are very long. */
export async function readOldest(db: Database, range: LineRange, limit: number): Promise<LinePiece> {
  const chunks = await readChunks(db, range, limit, "asc");
  const rows = chunks.flatMap((chunk) => rowsOf(chunk, range));
  return { rows: rows.slice(0, limit), more: rows.length > limit || someLeft(chunks) };
}

/** The newest lines of the range, at most `limit`; fewer when they are very long. */
export async function readNewest(db: Database, range: LineRange, limit: number): Promise<LinePiece> {
  const chunks = await readChunks(db, range, limit, "desc");
  const rows = chunks.toReversed().flatMap((chunk) => rowsOf(chunk, range));
  return {
    rows: rows.slice(Math.max(0, rows.length - limit)),
    more: rows.length > limit || someLeft(chunks),
  };
}

/** True when the task run has a line at this place or before it. */
export async function hasLineUpTo(
  db: Database,
  range: Pick<LineRange, "visible" | "taskRunId" | "attempt">,
  place: LinePlace,
): Promise<boolean> {
  const rows = await db.execute(sql`
    select 1 from log_chunks
    where ${ofRange(range)}
      and (attempt, first_seq) <= (${place.attempt}::integer, ${place.seq}::integer)
    limit 1`);
  return rows.length > 0;
}

/** True when the task run has a line at this place or after it. */
export async function hasLineFrom(
  db: Database,
  range: Pick<LineRange, "visible" | "taskRunId" | "attempt">,
  place: LinePlace,
): Promise<boolean> {
  // The last chunk of all has the last line of all.
  const rows = await db.execute<{ found: boolean }>(sql`
    select (attempt, first_seq + line_count - 1) >= (${place.attempt}::integer, ${place.seq}::integer) as found
    from log_chunks
    where ${ofRange(range)}
    order by attempt desc, first_seq desc limit 1`);
  return rows[0]?.found ?? false;
}

export function rowOf(
  of: { readonly attemptId: number; readonly attempt: number; readonly taskRunId: number },
  { seq, at, stream, text, partial }: OutputLine,
): LogRow {
  const { attemptId, attempt, taskRunId } = of;
  const row = { attemptId, attempt, taskRunId, seq, at: new Date(at), stream, text };
  // Who goes on behind a line that is not complete gets it once it is.
  if (partial) return { ...row, cursor: encodePlace({ attempt, seq: seq - 1 }), partial };
  return { ...row, cursor: encodePlace({ attempt, seq }) };
}

/**
 * The chunks that hold the first `limit` lines of the range and one more, in the order asked for. Finds the chunk that
 * the range begins in by the index, and takes along only as many bodies as it needs.
 */
async function readChunks(
  db: Database,
  range: LineRange,
  limit: number,
  order: "asc" | "desc",
): Promise<readonly ChunkRow[]> {
  const { taskRunId, after, before } = range;
  const ordered = order === "asc" ? sql.raw("attempt, first_seq") : sql.raw("attempt desc, first_seq desc");
  // Lines of the chunk that lie in the range.
  const inside = sql`(
    case when attempt = ${before.attempt}::integer then least(first_seq + line_count, ${before.seq}::integer)
      else first_seq + line_count end
    - case when attempt = ${after.attempt}::integer then greatest(first_seq - 1, ${after.seq}::integer)
      else first_seq - 1 end - 1)`;
  return await db.execute<ChunkRow>(prepared(sql`
    select attempt_id as "attemptId", attempt, first_seq as "firstSeq", line_count as "lineCount", streams, body, candidates,
      first_at as "firstAt", last_at as "lastAt", array_to_json(delays) as delays
    from (
      select *, count(*) over ()::integer as candidates,
        sum(lines) over w - lines as lines_before, sum(octet_length(body)) over w - octet_length(body) as bytes_before
      from (
        select *, ${inside} as lines from log_chunks
        where ${ofRange(range)}
          and (attempt, first_seq) >= (${after.attempt}::integer, coalesce((
            select max(first_seq) from log_chunks where task_run_id = ${taskRunId}
              and attempt = ${after.attempt}::integer and first_seq <= ${after.seq}::integer), 0))
          and (attempt, first_seq) < (${before.attempt}::integer, ${before.seq}::integer)
          and ${inside} > 0
        order by ${ordered} limit ${limit + 1}
      ) near
      window w as (order by ${ordered} rows unbounded preceding)
    ) counted
    where lines_before <= ${limit} and bytes_before < ${PIECE_BYTES}
    order by ${ordered}`));
}

function ofRange({ visible, taskRunId, attempt }: Pick<LineRange, "visible" | "taskRunId" | "attempt">): SQL {
  return sql`task_run_id = ${taskRunId} and (${attempt}::integer is null or attempt = ${attempt}::integer)
    and ${inProjects(visible, sql`project_id`)}`;
}

function someLeft(chunks: readonly ChunkRow[]): boolean {
  return chunks.length < (chunks[0]?.candidates ?? 0);
}

function rowsOf(row: ChunkRow, { taskRunId, after, before }: LineRange): readonly LogRow[] {
  const chunk: PackedChunk = {
    firstSeq: row.firstSeq,
    lineCount: row.lineCount,
    firstAt: row.firstAt.getTime(),
    lastAt: row.lastAt.getTime(),
    streams: row.streams,
    delays: row.delays,
    body: row.body,
  };
  const fromSeq = row.attempt === after.attempt ? after.seq + 1 : 1;
  const toSeq = row.attempt === before.attempt ? before.seq - 1 : Infinity;
  const of = { attemptId: row.attemptId, attempt: row.attempt, taskRunId };
  return unpackLines(chunk, fromSeq, toSeq).map((line) => rowOf(of, line));
}
