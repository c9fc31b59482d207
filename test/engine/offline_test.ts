/** A server is killed with work of all three policies: the other goes on as each of them says, and loses nothing of it. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import postgres from "postgres";
import { createContainer, mutate } from "../chaos/containers.ts";
import { createTestDatabase } from "../support/database.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";

interface TaskRunRead {
  readonly name: string;
  readonly state: string;
  readonly exitCode: number | null;
  readonly agentOfflineSince: string | null;
  readonly agent: { readonly name: string } | null;
  readonly attempts: readonly { readonly number: number; readonly state: string }[];
  readonly log: {
    readonly edges: readonly { readonly node: { readonly text: string; readonly attempt: number } }[];
  };
}

Deno.test("of two servers one is killed and comes back: FAIL is retried, REASSIGN goes elsewhere, WAIT waits", async () => {
  const databaseUrl = await createTestDatabase(true);
  await using directory = await temporaryDirectory();
  const dataDir = join(directory.path, "data");
  const here = await startServer({ databaseUrl, dataDir, environment: { ORRERY_AGENT_LABELS: "here" } });
  const token = await here.signIn();
  const id = await createContainer(here, { name: "three policies" });
  // The second time each of them ends at once; the first time, when it is told to.
  const command = `echo $$ > ${directory.path}/$ORRERY_TASK.$ORRERY_ATTEMPT
    test $ORRERY_ATTEMPT -gt 1 && exit 0
    for ((i = 1; ; i++)); do echo line $i; test -e ${directory.path}/go && exit 7; sleep 0.05; done`;
  const policies = { fails: "FAIL", reassigned: "REASSIGN", waits: "WAIT" } as const;
  await mutate(here, "saveContainer", "SaveContainerInput", {
    container: { id },
    tasks: Object.entries(policies).map(([name, offline]) => ({
      name,
      offline,
      command,
      maxRetries: 1,
      retryDelaySeconds: 0,
    })),
    relations: [],
  });
  const { data } = await here.graphql(
    "mutation ($id: ID!) { triggerRun(containerId: $id) { ... on Run { id } } }",
    { id },
    token,
  );
  const read = async (server: TestServer): Promise<Map<string, TaskRunRead>> => {
    const answer = await server.graphql(
      `query ($id: ID!) { run(id: $id) { taskRuns { name state exitCode agentOfflineSince agent { name }
        attempts { number state } log(last: 500) { edges { node { text attempt } } } } } }`,
      { id: data.triggerRun.id },
      token,
    );
    return new Map(answer.data.run.taskRuns.map((taskRun: TaskRunRead) => [taskRun.name, taskRun]));
  };
  const linesOf = (taskRun: TaskRunRead | undefined): readonly string[] =>
    (taskRun?.log.edges ?? []).map(({ node }) => node).filter(({ attempt, text }) =>
      attempt === 1 && /^line/.test(text)
    )
      .map(({ text }) => text);
  await until(
    "all print",
    async () => [...(await read(here)).values()].every((taskRun) => linesOf(taskRun).length > 2),
  );

  await here.stop("SIGKILL");
  await using there = await startServer({ databaseUrl });
  const before = await read(there);
  await silence(databaseUrl);

  const given = await until("the others ran elsewhere", async () => {
    const found = await read(there);
    return found.get("fails")?.state === "SUCCEEDED" && found.get("reassigned")?.state === "SUCCEEDED"
      ? found
      : null;
  }, 30_000);
  equal(given.get("fails")?.attempts.map(({ state }) => state), ["LOST", "SUCCEEDED"]);
  equal(given.get("reassigned")?.attempts.map(({ state }) => state), ["LOST", "SUCCEEDED"]);
  equal([given.get("waits")?.state, given.get("waits")?.attempts.length], ["RUNNING", 1]);
  ok(given.get("waits")?.agentOfflineSince);

  await using back = await startServer({ databaseUrl, dataDir });
  const gone = async (name: string): Promise<boolean> => {
    const pid = (await Deno.readTextFile(join(directory.path, `${name}.1`))).trim();
    return await Deno.stat(`/proc/${pid}`).then(() => false, () => true);
  };
  await until(
    "what was given up is gone",
    async () => await gone("fails") && await gone("reassigned"),
    30_000,
  );
  await Deno.writeTextFile(join(directory.path, "go"), "");
  const ended = await until("the one that waited has ended", async () => {
    const found = await read(back);
    const lines = linesOf(found.get("reassigned"));
    return found.get("waits")?.state === "SUCCEEDED" &&
        lines.length > linesOf(before.get("reassigned")).length
      ? found
      : null;
  }, 30_000);

  // Its own exit code is no success, and so the second attempt.
  equal(ended.get("waits")?.attempts.map(({ state }) => state), ["FAILED", "SUCCEEDED"]);
  for (const taskRun of ended.values()) {
    const lines = linesOf(taskRun);
    equal(lines, lines.map((_, n) => `line ${n + 1}`));
  }
});

/** As if nobody had heard of the killed server's agent for an hour. */
async function silence(databaseUrl: string): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1 });
  await sql`update agents set last_seen_at = last_seen_at - interval '1 hour' where 'here' = any(labels)`;
  await sql`update fleet set servers_up_since = servers_up_since - interval '1 day'`;
  await sql.end();
}

async function temporaryDirectory(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir({ prefix: "orrery-offline-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
