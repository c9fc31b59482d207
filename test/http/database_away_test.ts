/** The database goes away while a task prints: the spool keeps what is printed, with its times, until it is back. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { startOwnPostgres } from "../support/postgres.ts";
import { startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const LINES = 200_000;

Deno.test("output that is written while the database is away is stored once it is back, whole and with its times", async () => {
  const cluster = await startOwnPostgres();
  await using server = await startServer({ databaseUrl: cluster.url("postgres") });
  const token = await server.signIn();
  const ask = async (document: string, variables: Readonly<Record<string, unknown>>) =>
    (await server.graphql(document, variables, token)).data;
  const dir = await Deno.makeTempDir({ prefix: "orrery-away-" });
  const [go, done] = [join(dir, "go"), join(dir, "done")];
  const made = await ask(
    `mutation($name: String!) { createContainer(input: { name: $name }) { ... on Container { id } } }`,
    { name: "away" },
  );
  const containerId: string = made.createContainer.id;
  await ask(
    `mutation($containerId: ID!, $command: String!) { createTask(input: { containerId: $containerId, name: "only",
      command: $command }) { __typename } }`,
    {
      containerId,
      command:
        `echo first; while ! test -e ${go}; do sleep 0.02; done; seq 1 ${LINES}; printf last; touch ${done}`,
    },
  );
  const run = await ask(
    "mutation($id: ID!) { triggerRun(containerId: $id) { ... on Run { id taskRuns { id } } } }",
    { id: containerId },
  );
  const taskRunId: string = run.triggerRun.taskRuns[0].id;
  const download = async (): Promise<{ readonly text: string; readonly at: string }[]> => {
    const response = await fetch(`${server.address}/download/task-runs/${taskRunId}?format=ndjson`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await response.text();
    return response.ok && text !== "" ? text.trimEnd().split("\n").map((line) => JSON.parse(line)) : [];
  };
  await until("the first line is stored", async () => (await download()).length === 1);

  cluster.kill();
  await Deno.writeTextFile(go, "");
  await until("all is written", () => Deno.stat(done).then(() => true, () => false));
  await cluster.start();
  const backAt = Date.now();
  await until("the run has ended", async () => {
    const data = await ask(`query($id: ID!) { run(id: $id) { state } }`, { id: run.triggerRun.id });
    return data?.run?.state === "SUCCEEDED";
  }, 60_000);

  const lines = await download();
  equal(lines.map(({ text }) => text), [
    "first",
    ...Array.from({ length: LINES }, (_, n) => `${n + 1}`),
    "last",
  ]);
  const times = lines.map(({ at }) => Date.parse(at));
  equal(times, times.toSorted((a, b) => a - b));
  // A line has the time at which it was seen, not the one at which it could be stored.
  ok(times.filter((at) => at <= backAt).length > LINES / 2);
  await Deno.remove(dir, { recursive: true });
});
