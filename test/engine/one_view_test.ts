/** Two servers over one PostgreSQL are one to whoever uses them: what happens at one is seen at the other. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { createClient } from "graphql-sse";
import { createContainer, mutate } from "../chaos/containers.ts";
import { createTestDatabase } from "../support/database.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const LINES = 10_000;

Deno.test("one server shows and ends at once what happens at the other", async () => {
  const databaseUrl = await createTestDatabase(true);
  await using here = await startServer({ databaseUrl });
  // It starts no process.
  await using there = await startServer({ databaseUrl, environment: { ORRERY_CAPACITY: "0" } });
  const token = await here.signIn();

  const [known, servers] = [
    await there.graphql("{ viewer { username } }", {}, token),
    await until("both are listed", async () => {
      const { data } = await there.graphql("{ servers { online agentCount version } }", {}, token);
      return data.servers.length === 2 ? data.servers : null;
    }),
  ];
  equal(known.data.viewer.username, "admin");
  equal(servers.map(({ online, agentCount }: Listed) => [online, agentCount]), [[true, 1], [true, 1]]);

  const changes = watch(there, token, "subscription { containerEvents { containerId } }", {});
  await until("changes are seen", async () => {
    await createContainer(here, { name: `seen ${changes.heard.length} ${crypto.randomUUID()}` });
    return changes.heard.length > 0;
  });
  const id = await createContainer(here, { name: "printing" });
  await mutate(here, "saveContainer", "SaveContainerInput", {
    container: { id },
    tasks: [{ name: "print", command: `until test -e go; do sleep 0.02; done; seq ${LINES}` }],
    relations: [],
  });
  const { data } = await here.graphql(
    `mutation ($id: ID!) { triggerRun(containerId: $id) { ... on Run { id taskRuns { id } } } }`,
    { id },
  );
  const { id: runId, taskRuns: [{ id: taskRunId }] } = data.triggerRun;
  const states = watch(
    there,
    token,
    "subscription ($id: ID!) { runEvents(runId: $id) { run { state } taskRuns { state } } }",
    {
      id: runId,
    },
  );
  const live = watch(
    there,
    token,
    "subscription ($id: ID!) { liveLog(containerId: $id) { text } }",
    { id },
  );
  const log = watch(
    there,
    token,
    "subscription ($id: ID!) { taskRunLog(taskRunId: $id) { node { text } } }",
    {
      id: taskRunId,
    },
  );
  await until("the run is seen to run", () => states.heard.some((text) => text.includes("RUNNING")));
  await Deno.writeTextFile(join(here.dataDir, "work", "go"), "");
  await until("all is seen", () => textsOf(live).length >= LINES && textsOf(log).length >= LINES, 60_000);
  await until("the end is seen", () => states.heard.some((text) => text.includes("SUCCEEDED")));

  const numbers = Array.from({ length: LINES }, (_, n) => `${n + 1}`);
  equal(textsOf(log), numbers);
  equal(textsOf(live), numbers);
  ok(changes.heard.some((text) => text.includes(id)));
  ok(!changes.ended);
  await here.graphql("mutation { signOut }", {}, token);
  await until("the stream has ended", () => changes.ended);
});

interface Listed {
  readonly online: boolean;
  readonly agentCount: number;
}

type Shown = { readonly text: string } | { readonly node: { readonly text: string } };

interface Watched {
  /** Each answer, as JSON. */
  readonly heard: string[];
  ended: boolean;
}

function watch(
  { address }: TestServer,
  token: string,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Watched {
  const client = createClient({
    url: `${address}/graphql`,
    retryAttempts: 0,
    headers: { authorization: `Bearer ${token}` },
  });
  const watched: Watched = { heard: [], ended: false };
  const end = (): void => void (watched.ended = true);
  client.subscribe({ query, variables }, {
    next: ({ data, errors }) => void watched.heard.push(JSON.stringify(data ?? errors)),
    error: end,
    complete: end,
  });
  return watched;
}

function textsOf({ heard }: Watched): readonly string[] {
  return heard.flatMap((text) => {
    const [lines] = Object.values(JSON.parse(text) as Record<string, readonly Shown[]>);
    return (lines ?? []).map((line) => "node" in line ? line.node.text : line.text);
  });
}
