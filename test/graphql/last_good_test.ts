/** The run that a run is compared with. */
import assert from "node:assert/strict";
import { encodeId } from "../../schema/ids.ts";
import { openApi } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";

const LAST_GOOD = `query ($id: ID!) { run(id: $id) { lastGood { id state taskRuns { name command } } } }`;
const START =
  `mutation ($id: ID!) { triggerRun(containerId: $id) { ... on Run { id } ... on Error { message } } }`;
const START_ONE =
  `mutation ($id: ID!) { runTask(taskId: $id) { ... on Run { id } ... on Error { message } } }`;

Deno.test("Run.lastGood is the newest whole success of the container before the run, never a later one", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const containerId = await api.domain.container();
  const taskId = await api.domain.task(containerId, "a", { command: "echo a" });
  const other = await api.domain.container({ name: "other" });
  await api.domain.task(other, "a");
  const start = async (id: number, ending: number): Promise<string> => {
    const { data } = await api.ask(START, { id: encodeId("Container", id) });
    await api.domain.finish({ a: ending });
    return data.triggerRun.id;
  };
  const lastGood = async (id: string): Promise<{ id: string } | null> =>
    (await api.ask(LAST_GOOD, { id })).data.run.lastGood;
  const first = await start(containerId, 1);
  const second = await start(containerId, 0);
  const third = await start(containerId, 1);
  await start(other, 0);
  await api.ask(START_ONE, { id: encodeId("Task", taskId) });
  await api.domain.finish({});
  const fourth = await start(containerId, 1);

  const found = await Promise.all([first, second, third, fourth].map(lastGood));

  assert.deepEqual(found.map((run) => run?.id ?? null), [null, null, second, second]);
  assert.deepEqual(found[3], {
    id: second,
    state: "SUCCEEDED",
    taskRuns: [{ name: "a", command: "echo a" }],
  });
});
