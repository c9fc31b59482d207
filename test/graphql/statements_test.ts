/** How many statements a page costs: as many for fifty rows as for one. */
import assert from "node:assert/strict";
import { encodeId } from "../../schema/ids.ts";
import { logRow, openApi, type TestApi } from "../support/api.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";

const ROWS = 50;

const RUN_FIELDS = `
  id state containerName container { name } project { slug } startedBy { username } retryOf { id }
  taskRuns { id name state command position { x y } attempt attempts { number state agent { name } } agent { name } task { name } }
  relations { condition upstream { id } downstream { id } }`;

/** Document and how many statements it costs, whatever the page's size. */
const pages: readonly (readonly [string, string, number])[] = [
  [
    "containers",
    `query ($size: Int) { containers(first: $size) {
      edges { cursor node { id name expression timezone overlap nextFires lastRun { id state cause createdAt finishedAt } project { slug } } }
    } }`,
    1,
  ],
  // Which containers are in a state is asked first, for the page and its count alike.
  [
    "containers with their recent runs, by next fire",
    `query ($size: Int) { containers(first: $size, orderBy: NEXT_FIRE, filter: { states: [RUNNING] }) {
      edges { cursor node { id name nextFires lastRun { id state } recentRuns { id state startedAt finishedAt } } }
    } }`,
    2,
  ],
  [
    "messages",
    `query ($size: Int) { messages(first: $size) {
      edges { node { id kind at text read containerName container { name } run { state } actor { username } } } unreadCount
    } }`,
    2,
  ],
  [
    "containers with their count",
    `query ($size: Int) { containers(first: $size) {
      edges { node { id name expression nextFires lastRun { id state } project { slug } } }
      pageInfo { hasNextPage hasPreviousPage endCursor } totalCount
    } }`,
    2,
  ],
  [
    "containers with tasks and relations",
    `query ($size: Int) { containers(first: $size) {
      edges { node { name tasks { id name command join position { x y } } relations { id condition upstream { id name } downstream { id name } } } }
    } }`,
    1,
  ],
  // The newest run and a page of runs are two questions about one link: the second is asked for all rows at once.
  [
    "containers with a page of runs each",
    `query ($size: Int) { containers(first: $size) {
      edges { node { name lastRun { id } runs(first: 3) { edges { node { id state } } pageInfo { hasNextPage } } } }
    } }`,
    2,
  ],
  ["runs", `query ($size: Int) { runs(first: $size) { edges { node { ${RUN_FIELDS} } } } }`, 1],
  [
    "runs with names along the relations",
    `query ($size: Int) { runs(first: $size) {
      edges { node { id relations { upstream { name state } downstream { name command } } } }
      totalCount pageInfo { hasNextPage }
    } }`,
    3,
  ],
  [
    "task runs",
    `query ($size: Int) { taskRuns(first: $size) {
      edges { node { id name state run { id containerName startedBy { username } } agent { name online running } } }
    } }`,
    1,
  ],
  [
    "tasks",
    `query ($size: Int) { tasks(first: $size) { edges { node { id name command container { name project { slug } } } } totalCount } }`,
    2,
  ],
  [
    "projects",
    "{ projects { edges { node { slug containers(first: 3) { edges { node { name lastRun { state } } } } } } } }",
    1,
  ],
  [
    "log lines with their task runs",
    `query ($size: Int) { logs(first: $size, filter: {}) {
      edges { node { text taskRun { id name run { id containerName } } } }
    } }`,
    1,
  ],
];

Deno.test(
  {
    name: `a page costs the same statements for ${ROWS} rows as for one`,
  },
  async () => {
    await using test = await openTestDatabase();
    const api = await openSeeded(test);

    for (const [name, document, expected] of pages) {
      for (const size of [1, ROWS]) {
        assert.equal(await count(api, test, document, { size }), expected, `${name}, page of ${size}`);
      }
    }
  },
);

Deno.test("a run, a container and a node cost one statement each", async () => {
  await using test = await openTestDatabase();
  const api = await openSeeded(test, 2);
  const runId = encodeId("Run", 1);

  assert.equal(
    await count(api, test, `{ run(id: "${runId}") { ${RUN_FIELDS} } }`, {}),
    1,
    "definition in memory",
  );
  assert.equal(
    await count(
      api,
      test,
      '{ container(name: "container 1") { tasks { name } lastRun { taskRuns { state } } } }',
      {},
    ),
    1,
  );
  assert.equal(
    await count(api, test, `{ node(id: "${runId}") { id ... on Run { state container { name } } } }`, {}),
    1,
  );
  assert.equal(await count(api, test, "{ viewer { username admin } }", {}), 1);
  assert.equal(await count(api, test, "{ agents { name online running capacity } }", {}), 1);
  assert.equal(await count(api, test, '{ node(id: "garbage") { id } }', {}), 0);
});

/** Each container has a task that leads to another, and one run of both, all of different versions. */
async function openSeeded(test: TestDatabase, containers = ROWS + 1): Promise<TestApi> {
  const rows = Array.from({ length: ROWS }, (_, index) => logRow(1 + index, index));
  const logs = { search: () => Promise.resolve({ rows, hasNextPage: false, hasPreviousPage: false }) };
  const api = await openApi(test.db, { logs });
  const first = await api.domain.container({ expression: "@hourly" });
  await api.domain.relation(await api.domain.task(first, "one"), await api.domain.task(first, "two"));
  for (let n = 1; n < containers; n++) {
    await api.app.containers.copy(api.domain.viewer, { id: first, name: `copy ${n}` });
  }
  for (let id = 0; id < containers; id++) {
    await api.app.runs.trigger(api.domain.viewer, { containerId: first + id });
  }
  await api.domain.exchange();
  return api;
}

/** Statements of the second asking. The first costs at most one more: it reads the definitions that are not in memory. */
async function count(
  api: TestApi,
  test: TestDatabase,
  document: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<number> {
  test.statements();
  await api.ask(document, variables);
  const cold = test.statements().length;
  const answer = await api.ask(document, variables);
  const warm = test.statements().length;
  assert.equal(answer.errors, undefined);
  assert.ok(cold <= warm + 1, `${cold} statements at first, then ${warm}`);
  return warm;
}
