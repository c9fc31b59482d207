/** What lists of containers take from their last runs, beside the same told from every run. */
import assert from "node:assert/strict";
import { sql } from "drizzle-orm";
import { openApi, type TestApi } from "../support/api.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { fillHistory } from "../support/history.ts";

const END = new Date("2026-11-01T00:00:00Z");

interface Listed {
  readonly name: string;
  readonly lastRun: { readonly state: string; readonly createdAt: string; readonly single: boolean } | null;
}

Deno.test({
  name: "containers() by their last run come as every run says",
  fn: async () => {
    await using test = await openTestDatabase();
    await fillContainers(test);
    await test.db.execute(sql`update runs set single = true where id % 3 = 0`);
    const api = await openApi(test.db);
    const list = async (page: string): Promise<readonly Listed[]> => {
      const { data, errors } = await api.ask(
        `{ containers(${page}) { edges { node { name lastRun { state createdAt single } } } totalCount } }`,
      );
      assert.equal(errors, undefined);
      const { edges, totalCount } = data.containers;
      assert.equal(totalCount >= edges.length, true);
      return edges.map(({ node }: { readonly node: Listed }) => node);
    };
    const all = await list("first: 500");
    assert.ok(all.every(({ lastRun }) => lastRun?.single !== true));
    const newest = all.map(({ lastRun }) => lastRun?.createdAt ?? "").toSorted().toReversed();

    // Few are told by the newest runs, twelve not, and more than there are not at all.
    for (const size of [1, 2, 5, 12, 500]) {
      const shown = await list(`first: ${size}, orderBy: LAST_RUN`);

      assert.deepEqual(shown.map(({ lastRun }) => lastRun?.createdAt ?? ""), newest.slice(0, size));
    }
    assert.deepEqual(
      (await readNames(api, "first: 2")).toSorted(),
      all.map(({ name }) => name).toSorted(),
    );
    for (const size of [1, 3, 500]) {
      const shown = await list(`first: ${size}, orderBy: LAST_RUN, filter: { nameContains: "1" }`);

      const named = all.filter(({ name }) => name.includes("1")).map(({ lastRun }) =>
        lastRun?.createdAt ?? ""
      );
      assert.deepEqual(
        shown.map(({ lastRun }) => lastRun?.createdAt ?? ""),
        named.toSorted().toReversed().slice(0, size),
      );
    }
    for (const states of [["FAILED"], ["CANCELLED", "SUCCEEDED"], ["RUNNING"], []]) {
      const shown = await list(`first: 500, filter: { states: [${states}] }`);

      const wanted = all.filter(({ lastRun }) => lastRun !== null && states.includes(lastRun.state));
      assert.deepEqual(shown, wanted, states.join());
    }
  },
});

Deno.test({
  name: "containers() by their last run puts all that ran at one instant in one order",
  fn: async () => {
    await using test = await openTestDatabase();
    await fillContainers(test);
    // More at once than the page looks at.
    await test.sql`update runs set created_at = ${END.toISOString()}
      where id in (select max(id) from runs group by container_id)`;
    const api = await openApi(test.db);
    const names = await readNames(api, "first: 3");

    const rows = await test.sql`select name from containers order by
      exists (select from runs where runs.container_id = containers.id) desc, id desc`;
    assert.deepEqual(names, rows.map(({ name }) => name));
  },
});

/** All of them by their last run, page by page. */
async function readNames(api: TestApi, page: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (let after = "", more = true; more;) {
    const { data } = await api.ask(`{ containers(${page}, orderBy: LAST_RUN ${after}) {
      edges { node { name } } pageInfo { hasNextPage endCursor } } }`);
    names.push(...data.containers.edges.map(({ node }: { readonly node: Listed }) => node.name));
    more = data.containers.pageInfo.hasNextPage;
    after = `, after: "${data.containers.pageInfo.endCursor}"`;
  }
  return names;
}

/** One ran most of all and last, some ran, two never did, and one that is gone had run last of all. */
async function fillContainers({ sql }: TestDatabase): Promise<void> {
  await sql`insert into projects (slug, name) values ('default', 'Default')`;
  await fillHistory(sql, { containers: 30, runs: 400, end: END });
  await sql`insert into containers (project_id, name) select id, 'never ran ' || n
    from projects, generate_series(1, 2) n`;
  await sql`update runs set created_at = created_at - interval '3 days'
    where container_id in (select id from containers where name like 'container %5')`;
  // The newest fifty are of the busy one, and three of a container that was deleted.
  await sql`update runs set number = 1000000 + id::integer, container_id = (select id from containers where name = 'busy container')
    where id in (select id from runs order by created_at desc limit 50)`;
  await sql`update runs set number = 1000000 + id::integer, container_id = 987654
    where id in (select id from runs order by created_at desc limit 3)`;
}
