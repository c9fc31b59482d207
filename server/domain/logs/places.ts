/**
 * Where the output of attempts stands, as far as this server knows: where it will be once all that is under way is
 * stored. Kept in memory for attempts that write often. It may be wrong (something failed, somebody else wrote): then
 * the database says so, since nothing is stored but where the attempt's row stands as believed here.
 */
import { sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import type { OutputBatch } from "../../agent/port.ts";
import { prepared } from "../../db/prepared_statements.ts";
import { jsonRows } from "../../db/parameters.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { AttemptCursor } from "./attempt_cursors.ts";
import { type NumberedWriting, numberWriting } from "./store.ts";

const KEPT_ATTEMPTS = 10_000;

/** From one place of an attempt to the next. */
export interface Move extends NumberedWriting {
  readonly batch: OutputBatch;
  /** The first line's seq, and that of the line that will follow. */
  readonly firstSeq: number;
  readonly nextSeq: number;
}

export interface Places {
  /** Moves the places. Null, and nothing moves, unless each batch goes on where its attempt is known to be. */
  move(batches: readonly OutputBatch[]): readonly Move[] | null;
  forget(attemptIds: Iterable<number>): void;
  /** Times of last lines by attempt id, in milliseconds since 1970; an attempt without a stored line is left out. */
  readTimes(tx: Transaction, cursors: readonly AttemptCursor[]): Promise<Map<number, number>>;
  /** Call it after the commit. */
  note(cursors: readonly AttemptCursor[], times: ReadonlyMap<number, number>): void;
}

interface Place {
  readonly cursor: AttemptCursor;
  outOffset: number;
  errOffset: number;
  nextSeq: number;
  /** The last line's time. */
  at: number;
}

export function createPlaces(): Places {
  const places = new LRUCache<number, Place>({ max: KEPT_ATTEMPTS });

  return {
    move(batches): readonly Move[] | null {
      const ids = new Set(batches.map(({ attemptId }) => attemptId));
      if (ids.size < batches.length) return null;
      if (!batches.every((batch) => goesOn(places.get(batch.attemptId), batch))) return null;
      return batches.flatMap((batch) => moveOn(places.get(batch.attemptId), batch));
    },
    forget(attemptIds): void {
      for (const attemptId of attemptIds) places.delete(attemptId);
    },
    async readTimes(tx, cursors): Promise<Map<number, number>> {
      const times = new Map<number, number>();
      const unknown: AttemptCursor[] = [];
      for (const cursor of cursors) {
        const place = places.get(cursor.attemptId);
        // It counts only while the attempt's seq is where this server left it, so nothing can be stale.
        if (place?.nextSeq === cursor.foundSeq) times.set(cursor.attemptId, place.at);
        else unknown.push(cursor);
      }
      for (const [attemptId, at] of await readLastTimes(tx, unknown)) times.set(attemptId, at);
      return times;
    },
    note(cursors, times): void {
      for (const cursor of cursors) {
        const { attemptId, outOffset, errOffset, nextSeq } = cursor;
        places.set(attemptId, { cursor, outOffset, errOffset, nextSeq, at: times.get(attemptId) ?? 0 });
      }
    },
  };
}

/** By attempt id; those without a stored line are left out. */
export async function readLastTimes(
  tx: Transaction,
  cursors: readonly AttemptCursor[],
): Promise<Map<number, number>> {
  const records = cursors.filter(({ foundSeq }) => foundSeq > 1)
    .map(({ attemptId, taskRunId, attempt }) => ({ attemptId, taskRunId, attempt }));
  if (records.length === 0) return new Map();
  const rows = await tx.execute<{ id: number; at: Date }>(prepared(sql`
    select x."attemptId" as id, l.last_at as at
    from json_to_recordset(${jsonRows(records)}) as x("attemptId" bigint, "taskRunId" bigint, attempt integer)
    cross join lateral (
      select last_at from log_chunks where task_run_id = x."taskRunId" and attempt = x.attempt order by first_seq desc limit 1
    ) l`));
  return new Map(rows.map(({ id, at }) => [id, at.getTime()]));
}

function goesOn(place: Place | undefined, { outFrom, errFrom }: OutputBatch): boolean {
  return place !== undefined && place.outOffset === outFrom && place.errOffset === errFrom;
}

function moveOn(place: Place | undefined, batch: OutputBatch): readonly Move[] {
  if (place === undefined) return [];
  const { cursor, nextSeq: firstSeq } = place;
  const times = new Map([[cursor.attemptId, place.at]]);
  const { passages } = numberWriting({ cursor, firstSeq, passages: batch.passages }, times);
  place.outOffset = batch.outTo;
  place.errOffset = batch.errTo;
  place.nextSeq = firstSeq + passages.reduce((sum, { count }) => sum + count, 0);
  place.at = times.get(cursor.attemptId) ?? place.at;
  return [{ cursor, passages, batch, firstSeq, nextSeq: place.nextSeq }];
}
