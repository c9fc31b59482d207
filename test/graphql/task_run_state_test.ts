/** What people see of a task run that an agent has in hand and has not started. */
import assert from "node:assert/strict";
import { sql } from "drizzle-orm";
import { encodeId } from "../../schema/ids.ts";
import { openApi } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";
import { triggerRun } from "../support/domain.ts";

const STATES = `query ($id: ID!, $states: [TaskRunState!]) {
  taskRuns(filter: { runId: $id, states: $states }) { edges { node { name state } } }
  agents { running }
}`;

const READY_SINCE = `query ($before: DateTime!) {
  taskRuns(last: 5, filter: { states: [READY], readyBefore: $before }) { edges { node { name readyAt } } }
}`;

const STATES_OF = `query ($id: ID!) { run(id: $id) { taskRuns { id } } }`;

const BY_IDS = `query ($ids: [ID!]!) { taskRuns(filter: { ids: $ids }) { edges { node { id state } } } }`;

Deno.test("TaskRun.state is READY until its turn has come, in filters and counts too", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const { domain } = api;
  const containerId = await domain.container();
  for (const name of ["a", "b"]) await domain.task(containerId, name);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  await domain.exchange({ freeSlots: 1, ahead: 1 });
  const ask = async (states: readonly string[] | null): Promise<unknown> => {
    const { data } = await api.ask(STATES, { id: encodeId("Run", runId), states });
    return {
      running: data.agents[0].running,
      states: Object.fromEntries(
        data.taskRuns.edges.map((
          { node }: { node: { name: string; state: string } },
        ) => [node.name, node.state]),
      ),
    };
  };

  const answers = await Promise.all(
    [null, ["READY"], ["RUNNING"], ["RUNNING", "READY"], ["FAILED"]].map(ask),
  );

  assert.deepEqual(answers, [
    { running: 1, states: { a: "RUNNING", b: "READY" } },
    { running: 1, states: { b: "READY" } },
    { running: 1, states: { a: "RUNNING" } },
    { running: 1, states: { a: "RUNNING", b: "READY" } },
    { running: 1, states: {} },
  ]);
});

Deno.test("taskRuns() finds what has been ready since an instant", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const { domain } = api;
  const containerId = await domain.container();
  await domain.task(containerId, "long");
  await domain.task(containerId, "short");
  await triggerRun(domain.ports, domain.viewer, { containerId });
  await test.db.execute(sql`
    update task_runs set ready_at = case name when 'long' then '2026-01-01' else '2026-01-03' end::timestamptz`);

  const { data, errors } = await api.ask(READY_SINCE, { before: "2026-01-02T00:00:00.000Z" });

  assert.equal(errors, undefined);
  assert.deepEqual(data.taskRuns.edges, [
    { node: { name: "long", readyAt: "2026-01-01T00:00:00.000Z" } },
  ]);
});

Deno.test("taskRuns() finds those that are named, and passes over ids that name none", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const { domain } = api;
  const containerId = await domain.container();
  for (const name of ["a", "b", "c"]) await domain.task(containerId, name);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  const { data: all } = await api.ask(STATES_OF, { id: encodeId("Run", runId) });
  const [first, , last]: { id: string }[] = all.run.taskRuns;
  assert.ok(first !== undefined && last !== undefined);

  const { data } = await api.ask(BY_IDS, {
    ids: [last.id, first.id, encodeId("TaskRun", 987_654_321), encodeId("Run", runId), "garbage"],
  });
  const { data: none } = await api.ask(BY_IDS, { ids: [] });
  const { errors } = await api.ask(BY_IDS, { ids: Array.from({ length: 501 }, () => first.id) });

  const found = data.taskRuns.edges.map(({ node }: { node: { id: string } }) => node.id);
  assert.deepEqual(found.toSorted(), [first.id, last.id].toSorted());
  assert.deepEqual(none.taskRuns.edges, []);
  assert.equal(errors?.[0]?.message, "Cannot list task runs: 501 ids are more than 500");
});
