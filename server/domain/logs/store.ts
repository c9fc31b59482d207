/** Writes lines: numbered, in chunks, two statements however many attempts they are of. */
import { type SQL, sql } from "drizzle-orm";
import type { LinesAppended, OutputLine } from "../../../schema/events.ts";
import { TRIGRAM_BITS } from "../../../schema/tables/log.ts";
import type { Passage } from "../../agent/port.ts";
import { kept } from "../../db/kept_statements.ts";
import { jsonRows } from "../../db/parameters.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { type NumberedPassage, type PackedChunk, packPassages, splitPassage } from "./chunk.ts";
import { chunkTrigrams } from "./trigrams.ts";
import { moveOffsets, type Standing } from "./standings.ts";

/** Always as many, for the text of a statement that the database keeps prepared has to be the same. */
const SINGLE_TEXTS = 10;

/** Lines that follow `firstSeq` in one attempt. */
export interface Writing {
  readonly standing: Standing;
  readonly firstSeq: number;
  readonly passages: readonly Passage[];
}

/** The same, numbered, and with times that do not go back. */
export interface NumberedWriting {
  readonly standing: Standing;
  readonly passages: readonly NumberedPassage[];
}

interface StandingChunk {
  readonly standing: Standing;
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
  const standings = [...new Set(writings.map(({ standing }) => standing))];
  const chunks = packWritings(numbered);
  await Promise.all([
    moveOffsets(tx, standings),
    chunks.length === 0
      ? null
      : tx.execute(kept(sql`${insertChunks} from ${chunkRows(chunks)} where a is not null`)),
  ]);
  return numbered.flatMap(linesEvents);
}

export function publishLines(bus: Bus, events: readonly LinesAppended[]): void {
  for (const event of events) bus.publish(event);
}

/** `times` are those of the attempts' last lines, and are moved. */
export function numberWriting(
  { standing, firstSeq, passages }: Writing,
  times: Map<number, number>,
): NumberedWriting {
  let last = times.get(standing.attemptId) ?? 0;
  let seq = firstSeq;
  const numbered = passages.map(({ at, stream, count, text }): NumberedPassage => {
    last = Math.max(last, Math.trunc(at));
    const passage = { seq, at: last, stream, count, text: clean(text, count) };
    seq += count;
    return passage;
  });
  times.set(standing.attemptId, last);
  return { standing, passages: numbered };
}

/** Tasks that keep no lines have no chunks. */
export function packWritings(writings: readonly NumberedWriting[]): readonly StandingChunk[] {
  return writings.flatMap(({ standing, passages }) =>
    standing.keepLogs ? packPassages(passages).map((chunk) => ({ standing, chunk })) : []
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

  constructor({ standing, passages }: NumberedWriting) {
    this.attemptId = standing.attemptId;
    this.attempt = standing.attempt;
    this.taskRunId = standing.taskRunId;
    this.runId = standing.runId;
    this.containerId = standing.containerId;
    this.projectId = standing.projectId;
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
  insert into log_chunks (day, attempt_id, first_seq, line_count, attempt, task_run_id, run_id, task_id,
    container_id, project_id, first_at, last_at, streams, delays, body, trigrams)
  select (now() at time zone 'UTC')::date, a, s, l, n, t, r, k, c, p, to_timestamp(f / 1000),
    to_timestamp(z / 1000), e, d, b, g::${sql.raw(`bit(${TRIGRAM_BITS})`)}`;

/** As `x`, of which `a` is the attempt's id; null in rows that stand for nothing. Bodies go beside the records: to read them as JSON takes longer. */
export function chunkRows(chunks: readonly StandingChunk[]): SQL {
  const records = chunks.map(({ standing, chunk }) => ({
    a: standing.attemptId,
    n: standing.attempt,
    t: standing.taskRunId,
    r: standing.runId,
    k: standing.taskId,
    c: standing.containerId,
    p: standing.projectId,
    s: chunk.firstSeq,
    l: chunk.lineCount,
    f: chunk.firstAt,
    z: chunk.lastAt,
    e: chunk.streams,
    d: chunk.delays,
  }));
  return sql`
    rows from (
      json_to_recordset(${jsonRows(records)})
        as (a bigint, n integer, t bigint, r bigint, k bigint, c bigint, p bigint, s integer, l integer, f float8,
          z float8, e text, d bigint[]),
      unnest(${texts(chunks.map(({ chunk }) => chunk.body))}),
      unnest(${trigramArray(chunks.map(({ chunk }) => chunkTrigrams(chunk.body)))})
    ) as x(a, n, t, r, k, c, p, s, l, f, z, e, d, b, g)`;
}

/** Few are a parameter each, so that long ones are neither joined here nor taken apart by the database. */
function texts(bodies: readonly string[]): SQL {
  if (bodies.length > SINGLE_TEXTS) return textArray(bodies);
  const places = Array.from({ length: SINGLE_TEXTS }, (_, place) => sql`${bodies[place] ?? null}::text`);
  return sql`array[${sql.join(places, sql`, `)}]`;
}

function textArray(bodies: readonly string[]): SQL {
  return sql`${`{${
    bodies.map((text) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`).join(",")
  }}`}::text::text[]`;
}

function trigramArray(trigrams: readonly (string | null)[]): SQL {
  return sql`${`{${trigrams.map((bits) => bits ?? "NULL").join(",")}}`}::text::text[]`;
}
