/** How often a secret was replaced in the output of a task run: reported with the end of each attempt, mostly never. */
import { sql } from "drizzle-orm";
import { jsonRows } from "../../db/parameters.ts";
import { prepared } from "../../db/prepared_statements.ts";
import type { Transaction } from "../../db/transaction.ts";

export async function addRedactions(
  tx: Transaction,
  counts: readonly { readonly id: number; readonly count: number }[],
): Promise<void> {
  const records = counts.filter(({ count }) => count > 0);
  if (records.length === 0) return;
  await tx.execute(prepared(sql`
    update task_runs t set redacted_count = least(t.redacted_count::bigint + x.count, 2147483647)
    from json_to_recordset(${jsonRows(records)}) as x(id bigint, count bigint) where t.id = x.id`));
}
