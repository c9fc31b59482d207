/** Tasks of a container: made, changed, moved, deleted. */
import { eq, inArray, or, sql } from "drizzle-orm";
import {
  ConflictError,
  InvalidInputError,
  LimitExceededError,
  NotFoundError,
} from "../../../schema/errors.ts";
import type { Viewer } from "../accounts/interface.ts";
import type { NewTask, TaskPatch } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { containers } from "../../../schema/tables/container.ts";
import { relations, type Task, tasks } from "../../../schema/tables/task.ts";
import { uniqueViolation } from "../../db/constraints.ts";
import { jsonRows } from "../../db/parameters.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import { type ContainerPorts, tell } from "./containers.ts";
import { contentOf, relationBefore } from "./history.ts";
import { readFields, taskShape } from "../inputs.ts";
import { authorise } from "../accounts/rights.ts";
import { bumpVersion, expectVersion, lockContainer, lockContainerOfTask, TASKS_LIMIT } from "./versions.ts";

/** At most so many moves in a call: a container has no more tasks. */
const MOVES_LIMIT = TASKS_LIMIT;

/** What people read but no run goes by. */
const SILENT_FIELDS: ReadonlySet<string> = new Set(["description", "x", "y"]);

export async function createTask(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  input: NewTask,
): Promise<number> {
  authorise(viewer, "container:change");
  const action = "create task";
  const { position, name, command, ...fields } = readFields(taskShape, input, action, [], true);
  if (name === undefined) throw new InvalidInputError(say("NAME_MISSING", { action }), ["name"]);
  if (command === undefined) {
    throw new InvalidInputError(say("COMMAND_MISSING", { action }), ["command"]);
  }
  return await transaction(db, async (tx, after) => {
    const container = await lockContainer(tx, input.containerId, action, ["containerId"]);
    expectVersion(container, input.expectedVersion, action, ["expectedVersion"]);
    await refuseTooMany(tx, container.id, action);
    const values = { containerId: container.id, name, command, ...fields, ...position };
    const [task] = await refuseDuplicate(
      name,
      action,
      tx.insert(tasks).values(values).returning({ id: tasks.id }),
    );
    if (task === undefined) throw new Error("An insert gave no row back");
    await bumpVersion(tx, container, viewer, `task "${name}" added`, {
      tasks: [{ id: task.id, before: null }],
      relations: [],
    });
    tell(after, bus, container, "UPDATED");
    return task.id;
  });
}

export async function updateTask(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  input: TaskPatch,
): Promise<number> {
  authorise(viewer, "container:change");
  const action = "update task";
  const { position, ...fields } = readFields(taskShape, input, action);
  return await transaction(db, async (tx, after) => {
    const { container, task } = await lockContainerOfTask(tx, input.id, action, ["id"]);
    expectVersion(container, input.expectedVersion, action, ["expectedVersion"]);
    const values = { ...fields, ...position };
    const changed = changedFields(task, values);
    if (changed.length === 0) return task.id;
    await refuseDuplicate(
      fields.name ?? task.name,
      action,
      tx.update(tasks).set(values).where(eq(tasks.id, task.id)).returning({ id: tasks.id }),
    );
    const loud = changed.filter((key) => !SILENT_FIELDS.has(key));
    if (loud.length > 0) {
      await bumpVersion(tx, container, viewer, `task "${task.name}" changed: ${loud.join(", ")}`, {
        tasks: [{ id: task.id, before: contentOf(task) }],
        relations: [],
      });
    }
    tell(after, bus, container, "UPDATED");
    return task.id;
  });
}

export async function deleteTask(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  input: { readonly id: number; readonly expectedVersion?: number | null | undefined },
): Promise<void> {
  authorise(viewer, "container:change");
  const action = "delete task";
  await transaction(db, async (tx, after) => {
    const { container, task } = await lockContainerOfTask(tx, input.id, action, ["id"]);
    expectVersion(container, input.expectedVersion, action, ["expectedVersion"]);
    // They go with it.
    const ties = await tx.select().from(relations).where(
      or(eq(relations.upstreamId, task.id), eq(relations.downstreamId, task.id)),
    );
    await tx.delete(tasks).where(eq(tasks.id, task.id));
    await bumpVersion(tx, container, viewer, `task "${task.name}" deleted`, {
      tasks: [{ id: task.id, before: contentOf(task) }],
      relations: ties.map(relationBefore),
    });
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
  authorise(viewer, "container:change");
  const action = "move tasks";
  if (input.moves.length > MOVES_LIMIT) {
    throw new NotFoundError(say("TOO_MANY_MOVES", { action }), ["moves"]);
  }
  const moves = input.moves.map((move, place) => {
    const { position } = readFields(taskShape, { position: move.position }, action, ["moves", String(place)]);
    if (position === undefined) throw new Error("A position was not read");
    return { id: move.taskId, ...position };
  });
  await transaction(db, async (tx, after) => {
    const moved = await tx.execute<{ id: number; container_id: number }>(sql`
      update tasks t set x = m.x, y = m.y
      from json_to_recordset(${jsonRows(moves)}) as m(id bigint, x float8, y float8)
      where t.id = m.id returning t.id, t.container_id`);
    const found = new Set(moved.map(({ id }) => id));
    const missing = moves.findIndex(({ id }) => !found.has(id));
    if (missing !== -1) {
      throw new NotFoundError(say("NO_TASK", { action }), [
        "moves",
        String(missing),
        "taskId",
      ]);
    }
    await publishContainers(tx, after, bus, [...new Set(moved.map((row) => row.container_id))]);
  });
  return moves.map(({ id }) => id);
}

async function publishContainers(
  tx: Transaction,
  after: Parameters<typeof tell>[0],
  bus: ContainerPorts["bus"],
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return;
  const rows = await tx.select({ id: containers.id, projectId: containers.projectId }).from(containers)
    .where(inArray(containers.id, [...ids]));
  for (const row of rows) tell(after, bus, row, "UPDATED");
}

/** Names of the given fields whose value differs from the row's. */
export function changedFields(task: Task, values: Partial<Task>): readonly string[] {
  return Object.entries(values).filter(([key, value]) => !same(task[key as keyof Task], value)).map(([key]) =>
    key
  );
}

function same(left: unknown, right: unknown): boolean {
  if (typeof left !== "object" || left === null || typeof right !== "object" || right === null) {
    return left === right;
  }
  const sorted = (value: object): string =>
    JSON.stringify(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1));
  return sorted(left) === sorted(right);
}

async function refuseTooMany(tx: Transaction, containerId: number, action: Action): Promise<void> {
  const count = await tx.$count(tasks, eq(tasks.containerId, containerId));
  if (count < TASKS_LIMIT) return;
  throw new LimitExceededError(
    say("TOO_MANY_TASKS", { action, count, limit: TASKS_LIMIT }),
  );
}

async function refuseDuplicate<T>(name: string, action: Action, write: PromiseLike<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!uniqueViolation(error, "tasks_container_id_name_key")) throw error;
    throw new ConflictError(say("TASK_NAME_TAKEN", { action, name }), ["name"]);
  }
}
