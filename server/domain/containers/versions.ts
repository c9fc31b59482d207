/**
 * A container's version: every change of what would run takes the container's row lock, moves the version by one and
 * leaves a row that says who changed what. The definition itself is written when a run first needs it.
 */
import { and, eq, inArray, sql } from "drizzle-orm";
import type { Definition, GraphUndo } from "../../../schema/definition/version.ts";
import { ConflictError, NotFoundError } from "../../../schema/errors.ts";
import type { Viewer } from "../accounts/interface.ts";
import { say, type Sentence } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import {
  type Container,
  containerChanges,
  containers,
  containerVersions,
} from "../../../schema/tables/container.ts";
import { relations, type Task, tasks } from "../../../schema/tables/task.ts";
import { jsonRows } from "../../db/parameters.ts";
import type { Transaction } from "../../db/transaction.ts";
import { authorise, type Right } from "../accounts/rights.ts";
import { inContainersOf, inProjects, visibleTo } from "../accounts/visible.ts";
import type { DefinitionCache } from "./definitions.ts";
import { settingsOf } from "./history.ts";
import { noteContainerChanges } from "../messages/messages.ts";

export const TASKS_LIMIT = 10_000;
export const RELATIONS_LIMIT = 50_000;

/**
 * Locks the container until the transaction ends, when the viewer may see it and has the right; everything that changes
 * or runs it goes through here first.
 */
export async function lockContainer(
  tx: Transaction,
  viewer: Viewer,
  id: number,
  action: Action,
  at: readonly string[],
  right: Right = "container:change",
): Promise<Container> {
  const [container] = await tx.select().from(containers)
    .where(and(eq(containers.id, id), inProjects(visibleTo(viewer), containers.projectId))).for("update");
  if (container === undefined) throw new NotFoundError(say("NO_CONTAINER", { action }), at);
  authorise(viewer, right, container);
  return container;
}

/** As lockContainer, for the container of a task. */
export async function lockContainerOfTask(
  tx: Transaction,
  viewer: Viewer,
  taskId: number,
  action: Action,
  at: readonly string[],
  right?: Right,
): Promise<{ readonly container: Container; readonly task: Task }> {
  const [found] = await tx.select({ containerId: tasks.containerId }).from(tasks)
    .where(and(eq(tasks.id, taskId), inContainersOf(visibleTo(viewer), tasks.containerId)));
  if (found === undefined) throw new NotFoundError(say("NO_TASK", { action }), at);
  const container = await lockContainer(tx, viewer, found.containerId, action, at, right);
  // Read again under the lock: it may have changed or gone while we waited.
  const [task] = await tx.select().from(tasks).where(eq(tasks.id, taskId));
  if (task === undefined) throw new NotFoundError(say("NO_TASK", { action }), at);
  return { container, task };
}

/** Refuses an edit that was made on an older version, so that nobody's edit is lost. */
export function expectVersion(
  container: Container,
  expected: number | null | undefined,
  action: Action,
  at: readonly string[],
): void {
  if (expected === undefined || expected === null || expected === container.version) return;
  throw new ConflictError(
    say("OTHER_VERSION", { action, name: container.name, version: container.version, expected }),
    at,
  );
}

/**
 * Moves the version by one, says why, and keeps the way back. The caller holds the container's lock and has written
 * everything that the version is made of.
 */
export async function bumpVersion(
  tx: Transaction,
  container: Container,
  viewer: Viewer | null,
  summary: Sentence,
  undo: Partial<GraphUndo> = {},
): Promise<number> {
  const version = container.version + 1;
  await tx.update(containers).set({ version, updatedAt: sql`clock_timestamp()` }).where(
    eq(containers.id, container.id),
  );
  await noteChange(tx, container.id, version, viewer, summary, { tasks: [], relations: [], ...undo });
  return version;
}

export async function noteChange(
  tx: Transaction,
  containerId: number,
  version: number,
  viewer: Viewer | null,
  summary: Sentence,
  undo: GraphUndo | null = null,
): Promise<void> {
  const row = await tx.query.containers.findFirst({ where: { id: containerId }, with: { schedule: true } });
  if (row === undefined) throw new Error(`Container ${containerId} is gone while it is being changed`);
  await tx.insert(containerChanges).values({
    containerId,
    version,
    summary,
    changedBy: viewer?.userId ?? null,
    settings: settingsOf(row, row.schedule),
    undo,
  });
  await noteContainerChanges(tx, [containerId], viewer, summary);
}

/**
 * The id of the stored definition of each container's current version, written now where it is not there yet. The
 * caller holds the containers' locks.
 */
export async function ensureVersions(
  tx: Transaction,
  definitions: Pick<DefinitionCache, "keep">,
  locked: readonly Container[],
): Promise<ReadonlyMap<number, number>> {
  const ids = locked.map(({ id }) => id);
  const stored = await tx.select({
    id: containerVersions.id,
    containerId: containerVersions.containerId,
  }).from(containerVersions).innerJoin(
    containers,
    and(eq(containers.id, containerVersions.containerId), eq(containers.version, containerVersions.version)),
  ).where(inArray(containers.id, ids));
  const versionIds = new Map(stored.map(({ id, containerId }) => [containerId, id]));
  const missing = locked.filter(({ id }) => !versionIds.has(id));
  if (missing.length === 0) return versionIds;
  const written = await writeDefinitions(tx, missing);
  for (const { id, containerId, definition } of written) {
    versionIds.set(containerId, id);
    // An id is given once, also when this transaction comes to nothing.
    definitions.keep(id, definition);
  }
  return versionIds;
}

async function writeDefinitions(
  tx: Transaction,
  missing: readonly Container[],
): Promise<
  readonly { readonly id: number; readonly containerId: number; readonly definition: Definition }[]
> {
  const ids = missing.map(({ id }) => id);
  const taskRows = await tx.select().from(tasks).where(inArray(tasks.containerId, ids)).orderBy(tasks.id);
  const relationRows = await tx.select().from(relations).where(inArray(relations.containerId, ids)).orderBy(
    relations.id,
  );
  const tasksOf = Map.groupBy(taskRows, ({ containerId }) => containerId);
  const relationsOf = Map.groupBy(relationRows, ({ containerId }) => containerId);
  const rows = missing.map((container) => ({
    containerId: container.id,
    version: container.version,
    definition: createDefinition(
      container,
      tasksOf.get(container.id) ?? [],
      relationsOf.get(container.id) ?? [],
    ),
  }));
  const written = await tx.execute<{ id: number; containerId: number }>(sql`
    insert into container_versions (container_id, version, definition)
    select "containerId", version, definition
    from json_to_recordset(${jsonRows(rows)}) as v("containerId" bigint, version integer, definition jsonb)
    returning id, container_id as "containerId"`);
  const idOf = new Map(written.map(({ id, containerId }) => [containerId, id]));
  return rows.map(({ containerId, definition }) => ({
    id: idOf.get(containerId) ?? 0,
    containerId,
    definition,
  }));
}

function createDefinition(
  container: Container,
  taskRows: readonly Task[],
  relationRows: readonly (typeof relations.$inferSelect)[],
): Definition {
  const placeOf = new Map(taskRows.map(({ id }, place) => [id, place]));
  const place = (taskId: number): number => {
    const found = placeOf.get(taskId);
    if (found === undefined) {
      throw new Error(`Relation of container ${container.id} names task ${taskId}, which it has not`);
    }
    return found;
  };
  return {
    timeoutSeconds: container.timeoutSeconds,
    maxParallel: container.maxParallel,
    priority: container.priority,
    tasks: taskRows.map((
      { id, containerId: _container, description: _description, createdAt: _created, ...task },
    ) => ({
      taskId: id,
      ...task,
    })),
    relations: relationRows.map(({ upstreamId, downstreamId, condition }) => ({
      upstream: place(upstreamId),
      downstream: place(downstreamId),
      condition,
    })),
  };
}
