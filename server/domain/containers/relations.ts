/** Relations of a container: an upstream task, a downstream task that waits for it, and how it has to end. */
import { eq, inArray } from "drizzle-orm";
import {
  ConflictError,
  CycleError,
  InvalidInputError,
  LimitExceededError,
  NotFoundError,
} from "../../../schema/errors.ts";
import type { Viewer } from "../accounts/interface.ts";
import type { Relations } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import type { RelationCondition } from "../../../schema/states.ts";
import type { Container } from "../../../schema/tables/container.ts";
import { type Relation, relations, tasks } from "../../../schema/tables/task.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import { type ContainerPorts, tell } from "./containers.ts";
import { writeRelations } from "./edit.ts";
import { authorise } from "../accounts/rights.ts";
import { findCycle } from "../rules/graph.ts";
import { bumpVersion, expectVersion, lockContainer, RELATIONS_LIMIT } from "./versions.ts";

type NewRelation = Parameters<Relations["create"]>[1];

export async function createRelation(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  input: NewRelation,
): Promise<number> {
  authorise(viewer, "container:change");
  const action = "create relation";
  return await transaction(db, async (tx, after) => {
    const ends = await findEnds(tx, input, action);
    const container = await lockContainer(tx, ends.containerId, action, ["upstreamId"]);
    expectVersion(container, input.expectedVersion, action, ["expectedVersion"]);
    // Read again under the lock: a task may have gone while we waited.
    const { upstream, downstream } = await findEnds(tx, input, action);
    await refuseUnsound(tx, container, input, action);
    const { upstreamId, downstreamId, condition } = input;
    const relation = { upstreamId, downstreamId, condition: condition ?? "SUCCESS" };
    const { added: [id], undo } = await writeRelations(tx, container.id, [{ before: null, after: relation }]);
    if (id === undefined) throw new Error("An insert gave no row back");
    await bumpVersion(tx, container, viewer, `relation "${upstream}" -> "${downstream}" added`, {
      relations: undo,
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
  authorise(viewer, "container:change");
  return await transaction(db, async (tx, after) => {
    const action = "update relation";
    const { container, relation } = await lockRelation(tx, input.id, action);
    expectVersion(container, input.expectedVersion, action, ["expectedVersion"]);
    if (relation.condition === input.condition) return relation.id;
    const { condition } = input;
    const edit = { before: relation, after: { ...relation, condition } };
    const { undo } = await writeRelations(tx, container.id, [edit]);
    await bumpVersion(tx, container, viewer, `relation changed to ${condition}`, { relations: undo });
    tell(after, bus, container, "UPDATED");
    return relation.id;
  });
}

export async function deleteRelation(
  { db, bus }: ContainerPorts,
  viewer: Viewer,
  input: { readonly id: number; readonly expectedVersion?: number | null | undefined },
): Promise<void> {
  authorise(viewer, "container:change");
  await transaction(db, async (tx, after) => {
    const action = "delete relation";
    const { container, relation } = await lockRelation(tx, input.id, action);
    expectVersion(container, input.expectedVersion, action, ["expectedVersion"]);
    const { undo } = await writeRelations(tx, container.id, [{ before: relation, after: null }]);
    await bumpVersion(tx, container, viewer, "relation deleted", { relations: undo });
    tell(after, bus, container, "UPDATED");
  });
}

interface Ends {
  readonly containerId: number;
  readonly upstream: string;
  readonly downstream: string;
}

async function findEnds(tx: Transaction, input: NewRelation, action: Action): Promise<Ends> {
  const rows = await tx.select({ id: tasks.id, containerId: tasks.containerId, name: tasks.name }).from(tasks)
    .where(inArray(tasks.id, [input.upstreamId, input.downstreamId]));
  const upstream = rows.find(({ id }) => id === input.upstreamId);
  const downstream = rows.find(({ id }) => id === input.downstreamId);
  if (upstream === undefined) {
    throw new NotFoundError(say("NO_UPSTREAM", { action }), ["upstreamId"]);
  }
  if (downstream === undefined) {
    throw new NotFoundError(say("NO_DOWNSTREAM", { action }), ["downstreamId"]);
  }
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
  return { containerId: upstream.containerId, upstream: upstream.name, downstream: downstream.name };
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
  id: number,
  action: Action,
): Promise<{ readonly container: Container; readonly relation: Relation }> {
  const missing = new NotFoundError(say("NO_RELATION", { action }), ["id"]);
  const [found] = await tx.select().from(relations).where(eq(relations.id, id));
  if (found === undefined) throw missing;
  const container = await lockContainer(tx, found.containerId, action, ["id"]);
  const [relation] = await tx.select().from(relations).where(eq(relations.id, id));
  if (relation === undefined) throw missing;
  return { container, relation };
}
