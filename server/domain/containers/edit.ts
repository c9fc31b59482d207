/** The rows of a container's graph, written in one way whether one task changes or the whole container. */
import { inArray, sql } from "drizzle-orm";
import { namesOf, type Position } from "../../../schema/definition/field.ts";
import { isQuietTaskValue, taskDefaults, type TaskValues } from "../../../schema/definition/task.ts";
import type { GraphUndo } from "../../../schema/definition/version.ts";
import { type Relation, relations, type Task, tasks } from "../../../schema/tables/task.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { TaskPatchValues } from "../inputs.ts";
import type { Viewer } from "../accounts/interface.ts";
import { authorise } from "../accounts/rights.ts";
import { contentOf, relationBefore } from "./history.ts";
import { insertRelations, insertTasks, updateRelations, updateTasks } from "./task_rows.ts";

/** Before: null for one that is new. After: null for one that goes. */
export interface TaskEdit {
  readonly before: Task | null;
  readonly after: TaskValues | null;
}

type RelationValues = Omit<Relation, "id" | "containerId">;
export interface RelationEdit {
  readonly before: Relation | null;
  readonly after: RelationValues | null;
}

/** A task as it shall be: what was not given is as for any new task, but for the place of one that is there. */
export function wantedTask(
  { position, ...fields }: TaskPatchValues & Pick<TaskValues, "name" | "command">,
  old: Position | null,
): TaskValues {
  const { x, y } = position ?? old ?? taskDefaults;
  return { ...taskDefaults, ...fields, x, y };
}

/** Names of what differs, and of these the ones that a run goes by. */
export function changedFields(
  before: Task,
  after: TaskValues,
): { readonly all: readonly string[]; readonly loud: readonly string[] } {
  const old = contentOf(before);
  const all = namesOf(old).filter((name) => !same(old[name], after[name]));
  return { all, loud: all.filter((name) => !isQuietTaskValue(name)) };
}

/** Whom a task runs as is more than what it runs: with it one could become any user of the machine. */
export function authoriseRunAs(
  viewer: Viewer,
  { projectId }: { readonly projectId: number },
  edits: readonly TaskEdit[],
): void {
  const changed = edits.some(({ before, after }) =>
    after !== null && after.runAs !== (before?.runAs ?? taskDefaults.runAs)
  );
  if (changed) authorise(viewer, "task:run-as", { projectId });
}

/** A relation goes with its tasks and needs no edit of its own. */
export async function writeTasks(
  tx: Transaction,
  containerId: number,
  edits: readonly TaskEdit[],
): Promise<{ readonly added: ReadonlyMap<string, number>; readonly undo: GraphUndo["tasks"] }> {
  const old = edits.flatMap(({ before, after }) => before === null ? [] : [{ before, after }]);
  const gone = old.filter(({ after }) => after === null).map(({ before }) => before.id);
  const changed = old.flatMap(({ before, after }) => after === null ? [] : [{ ...after, id: before.id }]);
  const renamed = old.filter(({ before, after }) => after !== null && before.name !== after.name);
  if (gone.length > 0) await tx.delete(tasks).where(inArray(tasks.id, gone));
  // Two tasks may swap their names: each that gets a new one lets go of its old one first.
  if (renamed.length > 1) {
    await tx.update(tasks).set({ name: sql`gen_random_uuid()::text` }).where(
      inArray(tasks.id, renamed.map(({ before }) => before.id)),
    );
  }
  await updateTasks(tx, changed);
  const fresh = edits.flatMap(({ before, after }) => before === null && after !== null ? [after] : []);
  const added = await insertTasks(tx, fresh.map((task) => ({ ...task, containerId })));
  return {
    added: new Map(added.map(({ id, name }) => [name, id])),
    undo: [
      ...old.map(({ before }) => ({ id: before.id, before: contentOf(before) })),
      ...added.map(({ id }) => ({ id, before: null })),
    ],
  };
}

export async function writeRelations(
  tx: Transaction,
  containerId: number,
  edits: readonly RelationEdit[],
): Promise<{ readonly added: readonly number[]; readonly undo: GraphUndo["relations"] }> {
  const old = edits.flatMap(({ before, after }) => before === null ? [] : [{ before, after }]);
  const gone = old.filter(({ after }) => after === null).map(({ before }) => before.id);
  if (gone.length > 0) await tx.delete(relations).where(inArray(relations.id, gone));
  await updateRelations(
    tx,
    old.flatMap(({ before, after }) => after === null ? [] : [{ ...after, id: before.id }]),
  );
  const fresh = edits.flatMap(({ before, after }) => before === null && after !== null ? [after] : []);
  const added = await insertRelations(tx, fresh.map((relation) => ({ containerId, ...relation })));
  return {
    added,
    undo: [
      ...old.map(({ before }) => relationBefore(before)),
      ...fresh.map(({ upstreamId, downstreamId }) => ({ upstreamId, downstreamId, before: null })),
    ],
  };
}

/** Whether two values are the same as JSON, in whatever order their keys come: the database has an order of its own. */
export function same(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left, sortKeys) === JSON.stringify(right, sortKeys);
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
}
