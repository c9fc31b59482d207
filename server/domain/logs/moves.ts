/** Stores output of attempts that stand where they are believed to stand: one statement, however many they are. */
import { sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import { kept } from "../../db/kept_statements.ts";
import { jsonRows } from "../../db/parameters.ts";
import type { Move } from "./places.ts";
import { chunkRows, insertChunks, packWritings } from "./store.ts";

/**
 * Answers the ids of the attempts that stood there: the others are left alone. Locks in the order of ids, so that nobody
 * waits in a circle. The rows are compared only then: until it is locked, a row may still be moved by the call before.
 */
export async function storeMoves(
  db: Database,
  agentId: number,
  moves: readonly Move[],
): Promise<ReadonlySet<number>> {
  const records = moves.map(({ batch, firstSeq, nextSeq }) => ({
    i: batch.attemptId,
    s: firstSeq,
    n: nextSeq,
    o: batch.outFrom,
    p: batch.outTo,
    e: batch.errFrom,
    f: batch.errTo,
  }));
  const rows = await db.execute<{ id: number }>(kept(sql`
    with wanted as materialized (
      select * from json_to_recordset(${jsonRows(records)})
        as w(i bigint, s integer, n integer, o bigint, p bigint, e bigint, f bigint)
    ), locked as materialized (
      select id, agent_id, state, out_offset, err_offset, next_seq from attempts
      where id in (select i from wanted) order by id for update
    ), moved as (
      update attempts set out_offset = w.p, err_offset = w.f, next_seq = w.n
      from locked l join wanted w on w.i = l.id
      where attempts.id = l.id and l.agent_id = ${agentId}::bigint and l.state in ('STARTING', 'RUNNING')
        and l.out_offset = w.o and l.err_offset = w.e and l.next_seq = w.s
      returning attempts.id
    ), stored as (
      ${insertChunks} from ${chunkRows(packWritings(moves))} join moved on moved.id = x.a
    )
    select id from moved`));
  return new Set(rows.map(({ id }) => id));
}
