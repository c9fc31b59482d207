/** What a small company lets run: the containers of the pictures, with a past and with a run under way. */
import { until } from "../../test/support/until.ts";
import type { TestServer } from "../../test/support/server.ts";

/** The run that the README shows is at work for so long. */
const PAST_MS = 60_000;

/** What the command editor warns of. */
const CLEAN_UP = `# What is older than a month goes
cd "$FEED_FOLDER"
rm -rf $OLD/*
find . -name '*.csv' -mtime +30 -delete`;

interface WorldTask {
  readonly name: string;
  readonly command: string;
  readonly maxRetries?: number;
  readonly retryDelaySeconds?: number;
}
type Relation = readonly [upstream: string, downstream: string, condition?: "SUCCESS" | "FAILURE" | "ALWAYS"];

interface WorldContainer {
  readonly settings: {
    readonly name: string;
    readonly description?: string;
    readonly expression?: string;
    readonly timezone?: string;
    readonly maxParallel?: number;
    readonly enabled?: boolean;
  };
  /** An earlier version, and how often it ran. */
  readonly before?: { readonly tasks: readonly WorldTask[]; readonly runs: number };
  readonly tasks: readonly WorldTask[];
  readonly relations?: readonly Relation[];
  /** So often it has run, one after another. */
  readonly runs?: number;
}

const warehouse: WorldContainer = {
  settings: {
    name: "Nightly warehouse",
    description: "From the shop to the reports",
    expression: "30 2 * * *",
    timezone: "Europe/Berlin",
  },
  tasks: [
    { name: "extract orders", command: parts("orders", 6) },
    { name: "extract users", command: parts("users", 4) },
    { name: "extract stock", command: parts("stock", 5) },
    { name: "check schema", command: "echo 'schema v42 matches'" },
    { name: "transform", command: parts("transform", 9) },
    {
      name: "load warehouse",
      command: `${parts("load", 11)}
printf '\\033[33mretrying in 5 s\\033[0m: the table is busy\\n'
echo 'ERROR: relation "fact_orders" is locked by pid 4711' >&2
printf '\\033[31;1mload failed\\033[0m after 11 of 14 parts\\n' >&2
exit 3`,
    },
    { name: "refresh reports", command: "echo refreshed" },
    { name: "page on-call", command: "echo 'calling the on-call engineer'; sleep 600" },
    { name: "drop staging", command: "echo dropped" },
  ],
  relations: [
    ["extract orders", "transform"],
    ["extract users", "transform"],
    ["extract stock", "transform"],
    ["check schema", "transform"],
    ["transform", "load warehouse"],
    ["load warehouse", "refresh reports"],
    ["load warehouse", "page on-call", "FAILURE"],
    ["page on-call", "drop staging", "ALWAYS"],
  ],
};

const thumbnails: WorldContainer = {
  settings: { name: "Thumbnails", description: "Two at a time", maxParallel: 2 },
  tasks: [
    { name: "list pictures", command: "echo 'pictures=1284' >> \"$ORRERY_OUTPUT\"; sleep 0.4" },
    { name: "small", command: parts("small", 6000) },
    { name: "medium", command: parts("medium", 6000) },
    { name: "large", command: parts("large", 6000) },
    {
      name: "upload",
      command: "echo 'connection refused' >&2; exit 7",
      maxRetries: 3,
      retryDelaySeconds: 600,
    },
    { name: "purge cache", command: "echo purged" },
  ],
  relations: [
    ["list pictures", "small"],
    ["list pictures", "medium"],
    ["list pictures", "large"],
    ["small", "purge cache"],
    ["medium", "purge cache"],
    ["large", "purge cache"],
  ],
};

const others: readonly WorldContainer[] = [
  {
    settings: { name: "Backups", expression: "0 1 * * *", timezone: "Europe/Berlin" },
    tasks: [
      { name: "dump", command: "sleep 0.2; echo '1.2 GB dumped'" },
      { name: "encrypt", command: "echo encrypted" },
      { name: "copy away", command: "echo copied" },
    ],
    relations: [["dump", "encrypt"], ["encrypt", "copy away"]],
    runs: 8,
  },
  {
    settings: { name: "Mirror packages", expression: "*/15 * * * *" },
    before: {
      tasks: [{ name: "mirror", command: "cd /srv/mirror\nrsync --delete packages.example.org::all ." }],
      runs: 2,
    },
    tasks: [{
      name: "mirror",
      command: "mkdir -p mirror\ncd mirror || exit 1\necho 'up to date'",
      maxRetries: 2,
      retryDelaySeconds: 30,
    }],
    runs: 9,
  },
  {
    settings: { name: "Partner feed", expression: "5 */2 * * *", timezone: "Europe/Zurich" },
    before: { tasks: [{ name: "fetch", command: "sleep 0.3; echo '200 OK'" }], runs: 9 },
    tasks: [
      { name: "fetch", command: "sleep 0.3; echo '403 Forbidden: the certificate has ended' >&2; exit 22" },
      { name: "clean up", command: CLEAN_UP },
    ],
    relations: [["fetch", "clean up"]],
    runs: 1,
  },
  {
    settings: { name: "Certificates", description: "Renewed a month early", expression: "0 6 * * MON" },
    tasks: [{ name: "look", command: "echo '61 days left'" }, {
      name: "renew",
      command: "echo nothing to do",
    }],
    relations: [["look", "renew"]],
    runs: 4,
  },
  {
    settings: { name: "Invoices", expression: "0 8 L * *", timezone: "Europe/Zurich", enabled: false },
    tasks: [{ name: "send", command: "echo sent" }],
    runs: 2,
  },
  {
    settings: { name: "Search index", expression: "H * * * *" },
    tasks: [{ name: "crawl", command: "sleep 0.3" }, { name: "index", command: "sleep 0.2" }],
    relations: [["crawl", "index"]],
    runs: 10,
  },
];

/** Ids by the containers' names; the world is made when it is first asked for. */
export async function makeWorld(server: TestServer): Promise<ReadonlyMap<string, string>> {
  const there = await idsByName(server);
  if (there.has(warehouse.settings.name)) return there;
  for (const container of [...others, thumbnails, warehouse]) {
    await make(server, container);
  }
  return await idsByName(server);
}

export async function containerAddress(server: TestServer, name: string): Promise<string> {
  return `/containers/${encodeURIComponent(await idOf(server, name))}`;
}

/** A run in which one task has failed, and the one that waits for just that is at work. */
export async function startWarehouse(server: TestServer): Promise<string> {
  return await startOnce(server, warehouse.settings.name, "page on-call");
}

/** A run in which one task waits for its turn, one for its next attempt, one for others. */
export async function startThumbnails(server: TestServer): Promise<string> {
  return await startOnce(server, thumbnails.settings.name, "medium");
}

/** Answers the active run of a container, or starts one; that it is as far as this task. */
async function startOnce(server: TestServer, name: string, task: string): Promise<string> {
  const id = await idOf(server, name);
  const { data } = await server.graphql(
    `query ($id: ID!) { runs(first: 1, filter: { containerId: $id, states: [RUNNING] }) { edges { node { id } } } }`,
    { id },
  );
  const runId = data.runs.edges[0]?.node.id ?? await trigger(server, id);
  await until(`${task} is at work`, async () => {
    const { data } = await server.graphql(`query ($id: ID!) { run(id: $id) { taskRuns { name state } } }`, {
      id: runId,
    });
    return data.run.taskRuns.some((taskRun: { name: string; state: string }) =>
      taskRun.name === task && taskRun.state === "RUNNING"
    );
  }, PAST_MS);
  return runId;
}

async function idOf(server: TestServer, name: string): Promise<string> {
  const id = (await makeWorld(server)).get(name);
  if (id === undefined) throw new Error(`Cannot show ${name}: there is no such container`);
  return id;
}

async function make(server: TestServer, container: WorldContainer): Promise<void> {
  const { settings, before, tasks, relations = [], runs = 0 } = container;
  const made = await server.graphql(
    `mutation ($input: CreateContainerInput!) { createContainer(input: $input) { ... on Container { id } } }`,
    { input: settings },
  );
  const { id } = made.data.createContainer;
  if (before !== undefined) {
    await save(server, id, before.tasks, []);
    for (let run = 0; run < before.runs; run++) await settle(server, await trigger(server, id));
  }
  await save(server, id, tasks, relations);
  for (let run = 0; run < runs; run++) await settle(server, await trigger(server, id));
}

/** A task whose name is there already is that task. */
async function save(
  server: TestServer,
  containerId: string,
  tasks: readonly WorldTask[],
  relations: readonly Relation[],
): Promise<void> {
  const { data } = await server.graphql(
    `query ($containerId: ID!) { container(id: $containerId) { tasks { id name } } }`,
    { containerId },
  );
  const there = new Map<string, string>(
    data.container.tasks.map((task: { id: string; name: string }) => [task.name, task.id]),
  );
  const input = {
    container: { id: containerId },
    tasks: tasks.map((task) => ({ ...task, id: there.get(task.name) ?? null })),
    relations: relations.map(([upstream, downstream, condition = "SUCCESS"]) => ({
      upstream,
      downstream,
      condition,
    })),
  };
  const saved = await server.graphql(
    `mutation ($input: SaveContainerInput!) { saveContainer(input: $input) { __typename ... on Error { message } } }`,
    { input },
  );
  if (saved.data.saveContainer.__typename !== "Container") throw new Error(JSON.stringify(saved));
}

async function trigger(server: TestServer, id: string): Promise<string> {
  const { data } = await server.graphql(
    `mutation ($id: ID!) { triggerRun(containerId: $id) { ... on Run { id } } }`,
    { id },
  );
  return data.triggerRun.id;
}

async function settle(server: TestServer, id: string): Promise<void> {
  await until("the run has ended", async () => {
    const { data } = await server.graphql(`query ($id: ID!) { run(id: $id) { finishedAt } }`, { id });
    return data.run.finishedAt !== null;
  }, PAST_MS);
}

async function idsByName(server: TestServer): Promise<ReadonlyMap<string, string>> {
  const { data } = await server.graphql(`{ containers(first: 500) { edges { node { id name } } } }`);
  return new Map(
    data.containers.edges.map(({ node }: { node: { id: string; name: string } }) => [node.name, node.id]),
  );
}

/** A command that reports part after part, in colour. */
function parts(name: string, count: number): string {
  return `for part in $(seq 1 ${count}); do
  printf '\\033[36m%s\\033[0m ${name} part %d of ${count} \\033[2m(%d rows)\\033[0m\\n' "$(date +%T)" $part $((RANDOM * 7))
  sleep 0.1
done`;
}
