import { deepStrictEqual, doesNotMatch, match, ok, rejects, strictEqual } from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { signInByCookie } from "../support/http.ts";
import { shareServer, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const server = await shareServer({ environment: { ORRERY_LOG_LEVEL: "debug" } });
const token = await server.signIn();
const authorization = `Bearer ${token}`;
/** More lines than one statement reads. */
const MANY = 9_500;

const COLOURED = String.raw`printf '\033[31mred\033[0m\n\303\244 end'`;
const small = await runTask("Größe / täglich", `${COLOURED}; exit 3`, 1);
const large = await runTask("many", `i=0; while [ $i -lt ${MANY} ]; do echo "line $i"; i=$((i+1)); done`, 0);

Deno.test("/download gives an attempt as text, colours and all", async () => {
  const response = await get(`/download/attempts/${small.attemptIds[0]}`, { authorization });
  const text = await response.text();

  strictEqual(response.status, 200);
  ok(text.startsWith("\x1b[31mred\x1b[0m\nä end\n"));
  strictEqual(text.split("\n").filter((line) => line === "ä end").length, 1);
  match(response.headers.get("content-type") ?? "", /^text\/plain; charset=utf-8/i);
  strictEqual(response.headers.get("referrer-policy"), "no-referrer");
  strictEqual(response.headers.get("x-content-type-options"), "nosniff");
  match(response.headers.get("cache-control") ?? "", /no-store/);
  match(
    response.headers.get("content-disposition") ?? "",
    /^attachment; filename="Gr__e-t_glich-only-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-attempt-1\.log"; filename\*=UTF-8''Gr%C3%B6%C3%9Fe-t%C3%A4glich-only-/,
  );
});

Deno.test("/download gives all attempts of a task run as NDJSON, with times", async () => {
  const response = await get(`/download/task-runs/${small.taskRunId}?format=ndjson`, { authorization });
  const lines = (await response.text()).trimEnd().split("\n").map((line) => JSON.parse(line));

  match(response.headers.get("content-type") ?? "", /^application\/x-ndjson/);
  match(response.headers.get("content-disposition") ?? "", /Z\.ndjson"/);
  const written = lines.filter(({ stream }) => stream === "STDOUT");
  deepStrictEqual(written.map(({ attempt, text }) => [attempt, text]), [
    [1, "\x1b[31mred\x1b[0m"],
    [1, "ä end"],
    [2, "\x1b[31mred\x1b[0m"],
    [2, "ä end"],
  ]);
  for (const { at, seq } of lines) {
    strictEqual(new Date(at).toISOString(), at);
    ok(seq >= 1);
  }
  deepStrictEqual(Object.keys(lines[0]), ["attempt", "seq", "at", "stream", "text"]);
});

Deno.test("/download has every line of a long output, once and in order", async () => {
  const response = await get(`/download/attempts/${large.attemptIds[0]}`, { authorization });
  const lines = (await response.text()).trimEnd().split("\n");

  deepStrictEqual(lines, Array.from({ length: MANY }, (_, place) => `line ${place}`));
});

Deno.test("/download is for who is signed in: by header, by cookie or by ?token=", async () => {
  const path = `/download/attempts/${small.attemptIds[0]}`;
  const cookie = await signInByCookie(server);

  const statuses = [];
  for (
    const [address, headers] of [
      [path, { authorization }],
      [path, { cookie }],
      [`${path}?token=${token}&format=text`, {}],
      [path, {}],
      [`${path}?token=wrong`, {}],
    ] as const
  ) {
    const response = await get(address, headers);
    await response.body?.cancel();
    statuses.push(response.status);
  }

  deepStrictEqual(statuses, [200, 200, 200, 401, 401]);
  ok(server.log().includes(path));
  doesNotMatch(server.log(), new RegExp(token));
});

Deno.test("/download of what is not there is 404, of an unknown format 400, by POST 405", async () => {
  const [attempt] = small.attemptIds;
  const cases: readonly (readonly [string, number])[] = [
    [`/download/attempts/${btoa("Attempt:999999").replaceAll("=", "")}`, 404],
    [`/download/attempts/${small.taskRunId}`, 404],
    [`/download/task-runs/${attempt}`, 404],
    ["/download/attempts/1", 404],
    ["/download/runs/1", 404],
    [`/download/attempts/${attempt}/more`, 404],
    [`/download/attempts/${attempt}?format=html`, 400],
    [`/download/attempts/${attempt}?format=toString`, 400],
  ];

  for (const [path, status] of cases) {
    const response = await get(path, { authorization });
    await response.body?.cancel();
    strictEqual(response.status, status, path);
  }
  const posted = await fetch(`${server.address}/download/attempts/${attempt}`, {
    method: "POST",
    headers: { authorization },
  });
  await posted.body?.cancel();
  strictEqual(posted.status, 405);
});

Deno.test("/download by HEAD tells the name and sends nothing", async () => {
  const response = await fetch(`${server.address}/download/attempts/${large.attemptIds[0]}`, {
    method: "HEAD",
    headers: { authorization },
  });

  strictEqual(response.status, 200);
  match(response.headers.get("content-disposition") ?? "", /many-only-/);
  strictEqual(await response.text(), "");
});

Deno.test("/download ends its reading when the client goes away, and leaves its place", async () => {
  const { hostname, port } = new URL(server.address);
  // More than a person may have open at once.
  for (let round = 0; round < 12; round++) {
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    socket.write(
      `GET /download/attempts/${
        large.attemptIds[0]
      } HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`,
    );
    await once(socket, "data");
    socket.destroy();
  }

  const whole = await until("a place is free again", async () => {
    const response = await get(`/download/attempts/${large.attemptIds[0]}`, { authorization });
    const text = await response.text();
    return response.status === 200 ? text : undefined;
  });
  strictEqual(whole.split("\n").length, MANY + 1);
});

Deno.test("/download that the server cuts off does not look whole", async () => {
  await using own = await startServer();
  const bytes = 40 * 1024 * 1024;
  const { attemptIds } = await runTask("big", `yes 0123456789 | head -c ${bytes}`, 0, own);
  const response = await fetch(`${own.address}/download/attempts/${attemptIds[0]}`, {
    headers: { authorization: `Bearer ${await own.signIn()}` },
  });

  const stopped = own.stop();

  await rejects(response.text());
  strictEqual(await stopped, 0);
});

async function get(path: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  return await fetch(server.address + path, { headers });
}

/** Runs a container of one task, and waits for its end. */
async function runTask(
  name: string,
  command: string,
  maxRetries: number,
  on: Pick<typeof server, "graphql"> = server,
): Promise<{ readonly taskRunId: string; readonly attemptIds: readonly string[] }> {
  const made = await on.graphql(
    `mutation($name: String!) { createContainer(input: { name: $name }) {
      ... on Container { id } ... on Error { message } } }`,
    { name },
  );
  const containerId: string = made.data.createContainer.id;
  await on.graphql(
    `mutation($containerId: ID!, $command: String!, $maxRetries: Int!) { createTask(input: { containerId: $containerId,
      name: "only", command: $command, maxRetries: $maxRetries, retryDelaySeconds: 0 }) { __typename } }`,
    { containerId, command, maxRetries },
  );
  const run = await on.graphql(
    "mutation($id: ID!) { triggerRun(containerId: $id) { ... on Run { id } } }",
    { id: containerId },
  );
  return await until("the run has ended", async () => {
    const { data } = await on.graphql(
      `query($id: ID!) { run(id: $id) { finishedAt taskRuns { id attempts { id number } } } }`,
      { id: run.data.triggerRun.id },
    );
    if (data.run.finishedAt === null) return undefined;
    const [taskRun] = data.run.taskRuns;
    return { taskRunId: taskRun.id, attemptIds: taskRun.attempts.map(({ id }: { id: string }) => id) };
  }, 60_000);
}
