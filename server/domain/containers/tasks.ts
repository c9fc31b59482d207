/** Tasks of a container: made, changed, moved, deleted. */
import { and, eq, or, sql } from "drizzle-orm";
import type { TaskValues } from "../../../schema/definition/task.ts";
import { say } from "../../../schema/sentences.ts";
import {
  ConflictError,
  InvalidInputError,
  LimitExceededError,
  NotFoundError,
} from "../../../schema/errors.ts";
import type { Viewer } from "../accounts/interface.ts";
import type { NewTask, TaskPatch } from "./interface.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { containers } from "../../../schema/tables/container.ts";
import { relations, tasks } from "../../../schema/tables/task.ts";
import { uniqueViolation } from "../../db/constraints.ts";
import { withIds } from "../../db/conditions.ts";
import { jsonRows } from "../../db/parameters.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import { auditMany, subjectOf } from "../audit/audit.ts";
import { auditTask } from "./audited.ts";
import { type ContainerPorts, tell } from "./containers.ts";
import { authoriseRunAs, changedFields, type TaskEdit, wantedTask, writeTasks } from "./edit.ts";
import { contentOf, relationBefore } from "./history.ts";
import { readFields, taskShape } from "../inputs.ts";
import { authorise, authorisedProjects } from "../accounts/rights.ts";
import { inProjects, visibleTo } from "../accounts/visible.ts";
import { bumpVersion, expectVersion, lockContainer, lockContainerOfTask, TASKS_LIMIT } from "./versions.ts";

/** At most so many moves in a call: a container has no more tasks. */
const MOVES_LIMIT = TASKS_LIMIT;

export async function createTask(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  input: NewTask,
): Promise<number> {
  const action = "create task";
  return await transaction(db, async (tx, after) => {
    const container = await lockContainer(tx, viewer, input.containerId, action, ["containerId"]);
    const { name, command, ...fields } = readFields(taskShape, input, action, [], true);
    if (name === undefined) throw new InvalidInputError(say("NAME_MISSING", { action }), ["name"]);
    if (command === undefined) {
      throw new InvalidInputError(say("COMMAND_MISSING", { action }), ["command"]);
    }
    expectVersion(container, input.expectedVersion, action, ["expectedVersion"]);
    await refuseTooMany(tx, container.id, action);
    const task = wantedTask({ name, command, ...fields }, null);
    const edit = { before: null, after: task };
    authoriseRunAs(viewer, container, [edit]);
    const { added, undo } = await writeTask(tx, container.id, edit, action);
    const id = added.get(name);
    if (id === undefined) throw new Error("An insert gave no row back");
    await bumpVersion(tx, container, viewer, say("TASK_ADDED", { name }), { tasks: undo });
    await auditTask(tx, viewer, "task.create", container, { id, before: null, after: task });
    tell(after, bus, container, "UPDATED");
    return id;
  });
}

export async function updateTask(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  input: TaskPatch,
): Promise<number> {
  const action = "update task";
  return await transaction(db, async (tx, after) => {
    const { container, task } = await lockContainerOfTask(tx, viewer, input.id, action, ["id"]);
    const { position, ...fields } = readFields(taskShape, input, action);
    expectVersion(container, input.expectedVersion, action, ["expectedVersion"]);
    const wanted = { ...contentOf(task), ...fields, ...position };
    const { all, loud } = changedFields(task, wanted);
    if (all.length === 0) return task.id;
    const edit = { before: task, after: wanted };
    authoriseRunAs(viewer, container, [edit]);
    const { undo } = await writeTask(tx, container.id, edit, action);
    if (loud.length > 0) {
      const summary = say("TASK_CHANGED", { name: task.name, fields: loud });
      await bumpVersion(tx, container, viewer, summary, { tasks: undo });
    }
    await auditTask(tx, viewer, "task.update", container, { id: task.id, before: task, after: wanted });
    tell(after, bus, container, "UPDATED");
    return task.id;
  });
}

export async function deleteTask(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  input: { readonly id: number; readonly expectedVersion?: number | null | undefined },
): Promise<void> {
  const action = "delete task";
  await transaction(db, async (tx, after) => {
    const { container, task } = await lockContainerOfTask(tx, viewer, input.id, action, ["id"]);
    expectVersion(container, input.expectedVersion, action, ["expectedVersion"]);
    // They go with it.
    const ties = await tx.select().from(relations).where(
      or(eq(relations.upstreamId, task.id), eq(relations.downstreamId, task.id)),
    );
    const { undo } = await writeTasks(tx, container.id, [{ before: task, after: null }]);
    await bumpVersion(tx, container, viewer, say("TASK_DELETED", { name: task.name }), {
      tasks: undo,
      relations: ties.map(relationBefore),
    });
    await auditTask(tx, viewer, "task.delete", container, { id: task.id, before: task, after: null });
    tell(after, bus, container, "UPDATED");
  });
}

/** Moves tasks of any containers on their canvases; all or none. What would run stays the same, and so the version. */
export async function moveTasks(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  input: {
    readonly moves: readonly {
      readonly taskId: number;
      readonly position: { readonly x: number; readonly y: number };
    }[];
  },
): Promise<readonly number[]> {
  const action = "move tasks";
  const ids = input.moves.map(({ taskId }) => taskId);
  // Nothing is found then that a right could be asked for.
  if (ids.length === 0) authorisedProjects(viewer, "container:change");
  if (ids.length > MOVES_LIMIT) {
    throw new NotFoundError(say("TOO_MANY_MOVES", { action }), ["moves"]);
  }
  await transaction(db, async (tx, after) => {
    const changed = await lockContainersOfTasks(tx, viewer, ids, action);
    const moves = input.moves.map(({ taskId, position }, place) => ({
      id: taskId,
      ...readFields(taskShape, { position }, action, ["moves", String(place)]).position,
    }));
    await tx.execute(sql`
      update tasks t set x = m.x, y = m.y
      from json_to_recordset(${jsonRows(moves)}) as m(id bigint, x float8, y float8)
      where t.id = m.id`);
    await auditMany(
      tx,
      changed.map((container) => ({
        viewer,
        action: "task.move",
        subject: subjectOf("Container", container),
        changes: null,
      })),
    );
    for (const container of changed) tell(after, bus, container, "UPDATED");
  });
  return ids;
}

/** The containers of the tasks, all of which the viewer may change. Only the tasks are locked: moving them makes no version. */
async function lockContainersOfTasks(
  tx: Transaction,
  viewer: Viewer,
  taskIds: readonly number[],
  action: Action,
): Promise<readonly { readonly id: number; readonly name: string; readonly projectId: number }[]> {
  const { id, name, projectId } = containers;
  const rows = await tx.select({ taskId: tasks.id, id, name, projectId }).from(tasks)
    .innerJoin(containers, eq(containers.id, tasks.containerId))
    .where(and(withIds(taskIds).RAW(tasks), inProjects(visibleTo(viewer), containers.projectId)))
    .orderBy(tasks.id).for("update", { of: tasks });
  const found = new Set(rows.map(({ taskId }) => taskId));
  const missing = taskIds.findIndex((id) => !found.has(id));
  if (missing !== -1) {
    throw new NotFoundError(say("NO_TASK", { action }), ["moves", String(missing), "taskId"]);
  }
  const changed = new Map(rows.map(({ taskId: _, ...container }) => [container.id, container]));
  for (const container of changed.values()) authorise(viewer, "container:change", container);
  return [...changed.values()];
}

async function refuseTooMany(tx: Transaction, containerId: number, action: Action): Promise<void> {
  const count = await tx.$count(tasks, eq(tasks.containerId, containerId));
  if (count < TASKS_LIMIT) return;
  throw new LimitExceededError(
    say("TOO_MANY_TASKS", { action, count, limit: TASKS_LIMIT }),
  );
}

async function writeTask(
  tx: Transaction,
  containerId: number,
  edit: TaskEdit & { readonly after: TaskValues },
  action: Action,
): ReturnType<typeof writeTasks> {
  try {
    return await writeTasks(tx, containerId, [edit]);
  } catch (error) {
    if (!uniqueViolation(error, "tasks_container_id_name_key")) throw error;
    throw new ConflictError(say("TASK_NAME_TAKEN", { action, name: edit.after.name }), ["name"]);
  }
}
