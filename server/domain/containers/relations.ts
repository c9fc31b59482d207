/** Relations of a container: an upstream task, a downstream task that waits for it, and how it has to end. */
import { and, eq, inArray } from "drizzle-orm";
import {
  ConflictError,
  CycleError,
  InvalidInputError,
  LimitExceededError,
  NotFoundError,
} from "../../../schema/errors.ts";
import type { Viewer, Visible } from "../accounts/interface.ts";
import type { Relations } from "./interface.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { say } from "../../../schema/sentences.ts";
import type { RelationCondition } from "../../../schema/states.ts";
import type { Container } from "../../../schema/tables/container.ts";
import { type Relation, relations, type Task, tasks } from "../../../schema/tables/task.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import { auditRelation } from "./audited.ts";
import { type ContainerPorts, tell } from "./containers.ts";
import { writeRelations } from "./edit.ts";
import { inContainersOf, visibleTo } from "../accounts/visible.ts";
import { findCycle } from "../rules/graph.ts";
import { bumpVersion, expectVersion, lockContainer, RELATIONS_LIMIT } from "./versions.ts";

type NewRelation = Parameters<Relations["create"]>[1];

export async function createRelation(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  input: NewRelation,
): Promise<number> {
  const action = "create relation";
  return await transaction(db, async (tx, after) => {
    const visible = visibleTo(viewer);
    const { containerId } = (await findEnds(tx, visible, input, action)).upstream;
    const container = await lockContainer(tx, viewer, containerId, action, ["upstreamId"]);
    expectVersion(container, input.expectedVersion, action, ["expectedVersion"]);
    // Read again under the lock: a task may have gone while we waited.
    const ends = await findEnds(tx, visible, input, action);
    refuseOtherContainer(ends, action);
    await refuseUnsound(tx, container, input, action);
    const { upstreamId, downstreamId, condition } = input;
    const relation = { upstreamId, downstreamId, condition: condition ?? "SUCCESS" };
    const { added: [id], undo } = await writeRelations(tx, container.id, [{ before: null, after: relation }]);
    if (id === undefined) throw new Error("An insert gave no row back");
    const change = say("RELATION_ADDED", { upstream: ends.upstream.name, downstream: ends.downstream.name });
    await bumpVersion(tx, container, viewer, change, {
      relations: undo,
    });
    await auditRelation(tx, viewer, "relation.create", container, {
      id,
      before: null,
      after: relation.condition,
    });
    tell(after, bus, container, "UPDATED");
    return id;
  });
}

export async function updateRelation(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  input: {
    readonly id: number;
    readonly condition: RelationCondition;
    readonly expectedVersion?: number | null | undefined;
  },
): Promise<number> {
  return await transaction(db, async (tx, after) => {
    const action = "update relation";
    const { container, relation } = await lockRelation(tx, viewer, input.id, action);
    expectVersion(container, input.expectedVersion, action, ["expectedVersion"]);
    if (relation.condition === input.condition) return relation.id;
    const { condition } = input;
    const edit = { before: relation, after: { ...relation, condition } };
    const { undo } = await writeRelations(tx, container.id, [edit]);
    await bumpVersion(tx, container, viewer, say("RELATION_CHANGED", { condition }), { relations: undo });
    const change = { id: relation.id, before: relation.condition, after: condition };
    await auditRelation(tx, viewer, "relation.update", container, change);
    tell(after, bus, container, "UPDATED");
    return relation.id;
  });
}

export async function deleteRelation(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  input: { readonly id: number; readonly expectedVersion?: number | null | undefined },
): Promise<void> {
  await transaction(db, async (tx, after) => {
    const action = "delete relation";
    const { container, relation } = await lockRelation(tx, viewer, input.id, action);
    expectVersion(container, input.expectedVersion, action, ["expectedVersion"]);
    const { undo } = await writeRelations(tx, container.id, [{ before: relation, after: null }]);
    await bumpVersion(tx, container, viewer, say("RELATION_DELETED"), { relations: undo });
    const change = { id: relation.id, before: relation.condition, after: null };
    await auditRelation(tx, viewer, "relation.delete", container, change);
    tell(after, bus, container, "UPDATED");
  });
}

type End = Pick<Task, "id" | "containerId" | "name">;
interface Ends {
  readonly upstream: End;
  readonly downstream: End;
}

async function findEnds(
  tx: Transaction,
  visible: Visible,
  input: NewRelation,
  action: Action,
): Promise<Ends> {
  const rows = await tx.select({ id: tasks.id, containerId: tasks.containerId, name: tasks.name }).from(tasks)
    .where(and(
      inArray(tasks.id, [input.upstreamId, input.downstreamId]),
      inContainersOf(visible, tasks.containerId),
    ));
  const upstream = rows.find(({ id }) => id === input.upstreamId);
  const downstream = rows.find(({ id }) => id === input.downstreamId);
  if (upstream === undefined) {
    throw new NotFoundError(say("NO_UPSTREAM", { action }), ["upstreamId"]);
  }
  if (downstream === undefined) {
    throw new NotFoundError(say("NO_DOWNSTREAM", { action }), ["downstreamId"]);
  }
  return { upstream, downstream };
}

function refuseOtherContainer({ upstream, downstream }: Ends, action: Action): void {
  if (upstream.id === downstream.id) {
    throw new InvalidInputError(say("WAITS_FOR_ITSELF", { action, name: upstream.name }), [
      "downstreamId",
    ]);
  }
  if (upstream.containerId !== downstream.containerId) {
    throw new InvalidInputError(
      say("DIFFERENT_CONTAINERS", { action, upstream: upstream.name, downstream: downstream.name }),
      ["downstreamId"],
    );
  }
}

/** The caller holds the container's lock, so what is read here stays true. */
async function refuseUnsound(
  tx: Transaction,
  container: Container,
  input: NewRelation,
  action: Action,
): Promise<void> {
  const rows = await tx.select().from(relations).where(eq(relations.containerId, container.id));
  if (rows.some((row) => row.upstreamId === input.upstreamId && row.downstreamId === input.downstreamId)) {
    throw new ConflictError(
      say("RELATION_PRESENT", { action }),
    );
  }
  if (rows.length >= RELATIONS_LIMIT) {
    throw new LimitExceededError(
      say("TOO_MANY_RELATIONS", { action, count: rows.length, limit: RELATIONS_LIMIT }),
    );
  }
  const ids = [
    ...new Set([...rows, input].flatMap(({ upstreamId, downstreamId }) => [upstreamId, downstreamId])),
  ];
  const placeOf = new Map(ids.map((id, place) => [id, place]));
  const edges = [...rows, input].map(({ upstreamId, downstreamId }) => ({
    upstream: placeOf.get(upstreamId) ?? 0,
    downstream: placeOf.get(downstreamId) ?? 0,
  }));
  const cycle = findCycle(ids.length, edges);
  if (cycle === null) return;
  const names = await nameTasks(tx, cycle.map((place) => ids[place] ?? 0));
  throw new CycleError(
    say("CYCLE_CLOSED", { action, cycle: names }),
    null,
    names,
  );
}

async function nameTasks(tx: Transaction, ids: readonly number[]): Promise<readonly string[]> {
  const rows = await tx.select({ id: tasks.id, name: tasks.name }).from(tasks).where(
    inArray(tasks.id, [...ids]),
  );
  const nameOf = new Map(rows.map(({ id, name }) => [id, name]));
  return ids.map((id) => nameOf.get(id) ?? String(id));
}

async function lockRelation(
  tx: Transaction,
  viewer: Viewer,
  id: number,
  action: Action,
): Promise<{ readonly container: Container; readonly relation: Relation }> {
  const missing = new NotFoundError(say("NO_RELATION", { action }), ["id"]);
  const [found] = await tx.select().from(relations)
    .where(and(eq(relations.id, id), inContainersOf(visibleTo(viewer), relations.containerId)));
  if (found === undefined) throw missing;
  const container = await lockContainer(tx, viewer, found.containerId, action, ["id"]);
  const [relation] = await tx.select().from(relations).where(eq(relations.id, id));
  if (relation === undefined) throw missing;
  return { container, relation };
}
