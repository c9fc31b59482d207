/** Tasks and relations written many at a time: one statement, whatever their number. */
import { getColumns, type SQL, sql, type SQLWrapper } from "drizzle-orm";
import type { TaskValues } from "../../../schema/definition/task.ts";
import { type Relation, tasks } from "../../../schema/tables/task.ts";
import type { SavedRelation } from "./interface.ts";
import { jsonRows } from "../../db/parameters.ts";
import type { Transaction } from "../../db/transaction.ts";

/** What a row holds beside its own id, its container and when it was made: the fields of the definition. */
const { id: _id, containerId: _container, createdAt: _created, ...columns } = getColumns(tasks);
const names = Object.keys(columns).map((key) => sql.identifier(key));
const columnNames = Object.values(columns).map(({ name }) => sql.identifier(name));
const types = Object.entries(columns).map(([key, column]) =>
  // The type of a list is that of what it holds.
  sql`${sql.identifier(key)} ${sql.raw(column.getSQLType() + (column.dimensions > 0 ? "[]" : ""))}`
);

interface NewTaskRow extends TaskValues {
  readonly containerId: number;
}

type InsertedTask = Pick<NewTaskRow, "containerId" | "name"> & { readonly id: number };

/** Of any containers. */
export async function insertTasks(
  tx: Transaction,
  rows: readonly NewTaskRow[],
): Promise<readonly InsertedTask[]> {
  if (rows.length === 0) return [];
  return await tx.execute<InsertedTask & Record<string, unknown>>(sql`
    insert into tasks (container_id, ${list(columnNames)})
    select "containerId", ${list(names)} from ${taskRecords(rows)}
    returning id, name, container_id as "containerId"`);
}

export async function updateTasks(
  tx: Transaction,
  rows: readonly (TaskValues & { readonly id: number | null })[],
): Promise<void> {
  if (rows.length === 0) return;
  const values = names.map((name, index) => sql`${columnNames[index]} = w.${name}`);
  await tx.execute(sql`update tasks t set ${list(values)} from ${taskRecords(rows)} where t.id = w.id`);
}

/** The whole graph of a new container; relations name their tasks. */
export interface NewGraph {
  readonly containerId: number;
  readonly tasks: readonly TaskValues[];
  readonly relations: readonly SavedRelation[];
}

export async function insertGraphs(tx: Transaction, graphs: readonly NewGraph[]): Promise<void> {
  const key = (containerId: number, name: string): string => `${containerId} ${name}`;
  const rows = graphs.flatMap(({ containerId, tasks }) => tasks.map((task) => ({ ...task, containerId })));
  const inserted = await insertTasks(tx, rows);
  const idOf = new Map(inserted.map(({ id, containerId, name }) => [key(containerId, name), id]));
  await insertRelations(
    tx,
    graphs.flatMap(({ containerId, relations }) =>
      relations.map(({ upstream, downstream, condition }) => ({
        containerId,
        upstreamId: idOf.get(key(containerId, upstream)) ?? 0,
        downstreamId: idOf.get(key(containerId, downstream)) ?? 0,
        condition,
      }))
    ),
  );
}

/** Answers the ids in the order of the rows. */
export async function insertRelations(
  tx: Transaction,
  rows: readonly Omit<Relation, "id">[],
): Promise<readonly number[]> {
  if (rows.length === 0) return [];
  const written = await tx.execute<{ id: number }>(sql`
    insert into relations (container_id, upstream_id, downstream_id, condition)
    select "containerId", "upstreamId", "downstreamId", condition
    from json_to_recordset(${jsonRows(rows)})
      as w("containerId" bigint, "upstreamId" bigint, "downstreamId" bigint, condition relation_condition)
    returning id`);
  return written.map(({ id }) => id);
}

/** Their conditions; what they join stays. */
export async function updateRelations(
  tx: Transaction,
  rows: readonly Pick<Relation, "id" | "condition">[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(sql`
    update relations r set condition = w.condition
    from json_to_recordset(${jsonRows(rows)}) as w(id bigint, condition relation_condition)
    where r.id = w.id`);
}

/** Rows as one parameter: a parameter for each value would soon be more than the protocol's 65,535. */
function taskRecords(rows: readonly object[]): SQL {
  return sql`json_to_recordset(${jsonRows(rows)}) as w(id bigint, "containerId" bigint, ${list(types)})`;
}

function list(parts: SQLWrapper[]): SQL {
  return sql.join(parts, sql`, `);
}
