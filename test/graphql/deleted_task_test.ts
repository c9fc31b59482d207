/** A run stays what it was, whatever becomes of its definition meanwhile; and no edit gets lost because of a run. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { encodeId } from "../../schema/ids.ts";
import { updateContainer } from "../../server/domain/containers/containers.ts";
import { deleteTask, updateTask } from "../../server/domain/containers/tasks.ts";
import { openApi } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";
import { triggerRun } from "../support/domain.ts";

const RUN = `query ($id: ID!) { run(id: $id) {
  state containerName containerVersion
  taskRuns { name command state task { command } attempts { number exitCode } }
  relations { upstream { name } downstream { name } condition }
} }`;
const CONTAINER = `query ($id: ID!) { container(id: $id) {
  enabled maxParallel tasks { name command enabled } relations { condition }
} }`;

Deno.test("a run shows what ran of a task that was changed or deleted, and the edits stay", async () => {
  await using opened = await openTestDatabase();
  const api = await openApi(opened.db);
  const { domain } = api;
  const { ports, viewer } = domain;
  const containerId = await domain.container();
  const kept = await domain.task(containerId, "kept", { command: "echo as it was" });
  const gone = await domain.task(containerId, "gone", { command: "echo gone" });
  await domain.relation(kept, gone, "ALWAYS");
  const runId = await triggerRun(ports, viewer, { containerId });
  await domain.exchange();

  await updateTask(ports, viewer, { id: kept, command: "exit 9" });
  await deleteTask(ports, viewer, { id: gone });
  await updateContainer(ports, viewer, { id: containerId, enabled: false, maxParallel: 7 });
  await domain.end({ kept: 3 });
  await domain.end({ gone: 0 });

  const { data: { run } } = await api.ask(RUN, { id: encodeId("Run", runId) });
  const { data: { container } } = await api.ask(CONTAINER, { id: encodeId("Container", containerId) });
  equal([run.state, run.containerName, run.containerVersion], [
    "FAILED",
    "container 1",
    run.containerVersion,
  ]);
  equal(run.taskRuns, [
    {
      name: "kept",
      command: "echo as it was",
      state: "FAILED",
      task: { command: "exit 9" },
      attempts: [{ number: 1, exitCode: 3 }],
    },
    {
      name: "gone",
      command: "echo gone",
      state: "SUCCEEDED",
      task: null,
      attempts: [{ number: 1, exitCode: 0 }],
    },
  ]);
  equal(run.relations, [{
    upstream: { name: "kept" },
    downstream: { name: "gone" },
    condition: "ALWAYS",
  }]);
  equal(container, {
    enabled: false,
    maxParallel: 7,
    tasks: [{ name: "kept", command: "exit 9", enabled: true }],
    relations: [],
  });
});
