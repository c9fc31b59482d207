/** What a viewer may change: by every mutation of the schema, in a project that is not visible and in one that is. */
import assert from "node:assert/strict";
import { encodeId } from "../../schema/ids.ts";
import { buildSchema } from "../../schema/graphql/mod.ts";
import type { Viewer } from "../../server/domain/accounts/interface.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { HIDDEN, openTwoProjects, type Things, type TwoProjects } from "../support/two_projects.ts";

/** Concern the viewer's own account or marks alone, and need no right. */
const ownAccount = "own account";
/** Concern many things at once: those where the viewer has the right. */
const many = "many";

/** How each mutation is asked for something of a project. */
const mutations: Readonly<Record<string, ((things: Things) => string) | typeof ownAccount | typeof many>> = {
  cancelAllRuns: many,
  cancelRun: ({ activeRunId }) => `(id: "${encodeId("Run", activeRunId)}")`,
  cancelTaskRun: ({ activeTaskRunId }) => `(id: "${encodeId("TaskRun", activeTaskRunId)}")`,
  changePassword: ownAccount,
  copyContainer: ({ containerId }) => `(id: "${encodeId("Container", containerId)}", name: "copy")`,
  createApiToken: ownAccount,
  createContainer: ({ slug }) => `(input: { project: "${slug}", name: "new" })`,
  createRelation: ({ taskIds: [first, second] }) =>
    `(input: { upstreamId: "${encodeId("Task", second)}", downstreamId: "${encodeId("Task", first)}" })`,
  applyFiles: ({ slug }) => `(project: "${slug}", files: [])`,
  importCrontab: ({ slug }) => `(input: { project: "${slug}", kind: USER, source: "x", text: "" })`,
  createTask: ({ containerId }) =>
    `(input: { containerId: "${encodeId("Container", containerId)}", name: "new", command: ":" })`,
  deleteContainer: ({ containerId }) => `(id: "${encodeId("Container", containerId)}")`,
  deleteLogs: many,
  deleteRelation: ({ relationId }) => `(id: "${encodeId("Relation", relationId)}")`,
  deleteTask: ({ taskIds: [first] }) => `(id: "${encodeId("Task", first)}")`,
  markMessagesRead: ownAccount,
  moveTasks: ({ taskIds: [first] }) =>
    `(moves: [{ taskId: "${encodeId("Task", first)}", position: { x: 7, y: 7 } }])`,
  restoreVersion: ({ containerId }) => `(containerId: "${encodeId("Container", containerId)}", version: 2)`,
  retryRun: ({ runId }) => `(id: "${encodeId("Run", runId)}")`,
  revokeApiToken: ownAccount,
  runTask: ({ taskIds: [first] }) => `(taskId: "${encodeId("Task", first)}")`,
  saveContainer: ({ containerId }) =>
    `(input: { container: { id: "${encodeId("Container", containerId)}" }, tasks: [], relations: [] })`,
  signIn: ownAccount,
  signOut: ownAccount,
  triggerRun: ({ containerId }) => `(containerId: "${encodeId("Container", containerId)}")`,
  updateContainer: ({ containerId }) =>
    `(input: { id: "${encodeId("Container", containerId)}", timeoutSeconds: 7 })`,
  updateProject: ({ slug }) => `(slug: "${slug}", logRetentionDays: 7)`,
  updateRelation: ({ relationId }) => `(id: "${encodeId("Relation", relationId)}", condition: ALWAYS)`,
  updateTask: ({ taskIds: [first] }) => `(input: { id: "${encodeId("Task", first)}", command: "true" })`,
};

Deno.test("this test knows every mutation", () => {
  const fields = buildSchema().getMutationType()?.getFields() ?? {};
  assert.deepEqual(Object.keys(mutations).sort(), Object.keys(fields).sort());
});

Deno.test("a mutation finds nothing in a project that is not visible, and is forbidden to who may only read", async () => {
  await using test = await openTestDatabase();
  const world = await openTwoProjects(test);
  const before = await snapshot(test);

  for (const [name, argumentsOf] of Object.entries(mutations)) {
    if (typeof argumentsOf === "string") continue;
    const ask = (things: Things, viewer: Viewer) => codeOf(world, `${name}${argumentsOf(things)}`, viewer);

    assert.equal(await ask(world.foreign, world.restricted), "NOT_FOUND", `${name} of a hidden thing`);
    assert.equal(
      await ask(world.foreign, world.reader),
      "NOT_FOUND",
      `${name} of a hidden thing by a reader`,
    );
    assert.equal(await ask(world.own, world.reader), "FORBIDDEN", `${name} by a reader`);
  }

  assert.deepEqual(await snapshot(test), before);
});

Deno.test("createRelation does not find a downstream task that is not visible", async () => {
  await using test = await openTestDatabase();
  const world = await openTwoProjects(test);
  const mixed = { ...world.own, taskIds: [world.foreign.taskIds[0], world.own.taskIds[0]] } as const;
  const { createRelation } = mutations;
  assert.ok(typeof createRelation === "function");

  assert.equal(
    await codeOf(world, `createRelation${createRelation(mixed)}`, world.restricted),
    "NOT_FOUND",
  );
});

Deno.test("cancelAllRuns and deleteLogs leave alone what is not visible", async () => {
  await using test = await openTestDatabase();
  const world = await openTwoProjects(test);
  const { api, restricted, reader, own, foreign } = world;
  const cancel = (call: string) => `mutation { cancelAllRuns${call} { ... on CancelledPayload { count } } }`;
  const remove = `mutation { deleteLogs(filter: { from: "2000-01-01T00:00:00Z" }) {
    ... on DeletedLogsPayload { deletedLines } } }`;

  const hidden = await api.ask(cancel(`(project: "${HIDDEN}")`), {}, restricted);
  const container = encodeId("Container", own.containerId);
  const other = await api.ask(cancel(`(containerId: "${container}")`), {}, restricted);
  const cancelled = await api.ask(cancel(""), {}, restricted);
  const removed = await api.ask(remove, {}, restricted);

  assert.equal(hidden.data.cancelAllRuns.count, 0);
  assert.equal(other.data.cancelAllRuns.count, 0);
  assert.equal(cancelled.data.cancelAllRuns.count, 2);
  assert.equal((await api.domain.run(foreign.activeRunId)).stopCause, null);
  assert.equal(removed.data.deleteLogs.deletedLines, 1);
  const left = await test.sql`select distinct project_id::int as id from log_chunks`;
  assert.deepEqual(left.map(({ id }) => id), [foreign.projectId]);
  assert.equal(await codeOf(world, "cancelAllRuns", reader), "FORBIDDEN");
  assert.equal(await codeOf(world, "moveTasks(moves: [])", reader), "FORBIDDEN");
  assert.equal(await codeOf(world, `deleteLogs(filter: { attempt: 1 })`, reader), "FORBIDDEN");
});

async function codeOf({ api }: TwoProjects, call: string, viewer: Viewer): Promise<unknown> {
  const answer = await api.ask(`mutation { answer: ${call} { ... on Error { code } } }`, {}, viewer);
  return answer.errors?.[0]?.message ?? answer.data.answer.code;
}

/** Everything that a mutation here could change. */
async function snapshot({ sql }: TestDatabase): Promise<unknown> {
  const tables = ["projects", "containers", "tasks", "relations", "runs", "task_runs", "container_changes"];
  return await Promise.all(
    tables.map(async (table) => [table, ...await sql`select * from ${sql(table)} order by id`]),
  );
}
