/** What a server meets besides being struck: a crowd, a task that never stops printing, a silent one, a full disk. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { startServer, type TestServer } from "../support/server.ts";
import { canMount, openSmallDisk } from "../support/small_disk.ts";
import { until } from "../support/until.ts";
import { createContainer, mutate } from "./containers.ts";
import { runCrowd } from "./crowd.ts";
import { openWorld, type World } from "./world.ts";

const CROWD = 500;
const PATIENCE_MS = 60_000;
const DISK_BYTES = 120 * 1024 * 1024;
const TRIGGER = `mutation ($id: ID!) {
  triggerRun(containerId: $id) { ... on Run { id } ... on Error { message } }
}`;
const TASK_RUNS = `query ($id: ID!) {
  node(id: $id) { ... on Run {
    state reason taskRuns { id name state reason attempts { number state } log(first: 5) { edges { node { text } } } }
  } }
}`;

interface Task {
  readonly name: string;
  readonly command: string;
  readonly maxRetries?: number;
  readonly killGraceSeconds?: number;
}

/** Answers the container's id. */
async function createTasks(server: TestServer, settings: object, tasks: readonly Task[]): Promise<string> {
  const id = await createContainer(server, settings);
  return await mutate(server, "saveContainer", "SaveContainerInput", {
    container: { id },
    tasks,
    relations: [],
  });
}

async function trigger(server: TestServer, id: string): Promise<string> {
  const { data } = await server.graphql(TRIGGER, { id });
  ok(data.triggerRun.id !== undefined, data.triggerRun.message);
  return data.triggerRun.id;
}

// deno-lint-ignore no-explicit-any -- the shape is that of the document
async function readRun(server: TestServer, id: string): Promise<any> {
  return (await server.graphql(TASK_RUNS, { id })).data.node;
}

Deno.test("server runs a crowd of tasks that exit at once", async () => {
  const { faults } = await runCrowd("bundled", CROWD);

  equal(faults, []);
});

Deno.test("server that is killed keeps one that never stops printing, one that is silent, and all others", async () => {
  await using world = await openWorld("bundled");
  const go = join(world.dataDir, "go");
  const talkers = await createTasks(world.server(), { name: "talkers" }, [
    {
      name: "loud",
      command: "trap '' TERM; n=0; while :; do echo line $((n += 1)); done",
      killGraceSeconds: 1,
    },
    { name: "silent", command: `until [ -e '${go}' ]; do sleep 0.05; done; echo at last` },
  ]);
  const others = await createTasks(world.server(), { name: "others" }, [{
    name: "quick",
    command: "echo quick",
  }]);
  const runId = await trigger(world.server(), talkers);
  for (let round = 0; round < 3; round++) {
    const id = await trigger(world.server(), others);
    await until(
      "the quick one has ended",
      async () => (await readRun(world.server(), id)).state === "SUCCEEDED",
    );
    await world.killServer();
  }

  const [loud] = (await readRun(world.server(), runId)).taskRuns;
  await world.server().graphql("mutation ($id: ID!) { cancelTaskRun(id: $id) { __typename } }", {
    id: loud.id,
  });
  await Deno.writeTextFile(go, "");
  const run = await until("it has ended", async () => {
    const found = await readRun(world.server(), runId);
    return found.state === "RUNNING" ? null : found;
  }, PATIENCE_MS);

  const [loudEnd, silentEnd] = run.taskRuns;
  equal([loudEnd.state, loudEnd.reason], ["CANCELLED", "Cancelled by admin"]);
  equal(textsOf(loudEnd), [1, 2, 3, 4, 5].map((number) => `line ${number}`));
  equal([silentEnd.state, textsOf(silentEnd)], ["SUCCEEDED", ["at last"]]);
  for (const { attempts } of run.taskRuns) equal(attempts.length, 1);
  equal(await findHoles(world), []);
});

Deno.test({
  name: `server goes on when its full disk has room again${canMount() ? "" : " [no disk may be mounted]"}`,
  ignore: !canMount(),
}, async () => {
  await using disk = await openSmallDisk(DISK_BYTES);
  await using server = await startServer({ dataDir: disk.dir, databaseUrl: null });
  const settings = { name: "every second", overlap: "ALLOW", expression: "@every 1s", misfire: "ALL" };
  const id = await createTasks(server, settings, [{ name: "a", command: "seq 5" }]);
  await until("one has run", async () => await countRuns(server, "SUCCEEDED") > 0);

  await disk.fill();
  await until(
    "somebody suffers",
    async () =>
      /Cannot exchange reports|Cannot hand over output/.test(server.log()) ||
      await countRuns(server, "FAILED") > 0,
  );
  await disk.empty();
  const before = await countRuns(server, "SUCCEEDED");
  await until("they end again", async () => await countRuns(server, "SUCCEEDED") > before + 1, PATIENCE_MS);
  await server.graphql(
    `mutation ($input: UpdateContainerInput!) { updateContainer(input: $input) { __typename } }`,
    {
      input: { id, enabled: false },
    },
  );
  await until("every run is final", async () => await countRuns(server, "RUNNING") === 0, PATIENCE_MS);

  const { data } = await server.graphql(
    "{ runs(first: 200) { edges { node { state reason taskRuns { id } } } } }",
  );
  for (const { node } of data.runs.edges) {
    if (node.state !== "SUCCEEDED") match(node.reason, /^Task "a" failed: Cannot start the process: /);
  }
  equal(await server.stop(), 0);
});

/** Where the lines of the loud one do not follow one another. */
async function findHoles(world: World): Promise<readonly string[]> {
  const opened = await world.close();
  try {
    const rows = await opened.sql<{ body: string }[]>`
      select c.body from log_chunks c join attempts a on a.id = c.attempt_id join task_runs t on t.id = a.task_run_id
      where t.name = 'loud' order by c.first_seq`;
    const lines = rows.flatMap(({ body }) => body.split("\n"));
    // The last one may have been cut off by the kill.
    return lines.slice(0, -1).filter((line, place) => line !== `line ${place + 1}`).slice(0, 5);
  } finally {
    await opened.close();
  }
}

async function countRuns(server: TestServer, state: string): Promise<number> {
  const { data } = await server.graphql(
    "query ($states: [RunState!]) { runs(first: 1, filter: { states: $states }) { totalCount } }",
    { states: [state] },
  );
  return data?.runs?.totalCount ?? 0;
}

function textsOf(
  { log }: { readonly log: { readonly edges: readonly { readonly node: { readonly text: string } }[] } },
): string[] {
  return log.edges.map(({ node }) => node.text);
}
