/** How calls reach the domain, and how its refusals come back. */
import assert from "node:assert/strict";
import {
  ConflictError,
  InvalidCronError,
  LimitExceededError,
  NotRunningError,
  UnauthenticatedError,
} from "../../schema/errors.ts";
import { encodeId } from "../../schema/ids.ts";
import { say, textOf } from "../../schema/sentences.ts";
import { users } from "../../schema/tables/user.ts";
import { codes, NOW, openApi, SESSION_TOKEN } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";

const REFUSAL = "... on Error { code message path }";
const CRON_REFUSAL = "... on InvalidCronError { field offset length }";
const CYCLE_REFUSAL = "... on CycleError { cycle }";
const CREATE = `mutation ($input: CreateContainerInput!) { createContainer(input: $input) {
  __typename ... on Container { id name description enabled expression timezone overlap misfire timeoutSeconds version project { slug } tasks { id } lastRun { id } }
  ${REFUSAL} ${CRON_REFUSAL} } }`;
const UPDATE = `mutation ($input: UpdateContainerInput!) { updateContainer(input: $input) {
  __typename ... on Container { id name description expression timezone version } ${REFUSAL} } }`;
const SAVE = `mutation ($input: SaveContainerInput!) { saveContainer(input: $input) {
  __typename ... on Container { id version tasks { id name command } relations { upstream { name } downstream { name } condition } } ${REFUSAL} } }`;
const CREATE_TASK = `mutation ($input: CreateTaskInput!) { createTask(input: $input) {
  __typename ... on Task { id name command shell environment position { x y } container { name } } ${REFUSAL} } }`;
const UPDATE_TASK = `mutation ($input: UpdateTaskInput!) { updateTask(input: $input) {
  __typename ... on Task { name directory description environment } ${REFUSAL} } }`;
const RELATE = `mutation ($input: CreateRelationInput!) { createRelation(input: $input) {
  __typename ... on Relation { id condition upstream { name } downstream { name } } ${REFUSAL} ${CYCLE_REFUSAL} } }`;

Deno.test("createContainer answers the container with its defaults", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);

  const { createContainer } =
    (await api.ask(CREATE, { input: { name: "Night", expression: "0 3 * * *" } })).data;

  const { id, ...rest } = createContainer;
  assert.deepEqual(rest, {
    __typename: "Container",
    name: "Night",
    description: "",
    enabled: true,
    expression: "0 3 * * *",
    timezone: "UTC",
    overlap: "SKIP",
    misfire: "ONCE",
    timeoutSeconds: 0,
    version: 1,
    project: { slug: "default" },
    tasks: [],
    lastRun: null,
  });
  assert.equal((await api.ask(`{ node(id: "${id}") { __typename } }`)).data.node.__typename, "Container");
});

Deno.test("createContainer puts the argument's name in front of the refused field", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  await api.ask(CREATE, { input: { name: "taken" } });
  const refusal = async (input: object): Promise<unknown[]> => {
    const { __typename, code, path } = (await api.ask(CREATE, { input })).data.createContainer;
    return [__typename, code, path];
  };

  assert.deepEqual(await refusal({ name: "" }), ["InvalidInputError", "INVALID_INPUT", ["input", "name"]]);
  assert.deepEqual(await refusal({ name: "x".repeat(300) }), ["InvalidInputError", "INVALID_INPUT", [
    "input",
    "name",
  ]]);
  assert.deepEqual(await refusal({ name: "taken" }), ["ConflictError", "CONFLICT", ["input", "name"]]);
  assert.deepEqual(await refusal({ name: "a", timeoutSeconds: -1 }), [
    "InvalidInputError",
    "INVALID_INPUT",
    ["input", "timeoutSeconds"],
  ]);
  assert.deepEqual(await refusal({ name: "a", project: "nowhere" }), ["NotFoundError", "NOT_FOUND", [
    "input",
    "project",
  ]]);
  const cron =
    (await api.ask(CREATE, { input: { name: "a", expression: "0 25 * * *" } })).data.createContainer;
  assert.deepEqual([cron.__typename, cron.path, cron.field, cron.offset, cron.length], [
    "InvalidCronError",
    ["input", "expression"],
    1,
    2,
    2,
  ]);
  assert.equal((await api.ask("{ containers { totalCount } }")).data.containers.totalCount, 1);
});

Deno.test("updateContainer tells a field left out from null", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const input = { name: "c", description: "kept", expression: "@daily", timezone: "Europe/Berlin" };
  const { id } = (await api.ask(CREATE, { input })).data.createContainer;

  const renamed = (await api.ask(UPDATE, { input: { id, name: "d" } })).data.updateContainer;
  assert.deepEqual([
    renamed.name,
    renamed.description,
    renamed.expression,
    renamed.timezone,
    renamed.version,
  ], [
    "d",
    "kept",
    "@daily",
    "Europe/Berlin",
    1,
  ]);
  const cleared = (await api.ask(UPDATE, { input: { id, expression: null } })).data.updateContainer;
  assert.deepEqual([cleared.expression, cleared.version], [null, 2]);
  const refused = (await api.ask(UPDATE, { input: { id, name: null } })).data.updateContainer;
  assert.deepEqual([refused.code, refused.path], ["INVALID_INPUT", ["input", "name"]]);
  const stale =
    (await api.ask(UPDATE, { input: { id, name: "e", expectedVersion: 1 } })).data.updateContainer;
  assert.deepEqual([stale.code, stale.path], ["CONFLICT", ["input", "expectedVersion"]]);
});

Deno.test(
  "createTask, updateTask and createRelation build a graph and refuse what breaks it",
  async () => {
    await using test = await openTestDatabase();
    const api = await openApi(test.db);
    const [here, there] = [await api.domain.container(), await api.domain.container()];
    const task = async (containerId: number, name: string): Promise<string> => {
      const input = { containerId: encodeId("Container", containerId), name, command: ":" };
      return (await api.ask(CREATE_TASK, { input })).data.createTask.id;
    };
    const [a, b, foreign] = [await task(here, "a"), await task(here, "b"), await task(there, "x")];
    const relate = async (upstreamId: string, downstreamId: string): Promise<Record<string, unknown>> =>
      (await api.ask(RELATE, { input: { upstreamId, downstreamId } })).data.createRelation;

    const made = await relate(a, b);
    assert.deepEqual([made.__typename, made.condition, made.upstream, made.downstream], [
      "Relation",
      "SUCCESS",
      { name: "a" },
      { name: "b" },
    ]);
    const cycle = await relate(b, a);
    assert.equal(cycle.code, "CYCLE");
    assert.deepEqual([...(cycle.cycle as string[])].sort(), ["a", "b"]);
    assert.equal((await relate(a, b)).code, "CONFLICT");
    assert.equal((await relate(a, a)).code, "INVALID_INPUT");
    assert.equal((await relate(a, foreign)).code, "INVALID_INPUT");
    assert.equal((await relate(a, encodeId("Container", here))).code, "NOT_FOUND");
    const environment = { PATH: "/bin", "__proto__x": "1" };
    const updated = (await api.ask(UPDATE_TASK, { input: { id: a, environment } })).data.updateTask;
    assert.deepEqual(updated.environment, environment);
    const bad = (await api.ask(UPDATE_TASK, { input: { id: a, environment: { "1x": "" } } })).data.updateTask;
    assert.deepEqual([bad.code, bad.path], ["INVALID_INPUT", ["input", "environment", "1x"]]);
    const large = {
      containerId: encodeId("Container", here),
      name: "large",
      command: "#".repeat(2_000_000),
    };
    const refused = (await api.ask(CREATE_TASK, { input: large })).data.createTask;
    assert.deepEqual([refused.code, refused.path], ["INVALID_INPUT", ["input", "command"]]);
    assert.ok(refused.message.length < 500);
  },
);

Deno.test("saveContainer writes all or nothing", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const containerId = await api.domain.container();
  const kept = encodeId("Task", await api.domain.task(containerId, "kept"));
  await api.domain.task(containerId, "dropped");
  const id = encodeId("Container", containerId);
  const tasks = [{ id: kept, name: "kept", command: "echo 1" }, { name: "new", command: "echo 2" }];
  const relations = [{ upstream: "kept", downstream: "new", condition: "ALWAYS" }];

  const saved = (await api.ask(SAVE, { input: { container: { id }, tasks, relations } })).data.saveContainer;

  assert.deepEqual(
    saved.tasks.map((task: { name: string; command: string }) => [task.name, task.command]),
    [
      ["kept", "echo 1"],
      ["new", "echo 2"],
    ],
  );
  assert.equal(saved.tasks[0].id, kept);
  assert.deepEqual(saved.relations, [{
    upstream: { name: "kept" },
    downstream: { name: "new" },
    condition: "ALWAYS",
  }]);
  const wrong = {
    container: { id, name: "x" },
    tasks: [...tasks, { name: "", command: ":" }],
    relations: [],
  };
  const refused = (await api.ask(SAVE, { input: wrong })).data.saveContainer;
  assert.deepEqual([refused.code, refused.path], ["INVALID_INPUT", ["input", "tasks", "2", "name"]]);
  const after = (await api.ask(`{ container(id: "${id}") { version tasks { name } } }`)).data.container;
  assert.deepEqual(after, { version: saved.version, tasks: [{ name: "kept" }, { name: "new" }] });
});

Deno.test("moveTasks answers the tasks in the order given", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const containerId = await api.domain.container();
  const ids = [await api.domain.task(containerId, "a"), await api.domain.task(containerId, "b")];
  const moves = ids.toReversed().map((id) => ({
    taskId: encodeId("Task", id),
    position: { x: id, y: -0.5 },
  }));
  const document = `mutation ($moves: [MoveTaskInput!]!) { moveTasks(moves: $moves) {
    ... on TasksPayload { tasks { name position { x y } container { version } } } ${REFUSAL} } }`;
  const before =
    (await api.ask(`{ container(id: "${encodeId("Container", containerId)}") { version } }`)).data;

  const { tasks } = (await api.ask(document, { moves })).data.moveTasks;

  assert.deepEqual(tasks.map((task: { name: string }) => task.name), ["b", "a"]);
  assert.deepEqual(tasks[0].position, { x: ids[1], y: -0.5 });
  assert.equal(tasks[0].container.version, before.container.version);
  const unknown = [...moves, { taskId: encodeId("Run", 1), position: { x: 0, y: 0 } }];
  assert.equal((await api.ask(document, { moves: unknown })).data.moveTasks.code, "NOT_FOUND");
});

Deno.test("triggerRun answers the run as it is, and cancelRun after it", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const containerId = await api.domain.container();
  await api.domain.relation(
    await api.domain.task(containerId, "a"),
    await api.domain.task(containerId, "b"),
  );
  const run =
    "... on Run { id state cause containerName startedBy { username } taskRuns { name state } relations { upstream { name } downstream { name } } }";
  const trigger = `mutation { triggerRun(containerId: "${
    encodeId("Container", containerId)
  }") { __typename ${run} ${REFUSAL} } }`;

  const started = (await api.ask(trigger)).data.triggerRun;

  assert.deepEqual([started.__typename, started.state, started.cause, started.startedBy.username], [
    "Run",
    "RUNNING",
    "API",
    "admin",
  ]);
  assert.deepEqual(started.taskRuns, [{ name: "a", state: "READY" }, { name: "b", state: "PENDING" }]);
  assert.deepEqual(started.relations, [{ upstream: { name: "a" }, downstream: { name: "b" } }]);
  assert.equal((await api.ask(trigger)).data.triggerRun.code, "CONFLICT");
  const cancel = `mutation { cancelRun(id: "${started.id}") { __typename ${run} ${REFUSAL} } }`;
  assert.equal((await api.ask(cancel)).data.cancelRun.state, "CANCELLED");
  assert.equal((await api.ask(cancel)).data.cancelRun.__typename, "NotRunningError");
  const unknown =
    (await api.ask('mutation { cancelRun(id: "nothing") { ... on Error { code path } } }')).data;
  assert.deepEqual(unknown.cancelRun, { code: "NOT_FOUND", path: ["id"] });
  const deleted = (await api.ask(`mutation { deleteContainer(id: "${encodeId("Container", containerId)}") {
    ... on DeletedPayload { deletedId } ... on Error { message } } }`)).data.deleteContainer;
  assert.deepEqual(deleted, { deletedId: encodeId("Container", containerId) });
  const left = (await api.ask(
    `{ run(id: "${started.id}") { containerName container { id } relations { upstream { name task { id } } } } }`,
  )).data;
  assert.equal(left.run.container, null);
  assert.deepEqual(left.run.relations, [{ upstream: { name: "a", task: null } }]);
});

Deno.test("runTask shows a run of one task without relations", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const containerId = await api.domain.container();
  const [a, b] = [
    await api.domain.task(containerId, "a"),
    await api.domain.task(containerId, "b", { command: "echo b" }),
  ];
  await api.domain.relation(a, b);

  const { runTask } = (await api.ask(`mutation { runTask(taskId: "${encodeId("Task", b)}") {
    ... on Run { taskRuns { name command } relations { condition } } ${REFUSAL} } }`)).data;

  assert.deepEqual(runTask, { taskRuns: [{ name: "b", command: "echo b" }], relations: [] });
});

Deno.test("a viewer who may only look is FORBIDDEN to change", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);

  const { createContainer } = (await api.ask(CREATE, { input: { name: "x" } }, api.domain.reader)).data;

  assert.deepEqual([createContainer.__typename, createContainer.code], ["ForbiddenError", "FORBIDDEN"]);
});

Deno.test("signIn, changePassword and signOut set and clear the cookie", async () => {
  await using test = await openTestDatabase();
  const session = (userId: number) => ({ token: SESSION_TOKEN, expiresAt: new Date(NOW), userId });
  const seen: unknown[] = [];
  const api = await openApi(test.db, {
    accounts: {
      signIn: (input) => {
        seen.push(input);
        if (input.password !== "right") {
          return Promise.reject(new UnauthenticatedError(say("PASSWORD_WRONG", { action: "sign in" })));
        }
        return Promise.resolve(session(api.domain.viewer.userId));
      },
      changePassword: () => Promise.reject(new LimitExceededError(say("TOO_MANY_CHECKS"), null, 2.5)),
      signOut: () => Promise.resolve(),
    },
  });
  const signIn = (password: string): string =>
    `mutation { signIn(username: "admin", password: "${password}") { __typename
      ... on SignInPayload { token expiresAt user { id username } } ... on Error { code path } } }`;

  const good = (await api.ask(signIn("right"), {}, null)).data.signIn;
  const bad = (await api.ask(signIn("wrong"), {}, null)).data.signIn;
  const limited = (await api.ask(`mutation { changePassword(currentPassword: "a", newPassword: "b") {
    ... on LimitExceededError { code retryAfterSeconds } } }`)).data.changePassword;
  const out = (await api.ask("mutation { signOut }")).data.signOut;

  assert.deepEqual(good, {
    __typename: "SignInPayload",
    token: SESSION_TOKEN,
    expiresAt: "2026-01-01T00:00:00.000Z",
    user: { id: encodeId("User", api.domain.viewer.userId), username: "admin" },
  });
  assert.deepEqual(bad, { __typename: "UnauthenticatedError", code: "UNAUTHENTICATED", path: null });
  assert.deepEqual(limited, { code: "LIMIT_EXCEEDED", retryAfterSeconds: 2.5 });
  assert.equal(out, true);
  assert.deepEqual(api.cookies, [SESSION_TOKEN, ""]);
  assert.deepEqual(seen[0], { username: "admin", password: "right", address: "192.0.2.1" });
});

Deno.test(
  "a refusal that the union does not have becomes bad input or an error with its code",
  async () => {
    await using test = await openTestDatabase();
    const unread = say("CRON", { quoted: "x", why: say("CRON_EMPTY") });
    const refusals = [
      new InvalidCronError({ sentence: unread, field: 0, offset: 0, length: 1 }, ["environment"]),
      new UnauthenticatedError(say("STRANGER")),
      new ConflictError(say("CONTAINER_RUNS", { name: "nightly" }), ["containerId"]),
      new NotRunningError(say("ENDED_ALREADY", { action: "cancel run", state: "SUCCEEDED" })),
    ];
    const api = await openApi(test.db, { runs: { trigger: () => Promise.reject(refusals.shift()) } });
    const document =
      'mutation { triggerRun(containerId: "x") { __typename ... on Error { code path messageKey messageValues } } }';

    const cron = await api.ask(document);
    const unknown = await api.ask(document);
    const conflict = await api.ask(document);
    const over = await api.ask(document);

    assert.deepEqual(cron.data.triggerRun, {
      __typename: "InvalidInputError",
      code: "INVALID_INPUT",
      path: ["environment"],
      messageKey: "CRON",
      messageValues: {
        quoted: "x",
        why: { ...say("CRON_EMPTY"), text: textOf(say("CRON_EMPTY")) },
      },
    });
    assert.deepEqual([unknown.data, codes(unknown)], [null, ["UNAUTHENTICATED"]]);
    assert.deepEqual(unknown.errors?.[0]?.extensions, {
      code: "UNAUTHENTICATED",
      messageKey: "STRANGER",
      messageValues: {},
    });
    assert.deepEqual(conflict.data.triggerRun, {
      __typename: "ConflictError",
      code: "CONFLICT",
      path: ["containerId"],
      messageKey: "CONTAINER_RUNS",
      messageValues: { name: "nightly" },
    });
    assert.equal(over.data.triggerRun.__typename, "NotRunningError");
  },
);

Deno.test("people are looked up by themselves and by admins, where no project is shared", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  await api.domain.db.update(users).set({ passwordChangeRequired: true });
  const find = (id: number): string =>
    `{ node(id: "${encodeId("User", id)}") { ... on User { username passwordChangeRequired } } }`;
  const { viewer, reader } = api.domain;
  const alone = { ...reader, roles: new Map() };

  assert.deepEqual((await api.ask(find(reader.userId), {}, alone)).data.node, {
    username: "reader",
    passwordChangeRequired: true,
  });
  assert.equal((await api.ask(find(viewer.userId), {}, alone)).data.node, null);
  assert.deepEqual((await api.ask(find(reader.userId), {}, viewer)).data.node, {
    username: "reader",
    passwordChangeRequired: false,
  });
  assert.equal((await api.ask("{ viewer { username } }", {}, alone)).data.viewer.username, "reader");
});

Deno.test("an operation that costs too much is refused before anything is read", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  test.statements();

  const answer = await api.ask(`{ containers(first: 500) { edges { node {
    runs(first: 500) { edges { node { id state } } } } } } }`);

  assert.deepEqual(codes(answer), ["LIMIT_EXCEEDED"]);
  assert.deepEqual(test.statements(), []);
  assert.deepEqual(codes(await api.ask("{ logs(first: 5001, filter: {}) { edges { node { seq } } } }")), [
    "INVALID_INPUT first",
  ]);
});
