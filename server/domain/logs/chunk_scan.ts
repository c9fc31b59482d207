/**
 * Goes through chunks in the order of their last line's time, in slices: a search reads no more than it needs to fill its
 * page, and never holds more than a slice in memory.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import type { PackedChunk } from "./chunk.ts";
import {
  bodyCondition,
  chunkCondition,
  indexedCondition,
  trigramCondition,
  type VisibleLogFilter,
} from "./filter.ts";

/** Chunks of which one statement reads the head. */
const SLICE_CHUNKS = 500;
/** Text that one statement looks through; larger slices were no faster. */
const SLICE_BYTES = 4 * 1024 * 1024;
/** The first statement of a scan looks through less, since a word that is common is found there. */
const FIRST_SLICE_BYTES = 512 * 1024;

const headColumns = sql.raw(`attempt_id as "attemptId", attempt, task_run_id as "taskRunId",
  first_seq as "firstSeq", last_at as "lastAt"`);

/** A place in the scan: the last chunk that was looked at. */
export interface ChunkPlace {
  readonly lastAt: number;
  readonly attemptId: number;
  readonly firstSeq: number;
}

/** An attempt as the index of chunks finds it. */
export interface AttemptKey {
  readonly attemptId: number;
  readonly attempt: number;
  readonly taskRunId: number;
}

export interface FoundChunk extends PackedChunk, AttemptKey {}

interface ChunkSlice {
  /** Chunks that may hold lines of the filter, in the order of the scan. */
  readonly found: readonly FoundChunk[];
  /** Where the next slice goes on; null when there is no other chunk. */
  readonly next: ChunkPlace | null;
  /** The last line's time of the chunk that comes next, in milliseconds since 1970; null when there is none. */
  readonly unreadAt: number | null;
}

export interface ChunkScan {
  readonly filter: VisibleLogFilter;
  /** Newest or oldest first. */
  readonly order: "newest" | "oldest";
  /** Bounds of a chunk's last line, in milliseconds since 1970, both included. */
  readonly lastAtFrom: number;
  readonly lastAtTo: number;
  /** Chunks that begin after it are passed over. */
  readonly firstAtTo: number;
  /** A slice need not go on after chunks of this many lines. */
  readonly wantedLines: number;
}

interface HeadRow extends Record<string, unknown> {
  readonly attemptId: number;
  readonly attempt: number;
  readonly taskRunId: number;
  readonly firstSeq: number;
  readonly lastAt: Date;
}

interface SliceRow extends HeadRow {
  readonly lineCount: number;
  readonly firstAt: Date;
  readonly unreadAt: Date | null;
  readonly streams: string | null;
  readonly delays: readonly number[] | null;
  readonly body: string | null;
}

export async function readSlice(
  db: Database,
  scan: ChunkScan,
  place: ChunkPlace | null,
): Promise<ChunkSlice> {
  const rows = await db.execute<SliceRow>(sliceStatement(scan, place));
  const last = rows.at(-1);
  if (last === undefined) return { found: [], next: null, unreadAt: null };
  const found = rows.flatMap((row) => foundChunk(row) ?? []);
  if (last.unreadAt === null) return { found, next: null, unreadAt: null };
  return { found, next: placeOf(last), unreadAt: last.unreadAt.getTime() };
}

/** The attempts whose chunks of the next slice may hold lines of the filter; bodies are not read. */
export async function readHeads(
  db: Database,
  scan: ChunkScan,
  place: ChunkPlace | null,
): Promise<{ readonly heads: readonly AttemptKey[]; readonly next: ChunkPlace | null }> {
  const rows = await db.execute<HeadRow & { readonly fits: boolean }>(sql`
    select ${headColumns}, ${chunkCondition(scan.filter)} as fits
    from log_chunks where ${indexedCondition(scan.filter)} and ${boundsCondition(scan, place)}
    order by ${orderOf(scan)} limit ${SLICE_CHUNKS}`);
  const last = rows.at(-1);
  const heads = new Map(rows.filter(({ fits }) => fits).map((row) => [row.attemptId, keyOf(row)]));
  return {
    heads: [...heads.values()],
    next: last === undefined || rows.length < SLICE_CHUNKS ? null : placeOf(last),
  };
}

/**
 * Inside out: the next chunks by an index, without their content, and which of them fit as far as that can be told
 * without it; of these, those that come before the slice's text or lines are enough; of these, the content of those
 * that may hold what is looked for (one by one, said by the limit: left to choose, PostgreSQL would read the content of
 * all chunks to join them). The last row is always given, for it says where to go on.
 */
function sliceStatement(scan: ChunkScan, place: ChunkPlace | null): SQL {
  const { filter } = scan;
  const order = orderOf(scan);
  const bytes = place === null ? FIRST_SLICE_BYTES : SLICE_BYTES;
  return sql`
    select ${headColumns}, line_count as "lineCount", first_at as "firstAt", unread_at as "unreadAt", streams, array_to_json(delays) as delays, body
    from (
      select *, place = count(*) over () as final
      from (
        select *, row_number() over (order by ${order}) as place,
          lead(last_at) over (order by ${order}) as unread_at,
          coalesce(sum(case when fits then bytes end) over earlier, 0) as bytes_before,
          coalesce(sum(case when fits then line_count end) over earlier, 0) as lines_before
        from (
          select day, attempt_id, attempt, task_run_id, first_seq, line_count, first_at, last_at,
            octet_length(body) as bytes,
            ${chunkCondition(filter)} and ${beginsUpTo(scan.firstAtTo)} and ${
    trigramCondition(filter)
  } as fits
          from log_chunks where ${indexedCondition(filter)} and ${boundsCondition(scan, place)}
          order by ${order} limit ${SLICE_CHUNKS + 1}
        ) near
        window earlier as (order by ${order} rows between unbounded preceding and 1 preceding)
      ) counted
      where place = 1
        or place <= ${SLICE_CHUNKS} and bytes_before < ${bytes} and lines_before < ${scan.wantedLines}
    ) read
    left join lateral (
      select streams, delays, body from log_chunks content
      where read.fits and content.day = read.day and content.attempt_id = read.attempt_id
        and content.first_seq = read.first_seq and ${bodyCondition(filter)}
      limit 1
    ) hit on true
    where final or body is not null
    order by ${order}`;
}

function orderOf({ order }: ChunkScan): SQL {
  return sql.raw(
    order === "newest" ? "last_at desc, attempt_id desc, first_seq desc" : "last_at, attempt_id, first_seq",
  );
}

function boundsCondition({ order, lastAtFrom, lastAtTo }: ChunkScan, place: ChunkPlace | null): SQL {
  const conditions: SQL[] = [sql`true`];
  if (lastAtFrom > 0) conditions.push(sql`last_at >= ${instant(lastAtFrom)}`);
  if (lastAtTo < Infinity) conditions.push(sql`last_at <= ${instant(lastAtTo)}`);
  if (place !== null) {
    conditions.push(sql`(last_at, attempt_id, first_seq) ${sql.raw(order === "newest" ? "<" : ">")}
      (${instant(place.lastAt)}, ${place.attemptId}::bigint, ${place.firstSeq}::integer)`);
  }
  return sql.join(conditions, sql` and `);
}

function beginsUpTo(at: number): SQL {
  return at === Infinity ? sql`true` : sql`first_at <= ${instant(at)}`;
}

function instant(at: number): SQL {
  return sql`to_timestamp(${at}::float8 / 1000)::timestamptz(3)`;
}

function keyOf(row: HeadRow): AttemptKey {
  return { attemptId: row.attemptId, attempt: row.attempt, taskRunId: row.taskRunId };
}

function placeOf(row: HeadRow): ChunkPlace {
  return { lastAt: row.lastAt.getTime(), attemptId: row.attemptId, firstSeq: row.firstSeq };
}

function foundChunk(row: SliceRow): FoundChunk | null {
  const { body, streams, delays } = row;
  if (body === null || streams === null || delays === null) return null;
  return {
    ...keyOf(row),
    firstSeq: row.firstSeq,
    lineCount: row.lineCount,
    firstAt: row.firstAt.getTime(),
    lastAt: row.lastAt.getTime(),
    streams,
    delays,
    body,
  };
}
