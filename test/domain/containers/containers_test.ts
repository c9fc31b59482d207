import assert from "node:assert/strict";
import { eq } from "drizzle-orm";
import {
  ConflictError,
  CycleError,
  ForbiddenError,
  InvalidCronError,
  InvalidInputError,
  NotFoundError,
} from "../../../schema/errors.ts";
import type { SavedContainer } from "../../../server/domain/containers/interface.ts";
import { containerChanges, containers } from "../../../schema/tables/container.ts";
import { schedules } from "../../../schema/tables/schedule.ts";
import { relations, tasks } from "../../../schema/tables/task.ts";
import {
  copyContainer,
  createContainer,
  deleteContainer,
  updateContainer,
} from "../../../server/domain/containers/containers.ts";
import {
  createRelation,
  deleteRelation,
  updateRelation,
} from "../../../server/domain/containers/relations.ts";
import { saveContainer } from "../../../server/domain/containers/save.ts";
import { createTask, deleteTask, moveTasks, updateTask } from "../../../server/domain/containers/tasks.ts";
import { openTestDatabase } from "../../support/database.ts";
import { openDomain, taskOf, type TestDomain, triggerRun } from "../../support/domain.ts";

/** The refusal is of this class and names this field. */
function refuses(
  call: Promise<unknown>,
  type: new (...args: never[]) => Error,
  path: readonly string[] | null,
): Promise<void> {
  return assert.rejects(call, (error: Error & { path?: readonly string[] | null }) => {
    assert.ok(error instanceof type, `${error.name}: ${error.message}`);
    assert.deepEqual(error.path, path);
    return true;
  });
}

async function versionOf(domain: TestDomain, id: number): Promise<number> {
  const [container] = await domain.db.select().from(containers).where(eq(containers.id, id));
  return container?.version ?? 0;
}

async function nextFireOf(domain: TestDomain, id: number): Promise<Date | null> {
  const [schedule] = await domain.db.select().from(schedules).where(eq(schedules.containerId, id));
  return schedule?.nextFireAt ?? null;
}

const LONG_NAME = "n".repeat(300);

const test = (name: string, body: (domain: TestDomain) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openDomain(opened.db));
  });
};

test("createContainer() refuses bad names, numbers, expressions and zones, each at its field", async (domain) => {
  const create = (input: Parameters<typeof createContainer>[2]): Promise<number> =>
    createContainer(domain.ports, domain.viewer, input);
  await create({ name: "taken" });

  await refuses(create({ name: "" }), InvalidInputError, ["name"]);
  await refuses(create({ name: " \n" }), InvalidInputError, ["name"]);
  await refuses(create({ name: LONG_NAME }), InvalidInputError, ["name"]);
  await refuses(create({ name: "taken" }), ConflictError, ["name"]);
  await refuses(create({ name: "a", project: "nowhere" }), NotFoundError, ["project"]);
  await refuses(create({ name: "a", timeoutSeconds: -1 }), InvalidInputError, ["timeoutSeconds"]);
  await refuses(create({ name: "a", maxParallel: -1 }), InvalidInputError, ["maxParallel"]);
  await refuses(create({ name: "a", expression: "61 * * * *" }), InvalidCronError, ["expression"]);
  await refuses(create({ name: "a", expression: "rubbish" }), InvalidCronError, ["expression"]);
  await refuses(create({ name: "a", timezone: "Mars/Olympus" }), InvalidInputError, ["timezone"]);
  await refuses(createContainer(domain.ports, domain.reader, { name: "a" }), ForbiddenError, null);
  assert.equal(await domain.db.$count(containers), 1);
  assert.equal(await domain.db.$count(schedules), 1);
});

test("createContainer() of the same name at once makes one", async (domain) => {
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, () => createContainer(domain.ports, domain.viewer, { name: "same" })),
  );

  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
});

test("an enabled schedule has a next slot, a disabled or absent one has none", async (domain) => {
  const id = await domain.container({ expression: "TZ=Europe/Berlin 0 4 * * *" });
  const planned = await nextFireOf(domain, id);
  await updateContainer(domain.ports, domain.viewer, { id, enabled: false });
  const disabled = await nextFireOf(domain, id);
  await updateContainer(domain.ports, domain.viewer, { id, enabled: true, expression: "0 5 * * *" });
  const moved = await nextFireOf(domain, id);
  await updateContainer(domain.ports, domain.viewer, { id, expression: null });

  const [schedule] = await domain.db.select().from(schedules).where(eq(schedules.containerId, id));
  assert.equal(schedule?.timezone, "Europe/Berlin");
  assert.ok(planned !== null && planned > new Date());
  assert.equal(disabled, null);
  assert.ok(moved !== null && moved.getTime() !== planned.getTime());
  assert.equal(schedule.nextFireAt, null);
});

test("whether a task merges its output is part of what would run, and kept by a change of something else", async (domain) => {
  const containerId = await domain.container();
  const { ports, viewer } = domain;
  const plain = await domain.task(containerId, "plain");
  await domain.task(containerId, "merged", { mergeOutput: true });
  const before = await versionOf(domain, containerId);
  await updateTask(ports, viewer, { id: plain, mergeOutput: true });
  const after = await versionOf(domain, containerId);
  await updateTask(ports, viewer, { id: plain, command: "echo" });
  await domain.task(containerId, "apart");

  await triggerRun(ports, viewer, { containerId });
  const { work } = await domain.exchange();

  assert.equal(after, before + 1);
  assert.deepEqual(
    Object.fromEntries(work.map((each) => [taskOf(each), each.mergeOutput])),
    { plain: true, merged: true, apart: false },
  );
});

test("the version grows with what would run, and with nothing else", async (domain) => {
  const id = await domain.container();
  const versions = [await versionOf(domain, id)];
  const note = async (change: Promise<unknown>): Promise<void> => {
    await change;
    versions.push(await versionOf(domain, id));
  };
  const { ports, viewer } = domain;

  await note(updateContainer(ports, viewer, { id, name: "other", description: "words", enabled: false }));
  await note(updateContainer(ports, viewer, { id, timeoutSeconds: 5, overlap: "ALLOW" }));
  await note(updateContainer(ports, viewer, { id, timeoutSeconds: 5 }));
  const a = await domain.task(id, "a");
  const b = await domain.task(id, "b");
  await note(updateTask(ports, viewer, { id: a, description: "words", position: { x: 5, y: 6 } }));
  await note(updateTask(ports, viewer, { id: a, command: "echo" }));
  await note(moveTasks(ports, viewer, { moves: [{ taskId: a, position: { x: 1, y: 1 } }] }));
  const relation = await domain.relation(a, b);
  await note(updateRelation(ports, viewer, { id: relation, condition: "ALWAYS" }));
  await note(updateRelation(ports, viewer, { id: relation, condition: "ALWAYS" }));
  await note(deleteRelation(ports, viewer, { id: relation }));
  await note(deleteTask(ports, viewer, { id: b }));

  assert.deepEqual(versions, [1, 1, 2, 2, 4, 5, 5, 7, 7, 8, 9]);
  const changes = await domain.db.select().from(containerChanges).where(
    eq(containerChanges.containerId, id),
  );
  assert.deepEqual(changes.map(({ version }) => version).sort(), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.ok(changes.every(({ changedBy }) => changedBy === viewer.userId));
});

test("an edit of an older version is refused and changes nothing", async (domain) => {
  const id = await domain.container();
  const task = await domain.task(id, "a");
  const { ports, viewer } = domain;
  const stale = { expectedVersion: 1 };

  await refuses(updateContainer(ports, viewer, { id, ...stale, name: "x" }), ConflictError, [
    "expectedVersion",
  ]);
  await refuses(
    createTask(ports, viewer, { containerId: id, ...stale, name: "b", command: ":" }),
    ConflictError,
    ["expectedVersion"],
  );
  await refuses(updateTask(ports, viewer, { id: task, ...stale, command: "x" }), ConflictError, [
    "expectedVersion",
  ]);
  await refuses(deleteTask(ports, viewer, { id: task, ...stale }), ConflictError, ["expectedVersion"]);

  assert.equal(await versionOf(domain, id), 2);
  assert.equal(await updateTask(ports, viewer, { id: task, expectedVersion: 2, command: "x" }), task);
});

test("of 20 edits of one version at once exactly one is taken", async (domain) => {
  const id = await domain.container();

  const results = await Promise.allSettled(
    Array.from(
      { length: 20 },
      (_, index) =>
        createTask(domain.ports, domain.viewer, {
          containerId: id,
          expectedVersion: 1,
          name: `t${index}`,
          command: ":",
        }),
    ),
  );

  assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
  assert.equal(await versionOf(domain, id), 2);
});

test("createTask() and updateTask() refuse bad fields, each at its field", async (domain) => {
  const id = await domain.container();
  const task = await domain.task(id, "taken");
  const create = (input: object): Promise<number> =>
    createTask(domain.ports, domain.viewer, { containerId: id, name: "a", command: ":", ...input });
  const update = (input: object): Promise<number> =>
    updateTask(domain.ports, domain.viewer, { id: task, ...input });

  await refuses(create({ name: "" }), InvalidInputError, ["name"]);
  await refuses(create({ name: LONG_NAME }), InvalidInputError, ["name"]);
  await refuses(create({ name: "taken" }), ConflictError, ["name"]);
  await refuses(create({ containerId: 0 }), NotFoundError, ["containerId"]);
  await refuses(create({ command: "x".repeat(2 * 1024 * 1024) }), InvalidInputError, ["command"]);
  await refuses(create({ command: "a\0b" }), InvalidInputError, ["command"]);
  await refuses(create({ timeoutSeconds: -5 }), InvalidInputError, ["timeoutSeconds"]);
  await refuses(create({ killGraceSeconds: -5 }), InvalidInputError, ["killGraceSeconds"]);
  await refuses(create({ maxRetries: 101 }), InvalidInputError, ["maxRetries"]);
  await refuses(create({ retryDelaySeconds: -1 }), InvalidInputError, ["retryDelaySeconds"]);
  await refuses(create({ environment: { "1A": "x" } }), InvalidInputError, ["environment", "1A"]);
  await refuses(create({ environment: { ORRERY_X: "x" } }), InvalidInputError, ["environment", "ORRERY_X"]);
  await refuses(create({ environment: { A: 1 } }), InvalidInputError, ["environment", "A"]);
  await refuses(create({ position: { x: Number.NaN, y: 0 } }), InvalidInputError, ["position", "x"]);
  for (const field of ["name", "command", "shell", "enabled", "timeoutSeconds", "join", "environment"]) {
    await refuses(update({ [field]: null }), InvalidInputError, [field]);
  }
  assert.equal(await update({ directory: null }), task);
  await refuses(updateTask(domain.ports, domain.viewer, { id: 0, name: "x" }), NotFoundError, ["id"]);
  assert.equal(await domain.db.$count(tasks), 1);
});

test("createRelation() refuses itself, another container, a second one, unknown tasks and cycles", async (domain) => {
  const { ports, viewer } = domain;
  const id = await domain.container();
  const [a, b, c] = [await domain.task(id, "a"), await domain.task(id, "b"), await domain.task(id, "c")];
  const stranger = await domain.task(await domain.container(), "stranger");
  await domain.relation(a, b);
  await domain.relation(b, c);
  const create = (upstreamId: number, downstreamId: number): Promise<number> =>
    createRelation(ports, viewer, { upstreamId, downstreamId });

  await refuses(create(a, a), InvalidInputError, ["downstreamId"]);
  await refuses(create(a, stranger), InvalidInputError, ["downstreamId"]);
  await refuses(create(a, b), ConflictError, null);
  await refuses(create(0, b), NotFoundError, ["upstreamId"]);
  await refuses(create(a, 0), NotFoundError, ["downstreamId"]);
  await assert.rejects(create(c, a), (error) => {
    assert.ok(error instanceof CycleError);
    assert.deepEqual([...error.cycle].sort(), ["a", "b", "c"]);
    return true;
  });
  assert.equal(await domain.db.$count(relations), 2);
});

test("two relations that close a cycle together: one is refused, also at once", async (domain) => {
  const id = await domain.container();
  const [a, b] = [await domain.task(id, "a"), await domain.task(id, "b")];

  const results = await Promise.allSettled([domain.relation(a, b), domain.relation(b, a)]);

  assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
});

test("deleteTask() also removes its relations", async (domain) => {
  const id = await domain.container();
  const [a, b] = [await domain.task(id, "a"), await domain.task(id, "b")];
  await domain.relation(a, b);

  await deleteTask(domain.ports, domain.viewer, { id: a });

  assert.equal(await domain.db.$count(relations), 0);
});

test("moveTasks() moves all or none", async (domain) => {
  const id = await domain.container();
  const a = await domain.task(id, "a");
  const to = { x: 7, y: 8 };

  await refuses(
    moveTasks(domain.ports, domain.viewer, {
      moves: [{ taskId: a, position: to }, { taskId: 0, position: to }],
    }),
    NotFoundError,
    ["moves", "1", "taskId"],
  );
  const [before] = await domain.db.select().from(tasks).where(eq(tasks.id, a));
  await moveTasks(domain.ports, domain.viewer, { moves: [{ taskId: a, position: to }] });
  const [after] = await domain.db.select().from(tasks).where(eq(tasks.id, a));

  assert.deepEqual([before?.x, before?.y, after?.x, after?.y], [0, 0, 7, 8]);
});

test("copyContainer() copies the graph into a disabled container", async (domain) => {
  const id = await domain.container({ expression: "@hourly", overlap: "QUEUE" });
  const [a, b] = [await domain.task(id, "a", { command: "echo a" }), await domain.task(id, "b")];
  await domain.relation(a, b, "ALWAYS");

  const copy = await copyContainer(domain.ports, domain.viewer, { id, name: "copy" });

  const rows = await domain.db.query.containers.findFirst({
    where: { id: copy },
    with: { schedule: true, tasks: { orderBy: { id: "asc" } }, relations: true },
  });
  assert.deepEqual([rows?.enabled, rows?.version, rows?.schedule.overlap, rows?.schedule.nextFireAt], [
    false,
    1,
    "QUEUE",
    null,
  ]);
  assert.deepEqual(rows?.tasks.map(({ name, command }) => [name, command]), [["a", "echo a"], ["b", ":"]]);
  assert.deepEqual(rows?.relations.map(({ condition }) => condition), ["ALWAYS"]);
  await refuses(copyContainer(domain.ports, domain.viewer, { id, name: "copy" }), ConflictError, ["name"]);
});

test("deleteContainer() takes tasks, relations and schedule with it", async (domain) => {
  const id = await domain.container({ expression: "@hourly" });
  await domain.relation(await domain.task(id, "a"), await domain.task(id, "b"));

  await deleteContainer(domain.ports, domain.viewer, { id });

  for (const table of [containers, tasks, relations, schedules]) {
    assert.equal(await domain.db.$count(table), 0);
  }
  await refuses(deleteContainer(domain.ports, domain.viewer, { id }), NotFoundError, ["id"]);
});

test("saveContainer() writes a whole container as one new version", async (domain) => {
  const id = await domain.container();
  const [a, b] = [await domain.task(id, "a"), await domain.task(id, "b")];
  const kept = await domain.relation(a, b);
  const before = await versionOf(domain, id);
  const c = { name: "c", command: "echo c" };
  const input: SavedContainer = {
    container: { id, expectedVersion: before, timeoutSeconds: 60, name: "renamed" },
    // The two swap their names.
    tasks: [{ id: a, name: "b", command: ":" }, { id: b, name: "a", command: ":" }, c],
    relations: [
      { upstream: "b", downstream: "a", condition: "SUCCESS" },
      { upstream: "a", downstream: "c", condition: "FAILURE" },
    ],
  };

  await saveContainer(domain.ports, domain.viewer, input);
  await saveContainer(domain.ports, domain.viewer, {
    ...input,
    container: { id },
    tasks: [...input.tasks.slice(0, 2), { id: await idOf(domain, id, "c"), ...c }],
  });

  const rows = await domain.db.query.containers.findFirst({
    where: { id },
    with: { tasks: { orderBy: { id: "asc" } }, relations: { orderBy: { id: "asc" } } },
  });
  assert.deepEqual([rows?.version, rows?.name, rows?.timeoutSeconds], [before + 1, "renamed", 60]);
  assert.deepEqual(rows?.tasks.map(({ id: task, name }) => [task, name]).slice(0, 2), [[a, "b"], [b, "a"]]);
  assert.deepEqual(rows?.relations.map(({ condition }) => condition), ["SUCCESS", "FAILURE"]);
  assert.equal(rows?.relations[0]?.id, kept);
});

test("saveContainer() takes a task without an id for the one of its name, unless another is saved as that one", async (domain) => {
  const id = await domain.container();
  const [a, b] = [await domain.task(id, "a"), await domain.task(id, "b")];
  const relation = await domain.relation(a, b);
  const version = await versionOf(domain, id);

  await saveContainer(domain.ports, domain.viewer, {
    container: { id },
    tasks: [{ name: "a", command: ":" }, { name: "b", command: ":" }],
    relations: [{ upstream: "a", downstream: "b", condition: "SUCCESS" }],
  });
  const same = [await versionOf(domain, id), await idOf(domain, id, "a"), await idOf(domain, id, "b")];
  const [kept] = await domain.db.select().from(relations);
  await saveContainer(domain.ports, domain.viewer, {
    container: { id },
    tasks: [{ name: "a", command: ":" }, { id: a, name: "c", command: ":" }],
    relations: [],
  });

  assert.deepEqual(same, [version, a, b]);
  assert.equal(kept?.id, relation);
  assert.equal(await idOf(domain, id, "c"), a);
  assert.notEqual(await idOf(domain, id, "a"), a);
});

test("saveContainer() removes what is not listed", async (domain) => {
  const id = await domain.container();
  const [a, b] = [await domain.task(id, "a"), await domain.task(id, "b")];
  await domain.relation(a, b);

  await saveContainer(domain.ports, domain.viewer, {
    container: { id },
    tasks: [{ id: b, name: "b", command: ":" }],
    relations: [],
  });

  assert.equal(await domain.db.$count(tasks), 1);
  assert.equal(await domain.db.$count(relations), 0);
});

test("saveContainer() refuses as a whole and names the place of the fault", async (domain) => {
  const id = await domain.container();
  const a = await domain.task(id, "a");
  const stranger = await domain.task(await domain.container(), "stranger");
  const task = (name: string, more: object = {}): SavedContainer["tasks"][number] => ({
    name,
    command: ":",
    ...more,
  });
  const save = (input: Partial<SavedContainer>): Promise<number> =>
    saveContainer(domain.ports, domain.viewer, {
      container: { id, description: "half" },
      tasks: [],
      relations: [],
      ...input,
    });
  const relation = (upstream: string, downstream: string): SavedContainer["relations"][number] => ({
    upstream,
    downstream,
    condition: "SUCCESS",
  });

  await refuses(save({ tasks: [task("x"), task("x")] }), InvalidInputError, ["tasks", "1", "name"]);
  await refuses(save({ tasks: [task("x", { timeoutSeconds: -1 })] }), InvalidInputError, [
    "tasks",
    "0",
    "timeoutSeconds",
  ]);
  await refuses(save({ tasks: [task("x", { id: stranger })] }), NotFoundError, ["tasks", "0", "id"]);
  await refuses(save({ tasks: [task("x", { id: a }), task("y", { id: a })] }), InvalidInputError, [
    "tasks",
    "1",
    "id",
  ]);
  await refuses(save({ tasks: [task("x")], relations: [relation("x", "z")] }), InvalidInputError, [
    "relations",
    "0",
    "downstream",
  ]);
  await refuses(save({ tasks: [task("x")], relations: [relation("x", "x")] }), InvalidInputError, [
    "relations",
    "0",
    "downstream",
  ]);
  const cycle = { tasks: [task("x"), task("y")], relations: [relation("x", "y"), relation("y", "x")] };
  await refuses(save(cycle), CycleError, ["relations"]);
  await refuses(save({ container: { id, expectedVersion: 1 } }), ConflictError, [
    "container",
    "expectedVersion",
  ]);
  await refuses(save({ container: { id, name: LONG_NAME } }), InvalidInputError, ["container", "name"]);

  const [container] = await domain.db.select().from(containers).where(eq(containers.id, id));
  assert.deepEqual([container?.description, container?.version, await domain.db.$count(tasks)], ["", 2, 2]);
});

test("saveContainer() takes a graph of 2,000 tasks and 6,000 relations", async (domain) => {
  const id = await domain.container();
  const saved = Array.from({ length: 2_000 }, (_, place) => ({ name: `t${place}`, command: ":" }));
  const edges = saved.flatMap((_, place) =>
    [1, 2, 3].flatMap((back) =>
      place < back
        ? []
        : [{ upstream: `t${place - back}`, downstream: `t${place}`, condition: "SUCCESS" as const }]
    )
  );

  await saveContainer(domain.ports, domain.viewer, { container: { id }, tasks: saved, relations: edges });

  assert.equal(await domain.db.$count(tasks), 2_000);
  assert.equal(await domain.db.$count(relations), edges.length);
});

async function idOf(domain: TestDomain, containerId: number, name: string): Promise<number> {
  const rows = await domain.db.select().from(tasks).where(eq(tasks.containerId, containerId));
  return rows.find((row) => row.name === name)?.id ?? 0;
}
