/** Writes lines: numbered, in chunks, two statements however many attempts they are of. */
import { type SQL, sql } from "drizzle-orm";
import type { LinesAppended, OutputLine } from "../../../schema/events.ts";
import { TRIGRAM_BITS } from "../../../schema/tables/log.ts";
import type { Passage } from "../../agent/port.ts";
import { prepared } from "../../db/prepared_statements.ts";
import { jsonRows, textArray } from "../../db/parameters.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { type NumberedPassage, type PackedChunk, packPassages, splitPassage } from "./chunk.ts";
import { chunkTrigrams } from "./trigrams.ts";
import { type AttemptCursor, moveOffsets } from "./attempt_cursors.ts";

/** Always as many, for the text of a statement that the database keeps prepared has to be the same. */
const SINGLE_TEXTS = 10;

/** Lines that follow `firstSeq` in one attempt. */
export interface Writing {
  readonly cursor: AttemptCursor;
  readonly firstSeq: number;
  readonly passages: readonly Passage[];
}

/** The same, numbered, and with times that do not go back. */
export interface NumberedWriting {
  readonly cursor: AttemptCursor;
  readonly passages: readonly NumberedPassage[];
}

interface AttemptChunk {
  readonly cursor: AttemptCursor;
  readonly chunk: PackedChunk;
}

/**
 * Moves the attempts and stores the lines, but not those of tasks that keep none. Answers what to publish after the
 * commit. `times` are those of the attempts' last lines, and are moved.
 */
export async function storeLines(
  tx: Transaction,
  writings: readonly Writing[],
  times: Map<number, number>,
): Promise<readonly LinesAppended[]> {
  const numbered = writings.map((writing) => numberWriting(writing, times));
  const cursors = [...new Set(writings.map(({ cursor }) => cursor))];
  const chunks = packWritings(numbered);
  await Promise.all([
    moveOffsets(tx, cursors),
    chunks.length === 0
      ? null
      : tx.execute(prepared(sql`${insertChunks} from ${chunkRows(chunks)} where "attemptId" is not null`)),
  ]);
  return numbered.flatMap(linesEvents);
}

export function publishLines(bus: Bus, events: readonly LinesAppended[]): void {
  for (const event of events) bus.publish(event);
}

/** `times` are those of the attempts' last lines, and are moved. */
export function numberWriting(
  { cursor, firstSeq, passages }: Writing,
  times: Map<number, number>,
): NumberedWriting {
  let last = times.get(cursor.attemptId) ?? 0;
  let seq = firstSeq;
  const numbered = passages.map(({ at, stream, count, text }): NumberedPassage => {
    last = Math.max(last, Math.trunc(at));
    const passage = { seq, at: last, stream, count, text: clean(text, count) };
    seq += count;
    return passage;
  });
  times.set(cursor.attemptId, last);
  return { cursor, passages: numbered };
}

/** Tasks that keep no lines have no chunks. */
export function packWritings(writings: readonly NumberedWriting[]): readonly AttemptChunk[] {
  return writings.flatMap(({ cursor, passages }) =>
    cursor.keepLogs ? packPassages(passages).map((chunk) => ({ cursor, chunk })) : []
  );
}

/** What to publish; nothing where there are no lines. */
export function linesEvents(writing: NumberedWriting): readonly LinesAppended[] {
  return writing.passages.length === 0 ? [] : [new AppendedLines(writing)];
}

/**
 * Most output has no reader: its lines are made when one asks. A class and not an object with a getter: the runtime holds
 * the getter of each such object, and with it the text, until a full garbage collection.
 */
class AppendedLines implements LinesAppended {
  readonly kind = "lines";
  readonly attemptId: number;
  readonly attempt: number;
  readonly taskRunId: number;
  readonly runId: number;
  readonly containerId: number;
  readonly projectId: number;
  readonly #passages: readonly NumberedPassage[];
  #lines: readonly OutputLine[] | null = null;

  constructor({ cursor, passages }: NumberedWriting) {
    this.attemptId = cursor.attemptId;
    this.attempt = cursor.attempt;
    this.taskRunId = cursor.taskRunId;
    this.runId = cursor.runId;
    this.containerId = cursor.containerId;
    this.projectId = cursor.projectId;
    this.#passages = passages;
  }

  get lines(): readonly OutputLine[] {
    return this.#lines ??= this.#passages.flatMap(splitPassage);
  }
}

/** The database has no NUL in a text, and a line feed within a line would be two lines in a chunk. */
function clean(text: string, count: number): string {
  const whole = text.includes("\0") ? text.replaceAll("\0", "\uFFFD") : text;
  return count === 1 && whole.includes("\n") ? whole.replaceAll("\n", "\uFFFD") : whole;
}

/** Rows of `chunkRows` follow. */
export const insertChunks: SQL = sql`
  insert into log_chunks (day, attempt_id, attempt, task_run_id, run_id, task_id, container_id, project_id,
    first_seq, line_count, first_at, last_at, streams, delays, body, trigrams)
  select (now() at time zone 'UTC')::date, "attemptId", attempt, "taskRunId", "runId", "taskId", "containerId", "projectId",
    "firstSeq", "lineCount", to_timestamp("firstAt" / 1000), to_timestamp("lastAt" / 1000), streams, delays, body,
    trigrams::${sql.raw(`bit(${TRIGRAM_BITS})`)}`;

/** As `chunk`; without an `attemptId` in rows that stand for nothing. Bodies go beside the records: to read them as JSON takes longer. */
export function chunkRows(chunks: readonly AttemptChunk[]): SQL {
  const records = chunks.map(({ cursor, chunk: { body: _body, ...chunk } }) => {
    const { attemptId, attempt, taskRunId, runId, taskId, containerId, projectId } = cursor;
    return { attemptId, attempt, taskRunId, runId, taskId, containerId, projectId, ...chunk };
  });
  return sql`
    rows from (
      unnest(${texts(chunks.map(({ chunk }) => chunk.body))}),
      unnest(${trigramArray(chunks.map(({ chunk }) => chunkTrigrams(chunk.body)))}),
      json_to_recordset(${jsonRows(records)}) as ("attemptId" bigint, attempt integer, "taskRunId" bigint,
        "runId" bigint, "taskId" bigint, "containerId" bigint, "projectId" bigint, "firstSeq" integer,
        "lineCount" integer, "firstAt" float8, "lastAt" float8, streams text, delays bigint[])
    ) as chunk(body, trigrams)`;
}

/** Few are a parameter each, so that long ones are neither joined here nor taken apart by the database. */
function texts(bodies: readonly string[]): SQL {
  if (bodies.length > SINGLE_TEXTS) return textArray(bodies);
  const places = Array.from({ length: SINGLE_TEXTS }, (_, place) => sql`${bodies[place] ?? null}::text`);
  return sql`array[${sql.join(places, sql`, `)}]`;
}

function trigramArray(trigrams: readonly (string | null)[]): SQL {
  return sql`${`{${trigrams.map((bits) => bits ?? "NULL").join(",")}}`}::text::text[]`;
}
