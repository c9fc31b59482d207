/** Tasks and relations written many at a time: one statement, whatever their number. */
import { type SQL, sql } from "drizzle-orm";
import type { Relation, Task } from "../../../schema/tables/task.ts";
import { jsonRows } from "../../db/parameters.ts";
import type { Transaction } from "../../db/transaction.ts";

export type TaskValues = Omit<Task, "id" | "containerId" | "createdAt">;

export async function insertTasks(
  tx: Transaction,
  containerId: number,
  rows: readonly TaskValues[],
): Promise<readonly { readonly id: number; readonly name: string }[]> {
  if (rows.length === 0) return [];
  return await tx.execute<{ id: number; name: string }>(sql`
    insert into tasks (container_id, name, description, command, shell, directory, environment, enabled, timeout_seconds,
      kill_grace_seconds, max_retries, retry_delay_seconds, "join", keep_logs, merge_output,
      x, y)
    select ${containerId}::bigint, name, description, command, shell, directory, environment, enabled, "timeoutSeconds",
      "killGraceSeconds", "maxRetries", "retryDelaySeconds", "join", "keepLogs", "mergeOutput", x, y
    from ${taskRecords(rows)}
    returning id, name`);
}

export async function updateTasks(
  tx: Transaction,
  rows: readonly (TaskValues & { readonly id: number | null })[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(sql`
    update tasks t set
      name = w.name, description = w.description, command = w.command, shell = w.shell, directory = w.directory,
      environment = w.environment, enabled = w.enabled, timeout_seconds = w."timeoutSeconds",
      kill_grace_seconds = w."killGraceSeconds", max_retries = w."maxRetries",
      retry_delay_seconds = w."retryDelaySeconds", "join" = w."join", keep_logs = w."keepLogs",
      merge_output = w."mergeOutput", x = w.x, y = w.y
    from ${taskRecords(rows)}
    where t.id = w.id`);
}

export async function insertRelations(tx: Transaction, rows: readonly Omit<Relation, "id">[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(sql`
    insert into relations (container_id, upstream_id, downstream_id, condition)
    select "containerId", "upstreamId", "downstreamId", condition
    from json_to_recordset(${jsonRows(rows)})
      as w("containerId" bigint, "upstreamId" bigint, "downstreamId" bigint, condition relation_condition)`);
}

/** Rows as one parameter: a parameter for each value would soon be more than the protocol's 65,535. */
function taskRecords(rows: readonly object[]): SQL {
  return sql`json_to_recordset(${jsonRows(rows)}) as w(
    id bigint, name text, description text, command text, shell text, directory text, environment jsonb,
    enabled boolean, "timeoutSeconds" integer, "killGraceSeconds" integer, "maxRetries" integer,
    "retryDelaySeconds" integer, "join" join_rule, "keepLogs" boolean, "mergeOutput" boolean, x float8, y float8)`;
}
