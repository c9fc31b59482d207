/** Stores output of attempts that stand where they are believed to stand: one statement, however many they are. */
import { sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import { prepared } from "../../db/prepared_statements.ts";
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
  const records = moves.map(({ batch: { passages: _passages, ...bounds }, firstSeq, nextSeq }) => ({
    ...bounds,
    firstSeq,
    nextSeq,
  }));
  const rows = await db.execute<{ id: number }>(prepared(sql`
    with wanted as materialized (
      select * from json_to_recordset(${jsonRows(records)})
        as w("attemptId" bigint, "firstSeq" integer, "nextSeq" integer, "outFrom" bigint, "outTo" bigint,
          "errFrom" bigint, "errTo" bigint)
    ), locked as materialized (
      select id, agent_id, state, out_offset, err_offset, next_seq from attempts
      where id in (select "attemptId" from wanted) order by id for update
    ), moved as (
      update attempts set out_offset = w."outTo", err_offset = w."errTo", next_seq = w."nextSeq"
      from locked l join wanted w on w."attemptId" = l.id
      where attempts.id = l.id and l.agent_id = ${agentId}::bigint and l.state in ('STARTING', 'RUNNING')
        and l.out_offset = w."outFrom" and l.err_offset = w."errFrom" and l.next_seq = w."firstSeq"
      returning attempts.id
    ), stored as (
      ${insertChunks} from ${chunkRows(packWritings(moves))} join moved on moved.id = "attemptId"
    )
    select id from moved`));
  return new Set(rows.map(({ id }) => id));
}
