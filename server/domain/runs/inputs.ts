/** What those that a task waited for have written for it, when there is something: most runs have no outputs at all. */
import { sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import type { TaskInputs } from "../../agent/port.ts";
import { prepared } from "../../db/prepared_statements.ts";
import { jsonRows } from "../../db/parameters.ts";
import type { StoredDefinition } from "../containers/definitions.ts";
import type { ClaimedRow } from "./claims.ts";

interface OutputRow extends Record<string, unknown> {
  readonly runId: number;
  readonly taskIndex: number;
  readonly name: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Answers by attempt, in one statement for all; attempts without inputs are not in it. */
export async function readInputs(
  db: Pick<Database, "execute">,
  claimed: readonly ClaimedRow[],
  definitions: ReadonlyMap<number, StoredDefinition>,
): Promise<ReadonlyMap<number, TaskInputs>> {
  const upstreamsOf = (row: ClaimedRow): readonly number[] =>
    row.outputs && !row.single
      ? (definitions.get(row.versionId)?.graph.tasks[row.taskIndex]?.incoming ?? []).map(({ upstream }) =>
        upstream
      )
      : [];
  const wanted = new Map(
    claimed.flatMap((row) =>
      upstreamsOf(row).map((taskIndex) =>
        [`${row.runId} ${taskIndex}`, { runId: row.runId, taskIndex }] as const
      )
    ),
  );
  if (wanted.size === 0) return new Map();
  const rows = await db.execute<OutputRow>(prepared(sql`
    select t.run_id as "runId", t.task_index as "taskIndex", t.name, t.outputs
    from json_to_recordset(${jsonRows([...wanted.values()])}) as x("runId" bigint, "taskIndex" integer)
    join task_runs t on t.run_id = x."runId" and t.task_index = x."taskIndex"
    where t.outputs is not null`));
  const written = new Map(rows.map((row) => [`${row.runId} ${row.taskIndex}`, row]));
  return new Map(claimed.flatMap((row) => {
    const found = upstreamsOf(row).flatMap((index) => written.get(`${row.runId} ${index}`) ?? []);
    if (found.length === 0) return [];
    return [[row.attemptId, Object.fromEntries(found.map(({ name, outputs }) => [name, outputs]))]];
  }));
}
