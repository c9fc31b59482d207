/** Stored lines of one task run, a bounded piece at a time, from either end. */
import { type SQL, sql } from "drizzle-orm";
import type { Database, LogRow } from "../../../schema/graphql/context.ts";
import { unpackLines } from "./chunk.ts";
import { encodePlace, LAST_NUMBER, type LinePlace } from "./cursor.ts";

/** Text of one piece, so that a few thousand very long lines do not fill the memory. */
const PIECE_BYTES = 16 * 1024 * 1024;

/** The lines of a task run, of all attempts or of one, that lie strictly between two places. */
export interface LineRange {
  readonly taskRunId: number;
  readonly attempt: number | null;
  readonly after: LinePlace;
  readonly before: LinePlace;
}

export interface LinePiece {
  /** Oldest first. */
  readonly rows: readonly LogRow[];
  /** The range has more lines, beyond the end that was read towards. */
  readonly more: boolean;
}

export const FIRST_PLACE: LinePlace = Object.freeze({ attempt: 0, seq: 0 });
export const LAST_PLACE: LinePlace = Object.freeze({ attempt: LAST_NUMBER, seq: LAST_NUMBER });

interface ChunkRow extends Record<string, unknown> {
  readonly attempt_id: number;
  readonly attempt: number;
  readonly first_seq: number;
  readonly line_count: number;
  readonly first_at: number;
  readonly last_at: number;
  readonly streams: string;
  readonly delays: readonly number[];
  readonly body: string;
}

/** The oldest lines of the range, at most `limit`; fewer when they are very long. */
export async function readOldest(db: Database, range: LineRange, limit: number): Promise<LinePiece> {
  const chunks = await readChunks(db, range, limit, sql`asc`);
  const rows = chunks.flatMap((chunk) => rowsOf(chunk, range));
  return { rows: rows.slice(0, limit), more: rows.length > limit || await endsShort(db, range, rows, limit) };
}

/** The newest lines of the range, at most `limit`; fewer when they are very long. */
export async function readNewest(db: Database, range: LineRange, limit: number): Promise<LinePiece> {
  const chunks = await readChunks(db, range, limit, sql`desc`);
  const rows = chunks.toReversed().flatMap((chunk) => rowsOf(chunk, range));
  return { rows: rows.slice(-limit), more: rows.length > limit };
}
