/** What a viewer of one project can read of another: nothing, by any field of the schema. */
import assert from "node:assert/strict";
import { encodeId } from "../../schema/ids.ts";
import { buildSchema } from "../../schema/graphql/mod.ts";
import { say } from "../../schema/sentences.ts";
import { messages } from "../../schema/tables/message.ts";
import type { Viewer } from "../../server/domain/accounts/interface.ts";
import { createLogs } from "../../server/domain/logs/logs.ts";
import { type Answer, codes } from "../support/api.ts";
import { openTestDatabase } from "../support/database.ts";
import { selectAll } from "../support/select_all.ts";
import { HIDDEN, idsOf, openTwoProjects, type Things, type TwoProjects } from "../support/two_projects.ts";
import { until } from "../support/until.ts";

const schema = buildSchema();
/** How many links an answer follows. */
const [FEW_LINKS, MANY_LINKS] = [1, 2];

type Calls = (things: Things) => readonly string[];
/** They tell of no project. */
const shared = "shared";

/** How each field is asked for the things of a project, or for all that there is (""). */
const queries: Readonly<Record<string, Calls | typeof shared>> = {
  agents: ({ slug }) => [`(project: "${slug}")`],
  audit: ({ slug }) => ["", `(filter: { project: "${slug}" })`],
  container: ({ containerId, slug }) => [
    `(id: "${encodeId("Container", containerId)}")`,
    `(project: "${slug}", name: "${slug === HIDDEN ? HIDDEN : "shown"} ended")`,
  ],
  containerFigures: ({ slug }) => ["", `(project: "${slug}")`],
  containers: ({ slug }) => [
    "",
    "(orderBy: LAST_RUN)",
    "(filter: { states: [FAILED] })",
    `(filter: { project: "${slug}" })`,
  ],
  cronPreview: shared,
  didNotRun: ({ slug }) => ["", `(project: "${slug}")`],
  fleet: ({ slug }) => ["", `(filter: { project: "${slug}" })`, "(filter: { health: [NEVER_SEEN] })"],
  exportFiles: ({ slug }) => [`(project: "${slug}")`],
  hostHistory: shared,
  hostStats: shared,
  logUsage: ({ slug }) => ["", `(project: "${slug}")`],
  logs: ({ slug, containerId, taskIds, runId, taskRunId }) => [
    "(filter: {})",
    `(filter: { contains: "line" })`,
    `(filter: { project: "${slug}" })`,
    `(filter: { containerId: "${encodeId("Container", containerId)}" })`,
    `(filter: { taskId: "${encodeId("Task", taskIds[0])}" })`,
    `(filter: { runId: "${encodeId("Run", runId)}" })`,
    `(filter: { taskRunId: "${encodeId("TaskRun", taskRunId)}" })`,
  ],
  messages: () => ["", "(unreadOnly: true)"],
  node: (things) => idsOf(things).map((id) => `(id: "${id}")`),
  overview: ({ slug }) => ["", `(project: "${slug}")`],
  pauses: () => [""],
  // What they tell of is a project that the call names; one that is not visible is NOT_FOUND by that name.
  planFiles: shared,
  previewCrontab: shared,
  project: ({ slug }) => [`(slug: "${slug}")`],
  projects: () => [""],
  run: ({ runId, activeRunId }) => [runId, activeRunId].map((id) => `(id: "${encodeId("Run", id)}")`),
  runOutcomes: ({ slug }) => ["", `(project: "${slug}")`],
  runs: ({ slug, containerId }) => [
    "",
    `(filter: { project: "${slug}" })`,
    `(filter: { containerId: "${encodeId("Container", containerId)}" })`,
  ],
  servers: shared,
  signInMethods: shared,
  simulate: ({ containerId }) => [
    `(containerId: "${encodeId("Container", containerId)}", expression: "@daily",
      from: "2026-01-01T00:00:00Z", to: "2026-01-03T00:00:00Z")`,
  ],
  taskRuns: ({ slug, containerId, runId, taskRunId }) => [
    "",
    `(filter: { project: "${slug}" })`,
    `(filter: { containerId: "${encodeId("Container", containerId)}" })`,
    `(filter: { runId: "${encodeId("Run", runId)}" })`,
    `(filter: { ids: ["${encodeId("TaskRun", taskRunId)}"] })`,
  ],
  tasks: ({ slug, containerId }) => [
    "",
    `(filter: { project: "${slug}" })`,
    `(filter: { containerId: "${encodeId("Container", containerId)}" })`,
    '(filter: { commandContains: "echo" })',
  ],
  users: shared,
  upcoming: ({ slug }) => ["", `(project: "${slug}")`],
  viewer: shared,
};
const singular = new Set(["container", "node", "run"]);

/** Streams of everything, and those that name a thing; a stream of a thing that is not visible does not begin. */
const subscriptions: Readonly<Record<string, { readonly named: Calls; readonly open: boolean }>> = {
  containerEvents: { named: () => [], open: true },
  liveLog: { named: ({ runId }) => [`(runId: "${encodeId("Run", runId)}")`], open: true },
  messageEvents: { named: () => [], open: true },
  runEvents: { named: ({ runId }) => [`(runId: "${encodeId("Run", runId)}")`], open: true },
  taskRunLog: {
    named: ({ taskRunId }) => [`(taskRunId: "${encodeId("TaskRun", taskRunId)}")`],
    open: false,
  },
};
const sharedSubscriptions = ["heartbeat", "hostStats"];

Deno.test("this test knows every field that can be asked or watched", () => {
  assert.deepEqual(Object.keys(queries).sort(), fieldNames("Query"));
  const watched = [...Object.keys(subscriptions), ...sharedSubscriptions];
  assert.deepEqual(watched.sort(), fieldNames("Subscription"));
});

Deno.test("no query tells anything of a project that the viewer may not see", async () => {
  await using test = await openTestDatabase();
  const world = await openTwoProjects(test);
  for (const [name, calls] of Object.entries(queries)) {
    if (calls === shared) continue;
    for (const call of calls(world.foreign)) {
      const source = `{ ${sourceOf("Query", name, call)} }`;
      const [seen, hidden] = [await world.api.ask(source, {}, world.unrestricted), await read(world, source)];

      assert.notDeepEqual(hidden.data, seen.data, `${name}${call} tells both the same`);
    }
    for (const call of calls(world.own)) await read(world, `{ ${sourceOf("Query", name, call)} }`);
  }
});

Deno.test("figures of all that is visible are those of the visible projects", async () => {
  await using test = await openTestDatabase();
  const { api, restricted, unrestricted } = await openTwoProjects(test);
  for (const name of ["overview", "runOutcomes", "logUsage"]) {
    const all = await api.ask(`{ ${sourceOf("Query", name, "")} }`, {}, restricted);
    const own = await api.ask(`{ ${sourceOf("Query", name, '(project: "default")')} }`, {}, unrestricted);

    assert.deepEqual(all.data, own.data, name);
  }
});

Deno.test("links that lead out of the visible projects lead nowhere", async () => {
  await using test = await openTestDatabase();
  const world = await openTwoProjects(test);
  const source = `{ node(id: "${encodeId("Run", world.own.runId)}") { ... on Run {
    retryOf { id } taskRuns { reusedFrom { id } } container { slots { run { id } } } } } }`;
  const seen = await world.api.ask(source, {}, world.unrestricted);

  const hidden = await read(world, source);

  assert.ok(JSON.stringify(seen.data).includes(encodeId("Run", world.foreign.runId)));
  assert.equal(hidden.data.node.retryOf, null);
  assert.ok(
    hidden.data.node.taskRuns.every(({ reusedFrom }: { reusedFrom: unknown }) => reusedFrom === null),
  );
  assert.ok(hidden.data.node.container.slots.every(({ run }: { run: unknown }) => run === null));
});

Deno.test("no subscription tells anything of a project that the viewer may not see", async () => {
  await using test = await openTestDatabase();
  const world = await openTwoProjects(test);
  for (const [name, { named, open }] of Object.entries(subscriptions)) {
    for (const call of named(world.foreign)) {
      const source = `subscription { ${sourceOf("Subscription", name, call)} }`;

      assert.deepEqual(await firstCodes(world, source, world.restricted), ["NOT_FOUND"], `${name}${call}`);
    }
    if (!open) continue;
    const source = `subscription { ${sourceOf("Subscription", name, "")} }`;
    const seen = await readUntil(world, source, world.unrestricted, world.foreign);
    const hidden = await readUntil(world, source, world.restricted, world.own);

    assert.ok(seen.some((answer) => leaks(answer, world.foreign)));
    for (const answer of hidden) {
      assert.ok(!leaks(answer, world.foreign), `${name}: ${JSON.stringify(answer.data)}`);
    }
  }
});

Deno.test("download() gives no output of a project that the viewer may not see", async () => {
  await using test = await openTestDatabase();
  const { own, foreign } = await openTwoProjects(test);
  const logs = createLogs({ db: test.db });
  for (
    const target of [{ kind: "attempt", id: foreign.attemptId }, { kind: "taskRun", id: foreign.taskRunId }]
  ) {
    const asked = target as Parameters<typeof logs.download>[1];

    assert.notEqual(await logs.download("all", asked), null);
    assert.equal(await logs.download([own.projectId], asked), null);
  }
});

function fieldNames(typeName: "Query" | "Subscription"): readonly string[] {
  const type = typeName === "Query" ? schema.getQueryType() : schema.getSubscriptionType();
  return Object.keys(type?.getFields() ?? {}).sort();
}

function sourceOf(typeName: "Query" | "Subscription", name: string, call: string): string {
  const type = typeName === "Query" ? schema.getQueryType() : schema.getSubscriptionType();
  const field = type?.getFields()[name];
  assert.ok(field, name);
  return `${name}${call} ${selectAll(schema, field.type, singular.has(name) ? MANY_LINKS : FEW_LINKS)}`;
}

/** Asks as the restricted viewer, and looks for what must not be in the answer. */
async function read(world: TwoProjects, source: string): Promise<Answer> {
  const answer = await world.api.ask(source, {}, world.restricted);
  const internal = codes(answer).filter((code) => !code.startsWith("NOT_FOUND"));
  assert.deepEqual(internal, [], `${source}: ${answer.errors?.[0]?.message}`);
  assert.ok(!leaks(answer, world.foreign), `${source}: ${JSON.stringify(answer.data)}`);
  checkCounts(answer.data);
  return answer;
}

function leaks(answer: Answer, foreign: Things): boolean {
  return tellsOf(answer, foreign) || (JSON.stringify(answer.data) ?? "").includes(`"${HIDDEN}`);
}

function tellsOf({ data }: Answer, things: Things): boolean {
  const text = JSON.stringify(data) ?? "";
  return [`"${things.slug} `, ...idsOf(things)].some((part) => text.includes(part));
}

/** All lists here fit on a page, so that a count of more than is listed tells of what is not visible. */
function checkCounts(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const { edges, totalCount, unreadCount } = value as Readonly<Record<string, unknown>>;
  if (Array.isArray(edges) && totalCount !== undefined) assert.equal(totalCount, edges.length);
  if (Array.isArray(edges) && unreadCount !== undefined) assert.equal(unreadCount, edges.length);
  for (const member of Object.values(value)) checkCounts(member);
}

async function firstCodes({ api }: TwoProjects, source: string, viewer: Viewer): Promise<readonly string[]> {
  const stream = await api.watch(source, {}, viewer);
  assert.ok(!(Symbol.asyncIterator in stream), "The stream began");
  return codes(stream).map((code) => code.split(" ")[0] ?? "");
}

/** Publishes what changes in both projects, the hidden one first, until the stream tells of the things. */
async function readUntil(
  world: TwoProjects,
  source: string,
  viewer: Viewer,
  things: Things,
): Promise<readonly Answer[]> {
  const stream = await world.api.watch(source, {}, viewer);
  assert.ok(Symbol.asyncIterator in stream, JSON.stringify(stream));
  const iterator = stream[Symbol.asyncIterator]();
  const told: Answer[] = [];
  const reading = (async () => {
    while (!told.some((answer) => tellsOf(answer, things))) told.push((await iterator.next()).value);
  })();
  let over = false;
  void reading.then(() => over = true);
  await until(`${source} tells of ${things.slug}`, async () => {
    if (!over) await publishChanges(world);
    return over;
  });
  await iterator.return?.();
  return told;
}

async function publishChanges({ api: { domain }, foreign, own }: TwoProjects): Promise<void> {
  const { bus } = domain.ports;
  for (const { projectId, containerId, runId, taskRunId, attemptId, slug } of [foreign, own]) {
    const of = { projectId, containerId, runId };
    bus.publish({ kind: "run", ...of, taskRunIds: [taskRunId] });
    bus.publish({ kind: "container", change: "UPDATED", projectId, containerId });
    const line = { seq: 1, at: 0, stream: "STDOUT", text: `${slug} line` } as const;
    bus.publish({ kind: "lines", ...of, taskRunId, attemptId, attempt: 1, lines: [line] });
    await domain.db.insert(messages).values({
      kind: "CONTAINER_CHANGED",
      projectId,
      containerId,
      containerName: slug,
      text: say("TEXT", { text: `${slug} changed` }),
    });
  }
  bus.publish({ kind: "messages" });
}

Deno.test("a plan knows of no project that the viewer may not see", async () => {
  await using test = await openTestDatabase();
  const { api, restricted } = await openTwoProjects(test);
  const plan = `{ planFiles(project: "${HIDDEN}", files: []) { ... on Error { code } } }`;
  const { data } = await api.ask(plan, {}, restricted);
  assert.equal(data.planFiles.code, "NOT_FOUND");
});
