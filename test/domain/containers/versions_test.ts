import assert from "node:assert/strict";
import { eq, sql } from "drizzle-orm";
import { ConflictError, ForbiddenError, NotFoundError } from "../../../schema/errors.ts";
import type { Versions } from "../../../server/domain/containers/interface.ts";
import { containerChanges, containerVersions } from "../../../schema/tables/container.ts";
import { updateContainer } from "../../../server/domain/containers/containers.ts";
import { createDefinitions } from "../../../server/domain/containers/definitions.ts";
import { createVersions } from "../../../server/domain/containers/history.ts";
import { deleteRelation, updateRelation } from "../../../server/domain/containers/relations.ts";
import { restoreVersion } from "../../../server/domain/containers/restore.ts";
import { saveContainer } from "../../../server/domain/containers/save.ts";
import { deleteTask, updateTask } from "../../../server/domain/containers/tasks.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain, type TestDomain, triggerRun } from "../../support/domain.ts";
import { readText } from "../../support/sentences.ts";

type Told = NonNullable<Awaited<ReturnType<Versions["definition"]>>>;

const test = (name: string, body: (domain: TestDomain) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db));
  });
};

test("definition() tells every version as it was, whatever edits made it", async (domain) => {
  const { ports, viewer } = domain;
  const id = await domain.container();
  const versions = createVersions(domain.db);
  const seen = [await present(domain, id)];
  const note = async (edit: Promise<unknown>): Promise<void> => {
    await edit;
    seen.push(await present(domain, id));
  };

  const a = await domain.task(id, "a");
  seen.push(await present(domain, id));
  const b = await domain.task(id, "b", { command: "echo b", environment: { KEY: "value" } });
  seen.push(await present(domain, id));
  const relation = await domain.relation(a, b);
  seen.push(await present(domain, id));
  await note(updateRelation(ports, viewer, { id: relation, condition: "FAILURE" }));
  await note(updateTask(ports, viewer, { id: a, command: "echo changed", name: "first" }));
  await note(updateContainer(ports, viewer, { id, timeoutSeconds: 9, expression: "0 4 * * *" }));
  await note(updateContainer(ports, viewer, { id, dst: { missing: "SKIP" }, lateAfterSeconds: 60 }));
  await note(saveContainer(ports, viewer, {
    container: { id, priority: 3 },
    tasks: [{ id: b, name: "first", command: "echo b" }, { name: "third", command: "echo c" }],
    relations: [{ upstream: "third", downstream: "first", condition: "ALWAYS" }],
  }));
  await note(deleteTask(ports, viewer, { id: b }));

  assert.equal(seen.length, 10);
  const told = await Promise.all(seen.map((_, index) => versions.definition("all", id, index + 1)));
  assert.deepEqual(told, seen);
  assert.equal(await versions.definition("all", id, 11), null);
});

test("definition() tells a version whose relation was deleted by itself", async (domain) => {
  const { ports, viewer } = domain;
  const id = await domain.container();
  const relation = await domain.relation(await domain.task(id, "a"), await domain.task(id, "b"), "ALWAYS");

  await deleteRelation(ports, viewer, { id: relation });

  const told = await createVersions(domain.db).definition("all", id, 4);
  assert.deepEqual(told?.relations, [{ upstream: "a", downstream: "b", condition: "ALWAYS" }]);
});

test("a version that was written before a field existed has the field's default", async (domain) => {
  const { db, ports, viewer } = domain;
  const id = await domain.container({ maxCatchUp: 7 });
  const task = await domain.task(id, "a", { killGraceSeconds: 3 });
  await triggerRun(ports, viewer, { containerId: id });
  await updateTask(ports, viewer, { id: task, command: "echo new" });
  await db.execute(sql`update container_changes set settings = settings - 'maxCatchUp',
    undo = undo #- '{tasks,0,before,killGraceSeconds}'`);
  await db.execute(
    sql`update container_versions set definition = definition #- '{tasks,0,killGraceSeconds}'`,
  );

  const told = await createVersions(db).definition("all", id, 2);
  const [stored] = await db.select().from(containerVersions);
  const definition = await createDefinitions(db).get(stored?.id ?? 0);

  assert.equal(told?.settings.maxCatchUp, 100);
  assert.equal(told?.tasks[0]?.killGraceSeconds, 10);
  assert.equal(definition.tasks[0]?.killGraceSeconds, 10);
});

test("restoreVersion() makes an old version the newest, with tasks that were gone", async (domain) => {
  const { ports, viewer } = domain;
  const id = await domain.container({ maxParallel: 2 });
  const a = await domain.task(id, "a", { command: "echo old", position: { x: 3, y: 4 } });
  const b = await domain.task(id, "b");
  await domain.relation(a, b, "FAILURE");
  await updateTask(ports, viewer, { id: a, command: "echo new" });
  await updateContainer(ports, viewer, { id, maxParallel: 7, name: "renamed" });
  await deleteTask(ports, viewer, { id: b });

  await restoreVersion(ports, viewer, { containerId: id, version: 4, expectedVersion: 7 });

  const now = await present(domain, id);
  assert.deepEqual(now.tasks.map(({ name, command }) => [name, command]), [["a", "echo old"], [
    "b",
    ":",
  ]]);
  assert.equal(now.tasks[0]?.id, a);
  assert.notEqual(now.tasks[1]?.id, b);
  assert.deepEqual(now.relations, [{ upstream: "a", downstream: "b", condition: "FAILURE" }]);
  assert.equal(now.settings.maxParallel, 2);
  const rows = await domain.db.select().from(containerChanges).where(eq(containerChanges.containerId, id));
  const newest = rows.find(({ version }) => version === 8);
  assert.match(
    readText(newest?.summary),
    /^version 4 restored: settings changed: maxParallel; task "a" changed/,
  );
  assert.equal(newest?.changedBy, viewer.userId);
  const container = await domain.db.query.containers.findFirst({ where: { id } });
  assert.equal(container?.name, "renamed");
});

test("restoreVersion() of what is there already makes no version", async (domain) => {
  const id = await domain.container();
  await domain.task(id, "a");

  await restoreVersion(domain.ports, domain.viewer, { containerId: id, version: 2 });

  const container = await domain.db.query.containers.findFirst({ where: { id } });
  assert.equal(container?.version, 2);
});

test("restoreVersion() refuses who may only look, an overtaken edit, and versions that are not there", async (domain) => {
  const { ports, viewer, reader } = domain;
  const id = await domain.container();
  await domain.task(id, "a");
  const restore = (version: number, expectedVersion?: number): Promise<number> =>
    restoreVersion(ports, viewer, {
      containerId: id,
      version,
      ...(expectedVersion ? { expectedVersion } : {}),
    });

  await assert.rejects(restoreVersion(ports, reader, { containerId: id, version: 1 }), ForbiddenError);
  await assert.rejects(restore(1, 1), ConflictError);
  await assert.rejects(restore(0), NotFoundError);
  await assert.rejects(restore(3), NotFoundError);
  await assert.rejects(restoreVersion(ports, viewer, { containerId: 0, version: 1 }), NotFoundError);
  await domain.db.update(containerChanges).set({ undo: null, settings: null });
  await assert.rejects(restore(1), ConflictError);
  assert.equal(await createVersions(domain.db).definition("all", id, 1), null);
  assert.notEqual(await createVersions(domain.db).definition("all", id, 2), null);
});

/** What the container is made of now, read by itself. */
async function present({ db }: TestDomain, id: number): Promise<Told> {
  const row = await db.query.containers.findFirst({
    where: { id },
    with: {
      schedule: true,
      tasks: { orderBy: { id: "asc" } },
      relations: { orderBy: { id: "asc" }, with: { upstream: true, downstream: true } },
    },
  });
  if (row === undefined) throw new Error(`There is no container ${id}`);
  const { expression, timezone, overlap, misfire, missingTime, repeatedTime, lateAfterSeconds, maxCatchUp } =
    row.schedule;
  const dst = { missing: missingTime, repeated: repeatedTime };
  const when = { expression, timezone, dst, overlap, misfire, lateAfterSeconds, maxCatchUp };
  const { timeoutSeconds, maxParallel, priority, parameters } = row;
  return {
    settings: { ...when, timeoutSeconds, maxParallel, priority, parameters },
    tasks: row.tasks.map(({ containerId: _container, createdAt: _created, ...task }) => task),
    relations: row.relations.map(({ upstream, downstream, condition }) => ({
      upstream: upstream.name,
      downstream: downstream.name,
      condition,
    })),
  };
}
