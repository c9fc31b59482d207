import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { startOwnPostgres } from "../support/postgres.ts";
import { ADMIN_PASSWORD, runProgram, startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const LINES = 3_000;
const LAST_LINES = 5_000;
const EXIT_CODE = 7;

interface Place extends AsyncDisposable {
  readonly dataDir: string;
  readonly path: (name: string) => string;
  serve(): Promise<TestServer>;
}

/** On the bundled database, unless another is named. */
async function makePlace(databaseUrl: string | null = null): Promise<Place> {
  const dataDir = await Deno.makeTempDir({ prefix: "orrery-test-" });
  return {
    dataDir,
    path: (name) => join(dataDir, name),
    serve: () => startServer({ dataDir, databaseUrl }),
    [Symbol.asyncDispose]: () => Deno.remove(dataDir, { recursive: true }),
  };
}

/** Writes, waits for the file "go", writes again, and tells by the file "over" that it did. */
function patientCommand(place: Place): string {
  return [
    `seq ${LINES}`,
    `echo talked > '${place.path("talked")}'`,
    // Bounded, so that no failed test leaves it behind for ever.
    `n=0; until [ -e '${place.path("go")}' ] || [ $n -gt 1200 ]; do sleep 0.05; n=$((n + 1)); done`,
    `seq ${LINES + 1} ${LAST_LINES}; printf 'the end without a line feed'`,
    `echo over > '${place.path("over")}'`,
    `exit ${EXIT_CODE}`,
  ].join("\n");
}

async function startRun(server: TestServer, command: string): Promise<string> {
  const made = await server.graphql(
    `mutation { createContainer(input: { name: "Patience" }) { ... on Container { id } } }`,
  );
  const id: string = made.data.createContainer.id;
  await server.graphql(
    `mutation($id: ID!, $command: String!) {
      createTask(input: { containerId: $id, name: "only", command: $command }) { __typename }
    }`,
    { id, command },
  );
  const run = await server.graphql(
    `mutation($id: ID!) { triggerRun(containerId: $id) { ... on Run { taskRuns { id } } } }`,
    { id },
  );
  return run.data.triggerRun.taskRuns[0].id;
}

interface Ended {
  readonly state: string;
  readonly exitCode: number;
  readonly attempts: readonly unknown[];
  readonly lines: readonly string[];
}

/** What became of a task run, once its run has ended. */
async function readEnded(server: TestServer, id: string): Promise<Ended> {
  const found = await until("the run has ended", async () => {
    const answer = await server.graphql(
      `query($id: ID!) {
        node(id: $id) { ... on TaskRun { state exitCode attempts { number } run { finishedAt } } }
      }`,
      { id },
    );
    return answer.data.node.run.finishedAt === null ? null : answer.data.node;
  });
  const { state, exitCode, attempts } = found;
  return { state, exitCode, attempts, lines: await readOutput(server, id) };
}

async function readOutput(server: TestServer, id: string): Promise<readonly string[]> {
  const lines: string[] = [];
  let page = { hasNextPage: true, endCursor: null };
  while (page.hasNextPage) {
    const answer = await server.graphql(
      `query($id: ID!, $after: String) { node(id: $id) { ... on TaskRun { log(first: 2000, after: $after) {
        edges { node { text stream } }
        pageInfo { hasNextPage endCursor }
      } } } }`,
      { id, after: page.endCursor },
    );
    const { edges, pageInfo } = answer.data.node.log;
    for (const { node } of edges) if (node.stream === "STDOUT") lines.push(node.text);
    page = pageInfo;
  }
  return lines;
}

function isThere(path: string): () => Promise<boolean> {
  return () => Deno.stat(path).then(() => true, () => false);
}

const complete: Ended = {
  state: "FAILED",
  exitCode: EXIT_CODE,
  attempts: [{ number: 1 }],
  lines: [
    ...Array.from({ length: LAST_LINES }, (_, index) => String(index + 1)),
    "the end without a line feed",
  ],
};

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  for (const when of ["while nobody serves", "after the next start"] as const) {
    Deno.test(
      `serve() loses nothing of a task that ends ${when} after ${signal}`,
      async () => {
        await using place = await makePlace();
        const first = await place.serve();
        const id = await startRun(first, patientCommand(place));
        await until("the task wrote", isThere(place.path("talked")));

        const code = await first.stop(signal);
        if (when === "while nobody serves") {
          await Deno.writeTextFile(place.path("go"), "");
          await until("the task is over", isThere(place.path("over")));
        }
        await using second = await place.serve();
        await Deno.writeTextFile(place.path("go"), "");
        const ended = await readEnded(second, id);

        strictEqual(code, signal === "SIGTERM" ? 0 : 137);
        deepStrictEqual(ended, complete);
        await first[Symbol.asyncDispose]();
      },
    );
  }
}

Deno.test(
  `serve() stops once when it is told twice, in time, with all of its log`,
  async () => {
    await using place = await makePlace();
    await using server = await place.serve();
    const id = await startRun(server, patientCommand(place));
    await until("the task wrote", isThere(place.path("talked")));

    Deno.kill(server.pid, "SIGTERM");
    const code = await server.stop("SIGINT");

    strictEqual(code, 0);
    match(server.log(), /Stopping; tasks that run are left alive/);
    doesNotMatch(server.log(), /"level":"error"|did not close in time|ncaught|nhandled/);
    strictEqual(await isThere(place.path("over"))(), false);
    await Deno.writeTextFile(place.path("go"), "");
    await using next = await place.serve();
    deepStrictEqual(await readEnded(next, id), complete);
  },
);

Deno.test({
  name: "serve() goes on by itself when PostgreSQL was away during a run",
  fn: async () => {
    const postgres = await startOwnPostgres();
    await using place = await makePlace(postgres.url("postgres"));
    await using server = await place.serve();
    const health = async (): Promise<number> => {
      const response = await fetch(`${server.address}/health`);
      await response.body?.cancel();
      return response.status;
    };
    const id = await startRun(server, patientCommand(place));
    await until("the task wrote", isThere(place.path("talked")));

    postgres.kill();
    await until("it knows", async () => await health() === 503);
    await Deno.writeTextFile(place.path("go"), "");
    await until("the task is over", isThere(place.path("over")));
    const refused = await server.graphql("{ overview { containers } }");
    await postgres.start();

    await until("it is well", async () => await health() === 200);
    deepStrictEqual(await readEnded(server, id), complete);
    strictEqual(refused.errors?.[0]?.extensions.code, "UNAVAILABLE");
    doesNotMatch(server.log(), /ncaught|nhandled/);
    strictEqual(await server.stop(), 0);
  },
});

Deno.test("serve() prints the ready line and nothing else, without colours, and keeps its files to itself", async () => {
  await using server = await startServer({ environment: { NO_COLOR: undefined, FORCE_COLOR: "1" } });

  strictEqual(server.output(), `Orrery is ready at ${server.address}\n`);
  match(server.address, /^http:\/\/127\.0\.0\.1:\d+$/);
  const health = await fetch(`${server.address}/health`);
  deepStrictEqual([health.status, await health.json()], [200, { status: "ok" }]);
  strictEqual(((await Deno.stat(server.dataDir)).mode ?? 0) & 0o777, 0o700);
  for (const name of ["secret", "agent-key"]) {
    strictEqual(((await Deno.stat(join(server.dataDir, name))).mode ?? 0) & 0o777, 0o600, name);
  }
});

Deno.test("serve() keeps the first password out of its log, in a file for the owner, and asks for a new one", async () => {
  await using server = await startServer({ environment: { ORRERY_ADMIN_PASSWORD: undefined } });
  const path = join(server.dataDir, "first-password");
  const password = (await Deno.readTextFile(path)).trim();

  const signedIn = await server.graphql(
    `mutation ($password: String!) { signIn(username: "admin", password: $password) {
      ... on SignInPayload { token user { username passwordChangeRequired } } } }`,
    { password },
    null,
  );
  const { token, user } = signedIn.data.signIn;

  const viewer = await server.graphql("{ viewer { username passwordChangeRequired } }", {}, token);
  deepStrictEqual(user, { username: "admin", passwordChangeRequired: true });
  deepStrictEqual(viewer.data, { viewer: { username: "admin", passwordChangeRequired: true } });
  strictEqual(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  match(server.log(), new RegExp(path));
  ok(password.length >= 12 && !server.log().includes(password) && !server.output().includes(password));
});

Deno.test("serve() keeps tokens over a restart by the secret that it made", async () => {
  await using place = await makePlace();
  const first = await place.serve();
  const token = await first.signIn();
  strictEqual(await first.stop(), 0);

  await using second = await place.serve();

  const viewer = await second.graphql("{ viewer { username } }", {}, token);
  deepStrictEqual(viewer.data, { viewer: { username: "admin" } });
  await first[Symbol.asyncDispose]();
});

Deno.test("serve() refuses a port that is taken, a data directory in use and a bad setting with one sentence each", async () => {
  await using server = await startServer();
  const { port } = new URL(server.address);
  const fresh = await Deno.makeTempDir();
  const settings = join(fresh, "settings.toml");
  await Deno.writeTextFile(settings, '[log]\nlevel = "loud"\n');

  const cases = [
    { environment: { ORRERY_PORT: port }, dataDir: fresh, sentence: new RegExp(`\\b${port}\\b`) },
    { dataDir: server.dataDir, sentence: /another Orrery is running on it/ },
    {
      args: ["serve", "--config", settings],
      dataDir: fresh,
      sentence: /log.*level.*settings\.toml|settings\.toml.*level/,
    },
    { environment: { ORRERY_CONFIG: settings }, dataDir: fresh, sentence: /settings\.toml/ },
    { environment: { ORRERY_TOKEN_HOURS: "soon" }, dataDir: fresh, sentence: /ORRERY_TOKEN_HOURS/ },
    {
      environment: { ORRERY_DATABASE_URL: "postgres://a:s3cret@127.0.0.1:1/b" },
      dataDir: fresh,
      sentence: /127\.0\.0\.1/,
    },
    {
      args: ["sever"],
      dataDir: fresh,
      sentence: /^Unknown command "sever": see `help` for what there is\n$/,
    },
    { args: ["serve", "--fast"], dataDir: fresh, sentence: /^Unknown flag "--fast" for `serve`/ },
    { args: ["export"], dataDir: fresh, sentence: /^`export` takes one argument, 0 were given/ },
    {
      args: ["--config"],
      dataDir: fresh,
      sentence: /^Cannot read the settings: --config needs the path of a file\n$/,
    },
  ];
  for (const { sentence, ...options } of cases) {
    const program = await runProgram(options);
    strictEqual(await program.ended, 1, program.log());
    const said = program.log().split("\n").filter((line) => !line.startsWith("{"));
    match(said.join("\n"), sentence);
    strictEqual(said.length, 2, `one line: ${said.join("\n")}`);
    doesNotMatch(program.log(), /s3cret/);
    strictEqual(program.output(), "");
    await program.forget();
  }

  strictEqual((await server.graphql("{ __typename }")).status, 200);
  await Deno.remove(fresh, { recursive: true });
});

Deno.test("serve() reads the file that --config names", async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "orrery-test-" });
  const settings = join(dataDir, "settings.toml");
  await Deno.writeTextFile(
    settings,
    `[storage]\ndata_dir = "${dataDir}"\n[server]\nport = 0\n[log]\nlevel = "error"\n`,
  );
  const environment = { ORRERY_PORT: undefined, ORRERY_DATA_DIR: undefined };

  await using server = await startServer({ dataDir, environment, args: ["serve", "--config", settings] });

  await server.signIn("admin", ADMIN_PASSWORD);
  strictEqual(server.log(), "");
  strictEqual(await server.stop(), 0);
  await Deno.remove(dataDir, { recursive: true });
});
