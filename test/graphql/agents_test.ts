import assert from "node:assert/strict";
import { agents } from "../../schema/tables/agent.ts";
import { openApi } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";

Deno.test("agents tell the server's own from that of another server on the same database", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  await test.db.insert(agents).values({ key: "other", name: "other server", capacity: 4 });

  const { data } = await api.ask("{ agents { name address local } }", {}, api.domain.viewer);

  const shown = data.agents.map(({ address, local }: Record<string, unknown>) => [address, local]);
  assert.deepEqual(shown.toSorted(), [[null, false], [null, true]]);
});

Deno.test("fleet selects agents by all that is said of them, and pages through them by name", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const plain = { capacity: 4 };
  await test.db.insert(agents).values([
    {
      ...plain,
      key: "a",
      name: "a",
      labels: ["gpu", "region:eu", "os:linux", "arch:x86_64"],
      lastSeenAt: new Date(),
    },
    { ...plain, key: "b", name: "b", labels: ["gpu"], cordoned: true, lastSeenAt: new Date(0) },
    { ...plain, key: "c", name: "c", projectIds: [1], weight: 7 },
  ]);
  const names = async (filter: object): Promise<string> => {
    const { data } = await api.ask(
      "query ($filter: AgentFilter) { fleet(filter: $filter) { totalCount edges { node { name } } } }",
      { filter },
      api.domain.viewer,
    );
    const found = data.fleet.edges.map(({ node }: { readonly node: { readonly name: string } }) => node.name);
    assert.equal(data.fleet.totalCount, found.length);
    return found.filter((name: string) => name !== "test").join();
  };

  assert.equal(await names({}), "a,b,c");
  assert.equal(await names({ labels: ["gpu"] }), "a,b");
  assert.equal(await names({ labels: ["gpu", "region:eu"] }), "a");
  assert.equal(await names({ labels: ['"a", {b}\\'] }), "");
  assert.equal(await names({ cordoned: true }), "b");
  assert.equal(await names({ health: ["OFFLINE"] }), "b");
  assert.equal(await names({ health: ["ONLINE", "NEVER_SEEN"] }), "a,c");
  assert.equal(await names({ health: [] }), "");
  assert.equal(await names({ nameContains: "B" }), "b");
  assert.equal(await names({ project: "default" }), "a,b,c");
  assert.equal(await names({ project: "elsewhere" }), "");
  const { data } = await api.ask(
    "{ fleet(first: 1) { edges { node { platform region health weight cordoned projects { slug } server { name } } } } }",
    {},
    api.domain.viewer,
  );
  assert.deepEqual(data.fleet.edges[0].node, {
    platform: "linux x86_64",
    region: "eu",
    health: "ONLINE",
    weight: 100,
    cordoned: false,
    projects: [{ slug: "default" }],
    server: null,
  });
});

Deno.test("fleet names the field of a label that no text can be", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);

  const { errors } = await api.ask(
    'query { fleet(filter: { labels: ["gpu", "\\u0000"] }) { totalCount } }',
    {},
    api.domain.viewer,
  );

  assert.deepEqual(errors?.map(({ message }: { readonly message: string }) => message), [
    "Cannot search: labels has a NUL character or more than 1000 characters",
  ]);
});
