import { sql } from "drizzle-orm";
import { bigint, bit, check, date, index, integer, primaryKey, snakeCase, text } from "drizzle-orm/pg-core";
import { logStreams } from "../states.ts";
import { instant, reference } from "./columns.ts";

/** A database's bit string of this length is kept beside the text of a chunk. */
export const TRIGRAM_BITS = 8192;

/**
 * Lines of one attempt, many in a row, in order. The table is partitioned by `day` (of storing, UTC), so that retention
 * drops a partition. A chunk is kept once because the attempt's offsets move in the same transaction.
 */
export const logChunks = snakeCase.table("log_chunks", {
  day: date({ mode: "string" }).notNull(),
  attemptId: reference().notNull(),
  /** Seq of the first line; the others follow without gap. */
  firstSeq: integer().notNull(),
  lineCount: integer().notNull(),
  attempt: integer().notNull(),
  taskRunId: reference().notNull(),
  runId: reference().notNull(),
  taskId: reference().notNull(),
  containerId: reference().notNull(),
  projectId: reference().notNull(),
  firstAt: instant().notNull(),
  /** Not before firstAt: times within an attempt never go back. */
  lastAt: instant().notNull(),
  /** One letter a line: O standard output, E standard error, S system. */
  streams: text().notNull(),
  /** Milliseconds since firstAt, one a line. */
  delays: bigint({ mode: "number" }).array().notNull(),
  /** The lines, joined by a line feed; a line itself never has one. */
  body: text().notNull(),
  /**
   * Which trigrams the body has, hashed; null: not told, and the body has to be read. Its storage is plain: it lies in
   * the row itself, while the body is elsewhere.
   */
  trigrams: bit({ dimensions: TRIGRAM_BITS }),
}, (table) => [
  primaryKey({ name: "log_chunks_pkey", columns: [table.day, table.attemptId, table.firstSeq] }),
  index("log_chunks_task_run_id_index").on(table.taskRunId, table.attempt, table.firstSeq),
  index("log_chunks_last_at_index").on(table.lastAt, table.attemptId, table.firstSeq),
  index("log_chunks_container_id_index").on(table.containerId, table.lastAt),
  // A project with a retention of its own loses its oldest chunks by it.
  index("log_chunks_project_id_index").on(table.projectId, table.lastAt),
  index("log_chunks_run_id_index").on(table.runId),
  check("log_chunks_line_count_range", sql`${table.lineCount} >= 1`),
  check("log_chunks_streams_count", sql`char_length(${table.streams}) = ${table.lineCount}`),
  check("log_chunks_delays_count", sql`cardinality(${table.delays}) = ${table.lineCount}`),
]);

/**
 * What stands at the end of a living attempt's stream without a line feed. It counts while the stream is stored up to
 * where it starts, and never longer than the attempt lives. UNLOGGED: it is replaced up to once a second, and after a crash
 * the agent reports it again.
 */
export const partialLines = snakeCase.table("partial_lines", {
  attemptId: reference().notNull(),
  stream: text({ enum: logStreams }).notNull(),
  startOffset: reference().notNull(),
  at: instant().notNull(),
  text: text().notNull(),
}, (table) => [primaryKey({ name: "partial_lines_pkey", columns: [table.attemptId, table.stream] })]);
