/** Versions over the API: paged newest first, told as saveContainer takes them, restored. */
import assert from "node:assert/strict";
import { encodeId } from "../../schema/ids.ts";
import { openApi } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";

const PAGE = `query ($id: ID!, $first: Int, $after: String) { container(id: $id) {
  versions(first: $first, after: $after) {
    edges { node { version summary at author { username } definition } }
    pageInfo { hasNextPage endCursor }
  } } }`;
const TWO = `query ($id: ID!, $newer: Int!, $older: Int!) { container(id: $id) {
  newer: versionAt(version: $newer) { version definition }
  older: versionAt(version: $older) { version definition }
  none: versionAt(version: 99) { version }
} }`;
const RESTORE = `mutation ($id: ID!, $version: Int!, $expected: Int) {
  restoreVersion(containerId: $id, version: $version, expectedVersion: $expected) {
    __typename ... on Container { version tasks { name command } } ... on Error { code path }
  } }`;
const SAVE = `mutation ($input: SaveContainerInput!) { saveContainer(input: $input) {
  __typename ... on Container { version tasks { name command } } ... on Error { message } } }`;

Deno.test("versions are paged newest first, and each can be sent back", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const containerId = await api.domain.container();
  await api.domain.task(containerId, "a", { command: "echo a" });
  await api.domain.task(containerId, "b", { command: "echo b" });
  const id = encodeId("Container", containerId);

  const first = (await api.ask(PAGE, { id, first: 2 })).data.container.versions;
  const after = first.pageInfo.endCursor;
  const second = (await api.ask(PAGE, { id, first: 2, after })).data.container.versions;

  assert.deepEqual(
    first.edges.map(({ node }: Edge) => [node.version, node.summary, node.author.username]),
    [[3, 'task "b" added', "admin"], [2, 'task "a" added', "admin"]],
  );
  assert.equal(first.pageInfo.hasNextPage, true);
  assert.deepEqual(second.edges.map(({ node }: Edge) => node.version), [1]);
  assert.equal(second.pageInfo.hasNextPage, false);
  const { settings, tasks, relations } = first.edges[1].node.definition;
  const input = { container: { id, ...settings }, tasks, relations };
  const saved = (await api.ask(SAVE, { input })).data.saveContainer;
  assert.deepEqual(saved, {
    __typename: "Container",
    version: 4,
    tasks: [{ name: "a", command: "echo a" }],
  });
});

Deno.test("versionAt tells two versions beside each other, and null for none", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const containerId = await api.domain.container();
  await api.domain.task(containerId, "a");

  const { container } =
    (await api.ask(TWO, { id: encodeId("Container", containerId), newer: 2, older: 1 })).data;

  assert.deepEqual([container.newer.version, container.newer.definition.tasks.length], [2, 1]);
  assert.deepEqual([container.older.version, container.older.definition.tasks.length], [1, 0]);
  assert.equal(container.none, null);
});

Deno.test("restoreVersion answers the container, or names the argument that it refuses", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const containerId = await api.domain.container();
  await api.domain.task(containerId, "a", { command: "echo a" });
  const id = encodeId("Container", containerId);
  const restore = async (version: number, expected?: number): Promise<unknown> =>
    (await api.ask(RESTORE, { id, version, expected })).data.restoreVersion;

  assert.deepEqual(await restore(1, 1), {
    __typename: "ConflictError",
    code: "CONFLICT",
    path: ["expectedVersion"],
  });
  assert.deepEqual(await restore(9), { __typename: "NotFoundError", code: "NOT_FOUND", path: ["version"] });
  assert.deepEqual(await restore(1, 2), { __typename: "Container", version: 3, tasks: [] });
  assert.deepEqual(await restore(2), {
    __typename: "Container",
    version: 4,
    tasks: [{ name: "a", command: "echo a" }],
  });
});

interface Edge {
  readonly node: {
    readonly version: number;
    readonly summary: string;
    readonly author: { readonly username: string };
  };
}
