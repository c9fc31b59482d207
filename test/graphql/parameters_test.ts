/** What a run is given, when it starts, what is repeated of it, and what a pause holds back. */
import assert from "node:assert/strict";
import { sql } from "drizzle-orm";
import { encodeId } from "../../schema/ids.ts";
import { promoteRuns } from "../../server/domain/runs/queue.ts";
import { fireDueSchedules } from "../../server/domain/schedules/fire_schedules.ts";
import { type Answer, openApi, type TestApi } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";

const REFUSAL = "... on Error { code message path }";
const CREATE = `mutation ($input: CreateContainerInput!) { createContainer(input: $input) {
  __typename ... on Container { id parameters { name title description schema required secret } } ${REFUSAL} } }`;
const UPDATE = `mutation ($input: UpdateContainerInput!) { updateContainer(input: $input) {
  __typename ... on Container { id version parameters { name } } ${REFUSAL} } }`;
const RUN = "id number state parameters startAt waitingFor { __typename } taskRuns { id name state }";
const TRIGGER = `mutation ($id: ID!, $parameters: JSON, $startAt: DateTime, $key: String) {
  triggerRun(containerId: $id, parameters: $parameters, startAt: $startAt, idempotencyKey: $key) {
    __typename ... on Run { ${RUN} } ${REFUSAL} } }`;
const RETRY = `mutation ($id: ID!, $from: [ID!]) { retryRun(id: $id, fromTaskRunIds: $from) {
  __typename ... on Run { ${RUN} } ${REFUSAL} } }`;
const PAUSE = `mutation ($reason: String!, $project: String) { pause(reason: $reason, project: $project) {
  __typename ... on Pause { reason since project { slug } pausedBy { username } } ${REFUSAL} } }`;
const RESUME = `mutation ($project: String) { resume(project: $project) { __typename ${REFUSAL} } }`;

const parameters = [
  { name: "DAY", schema: { type: "string", format: "date" }, required: true },
  { name: "COUNT", title: "How many", schema: { type: "integer", minimum: 1, maximum: 9, default: 3 } },
  { name: "KIND", schema: { enum: ["full", "part"] } },
  { name: "CODE", schema: { type: "string", pattern: "^[a-z]{2}$", maxLength: 2 } },
];

const test = (name: string, body: (api: TestApi) => Promise<void>): void => {
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await body(await openApi(opened.db));
  });
};

/** Of the one field of the answer: its path when it was refused. */
function pathOf({ data }: Answer): readonly string[] | null {
  const [answer] = Object.values(data) as { readonly path?: readonly string[] }[];
  return answer?.path ?? null;
}

async function createWith(
  api: TestApi,
  input: object,
): Promise<{ readonly id: number; readonly node: string }> {
  const { data } = await api.ask(CREATE, { input: { name: "c", ...input } });
  const node: string = data.createContainer.id;
  const [row] = await api.domain.db.execute<{ id: number }>(sql`select max(id) as id from containers`);
  return { id: row?.id ?? 0, node };
}

test("parameters are defined in order, with what was left out filled in", async (api) => {
  const { data } = await api.ask(CREATE, { input: { name: "c", parameters } });

  assert.deepEqual(data.createContainer.parameters.slice(0, 2), [
    {
      name: "DAY",
      title: null,
      description: "",
      schema: parameters[0]?.schema,
      required: true,
      secret: false,
    },
    {
      name: "COUNT",
      title: "How many",
      description: "",
      schema: parameters[1]?.schema,
      required: false,
      secret: false,
    },
  ]);
  const { id } = data.createContainer;
  const same = await api.ask(UPDATE, { input: { id, parameters } });
  assert.equal(same.data.updateContainer.version, 1);
  const fewer = await api.ask(UPDATE, { input: { id, parameters: [] } });
  assert.deepEqual(fewer.data.updateContainer, { __typename: "Container", id, version: 2, parameters: [] });
});

test("a definition that cannot be used is refused at the part that is wrong", async (api) => {
  const refused: readonly (readonly [object, readonly string[]])[] = [
    [{ name: "day", schema: {} }, ["name"]],
    [{ name: "ORRERY_DAY", schema: {} }, ["name"]],
    [{ name: "A", schema: { type: "text" } }, ["schema", "type"]],
    [{ name: "A", schema: { pattern: "(" } }, ["schema", "pattern"]],
    [{ name: "A", schema: { pattern: "(?=a)" } }, ["schema", "pattern"]],
    [{ name: "A", schema: { $ref: "https://example.org" } }, ["schema", "$ref"]],
    [{ name: "A", schema: { type: "integer", default: 1.5 } }, ["schema", "default"]],
    [{ name: "A", schema: { enum: [] } }, ["schema", "enum"]],
    [{ name: "A", schema: [] }, ["schema"]],
    [{ name: "A", schema: {}, secret: true }, ["secret"]],
  ];
  for (const [parameter, where] of refused) {
    const answer = await api.ask(CREATE, { input: { name: "c", parameters: [parameter] } });
    assert.deepEqual(pathOf(answer), ["input", "parameters", "0", ...where], JSON.stringify(parameter));
  }
  const twice = [{ name: "A", schema: {} }, { name: "A", schema: {} }];
  const answer = await api.ask(CREATE, { input: { name: "c", parameters: twice } });
  assert.deepEqual(pathOf(answer), ["input", "parameters", "1", "name"]);
});

test("triggerRun() checks values, and tasks get them as they are", async (api) => {
  const { id, node } = await createWith(api, { parameters });
  await api.domain.task(id, "a");
  const refused: readonly (readonly [unknown, readonly string[]])[] = [
    [{}, ["DAY"]],
    [{ DAY: "2026-02-30" }, ["DAY"]],
    [{ DAY: "2026-02-28", COUNT: 10 }, ["COUNT"]],
    [{ DAY: "2026-02-28", COUNT: "3" }, ["COUNT"]],
    [{ DAY: "2026-02-28", KIND: "other" }, ["KIND"]],
    [{ DAY: "2026-02-28", CODE: "; rm -rf /" }, ["CODE"]],
    [{ DAY: "2026-02-28", DATE: "x" }, ["DATE"]],
    [["2026-02-28"], []],
  ];
  for (const [values, where] of refused) {
    const answer = await api.ask(TRIGGER, { id: node, parameters: values });
    assert.deepEqual(pathOf(answer), ["parameters", ...where], JSON.stringify(values));
  }

  const values = { DAY: "2026-02-28", KIND: "full", CODE: "ab" };
  const { data } = await api.ask(TRIGGER, { id: node, parameters: values });

  const given = { DAY: "2026-02-28", COUNT: 3, KIND: "full", CODE: "ab" };
  assert.deepEqual(data.triggerRun.parameters, given);
  const { work } = await api.domain.exchange();
  const { DAY, COUNT, KIND, ORRERY_PARAMETERS } = work[0]?.environment ?? {};
  assert.deepEqual([DAY, COUNT, KIND], ["2026-02-28", "3", "full"]);
  assert.deepEqual(JSON.parse(ORRERY_PARAMETERS ?? ""), given);
});

test("runs of a container are counted from 1, and a repeated one has what it repeats was given", async (api) => {
  const { id, node } = await createWith(api, { parameters, overlap: "ALLOW" });
  await api.domain.task(id, "a");
  const other = await createWith(api, { name: "other" });
  await api.domain.task(other.id, "a");
  const values = { DAY: "2026-02-28", COUNT: 5 };
  const first = (await api.ask(TRIGGER, { id: node, parameters: values })).data.triggerRun;
  await api.domain.finish({ a: 1 });

  const again = (await api.ask(RETRY, { id: first.id })).data.retryRun;
  const elsewhere = (await api.ask(TRIGGER, { id: other.node })).data.triggerRun;

  assert.deepEqual([first.number, again.number, elsewhere.number], [1, 2, 1]);
  assert.deepEqual(again.parameters, values);
});

test("the same key with other values is refused", async (api) => {
  const { id, node } = await createWith(api, { parameters });
  await api.domain.task(id, "a");
  const values = { DAY: "2026-02-28", COUNT: 5 };

  const first = await api.ask(TRIGGER, { id: node, key: "k", parameters: values });
  const same = await api.ask(TRIGGER, { id: node, key: "k", parameters: { COUNT: 5, DAY: "2026-02-28" } });
  const different = await api.ask(TRIGGER, { id: node, key: "k", parameters: { DAY: "2026-02-27" } });

  assert.equal(same.data.triggerRun.id, first.data.triggerRun.id);
  assert.equal(different.data.triggerRun.code, "CONFLICT");
});

test("retryRun() runs again from the named task on, and keeps the rest", async (api) => {
  const { id, node } = await createWith(api, {});
  const [a, b, c] = [
    await api.domain.task(id, "a"),
    await api.domain.task(id, "b"),
    await api.domain.task(id, "c"),
  ];
  await api.domain.relation(a, b);
  await api.domain.relation(b, c);
  const run = (await api.ask(TRIGGER, { id: node })).data.triggerRun;
  await api.domain.finish();
  const taskRun = run.taskRuns.find(({ name }: { name: string }) => name === "b").id;

  const refused = await api.ask(RETRY, { id: run.id, from: [encodeId("TaskRun", 999_999)] });
  const again = (await api.ask(RETRY, { id: run.id, from: [taskRun] })).data.retryRun;

  assert.deepEqual(pathOf(refused), ["fromTaskRunIds"]);
  assert.deepEqual(again.taskRuns.map(({ state }: { state: string }) => state), [
    "SUCCEEDED",
    "READY",
    "PENDING",
  ]);
});

test("a run for later waits for its time, holds nobody up, and starts once", async (api) => {
  const { id, node } = await createWith(api, {});
  await api.domain.task(id, "a");
  const startAt = new Date(Date.now() + 3_600_000).toISOString();
  const far = new Date(Date.now() + 400 * 24 * 3_600_000).toISOString();

  const later = (await api.ask(TRIGGER, { id: node, startAt })).data.triggerRun;
  const tooFar = await api.ask(TRIGGER, { id: node, startAt: far });
  await promoteRuns(api.domain.ports);
  const now = (await api.ask(TRIGGER, { id: node })).data.triggerRun;
  await api.domain.finish();

  assert.deepEqual([later.state, later.startAt, later.waitingFor.__typename], [
    "QUEUED",
    startAt,
    "WaitingForTime",
  ]);
  assert.deepEqual(pathOf(tooFar), ["startAt"]);
  assert.equal(now.state, "RUNNING");
  await api.domain.db.execute(sql`update runs set start_at = clock_timestamp() where state = 'QUEUED'`);
  await promoteRuns(api.domain.ports);
  await promoteRuns(api.domain.ports);
  assert.deepEqual(api.domain.living(), []);
  const { work } = await api.domain.exchange();
  assert.equal(work.length, 1);
});

test("pause() records slots as skipped, holds queued runs, and resume() lets them go", async (api) => {
  const { id, node } = await createWith(api, { expression: "@every 1s", overlap: "QUEUE" });
  await api.domain.task(id, "a");
  await api.ask(TRIGGER, { id: node });
  const queued = (await api.ask(TRIGGER, { id: node })).data.triggerRun;

  const paused = await api.ask(PAUSE, { reason: "maintenance", project: "default" });
  await api.domain.finish();
  await promoteRuns(api.domain.ports);
  await api.domain.db.execute(
    sql`update schedules set next_fire_at = date_trunc('second', clock_timestamp())`,
  );
  await fireDueSchedules(api.domain.ports);

  const { reason, project, pausedBy } = paused.data.pause;
  assert.deepEqual([reason, project.slug, pausedBy.username], ["maintenance", "default", "admin"]);
  const held = await api.ask(
    `{ node(id: "${queued.id}") { ... on Run { state waitingFor { __typename } } } }`,
  );
  assert.deepEqual(held.data.node, { state: "QUEUED", waitingFor: { __typename: "WaitingForPause" } });
  const slots = await api.domain.db.execute<{ outcome: string; key: string }>(
    sql`select outcome, reason->>'key' as key from slots`,
  );
  assert.deepEqual(slots.map(({ outcome, key }) => [outcome, key]), [["SKIPPED", "SLOT_PAUSED"]]);
  assert.equal((await api.ask(RESUME, { project: "default" })).data.resume.__typename, "DeletedPayload");
  await promoteRuns(api.domain.ports);
  const { work } = await api.domain.exchange();
  assert.equal(work.length, 1);
});

test("pause() wants a reason and the right; what is not paused cannot go on", async (api) => {
  const { reader } = api.domain;

  const forbidden = await api.ask(PAUSE, { reason: "x" }, reader);
  const empty = await api.ask(PAUSE, { reason: " " });
  const unknown = await api.ask(PAUSE, { reason: "x", project: "none" });
  const idle = await api.ask(RESUME);
  await api.ask(PAUSE, { reason: "first" });
  await api.ask(PAUSE, { reason: "second" });

  assert.equal(forbidden.data.pause.code, "FORBIDDEN");
  assert.deepEqual(pathOf(empty), ["reason"]);
  assert.deepEqual(pathOf(unknown), ["project"]);
  assert.equal(idle.data.resume.code, "NOT_FOUND");
  const { data } = await api.ask("{ pauses { reason project { slug } } }", {}, reader);
  assert.deepEqual(data.pauses, [{ reason: "second", project: null }]);
});

test("a slot whose run would lack a value is skipped and says which", async (api) => {
  const { id } = await createWith(api, { parameters, expression: "@every 1s" });
  await api.domain.task(id, "a");
  await api.domain.db.execute(
    sql`update schedules set next_fire_at = date_trunc('second', clock_timestamp())`,
  );

  await fireDueSchedules(api.domain.ports);

  const slots = await api.domain.db.execute<{ outcome: string; name: string }>(
    sql`select outcome, reason->'values'->>'name' as name from slots`,
  );
  assert.deepEqual(slots.map(({ outcome, name }) => [outcome, name]), [["SKIPPED", "DAY"]]);
});
