import assert from "node:assert/strict";
import { InvalidInputError } from "../../schema/errors.ts";
import type { LogRow } from "../../server/domain/logs/interface.ts";
import type { RunChange, WatchFilter } from "../../server/domain/watch/interface.ts";
import { encodeId } from "../../schema/ids.ts";
import { say } from "../../schema/sentences.ts";
import { type Answer, codes, logRow, openApi, type TestApi } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";

const NO_LINES = { rows: [], hasNextPage: false, hasPreviousPage: false };

Deno.test("runEvents reads the rows of a whole batch in two statements", async () => {
  await using test = await openTestDatabase();
  const batches: RunChange[][] = [];
  const api = await openApi(test.db, { watch: { runs: () => stream(batches) } });
  const runIds = await addRuns(api, 3);
  const gone = 999_999;
  batches.push(
    [...runIds.map((runId) => ({ runId, taskRunIds: [2 * runId - 1, 2 * runId] })), {
      runId: gone,
      taskRunIds: [],
    }],
    [{ runId: runIds[0] ?? 0, taskRunIds: [] }],
  );
  test.statements();

  const answers = await all(
    api,
    `subscription { runEvents {
    run { id state containerName container { name } } taskRuns { name state command run { id } } } }`,
  );

  // Two for the first batch; the second has no task runs to read.
  assert.equal(test.statements().length, 3);
  assert.deepEqual(answers.map(({ data }) => data.runEvents.length), [3, 1]);
  const [first] = answers[0]?.data.runEvents ?? [];
  assert.equal(first.run.id, encodeId("Run", runIds[0] ?? 0));
  assert.deepEqual(first.taskRuns.map((taskRun: { name: string }) => taskRun.name), ["a", "b"]);
  assert.deepEqual(answers[1]?.data.runEvents[0].taskRuns, []);
});

Deno.test("runEvents passes on what it is restricted to", async () => {
  await using test = await openTestDatabase();
  const filters: WatchFilter[] = [];
  const watch = {
    runs: (filter: WatchFilter) => {
      filters.push(filter);
      return stream([]);
    },
  };
  const api = await openApi(test.db, { watch });
  const [runId = 0] = await addRuns(api, 1);

  await all(api, "subscription { runEvents { run { id } } }");
  await all(api, `subscription { runEvents(runId: "${encodeId("Run", runId)}") { run { id } } }`);
  await all(api, `subscription { runEvents(containerId: "${encodeId("Container", 5)}") { run { id } } }`);
  await all(api, 'subscription { runEvents(containerId: "garbage") { run { id } } }');
  await all(api, 'subscription { runEvents(project: "default") { run { id } } }');
  await all(api, 'subscription { runEvents(project: "unknown") { run { id } } }');

  const none = { runId: undefined, containerId: undefined, visible: "all" };
  assert.deepEqual(filters, [
    none,
    { ...none, runId },
    { ...none, containerId: 5 },
    { ...none, containerId: 0 },
    { ...none, visible: [1] },
    { ...none, visible: [0] },
  ]);
});

Deno.test("a subscription to something unknown is refused before it begins", async () => {
  await using test = await openTestDatabase();
  const refused = new InvalidInputError(say("LOG_CURSOR", { cursor: "x" }), ["after"]);
  const api = await openApi(test.db, { logs: { ofTaskRun: () => Promise.reject(refused) } });
  const [runId = 0] = await addRuns(api, 1);
  const run = encodeId("Run", runId);
  const cases: readonly (readonly [string, string])[] = [
    [`runEvents(runId: "${encodeId("Run", 999)}") { run { id } }`, "NOT_FOUND runId"],
    [`runEvents(runId: "${encodeId("Task", 1)}") { run { id } }`, "NOT_FOUND runId"],
    ['liveLog(runId: "x") { seq }', "NOT_FOUND runId"],
    [`taskRunLog(taskRunId: "${run}") { cursor }`, "NOT_FOUND taskRunId"],
    [`taskRunLog(taskRunId: "${encodeId("TaskRun", 1)}", after: "x") { cursor }`, "INVALID_INPUT after"],
    ['hostStats(agentId: "x") { running }', "NOT_FOUND agentId"],
    ["hostStats(everySeconds: 0) { running }", "INVALID_INPUT everySeconds"],
  ];

  for (const [field, code] of cases) {
    const answer = await api.watch(`subscription { ${field} }`);
    assert.ok(!(Symbol.asyncIterator in answer), field);
    assert.deepEqual(codes(answer), [code], field);
  }
});

Deno.test("containerEvents shows what is there, and null for what was deleted", async () => {
  await using test = await openTestDatabase();
  const changes: Parameters<typeof change>[] = [];
  const api = await openApi(test.db, {
    watch: { containers: () => stream([changes.map((made) => change(...made))]) },
  });
  const id = await api.domain.container({ name: "here" });
  changes.push([id, "UPDATED"], [id + 1, "DELETED"]);
  test.statements();

  const [answer] = await all(
    api,
    "subscription { containerEvents { kind containerId container { name project { slug } } } }",
  );

  assert.deepEqual(answer?.data.containerEvents, [
    {
      kind: "UPDATED",
      containerId: encodeId("Container", id),
      container: { name: "here", project: { slug: "default" } },
    },
    { kind: "DELETED", containerId: encodeId("Container", id + 1), container: null },
  ]);
  assert.equal(test.statements().length, 1);
});

Deno.test("taskRunLog and liveLog give lines with their task run", async () => {
  await using test = await openTestDatabase();
  const seen: unknown[] = [];
  const watch = {
    taskRunLog: (_visible: unknown, taskRunId: number, after: string | null) => {
      seen.push([taskRunId, after]);
      return stream([[logRow(1, 1), logRow(1, 2)]]);
    },
    liveLog: () => stream([[logRow(1, 3), logRow(2, 1)]]),
  };
  const api = await openApi(test.db, { watch, logs: { ofTaskRun: () => Promise.resolve(NO_LINES) } });
  await addRuns(api, 1);
  const id = encodeId("TaskRun", 1);

  const [log] = await all(
    api,
    `subscription { taskRunLog(taskRunId: "${id}", after: "line-0") { cursor node { seq text } } }`,
  );
  const [live] = await all(api, "subscription { liveLog { seq taskRun { id name } } }");

  assert.deepEqual(seen, [[1, "line-0"]]);
  assert.deepEqual(log?.data.taskRunLog, [
    { cursor: "line-1", node: { seq: 1, text: "line 1" } },
    { cursor: "line-2", node: { seq: 2, text: "line 2" } },
  ]);
  assert.deepEqual(live?.data.liveLog, [
    { seq: 3, taskRun: { id, name: "a" } },
    { seq: 1, taskRun: { id: encodeId("TaskRun", 2), name: "b" } },
  ]);
});

Deno.test("taskRunLog and liveLog give lines that are not complete to those who ask for them", async () => {
  await using test = await openTestDatabase();
  const half = { ...logRow(1, 3), partial: true as const };
  const lines = (partial: boolean | undefined): AsyncIterable<readonly LogRow[]> =>
    stream([partial ? [logRow(1, 2), half] : [logRow(1, 2)]]);
  const watch = {
    taskRunLog: (
      _visible: unknown,
      _id: number,
      _after: string | null,
      _signal: AbortSignal,
      partial?: boolean,
    ) => lines(partial),
    liveLog: (_filter: unknown, _signal: AbortSignal, partial?: boolean) => lines(partial),
  };
  const api = await openApi(test.db, { watch });
  await addRuns(api, 1);
  const id = encodeId("TaskRun", 1);

  const answers = [];
  for (const more of ["", ", partial: null", ", partial: true"]) {
    const [log] = await all(
      api,
      `subscription { taskRunLog(taskRunId: "${id}"${more}) { node { seq partial } } }`,
    );
    const [live] = await all(api, `subscription { liveLog(project: "default"${more}) { seq partial } }`);
    answers.push([log?.data.taskRunLog, live?.data.liveLog]);
  }

  const whole = { seq: 2, partial: false };
  const given = [whole, { seq: 3, partial: true }];
  assert.deepEqual(answers, [
    [[{ node: whole }], [whole]],
    [[{ node: whole }], [whole]],
    [given.map((node) => ({ node })), given],
  ]);
});

Deno.test("heartbeat and hostStats pass on what they are given", async () => {
  await using test = await openTestDatabase();
  const at = new Date("2026-01-01T00:00:00.007Z");
  const api = await openApi(test.db, {
    watch: {
      heartbeat: () => stream([at]),
      hostStats: (agentId, everySeconds) =>
        stream([{
          at,
          cpuPercent: everySeconds,
          memoryUsedBytes: agentId ?? -1,
          memoryTotalBytes: 2 ** 40,
          load: [0.5, 1, 2],
          processMemoryBytes: 1,
          running: 3,
          spoolUsedBytes: 4,
          spoolLimitBytes: 5,
        }]),
    },
  });
  const id = encodeId("Agent", api.domain.agentId);

  const [beat] = await all(api, "subscription { heartbeat }");
  const [own] = await all(
    api,
    "subscription { hostStats { cpuPercent memoryUsedBytes memoryTotalBytes load } }",
  );
  const [agent] = await all(
    api,
    `subscription { hostStats(agentId: "${id}", everySeconds: 60) { cpuPercent memoryUsedBytes } }`,
  );

  assert.equal(beat?.data.heartbeat, "2026-01-01T00:00:00.007Z");
  assert.deepEqual(own?.data.hostStats, {
    cpuPercent: 2,
    memoryUsedBytes: -1,
    memoryTotalBytes: 2 ** 40,
    load: [0.5, 1, 2],
  });
  assert.deepEqual(agent?.data.hostStats, { cpuPercent: 60, memoryUsedBytes: api.domain.agentId });
});

async function* stream<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}

function change(containerId: number, kind: "UPDATED" | "DELETED"): {
  readonly kind: "container";
  readonly change: "UPDATED" | "DELETED";
  readonly containerId: number;
  readonly projectId: number;
} {
  return { kind: "container", change: kind, containerId, projectId: 1 };
}

async function all(api: TestApi, document: string): Promise<Answer[]> {
  const answer = await api.watch(document);
  assert.ok(Symbol.asyncIterator in answer, JSON.stringify(answer));
  const answers: Answer[] = [];
  for await (const { data, errors } of answer) {
    assert.equal(errors, undefined);
    answers.push({ data: JSON.parse(JSON.stringify(data)) });
  }
  return answers;
}

/** Runs of one container with the tasks a and b; their task runs are numbered as they are made. */
async function addRuns(api: TestApi, count: number): Promise<number[]> {
  const containerId = await api.domain.container({ overlap: "ALLOW" });
  await api.domain.task(containerId, "a");
  await api.domain.task(containerId, "b");
  const ids = [];
  for (let n = 0; n < count; n++) ids.push(await api.app.runs.trigger(api.domain.viewer, { containerId }));
  return ids;
}
