/** No list and no figure reads a whole history: what is asked for is found by an index, however much there is. */
import assert from "node:assert/strict";
import { sql } from "drizzle-orm";
import type { Database } from "../../server/db/database.ts";
import { markLateSlots } from "../../server/domain/schedules/lateness.ts";
import { openApi } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";
import { fillHistory } from "../support/history.ts";
import { listQuestions } from "../support/page_questions.ts";

const HISTORY = { containers: 40, runs: 30_000, end: new Date(Date.now() - 20 * 86_400_000) };
/** A count goes so far and no further; it may take any rows. */
const COUNTED_RUNS = 10_000;

Deno.test({
  name: "no page of the console reads the runs from end to end",
  fn: async () => {
    await using test = await openTestDatabase();
    await test.sql`insert into projects (slug, name) values ('default', 'Default')`;
    await fillHistory(test.sql, HISTORY);

    // In one transaction, because its counters of what was read are there at once.
    await test.db.transaction(async (tx) => {
      // It has what the program asks of a database.
      const db = tx as unknown as Database;
      const api = await openApi(db);
      const ask = async (document: string, variables = {}): Promise<Record<string, unknown>> => {
        const { data, errors } = await api.ask(document, variables);
        assert.equal(errors, undefined);
        return data;
      };
      const questions = await listQuestions(ask, HISTORY);

      for (const { page, name, document, variables } of questions) {
        const before = await readWithoutIndex(db);
        await ask(document, variables);

        assert.ok(await readWithoutIndex(db) - before <= COUNTED_RUNS, `${page} ${name}`);
      }
      const before = await readWithoutIndex(db);
      await markLateSlots(api.domain.ports);

      assert.ok(await readWithoutIndex(db) - before <= COUNTED_RUNS, "late slots");
    });
  },
});

/** Rows of runs that this transaction has read without an index. */
async function readWithoutIndex(db: Database): Promise<number> {
  const [row] = await db.execute<{ rows: number }>(
    sql`select seq_tup_read as rows from pg_stat_xact_user_tables where relname = 'runs'`,
  );
  return row?.rows ?? 0;
}
