/** What an edit of one thing costs, and what a whole save leaves alone. */
import assert from "node:assert/strict";
import { eq } from "drizzle-orm";
import { relations } from "../../../schema/tables/task.ts";
import {
  createRelation,
  deleteRelation,
  updateRelation,
} from "../../../server/domain/containers/relations.ts";
import { saveContainer } from "../../../server/domain/containers/save.ts";
import { createTask, deleteTask, updateTask } from "../../../server/domain/containers/tasks.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain } from "../../support/domain.ts";

Deno.test("an edit of one task or relation reads no other task, and costs a fixed number of statements", async () => {
  await using opened = await openTestDatabase();
  const domain = await openDomain(opened.db);
  const { ports, viewer } = domain;
  const containerId = await domain.container();
  const [a, b] = [await domain.task(containerId, "a"), await domain.task(containerId, "b")];
  const counts: number[] = [];
  const count = async <T>(edit: Promise<T>): Promise<T> => {
    opened.statements();
    const answer = await edit;
    counts.push(opened.statements().length);
    return answer;
  };

  const task = await count(createTask(ports, viewer, { containerId, name: "c", command: ":" }));
  await count(updateTask(ports, viewer, { id: a, command: "echo" }));
  await count(deleteTask(ports, viewer, { id: task }));
  const id = await count(createRelation(ports, viewer, { upstreamId: a, downstreamId: b }));
  await count(updateRelation(ports, viewer, { id, condition: "ALWAYS" }));
  await count(deleteRelation(ports, viewer, { id }));

  assert.deepEqual(counts, [8, 9, 10, 10, 9, 9]);
});

Deno.test("saveContainer() keeps a relation whose condition changes", async () => {
  await using opened = await openTestDatabase();
  const domain = await openDomain(opened.db);
  const containerId = await domain.container();
  const [a, b] = [await domain.task(containerId, "a"), await domain.task(containerId, "b")];
  const relation = await domain.relation(a, b);

  await saveContainer(domain.ports, domain.viewer, {
    container: { id: containerId },
    tasks: [{ id: a, name: "a", command: ":" }, { id: b, name: "b", command: ":" }],
    relations: [{ upstream: "a", downstream: "b", condition: "FAILURE" }],
  });

  const rows = await domain.db.select().from(relations).where(eq(relations.containerId, containerId));
  assert.deepEqual(rows.map(({ id, condition }) => [id, condition]), [[relation, "FAILURE"]]);
});
