/** Writes lines: numbered, in chunks, a few statements however many attempts they are of. */
import { type SQL, sql } from "drizzle-orm";
import type { LinesAppended, OutputLine } from "../../../schema/events.ts";
import type { LogStream } from "../../../schema/states.ts";
import { TRIGRAM_BITS } from "../../../schema/tables/log.ts";
import { kept } from "../../db/kept_statements.ts";
import { jsonRows } from "../../db/parameters.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { type PackedChunk, packLines } from "./chunk.ts";
import { chunkTrigrams } from "./trigrams.ts";
import { moveOffsets, type Standing } from "./standings.ts";

/** The embedded database stores fastest at about this size of a statement. */
const STATEMENT_CHARACTERS = 512 * 1024;

/** Lines that follow `firstSeq` in one attempt. */
export interface Writing {
  readonly standing: Standing;
  readonly firstSeq: number;
  readonly lines: readonly { readonly at: number; readonly stream: LogStream; readonly text: string }[];
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
  const events = writings.map((writing) => numberLines(writing, times));
  const chunks = writings.flatMap(({ standing }, place) =>
    standing.keepLogs ? packLines(events[place]?.lines ?? []).map((chunk) => ({ standing, chunk })) : []
  );
  const standings = [...new Set(writings.map(({ standing }) => standing))];
  await Promise.all([
    moveOffsets(tx, standings),
    ...groupChunks(chunks).map((group) => insertChunks(tx, group)),
  ]);
  return events;
}

export function publishLines(bus: Bus, events: readonly LinesAppended[]): void {
  for (const event of events) if (event.lines.length > 0) bus.publish(event);
}

function numberLines({ standing, firstSeq, lines }: Writing, times: Map<number, number>): LinesAppended {
  let last = times.get(standing.attemptId) ?? 0;
  const numbered = lines.map(({ at, stream, text }, place): OutputLine => {
    last = Math.max(last, Math.trunc(at));
    return { seq: firstSeq + place, at: last, stream, text: clean(text) };
  });
  times.set(standing.attemptId, last);
  const { attemptId, attempt, taskRunId, runId, containerId, projectId } = standing;
  return { kind: "lines", attemptId, attempt, taskRunId, runId, containerId, projectId, lines: numbered };
}

/** The database has no NUL in a text, and a line feed would be two lines in a chunk. */
function clean(text: string): string {
  return /[\0\n]/.test(text) ? text.replaceAll(/[\0\n]/g, "\uFFFD") : text;
}

async function insertChunks(tx: Transaction, chunks: readonly StandingChunk[]): Promise<void> {
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
  // Bodies go beside the records: the database reads an array of texts faster than JSON.
  await tx.execute(kept(sql`
    insert into log_chunks (day, attempt_id, first_seq, line_count, attempt, task_run_id, run_id, task_id,
      container_id, project_id, first_at, last_at, streams, delays, body, trigrams)
    select (now() at time zone 'UTC')::date, a, s, l, n, t, r, k, c, p, to_timestamp(f / 1000),
      to_timestamp(z / 1000), e, d, b, g::${sql.raw(`bit(${TRIGRAM_BITS})`)}
    from rows from (
      json_to_recordset(${jsonRows(records)})
        as (a bigint, n integer, t bigint, r bigint, k bigint, c bigint, p bigint, s integer, l integer, f float8,
          z float8, e text, d bigint[]),
      unnest(${textArray(chunks.map(({ chunk }) => chunk.body))}),
      unnest(${trigramArray(chunks.map(({ chunk }) => chunkTrigrams(chunk.body)))})
    ) as x(a, n, t, r, k, c, p, s, l, f, z, e, d, b, g)`));
}

function textArray(texts: readonly string[]): SQL {
  return sql`${`{${texts.map((text) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`).join(",")}}`}::text::text[]`;
}

function trigramArray(trigrams: readonly (string | null)[]): SQL {
  return sql`${`{${trigrams.map((bits) => bits ?? "NULL").join(",")}}`}::text::text[]`;
}

function groupChunks(chunks: readonly StandingChunk[]): readonly (readonly StandingChunk[])[] {
  const groups: StandingChunk[][] = [];
  let characters = Infinity;
  for (const entry of chunks) {
    const size = entry.chunk.body.length;
    if (characters + size > STATEMENT_CHARACTERS) {
      groups.push([]);
      characters = 0;
    }
    groups.at(-1)?.push(entry);
    characters += size;
  }
  return groups;
}
