import assert from "node:assert/strict";
import { sql } from "drizzle-orm";
import { updateContainer } from "../../../server/domain/containers/containers.ts";
import { prune } from "../../../server/domain/pruning.ts";
import { runTask } from "../../../server/domain/runs/trigger.ts";
import { fireDueSchedules } from "../../../server/domain/schedules/fire_schedules.ts";
import { type Answer, openApi, type TestApi } from "../../support/api.ts";
import { openTestDatabase } from "../../support/database.ts";
import { pass, triggerRun } from "../../support/domain.ts";
import { watchMessages } from "../../../server/domain/watch/message_stream.ts";

const LIST = `query ($first: Int, $after: String, $unreadOnly: Boolean) {
  messages(first: $first, after: $after, unreadOnly: $unreadOnly) {
    edges { node { kind text read containerName container { name } run { state } actor { username } at } }
    pageInfo { hasNextPage endCursor } unreadCount } }`;

Deno.test("a failed run and the first good one after it are told, others are not", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const containerId = await api.domain.container({ name: "nightly" });
  await api.domain.task(containerId, "load");

  for (const exitCode of [0, 1, 1, 0, 0]) {
    await triggerRun(api.domain.ports, api.domain.viewer, { containerId });
    await api.domain.finish({ load: exitCode });
  }

  const nodes = await list(api);
  assert.deepEqual(nodes.map(({ kind }) => kind), ["RUN_RECOVERED", "RUN_FAILED", "RUN_FAILED"]);
  assert.equal(nodes[0]?.run?.state, "SUCCEEDED");
  assert.equal(nodes[1]?.container?.name, "nightly");
  assert.match(nodes[1]?.text ?? "", /load/);
  assert.ok(api.domain.events.some(({ kind }) => kind === "messages"));
});

Deno.test("a task run by itself is told when it fails, and recovers nothing", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const containerId = await api.domain.container();
  const taskId = await api.domain.task(containerId, "load");
  await triggerRun(api.domain.ports, api.domain.viewer, { containerId });
  await api.domain.finish({ load: 1 });

  await runTask(api.domain.ports, api.domain.viewer, { taskId });
  await api.domain.finish();

  assert.deepEqual((await list(api)).map(({ kind }) => kind), ["RUN_FAILED"]);
});

Deno.test("slots that were missed are one message for a container", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const containerId = await api.domain.container({ expression: "* * * * *", misfire: "SKIP" });
  await api.domain.task(containerId, "load");
  await pass(test.db, 600);

  await fireDueSchedules(api.domain.ports);

  const nodes = await list(api);
  assert.deepEqual(nodes.map(({ kind }) => kind), ["SLOT_MISSED"]);
  assert.match(nodes[0]?.text ?? "", /^\d+ slots from 2\S+Z to 2\S+Z passed without a run: /);
});

Deno.test("a container's change is told to others, not to who made it", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const { ports, viewer, reader } = api.domain;
  const id = await api.domain.container({ name: "old" });

  await updateContainer(ports, viewer, { id, enabled: false });
  await updateContainer(ports, viewer, { id, enabled: false });
  await updateContainer(ports, viewer, { id, name: "new" });
  await updateContainer(ports, viewer, { id, priority: 3 });
  await api.app.containers.remove(viewer, { id });

  assert.deepEqual(await list(api), []);
  const told = await list(api, {}, reader);
  assert.deepEqual(told.map(({ text, containerName }) => [containerName, text]), [
    ["new", "deleted"],
    ["new", "settings changed: priority"],
    ["new", 'was named "old"'],
    ["old", "disabled"],
    ["old", "created"],
  ]);
  assert.ok(
    told.every(({ kind, actor, container }) =>
      kind === "CONTAINER_CHANGED" && actor?.username === "admin" && container === null
    ),
  );
});

Deno.test(
  "markMessagesRead() marks up to an instant, for the viewer alone, and never back",
  async () => {
    await using test = await openTestDatabase();
    const api = await openApi(test.db);
    const { viewer, reader } = api.domain;
    const containerId = await api.domain.container();
    await insertMessages(test.db, containerId, 5);
    const mark = (upTo: string): Promise<Answer> =>
      api.ask("mutation ($upTo: DateTime!) { markMessagesRead(upTo: $upTo) }", { upTo }, viewer);

    const first = await api.ask(LIST, { first: 2 }, viewer);
    assert.equal(first.data.messages.unreadCount, 5);
    const third = (await list(api))[2]?.at ?? "";
    assert.equal((await mark(third)).data.markMessagesRead, 3);
    assert.equal((await mark("2020-01-01T00:00:00.000Z")).data.markMessagesRead, 0);

    assert.deepEqual((await list(api)).map(({ read }) => read), [false, false, true, true, true]);
    assert.equal((await list(api, { unreadOnly: true })).length, 2);
    const others = await api.ask(LIST, { first: 2 }, reader);
    // The container that was made is news for the other one.
    assert.equal(others.data.messages.unreadCount, 6);
    const { endCursor } = first.data.messages.pageInfo;
    assert.equal((await list(api, { first: 10, after: endCursor })).length, 3);
  },
);

Deno.test("what happened before there was an account is no news to it", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const { reader } = api.domain;
  await insertMessages(test.db, await api.domain.container(), 5);
  await test.db.execute(sql`
    update users set created_at = clock_timestamp() - interval '100 minutes' where id = ${reader.userId}`);

  const { data } = await api.ask(LIST, {}, reader);

  const nodes: readonly Node[] = data.messages.edges.map(({ node }: { node: Node }) => node);
  const failures = nodes.filter(({ kind }) => kind === "RUN_FAILED");
  assert.deepEqual(failures.map(({ read }) => read), [false, false, true, true, true]);
  // The container that was made is news, too.
  assert.equal(data.messages.unreadCount, 3);
  assert.equal((await list(api, { unreadOnly: true }, reader)).length, 3);
});

Deno.test("messages are pruned after their hours", async () => {
  await using test = await openTestDatabase();
  const api = await openApi(test.db);
  const containerId = await api.domain.container();
  await insertMessages(test.db, containerId, 5);

  await prune(test.db, { logDays: 30, runDays: 180, auditDays: 400, messageHours: 3 });

  assert.equal((await list(api)).length, 3);
});

Deno.test(
  "watchMessages() tells new messages once, and not those of the viewer's own doing",
  async () => {
    await using test = await openTestDatabase();
    const api = await openApi(test.db);
    const { ports, viewer, reader } = api.domain;
    const id = await api.domain.container();
    const stop = new AbortController();
    const stream = watchMessages(ports, reader, stop.signal)[Symbol.asyncIterator]();
    const next = stream.next();

    // Whatever comes before the stream has looked is there already, so the change is repeated until it is told.
    let on = false;
    let told: IteratorResult<readonly number[]> | null = null;
    void next.then((result) => told = result);
    while (told === null) {
      await updateContainer(ports, viewer, { id, enabled: on = !on });
      await test.db.execute(sql`select 1`);
    }
    const own = watchMessages(ports, viewer, stop.signal)[Symbol.asyncIterator]();
    const ownNext = own.next();
    await updateContainer(ports, viewer, { id, enabled: on = !on });
    stop.abort();

    assert.ok(((await next).value?.length ?? 0) >= 1);
    assert.equal((await ownNext).done, true);
  },
);

// deno-lint-ignore no-explicit-any -- as the API answers it
type Node = any;

async function list(
  api: TestApi,
  variables: Readonly<Record<string, unknown>> = {},
  viewer = api.domain.viewer,
): Promise<readonly Node[]> {
  const { data, errors } = await api.ask(LIST, variables, viewer);
  assert.equal(errors, undefined);
  return data.messages.edges.map(({ node }: { node: Node }) => node);
}

/** One an hour, the newest half an hour old; the accounts are older. */
async function insertMessages(
  db: TestApi["domain"]["db"],
  containerId: number,
  count: number,
): Promise<void> {
  await db.execute(sql`update users set created_at = clock_timestamp() - interval '1 day'`);
  await db.execute(sql`
    insert into messages (at, kind, project_id, container_id, container_name, text)
    select clock_timestamp() - make_interval(mins => 60 * n - 30), 'RUN_FAILED', 1, ${containerId}, 'one', '{"key":"SOME_TASK_FAILED","values":{}}'
    from generate_series(1, ${count}::int) n`);
}
