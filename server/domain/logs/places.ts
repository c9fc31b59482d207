/**
 * Where the output of attempts stands, as far as this server knows: where it will be once all that is under way is
 * stored. Kept in memory for attempts that write often. It may be wrong (something failed, somebody else wrote): then
 * the database says so, since nothing is stored but where the attempt's row stands as believed here.
 */
import { sql } from "drizzle-orm";
import type { OutputBatch } from "../../agent/port.ts";
import { kept } from "../../db/kept_statements.ts";
import { jsonRows } from "../../db/parameters.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { Standing } from "./standings.ts";
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
  readTimes(tx: Transaction, standings: readonly Standing[]): Promise<Map<number, number>>;
  /** Call it after the commit. */
  note(standings: readonly Standing[], times: ReadonlyMap<number, number>): void;
}

interface Place {
  readonly standing: Standing;
  outOffset: number;
  errOffset: number;
  nextSeq: number;
  /** The last line's time. */
  at: number;
}

export function createPlaces(): Places {
  const places = new Map<number, Place>();

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
    async readTimes(tx, standings): Promise<Map<number, number>> {
      const times = new Map<number, number>();
      const unknown: Standing[] = [];
      for (const standing of standings) {
        const place = places.get(standing.attemptId);
        // It counts only while the attempt's seq is where this server left it, so nothing can be stale.
        if (place?.nextSeq === standing.foundSeq) times.set(standing.attemptId, place.at);
        else unknown.push(standing);
      }
      for (const [attemptId, at] of await readLastTimes(tx, unknown)) times.set(attemptId, at);
      return times;
    },
    note(standings, times): void {
      for (const standing of standings) {
        const { attemptId, outOffset, errOffset, nextSeq } = standing;
        places.delete(attemptId);
        places.set(attemptId, { standing, outOffset, errOffset, nextSeq, at: times.get(attemptId) ?? 0 });
      }
      for (const oldest of places.keys()) {
        if (places.size <= KEPT_ATTEMPTS) break;
        places.delete(oldest);
      }
    },
  };
}

/** By attempt id; those without a stored line are left out. */
export async function readLastTimes(
  tx: Transaction,
  standings: readonly Standing[],
): Promise<Map<number, number>> {
  const records = standings.filter(({ foundSeq }) => foundSeq > 1).map((
    { attemptId, taskRunId, attempt },
  ) => ({ i: attemptId, t: taskRunId, n: attempt }));
  if (records.length === 0) return new Map();
  const rows = await tx.execute<{ id: number; at: Date }>(kept(sql`
    select x.i as id, l.last_at as at
    from json_to_recordset(${jsonRows(records)}) as x(i bigint, t bigint, n integer)
    cross join lateral (
      select last_at from log_chunks where task_run_id = x.t and attempt = x.n order by first_seq desc limit 1
    ) l`));
  return new Map(rows.map(({ id, at }) => [id, at.getTime()]));
}

function goesOn(place: Place | undefined, { outFrom, errFrom }: OutputBatch): boolean {
  return place !== undefined && place.outOffset === outFrom && place.errOffset === errFrom;
}

function moveOn(place: Place | undefined, batch: OutputBatch): readonly Move[] {
  if (place === undefined) return [];
  const { standing, nextSeq: firstSeq } = place;
  const times = new Map([[standing.attemptId, place.at]]);
  const { passages } = numberWriting({ standing, firstSeq, passages: batch.passages }, times);
  place.outOffset = batch.outTo;
  place.errOffset = batch.errTo;
  place.nextSeq = firstSeq + passages.reduce((sum, { count }) => sum + count, 0);
  place.at = times.get(standing.attemptId) ?? place.at;
  return [{ standing, passages, batch, firstSeq, nextSeq: place.nextSeq }];
}
