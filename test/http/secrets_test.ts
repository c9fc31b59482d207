/** A secret that a task prints in every way is found nowhere: not by the API, not in the database, and in no file. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import postgres from "postgres";
import { runProgram, startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";

const SECRET = `Pa$$ "wörd" 漢字/🪐+x`;
const SERVER_SECRET = "a server secret of enough characters";

const PRINT = `
printf '%s\\n' "$TOKEN" "in $TOKEN line" >&2
for before in "" a ab; do printf '%s' "$before$TOKEN" | base64 -w0; echo; done
printf '%q\\n' "$TOKEN"
LC_ALL=C bash -c 'printf "%q\\n" "$TOKEN"'
printf '%s' "\${TOKEN:0:7}"; sleep 0.6; printf '%s\\n' "\${TOKEN:7}"
head -c 65530 /dev/zero | tr '\\0' -; printf '%s end\\n' "$TOKEN"
"${Deno.execPath()}" eval --quiet --no-lock 'const t = process.env.TOKEN; console.log(encodeURIComponent(t), JSON.stringify(t))'
echo "good=value" >> "$ORRERY_OUTPUT"; echo "bad=x $TOKEN" >> "$ORRERY_OUTPUT"; echo "alsoBad<<$TOKEN" >> "$ORRERY_OUTPUT"
echo "the value is $PLAIN"`;

/** What must not be found. */
const FORBIDDEN = [
  SECRET,
  ...["", "a", "ab"].map((before) => Buffer.from(before + SECRET).toString("base64").slice(4, -4)),
  encodeURIComponent(SECRET),
  JSON.stringify(SECRET).slice(1, -1),
  "w\\303\\266rd",
  `Pa\\$\\$\\ \\"wörd\\"`,
];

Deno.test("a secret is redacted in output, outputs, search and downloads, and stands in no file and no table", async () => {
  await using server = await startServer({
    environment: { ORRERY_SECRET: SERVER_SECRET, ORRERY_LOG_LEVEL: "debug" },
  });
  await setVariable(server, `name: "PLAIN", value: "plain"`);
  const told = await setVariable(server, `name: "TOKEN", secret: true, value: ${JSON.stringify(SECRET)}`);

  const run = await runTask(server, PRINT);
  const token = await server.adminToken();
  const download = await fetch(`${server.address}/download/task-runs/${run.taskRuns[0].id}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const output = await download.text();
  const search = await server.graphql(`{ logs(filter: {}, first: 500) { edges { node { text } } } }`);

  equal(told, { __typename: "Variable", secret: true, value: null });
  const [taskRun] = run.taskRuns;
  equal(taskRun.state, "SUCCEEDED");
  equal(taskRun.outputs, { good: "value" });
  ok(taskRun.redactedCount >= 10, `${taskRun.redactedCount}`);
  match(output, /^\*\*\*\nin \*\*\* line$/m);
  match(output, /^the value is plain$/m);
  match(output, /-{60,}\*\*\* end$|^…\*\*\* end$/m);
  match(output, /Outputs that contain a secret are not stored: bad/);
  ok(search.errors === undefined, JSON.stringify(search.errors));
  for (
    const text of [output, JSON.stringify(search.data), JSON.stringify(run), server.log(), server.output()]
  ) {
    for (const forbidden of FORBIDDEN) ok(!text.includes(forbidden), forbidden);
  }
  const audit = await fetch(`${server.address}/download/audit.ndjson?action=variable.`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const entries = (await audit.text()).trimEnd().split("\n").map((line) => JSON.parse(line));
  equal(entries.map(({ action, subject, changes }) => [action, subject, changes]), [
    ["variable.set", 'variable "TOKEN"', { secret: { before: null, after: true } }],
    ["variable.set", 'variable "PLAIN"', { secret: { before: null, after: false } }],
  ]);
  equal((await fetch(`${server.address}/download/audit.ndjson`)).status, 401);
  await until("the spool is empty", async () => (await findInFiles(server.dataDir)).length === 0);
  equal(await findInDatabase(server), []);
});

Deno.test("a server with another key does not start, `vault rotate` changes the key, and an import needs the same one", async () => {
  await using first = await startServer({ environment: { ORRERY_SECRET: SERVER_SECRET } });
  await setVariable(first, `name: "TOKEN", secret: true, value: "a secret value"`);
  const dataDir = await Deno.makeTempDir({ prefix: "orrery-test-" });
  const { databaseUrl } = first;
  const run = async (args: readonly string[], environment: Readonly<Record<string, string>>) => {
    const program = await runProgram({ dataDir, databaseUrl, args, environment });
    const code = await program.ended;
    const told = { code, log: program.log() + program.output() };
    await program.forget();
    return told;
  };

  const other = await run(["serve"], {
    ORRERY_SECRET: "another secret of enough characters",
    ORRERY_PORT: "0",
  });
  const refused = await run(["vault", "rotate"], { ORRERY_SECRET: "another secret of enough characters" });
  const rotated = await run(["vault", "rotate"], {
    ORRERY_SECRET: "another secret of enough characters",
    ORRERY_PREVIOUS_SECRET: SERVER_SECRET,
  });
  const old = await run(["serve"], { ORRERY_SECRET: SERVER_SECRET, ORRERY_PORT: "0" });

  equal(other.code, 1);
  match(
    other.log,
    /^Cannot start: the secrets in this database are encrypted with key [0-9a-f]{16}, and this server has key/m,
  );
  match(other.log, /ORRERY_SECRET has another value/);
  equal(refused.code, 1);
  match(refused.log, /ORRERY_PREVIOUS_SECRET/);
  equal([rotated.code, rotated.log], [0, "Encrypted 1 value with the new key\n"]);
  match(old.log, /Cannot start: the secrets in this database/);
  await Deno.remove(dataDir, { recursive: true });
});

async function setVariable(server: TestServer, fields: string): Promise<unknown> {
  const { data, errors } = await server.graphql(
    `mutation { setVariable(input: { ${fields} }) { __typename ... on Variable { secret value } ... on Error { message } } }`,
  );
  equal(errors, undefined);
  return data.setVariable;
}

// deno-lint-ignore no-explicit-any -- the shape follows from the document below
async function runTask(server: TestServer, command: string): Promise<any> {
  const made = await server.graphql(
    `mutation { createContainer(input: { name: "prints" }) { ... on Container { id } ... on Error { message } } }`,
  );
  const containerId: string = made.data.createContainer.id;
  const task = await server.graphql(
    `mutation($containerId: ID!, $command: String!) { createTask(input: { containerId: $containerId, name: "only",
      command: $command, shell: "bash" }) { __typename } }`,
    { containerId, command },
  );
  equal(task.data, { createTask: { __typename: "Task" } });
  const run = await server.graphql(
    "mutation($id: ID!) { triggerRun(containerId: $id) { ... on Run { id } } }",
    {
      id: containerId,
    },
  );
  return await until("the run has ended", async () => {
    const { data } = await server.graphql(
      `query($id: ID!) { run(id: $id) { finishedAt taskRuns { id state outputs redactedCount reason
        log(first: 500) { edges { node { text } } } } } }`,
      { id: run.data.triggerRun.id },
    );
    return data.run.finishedAt === null ? undefined : data.run;
  }, 60_000);
}

/** Names of the tables of which a row contains any of it. */
async function findInDatabase({ databaseUrl }: TestServer): Promise<string[]> {
  const sql = postgres(databaseUrl ?? "", { max: 1 });
  try {
    const tables = await sql<{ name: string }[]>`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`;
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await sql`select t::text as row from ${sql(name)} t`;
      if (rows.some(({ row }) => FORBIDDEN.some((forbidden) => row.includes(forbidden)))) found.push(name);
    }
    return found;
  } finally {
    await sql.end();
  }
}

async function* filesIn(dir: string): AsyncGenerator<{ readonly path: string }> {
  for await (const { name, isFile, isDirectory } of Deno.readDir(dir)) {
    const path = join(dir, name);
    if (isFile) yield { path };
    else if (isDirectory) yield* filesIn(path);
  }
}

async function findInFiles(dir: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { path } of filesIn(dir)) {
    const text = new TextDecoder().decode(await Deno.readFile(path));
    if (FORBIDDEN.some((forbidden) => text.includes(forbidden))) found.push(path);
  }
  return found;
}
