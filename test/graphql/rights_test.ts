/** What a viewer may change: by every mutation of the schema, in a project that is not visible and in one that is. */
import assert from "node:assert/strict";
import { encodeId } from "../../schema/ids.ts";
import { type ProjectRole, projectRoles } from "../../schema/states.ts";
import { buildSchema } from "../../schema/graphql/mod.ts";
import type { Viewer } from "../../server/domain/accounts/interface.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { HIDDEN, openTwoProjects, type Things, type TwoProjects } from "../support/two_projects.ts";

/** Concern the viewer's own account or marks alone, and need no right. */
const ownAccount = "own account";
/** Concern many things at once: those where the viewer has the right. */
const many = "many";
/** Concern the installation, which is for administrators alone. */
const installation = "installation";

/** How each mutation is asked for something of a project. */
const mutations: Readonly<
  Record<string, ((things: Things) => string) | typeof ownAccount | typeof many | typeof installation>
> = {
  cancelAllRuns: many,
  cancelRun: ({ activeRunId }) => `(id: "${encodeId("Run", activeRunId)}")`,
  cancelTaskRun: ({ activeTaskRunId }) => `(id: "${encodeId("TaskRun", activeTaskRunId)}")`,
  changePassword: ownAccount,
  copyContainer: ({ containerId }) => `(id: "${encodeId("Container", containerId)}", name: "copy")`,
  createApiToken: ownAccount,
  createContainer: ({ slug }) => `(input: { project: "${slug}", name: "new" })`,
  createProject: ({ slug }) => `(input: { slug: "new-below", name: "new", parent: "${slug}" })`,
  createRelation: ({ taskIds: [first, second] }) =>
    `(input: { upstreamId: "${encodeId("Task", second)}", downstreamId: "${encodeId("Task", first)}" })`,
  applyFiles: ({ slug }) => `(project: "${slug}", files: [])`,
  importCrontab: ({ slug }) => `(input: { project: "${slug}", kind: USER, source: "x", text: "" })`,
  createTask: ({ containerId }) =>
    `(input: { containerId: "${encodeId("Container", containerId)}", name: "new", command: ":" })`,
  createUser: installation,
  deleteContainer: ({ containerId }) => `(id: "${encodeId("Container", containerId)}")`,
  deleteLogs: many,
  deleteProject: ({ slug }) => `(slug: "${slug}")`,
  deleteRelation: ({ relationId }) => `(id: "${encodeId("Relation", relationId)}")`,
  deleteVariable: ({ variableId }) => `(id: "${encodeId("Variable", variableId)}")`,
  deleteTask: ({ taskIds: [first] }) => `(id: "${encodeId("Task", first)}")`,
  deleteUser: installation,
  markMessagesRead: ownAccount,
  moveContainer: ({ containerId }) =>
    `(containerId: "${encodeId("Container", containerId)}", project: "default")`,
  moveTasks: ({ taskIds: [first] }) =>
    `(moves: [{ taskId: "${encodeId("Task", first)}", position: { x: 7, y: 7 } }])`,
  pause: ({ slug }) => `(project: "${slug}", reason: "why")`,
  resetPassword: installation,
  resume: ({ slug }) => `(project: "${slug}")`,
  restoreVersion: ({ containerId }) => `(containerId: "${encodeId("Container", containerId)}", version: 2)`,
  retryRun: ({ runId }) => `(id: "${encodeId("Run", runId)}")`,
  revokeApiToken: ownAccount,
  rotateApiToken: ownAccount,
  runTask: ({ taskIds: [first] }) => `(taskId: "${encodeId("Task", first)}")`,
  saveContainer: ({ containerId }) =>
    `(input: { container: { id: "${encodeId("Container", containerId)}" }, tasks: [], relations: [] })`,
  setFavorite: ownAccount,
  setMember: ({ slug }) => `(project: "${slug}", role: VIEWER, userId: "${encodeId("User", 1)}")`,
  setVariable: ({ slug }) => `(input: { project: "${slug}", name: "NEW", value: "new" })`,
  signIn: ownAccount,
  signOut: ownAccount,
  triggerRun: ({ containerId }) => `(containerId: "${encodeId("Container", containerId)}")`,
  updateAgent: ({ agentId }) => `(input: { id: "${encodeId("Agent", agentId)}", cordoned: true })`,
  updateContainer: ({ containerId }) =>
    `(input: { id: "${encodeId("Container", containerId)}", timeoutSeconds: 7 })`,
  updateProject: ({ slug }) => `(slug: "${slug}", logRetentionDays: 7)`,
  updateRelation: ({ relationId }) => `(id: "${encodeId("Relation", relationId)}", condition: ALWAYS)`,
  updateUser: installation,
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

/** What each role may do more than the one before it. */
const added: Readonly<Record<ProjectRole, readonly string[]>> = {
  VIEWER: [],
  OPERATOR: ["cancelRun", "cancelTaskRun", "pause", "resume", "retryRun", "runTask", "triggerRun"],
  EDITOR: [
    "applyFiles",
    "copyContainer",
    "createContainer",
    "createRelation",
    "createTask",
    "deleteContainer",
    "deleteRelation",
    "deleteTask",
    "deleteVariable",
    "importCrontab",
    "moveTasks",
    "restoreVersion",
    "saveContainer",
    "setVariable",
    "updateContainer",
    "updateRelation",
    "updateTask",
  ],
  ADMIN: ["createProject", "deleteProject", "moveContainer", "setMember", "updateAgent", "updateProject"],
};

Deno.test("each role may do what the roles below it may, and what is added for it", async () => {
  await using test = await openTestDatabase();
  const world = await openTwoProjects(test);
  const known = Object.entries(mutations).flatMap(([name, call]) => typeof call === "string" ? [] : [name]);
  assert.deepEqual(Object.values(added).flat().sort(), known.sort());

  // The highest role last: what it deletes is there for the others.
  for (const [index, role] of projectRoles.entries()) {
    const viewer = { ...world.reader, roles: new Map([[world.own.projectId, role]]) };
    const may = projectRoles.slice(0, index + 1).flatMap((lower) => added[lower]);
    for (const [name, call] of Object.entries(mutations)) {
      if (typeof call === "string") continue;
      const code = await codeOf(world, `${name}${call(world.own)}`, viewer);
      if (may.includes(name)) assert.notEqual(code, "FORBIDDEN", `${name} by ${role}`);
      else assert.equal(code, "FORBIDDEN", `${name} by ${role}`);
    }
  }
});

Deno.test("variables of a run are for those who may change commands", async () => {
  await using test = await openTestDatabase();
  const world = await openTwoProjects(test);
  const { containerId, taskIds: [task] } = world.own;
  const as = (role: ProjectRole) => ({ ...world.reader, roles: new Map([[world.own.projectId, role]]) });
  for (
    const call of [
      `triggerRun(containerId: "${encodeId("Container", containerId)}", environment: { A: "b" })`,
      `runTask(taskId: "${encodeId("Task", task)}", environment: { A: "b" })`,
    ]
  ) {
    assert.equal(await codeOf(world, call, as("OPERATOR")), "FORBIDDEN");
    assert.equal(await codeOf(world, call, as("EDITOR")), undefined);
  }
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

/** Mutations that leave no entry in the audit log, with the reason; those of accounts are in their own test. */
const UNRECORDED: Readonly<Record<string, string>> = {
  markMessagesRead: "changes what the viewer has read, and nothing else",
  changePassword: "test/domain/accounts/accounts_test.ts",
  createApiToken: "test/domain/accounts/accounts_test.ts",
  rotateApiToken: "test/domain/accounts/accounts_test.ts",
  setFavorite: "changes what the viewer has marked, and nothing else",
  revokeApiToken: "test/domain/accounts/accounts_test.ts",
  createUser: "test/domain/accounts/teams_test.ts",
  deleteUser: "test/domain/accounts/teams_test.ts",
  resetPassword: "test/domain/accounts/teams_test.ts",
  updateUser: "test/domain/accounts/teams_test.ts",
  signIn: "test/domain/accounts/accounts_test.ts",
  signOut: "test/domain/accounts/accounts_test.ts",
};
/** In this order, after all others: each takes away what another one needs. */
const LAST = [
  "cancelTaskRun",
  "cancelRun",
  "cancelAllRuns",
  "deleteRelation",
  "createRelation",
  "deleteTask",
  "deleteVariable",
  "saveContainer",
  "restoreVersion",
  "moveContainer",
  "deleteContainer",
  "deleteProject",
];

/** Of many projects, of a new one, or of none. */
const ELSEWHERE = ["createProject", "deleteContainer", "deleteLogs", "deleteProject", "moveContainer"];

Deno.test("every mutation leaves an entry in the audit log, in its own project and with its author", async () => {
  await using test = await openTestDatabase();
  const { api, own, unrestricted, reader } = await openTwoProjects(test);
  const user = encodeId("User", reader.userId ?? 0);
  const viewer = { ...unrestricted, address: "192.0.2.7" };
  const first = Object.keys(mutations).filter((name) => !LAST.includes(name));
  const unlike: Readonly<Record<string, string>> = {
    restoreVersion: `(containerId: "${encodeId("Container", own.containerId)}", version: 1)`,
    cancelAllRuns: "",
    setMember: `(project: "${own.slug}", role: VIEWER, userId: "${user}")`,
    moveContainer: `(containerId: "${encodeId("Container", own.containerId)}", project: "${HIDDEN}")`,
    deleteProject: `(slug: "emptied")`,
    createProject: `(input: { slug: "emptied", name: "Emptied" })`,
    applyFiles:
      `(project: "${own.slug}", files: [{ path: "a.yaml", text: "kind: container/v1\\nname: from a file\\n" }])`,
    importCrontab: `(input: { project: "${own.slug}", kind: USER, source: "y", text: "* * * * * true\\n" })`,
    deleteLogs: `(filter: { from: "2000-01-01T00:00:00Z" })`,
  };

  for (const name of [...first, ...LAST]) {
    const argumentsOf = mutations[name];
    if (Object.hasOwn(UNRECORDED, name)) continue;
    const before = await newestEntry(test);
    const call = unlike[name] ?? (typeof argumentsOf === "function" ? argumentsOf(own) : "");
    const { data, errors } = await api.ask(
      `mutation { answer: ${name}${call} { __typename ... on Error { message } } }`,
      {},
      viewer,
    );
    assert.equal(errors, undefined, name);
    assert.equal(data.answer.message, undefined, `${name}: ${data.answer.message}`);

    const entry = await newestEntry(test);
    assert.ok(entry.id > before.id, `${name} has no entry`);
    assert.equal(entry.actor_name, viewer.username);
    assert.equal(entry.address, "192.0.2.7");
    if (!ELSEWHERE.includes(name)) assert.equal(Number(entry.project_id), own.projectId, name);
  }
  const [sound] = await test
    .sql`select count(*)::int as count from audit_entries where changes::text like '%=%secret%'`;
  assert.equal(sound?.count, 0);
});

Deno.test("audit is for administrators, selects by its filter, and records what is forbidden once a minute", async () => {
  await using test = await openTestDatabase();
  const { api, own, unrestricted, reader } = await openTwoProjects(test);
  const rename = `mutation { updateContainer(input: { id: "${
    encodeId("Container", own.containerId)
  }", name: "new" }) {
    ... on Error { code } } }`;
  await api.ask(rename, {}, reader);
  await api.ask(rename, {}, reader);
  await api.ask(rename, {}, unrestricted);
  const read = (filter: string, viewer: Viewer) =>
    api.ask(
      `{ audit(filter: { ${filter} }) { edges { node { id action actorName subject subjectId changes source project { slug } } } } }`,
      {},
      viewer,
    );
  const nodes = async (filter: string) => {
    const { data, errors } = await read(filter, unrestricted);
    assert.equal(errors, undefined);
    return data.audit.edges.map(({ node }: { readonly node: unknown }) => node);
  };

  const [renamed, ...others] = await nodes(
    `subjectId: "${encodeId("Container", own.containerId)}", action: "container.update"`,
  );
  const denied = await nodes(`action: "access."`);

  assert.deepEqual(others, []);
  assert.deepEqual(renamed.changes, { name: { before: "shown ended", after: "new" } });
  assert.deepEqual([renamed.subject, renamed.source, renamed.project.slug], [
    'container "shown ended"',
    "CONSOLE",
    "default",
  ]);
  assert.deepEqual(
    denied.map(({ action, subject, actorName }: Record<string, string>) => [action, subject, actorName]),
    [
      ["access.denied", 'call "updateContainer"', "reader"],
    ],
  );
  assert.deepEqual(await nodes(`to: "2000-01-01T00:00:00Z"`), []);
  assert.deepEqual(await nodes(`project: "${HIDDEN}", action: "variable.delete"`), []);
  assert.equal((await read("", reader)).errors?.[0]?.extensions?.code, "FORBIDDEN");
  const asked = await api.ask(`{ node(id: "${renamed.id}") { id } }`, {}, reader);
  assert.equal(asked.data.node, null);
});

async function newestEntry(
  { sql }: TestDatabase,
): Promise<Record<string, unknown> & { readonly id: number }> {
  const [entry] = await sql<(Record<string, unknown> & { id: number })[]>`
    select * from audit_entries order by id desc limit 1`;
  return entry ?? { id: 0 };
}

async function codeOf({ api }: TwoProjects, call: string, viewer: Viewer): Promise<unknown> {
  const answer = await api.ask(`mutation { answer: ${call} { ... on Error { code } } }`, {}, viewer);
  return answer.errors?.[0]?.message ?? answer.data.answer.code;
}

/** Everything that a mutation here could change. */
async function snapshot({ sql }: TestDatabase): Promise<unknown> {
  const tables = [
    "projects",
    "containers",
    "tasks",
    "relations",
    "runs",
    "task_runs",
    "container_changes",
    "variables",
  ];
  return await Promise.all(
    tables.map(async (table) => [table, ...await sql`select * from ${sql(table)} order by id`]),
  );
}
