/** What people see of a task run that an agent has in hand and has not started. */
import assert from "node:assert/strict";
import { encodeId } from "../../schema/graphql/ids.ts";
import { triggerRun } from "../../server/domain/runs/trigger.ts";
import { openApi } from "../support/api.ts";
import { forEachDatabase } from "../support/database.ts";

const STATES = `query ($id: ID!, $states: [TaskRunState!]) {
  taskRuns(filter: { runId: $id, states: $states }) { edges { node { name state } } }
  agents { running }
}`;

forEachDatabase((database) => {
  Deno.test({
    name: `TaskRun.state is READY until its turn has come, in filters and counts too [${database.name}]`,
    ignore: database.missing,
  }, async () => {
    await using test = await database.open();
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
});
