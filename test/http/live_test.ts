import { deepStrictEqual, doesNotMatch, ok, strictEqual } from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { createClient } from "graphql-sse";
import { type EventReader, post, readEvents } from "../support/http.ts";
import { shareServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const STREAMS = 8;
const ROUNDS = 20;
/** What many abandoned streams may leave behind until the next collection. */
const MEMORY_BYTES = 60 * 1024 * 1024;

const server = await shareServer({ environment: { ORRERY_LOG_LEVEL: "debug" } });
const authorization = `Bearer ${await server.signIn()}`;

for (const singleConnection of [false, true]) {
  const mode = singleConnection ? "single connection" : "distinct connections";

  Deno.test(`a run is watched to its end, states and lines, in the mode of ${mode}`, async () => {
    const { runId, taskRunId } = await startRun(`watched ${mode}`, "echo one; echo two >&2; echo three");
    const client = createClient<boolean>({
      url: `${server.address}/graphql${singleConnection ? "/stream" : ""}`,
      singleConnection,
      retryAttempts: 0,
      headers: { authorization },
    });

    const events = client.iterate<{ runEvents: { run: { state: string } }[] }>({
      query: "subscription($id: ID!) { runEvents(runId: $id) { run { id state } } }",
      variables: { id: runId },
    });
    const log = client.iterate<{ taskRunLog: { node: { text: string } }[] }>({
      query: "subscription($id: ID!) { taskRunLog(taskRunId: $id) { cursor node { text stream } } }",
      variables: { id: taskRunId },
    });
    const states: string[] = [];
    const lines: string[] = [];
    await Promise.all([
      (async () => {
        for await (const { data } of events) {
          for (const { run } of data?.runEvents ?? []) states.push(run.state);
        }
      })(),
      (async () => {
        for await (const { data } of log) {
          for (const { node } of data?.taskRunLog ?? []) lines.push(node.text);
        }
      })(),
    ]);

    strictEqual(states.at(-1), "SUCCEEDED");
    deepStrictEqual(lines.toSorted(), ["one", "three", "two"]);
    client.dispose();
  });
}

Deno.test("an operation that is ended in a stream leaves its place, though nothing happens", async () => {
  const named = { authorization, "x-graphql-event-stream-token": await reserve() };
  const stream = await fetch(`${server.address}/graphql/stream`, {
    headers: { ...named, accept: "text/event-stream" },
  });

  // More than a stream may have at once, on a server where no container changes.
  for (let round = 0; round < 150; round++) {
    const query = "subscription { containerEvents { containerId } }";
    const sent = await post(
      server,
      { query, extensions: { operationId: String(round) } },
      named,
      "/graphql/stream",
    );
    const ended = await fetch(`${server.address}/graphql/stream?operationId=${round}`, {
      method: "DELETE",
      headers: named,
    });
    deepStrictEqual([sent.status, ended.status], [202, 200]);
    await Promise.all([sent.body?.cancel(), ended.body?.cancel()]);
  }

  await stream.body?.cancel();
});

Deno.test("clients that go away mid-stream leave the server's memory and log calm", async () => {
  await abandonStreams();
  const before = memoryOf(server.pid);

  for (let round = 0; round < ROUNDS; round++) await abandonStreams();

  ok(memoryOf(server.pid) - before < MEMORY_BYTES, `${memoryOf(server.pid) - before} bytes more`);
  strictEqual((await fetch(`${server.address}/health`)).status, 200);
  doesNotMatch(server.log(), /"level":"(?:warn|error)","time":"[^"]+","(?!msg":"Orrery runs as root)/);
  doesNotMatch(server.log(), /uncaught|unhandled|^error/im);
});

Deno.test("clients that go away mid-upload leave the server's log calm", async () => {
  for (const leave of ["end", "resetAndDestroy"] as const) {
    const { hostname, port } = new URL(server.address);
    const socket = connect(Number(port), hostname);
    const seen = answeredCount();
    socket.write(
      "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
    );
    await once(socket, "connect");

    socket[leave]();

    // One that was gone before it was heard of was never answered.
    if (leave === "end") await until("the server noticed", () => answeredCount() > seen);
  }

  strictEqual((await server.graphql("{ __typename }")).status, 200);
  doesNotMatch(server.log(), /A request failed/);
});

function answeredCount(): number {
  return server.log().split('"path":"/graphql","status":400').length;
}

/** As many as there may be, all silent: nothing runs meanwhile. */
async function abandonStreams(): Promise<void> {
  const readers: EventReader[] = [];
  while (readers.length < STREAMS) readers.push(await until("there is a place", openStream));

  strictEqual(await openStream(), null);

  await Promise.all(readers.map((reader) => reader.close()));
}

async function openStream(): Promise<EventReader | null> {
  const response = await post(
    server,
    { query: "subscription { runEvents { run { id } } }" },
    { authorization, accept: "text/event-stream" },
  );
  if (response.status === 200) return readEvents(response);
  await response.body?.cancel();
  return null;
}

async function startRun(
  name: string,
  command: string,
): Promise<{ readonly runId: string; readonly taskRunId: string }> {
  const container = await server.graphql(
    "mutation($name: String!) { createContainer(input: { name: $name }) { ... on Container { id } } }",
    { name },
  );
  const containerId = container.data.createContainer.id;
  await server.graphql(
    `mutation($id: ID!, $command: String!) {
      createTask(input: { containerId: $id, name: "only", command: $command }) { __typename }
    }`,
    { id: containerId, command },
  );
  const run = await server.graphql(
    `mutation($id: ID!) { triggerRun(containerId: $id) { ... on Run { id taskRuns { id } } } }`,
    { id: containerId },
  );
  const { id: runId, taskRuns: [taskRun] } = run.data.triggerRun;
  return { runId, taskRunId: taskRun.id };
}

async function reserve(): Promise<string> {
  const response = await fetch(`${server.address}/graphql/stream`, {
    method: "PUT",
    headers: { authorization },
  });
  strictEqual(response.status, 201);
  return await response.text();
}

/** Resident memory of a process, in bytes. */
function memoryOf(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1];
  return Number(kibibytes) * 1024;
}
