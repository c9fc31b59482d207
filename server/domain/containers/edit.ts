/**
 * What every edit of a container goes through, whether it changes one task or the whole: the container's lock, the version
 * that the caller saw, the rows, one new version with the way back, and the news of it.
 */
import { eq, inArray, sql } from "drizzle-orm";
import { namesOf, type Position } from "../../../schema/definition/field.ts";
import { isQuietTaskValue, taskDefaults, type TaskValues } from "../../../schema/definition/task.ts";
import type { GraphUndo } from "../../../schema/definition/version.ts";
import type { Given } from "../../../schema/given.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import type { Container } from "../../../schema/tables/container.ts";
import { type Relation, relations, type Task, tasks } from "../../../schema/tables/task.ts";
import type { Database } from "../../db/database.ts";
import { type AfterCommit, type Transaction, transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import type { Viewer } from "../accounts/interface.ts";
import type { TaskPatchValues } from "../inputs.ts";
import { contentOf, relationBefore } from "./history.ts";
import { insertRelations, insertTasks, updateRelations, updateTasks } from "./task_rows.ts";
import { bumpVersion, expectVersion } from "./versions.ts";

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

export interface Edited<Answer> {
  readonly answer: Answer;
  /** Of the new version; null when nothing changed that would run. */
  readonly summary: string | null;
  readonly undo?: Partial<GraphUndo>;
  /** True: nothing changed at all, and nobody is told. */
  readonly unchanged?: true;
}

export async function editContainer<Found extends { readonly container: Container }, Answer>(
  { db, bus }: { readonly db: Database; readonly bus: Bus },
  viewer: Viewer,
  { action, expectedVersion, at = [] }: {
    readonly action: Action;
    readonly expectedVersion: Given<number>;
    /** Where the input names the version. */
    readonly at?: readonly string[];
  },
  /** Answers what is to be edited, its container locked. */
  find: (tx: Transaction) => Promise<Found>,
  change: (tx: Transaction, found: Found, after: AfterCommit) => Promise<Edited<Answer>>,
): Promise<Answer> {
  return await transaction(db, async (tx, after) => {
    const found = await find(tx);
    expectVersion(found.container, expectedVersion, action, [...at, "expectedVersion"]);
    const { answer, summary, undo, unchanged } = await change(tx, found, after);
    if (summary !== null) {
      await bumpVersion(tx, found.container, viewer, summary, { tasks: [], relations: [], ...undo });
    }
    if (!unchanged) tell(after, bus, found.container, "UPDATED");
    return answer;
  });
}

/** Tells those who watch containers, and the scheduler, once the change is true. */
export function tell(
  after: AfterCommit,
  bus: Bus,
  container: Pick<Container, "id" | "projectId">,
  change: "CREATED" | "UPDATED" | "DELETED",
): void {
  after(() => {
    bus.publish({ kind: "container", change, containerId: container.id, projectId: container.projectId });
    bus.publish({ kind: "schedule" });
    bus.publish({ kind: "messages" });
  });
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
  const added = await insertTasks(tx, containerId, fresh);
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

function same(left: unknown, right: unknown): boolean {
  if (typeof left !== "object" || left === null || typeof right !== "object" || right === null) {
    return left === right;
  }
  const sorted = (value: object): string =>
    JSON.stringify(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
  return sorted(left) === sorted(right);
}
