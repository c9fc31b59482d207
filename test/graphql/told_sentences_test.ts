/** What the server has to say, in English and by key and values, wherever it is shown. */
import { deepStrictEqual as equal, match } from "node:assert/strict";
import { eq } from "drizzle-orm";
import { encodeId } from "../../schema/ids.ts";
import { schedules } from "../../schema/tables/schedule.ts";
import { fireDueSchedules } from "../../server/domain/schedules/fire_schedules.ts";
import { updateTask } from "../../server/domain/containers/tasks.ts";
import { openApi } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";
import { pass, triggerRun } from "../support/domain.ts";

const REASON = "reason reasonKey reasonValues";
const EXIT = { key: "EXIT_CODE", values: { code: 3 }, text: "Exit code 3" };

Deno.test("Run, TaskRun, Attempt and Message have the sentence, its key and its values", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const containerId = await api.domain.container();
  const first = await api.domain.task(containerId, "first");
  await api.domain.relation(first, await api.domain.task(containerId, "second"));
  const runId = await triggerRun(api.domain.ports, api.domain.viewer, { containerId });
  await api.domain.exchange();
  const query = `query ($id: ID!) {
    run(id: $id) { ${REASON} taskRuns { ${REASON} attempts { ${REASON} } } }
    messages { edges { node { text textKey textValues } } }
  }`;
  const before = await api.ask(query, { id: encodeId("Run", runId) });
  await api.domain.end({ first: 3 });

  const { run, messages } = (await api.ask(query, { id: encodeId("Run", runId) })).data;

  const none = { reason: null, reasonKey: null, reasonValues: null };
  equal(before.data.run, {
    ...none,
    taskRuns: [{ ...none, attempts: [none] }, { ...none, attempts: [] }],
  });
  const ended = { reason: "Exit code 3", reasonKey: "EXIT_CODE", reasonValues: { code: 3 } };
  const failed = { name: "first", why: EXIT, more: 0 };
  const text = 'Task "first" failed: Exit code 3';
  equal(run, {
    reason: text,
    reasonKey: "TASK_FAILED",
    reasonValues: failed,
    taskRuns: [{ ...ended, attempts: [ended] }, {
      reason: 'It waited for "first" to succeed, which ended failed',
      reasonKey: "TASK_WAITED",
      reasonValues: { name: "first", condition: "SUCCESS", ended: "FAILED" },
      attempts: [],
    }],
  });
  equal(messages.edges.map(({ node }: { node: unknown }) => node), [
    { text, textKey: "TASK_FAILED", textValues: failed },
  ]);
});

Deno.test("TaskRun.waitingFor has the sentence, its key and its values", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const containerId = await api.domain.container();
  await api.domain.relation(await api.domain.task(containerId, "a"), await api.domain.task(containerId, "b"));
  const runId = await triggerRun(api.domain.ports, api.domain.viewer, { containerId });

  const { data } = await api.ask(
    `query ($id: ID!) { run(id: $id) { taskRuns { waitingFor {
      ... on WaitingForUpstream { message messageKey messageValues }
      ... on WaitingForAgent { message messageKey messageValues }
      ... on WaitingForSlot { messageKey } } } } }`,
    { id: encodeId("Run", runId) },
  );

  equal(data.run.taskRuns[1].waitingFor, {
    message: 'It waits for the end of "a"',
    messageKey: "WAITS_FOR_TASKS",
    messageValues: { names: ["a"], more: 0 },
  });
});

Deno.test("ContainerVersion, Slot, MissedFire and Container.scheduleFault have them too", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const { ports, viewer } = api.domain;
  const containerId = await api.domain.container({ expression: "* * * * *" });
  const id = await api.domain.task(containerId, "a");
  await updateTask(ports, viewer, { id, command: "echo new", maxRetries: 2 });
  await api.domain.db.update(schedules).set({ expression: "61 * * * *" })
    .where(eq(schedules.containerId, containerId));
  await pass(test.db, 90);
  await fireDueSchedules(ports);
  const query = `query ($id: ID!) {
    container(id: $id) {
      scheduleFault scheduleFaultKey scheduleFaultValues
      slots(first: 1) { ${REASON} }
      versions(first: 1) { edges { node { summary summaryKey summaryValues } } }
    }
    didNotRun { ${REASON} }
  }`;

  const { container, didNotRun } = (await api.ask(query, { id: encodeId("Container", containerId) })).data;

  match(container.scheduleFault, /^Cannot read "61" in the minute/);
  equal(container.scheduleFaultKey, "CRON_FIELD");
  equal(container.scheduleFaultValues.quoted, "61");
  const [slot] = container.slots;
  equal([slot.reasonKey, slot.reason], [
    "SLOT_UNPLANNED",
    `The schedule cannot be planned: ${container.scheduleFault}`,
  ]);
  equal(slot.reasonValues.why.text, container.scheduleFault);
  equal(didNotRun[0], slot);
  equal(container.versions.edges[0].node, {
    summary: 'task "a" changed: command, maxRetries',
    summaryKey: "TASK_CHANGED",
    summaryValues: { name: "a", fields: ["command", "maxRetries"] },
  });
});
