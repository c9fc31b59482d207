/** Why something does not run: every answer there is, and that many cost no more statements than one. */
import { deepStrictEqual as equal, match } from "node:assert/strict";
import { sql } from "drizzle-orm";
import { encodeId } from "../../schema/ids.ts";
import type { NewContainer } from "../../server/domain/containers/interface.ts";
import { openApi, type TestApi } from "../support/api.ts";
import { openTestDatabase, type TestDatabase } from "../support/database.ts";
import { triggerRun } from "../support/domain.ts";

const FIELDS = `waitingFor {
  __typename
  ... on WaitingForUpstream { message taskRuns { name } }
  ... on WaitingForSlot { message capacity heldBy { name } }
  ... on WaitingForRetry { message until attempt }
  ... on WaitingForAgent { message }
  ... on WaitingForRunLimit { message limit heldBy { name } }
  ... on WaitingForRun { message run { id } }
}`;

const test = (name: string, run: (api: TestApi, opened: TestDatabase) => Promise<void>): void =>
  Deno.test(name, async () => {
    await using opened = await openTestDatabase();
    await run(await openApi(opened.db), opened);
  });

test("TaskRun.waitingFor names the upstream tasks that have not ended", async (api) => {
  const { id, names } = await startRun(api, ["a", "b", "c"], [["a", "c"], ["b", "c"]]);
  await api.domain.exchange();
  const both = await waits(api, id);
  await api.domain.end({ a: 0 });

  equal(names, ["a", "b", "c"]);
  equal(both, {
    a: null,
    b: null,
    c: {
      __typename: "WaitingForUpstream",
      message: 'It waits for the end of "a", "b"',
      taskRuns: [{ name: "a" }, { name: "b" }],
    },
  });
  equal((await waits(api, id)).c.taskRuns, [{ name: "b" }]);
});

test("TaskRun.waitingFor names who holds the agents' slots", async (api) => {
  await setCapacity(api, 1);
  const { id } = await startRun(api, ["a", "b"]);
  const free = await waits(api, id);
  await api.domain.exchange({ freeSlots: 1 });

  const taken = await waits(api, id);

  equal(free.a, {
    __typename: "WaitingForSlot",
    message: "0 of 1 slots are taken: it starts in a moment",
    capacity: 1,
    heldBy: [],
  });
  equal(taken, {
    a: null,
    b: {
      __typename: "WaitingForSlot",
      message: "All 1 slots are taken",
      capacity: 1,
      heldBy: [{ name: "a" }],
    },
  });
});

test("TaskRun.waitingFor tells of a slot when the task is claimed ahead", async (api) => {
  await setCapacity(api, 1);
  const { id } = await startRun(api, ["a", "b"]);
  await api.domain.exchange({ freeSlots: 1, ahead: 1 });

  const { a, b } = await waits(api, id);

  equal([a, b.__typename, b.heldBy], [null, "WaitingForSlot", [{ name: "a" }]]);
});

test("TaskRun.waitingFor tells when the next attempt may start", async (api) => {
  const { id } = await startRun(api, ["a"], [], {}, { maxRetries: 3, retryDelaySeconds: 60 });
  await api.domain.exchange();
  const before = Date.now();
  await api.domain.end({ a: 1 });

  const { a } = await waits(api, id);

  equal([a.__typename, a.attempt], ["WaitingForRetry", 2]);
  equal(a.message, `Attempt 1 failed; attempt 2 may start at ${a.until}`);
  equal(Date.parse(a.until) > before, true);
});

test("TaskRun.waitingFor says that no agent takes work, when it is away and when it has no capacity", async (api) => {
  const { id } = await startRun(api, ["a"]);
  const answer = {
    a: {
      __typename: "WaitingForAgent",
      message: "The only agent that may run it is offline or accepts no work",
    },
  };

  await setCapacity(api, 0);
  equal(await waits(api, id), answer);

  await setCapacity(api, 4);
  await api.domain.db.execute(
    sql`update agents set last_seen_at = clock_timestamp() - interval '1 minute'`,
  );
  equal(await waits(api, id), answer);
});

test("TaskRun.waitingFor names who uses up the run's limit", async (api) => {
  const { id } = await startRun(api, ["a", "b", "c"], [], { maxParallel: 2 });
  const unclaimed = await waits(api, id);
  await api.domain.exchange();

  const running = await waits(api, id);

  const limit = {
    __typename: "WaitingForRunLimit",
    message: "The run may have 2 tasks running at once",
    limit: 2,
    heldBy: [{ name: "a" }, { name: "b" }],
  };
  equal([unclaimed.a.__typename, unclaimed.c], ["WaitingForSlot", limit]);
  equal(running, { a: null, b: null, c: limit });
});

test("Run.waitingFor names the run that a QUEUED one is behind, and so do its task runs", async (api) => {
  const first = await startRun(api, ["a"], [], { overlap: "QUEUE" });
  const second = await triggerRun(api.domain.ports, api.domain.viewer, { containerId: first.containerId });
  const answer = {
    __typename: "WaitingForRun",
    message: "It is queued until the run of its container that runs now has ended",
    run: { id: encodeId("Run", first.id) },
  };

  equal(await runWaits(api, second), answer);
  equal(await waits(api, second), { a: answer });
  equal(await runWaits(api, first.id), null);

  await api.domain.finish();
  equal([await runWaits(api, second), await waits(api, second)], [null, { a: null }]);
});

test("Run.waitingFor tells of an earlier queued run when none runs yet", async (api) => {
  const first = await startRun(api, ["a"], [], { overlap: "QUEUE" });
  const second = await triggerRun(api.domain.ports, api.domain.viewer, { containerId: first.containerId });
  await api.domain.db.execute(
    sql`update runs set state = 'QUEUED', cause = 'CATCH_UP', scheduled_for = now()`,
  );

  const { __typename, message, run } = await runWaits(api, second);

  equal([__typename, run], ["WaitingForRun", { id: encodeId("Run", first.id) }]);
  match(message, /behind an earlier run/);
});

test("waitingFor costs as many statements for 50 as for one", async (api, opened) => {
  await startRun(api, ["up", "down", "retried", "slot"], [["up", "down"]], { maxParallel: 0 });
  await api.domain.exchange({ freeSlots: 1 });
  const count = async (first: number): Promise<number> => {
    const document = `{ taskRuns(first: ${first}) { edges { node { id ${FIELDS} } } } }`;
    await api.ask(document);
    opened.statements();
    equal((await api.ask(document)).errors, undefined);
    return opened.statements().length;
  };
  const few = await count(4);

  for (let more = 0; more < 15; more++) {
    await startRun(api, ["up", "down", "retried", "slot"], [["up", "down"]], { maxParallel: 0 });
  }

  equal(await count(50), few);
});

interface Started {
  readonly id: number;
  readonly containerId: number;
  readonly names: readonly string[];
}

async function startRun(
  { domain }: TestApi,
  names: readonly string[],
  relations: readonly (readonly [string, string])[] = [],
  container: Partial<NewContainer> = {},
  task: { readonly maxRetries?: number; readonly retryDelaySeconds?: number } = {},
): Promise<Started> {
  const containerId = await domain.container(container);
  const ids = new Map<string, number>();
  for (const name of names) ids.set(name, await domain.task(containerId, name, task));
  for (const [up, down] of relations) await domain.relation(ids.get(up) ?? 0, ids.get(down) ?? 0);
  return { id: await triggerRun(domain.ports, domain.viewer, { containerId }), containerId, names };
}

async function setCapacity({ domain }: TestApi, capacity: number): Promise<void> {
  await domain.db.execute(sql`update agents set capacity = ${capacity}`);
}

/** By task name. */
// deno-lint-ignore no-explicit-any -- the shape follows from the fields above
async function waits(api: TestApi, runId: number): Promise<any> {
  const { data, errors } = await api.ask(
    `{ run(id: "${encodeId("Run", runId)}") { taskRuns { name ${FIELDS} } } }`,
  );
  equal(errors, undefined);
  return Object.fromEntries(
    data.run.taskRuns.map((row: { name: string; waitingFor: unknown }) => [row.name, row.waitingFor]),
  );
}

// deno-lint-ignore no-explicit-any -- as above
async function runWaits(api: TestApi, runId: number): Promise<any> {
  const { data, errors } = await api.ask(`{ run(id: "${encodeId("Run", runId)}") { ${FIELDS} } }`);
  equal(errors, undefined);
  return data.run.waitingFor;
}
