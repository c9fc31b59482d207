/**
 * The time of each attempt's last line, since times within an attempt never go back. Kept in memory for attempts that
 * write often; an entry counts only while the attempt's seq is where this server left it, so nothing can be stale.
 */
import { sql } from "drizzle-orm";
import { kept } from "../../db/kept_statements.ts";
import { jsonRows } from "../../db/parameters.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { Standing } from "./standings.ts";

const KEPT_ATTEMPTS = 10_000;

export interface LastTimes {
  /** By attempt id, in milliseconds since 1970; an attempt without a stored line is left out. */
  read(tx: Transaction, standings: readonly Standing[]): Promise<Map<number, number>>;
  /** Call it after the commit. */
  note(standings: readonly Standing[], times: ReadonlyMap<number, number>): void;
}

export function createLastTimes(): LastTimes {
  const kept = new Map<number, { readonly nextSeq: number; readonly at: number }>();

  return {
    async read(tx, standings): Promise<Map<number, number>> {
      const times = new Map<number, number>();
      const unknown: Standing[] = [];
      for (const standing of standings) {
        const entry = kept.get(standing.attemptId);
        if (entry?.nextSeq === standing.foundSeq) times.set(standing.attemptId, entry.at);
        else unknown.push(standing);
      }
      for (const [attemptId, at] of await readLastTimes(tx, unknown)) times.set(attemptId, at);
      return times;
    },
    note(standings, times): void {
      for (const { attemptId, nextSeq } of standings) {
        kept.delete(attemptId);
        kept.set(attemptId, { nextSeq, at: times.get(attemptId) ?? 0 });
      }
      for (const oldest of kept.keys()) {
        if (kept.size <= KEPT_ATTEMPTS) break;
        kept.delete(oldest);
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
  const rows = await tx.execute<{ id: number; at: number }>(kept(sql`
    select x.i::float8 as id, (extract(epoch from l.last_at) * 1000)::float8 as at
    from json_to_recordset(${jsonRows(records)}) as x(i bigint, t bigint, n integer)
    cross join lateral (
      select last_at from log_chunks where task_run_id = x.t and attempt = x.n order by first_seq desc limit 1
    ) l`));
  return new Map(rows.map(({ id, at }) => [id, Math.round(at)]));
}
