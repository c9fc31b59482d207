/** How long a line takes from being written to being received, with one subscriber and with many. */
import { createClient } from "graphql-sse";
import { type Bench, type BenchContext, type BenchServer, type Figures, quantile, round } from "./bench.ts";

const LINES_A_SECOND = 1_000;
const QUICK_SECONDS = 5;
const FULL_SECONDS = 20;
const MANY = 50;
/** A session has no more streams than this. */
const STREAMS_OF_SESSION = 8;

export const logLiveBench: Bench = { name: "log-live", optional: true, run: benchLogLive };

async function benchLogLive(context: BenchContext): Promise<Figures> {
  const seconds = context.full ? FULL_SECONDS : QUICK_SECONDS;
  const server = await context.openServer();
  const one = await measure(server, 1, seconds);
  const many = await measure(server, MANY, seconds);
  return {
    value: round(quantile(many.delays, 0.99)),
    unit: "ms",
    limit: null,
    oneP50Ms: round(quantile(one.delays, 0.5)),
    oneP99Ms: round(quantile(one.delays, 0.99)),
    manyP50Ms: round(quantile(many.delays, 0.5)),
    manyP99Ms: round(quantile(many.delays, 0.99)),
    lost: one.lost + many.lost,
  };
}

interface Measured {
  readonly delays: readonly number[];
  readonly lost: number;
}

async function measure(server: BenchServer, subscribers: number, seconds: number): Promise<Measured> {
  const lines = LINES_A_SECOND * seconds;
  const taskRunId = await startWriter(server, `${subscribers} subscribers`, lines);
  const tokens = await Promise.all(
    Array.from({ length: Math.ceil(subscribers / STREAMS_OF_SESSION) }, () => server.signIn()),
  );
  const received = await Promise.all(
    Array.from(
      { length: subscribers },
      (_, place) => follow(server, tokens[Math.floor(place / STREAMS_OF_SESSION)] ?? "", taskRunId),
    ),
  );
  return {
    delays: received.flat(),
    lost: received.reduce((sum, { length }) => sum + lines - length, 0),
  };
}

/** Prints the time it is, ten lines every ten milliseconds, once it was given the time to be subscribed to. */
async function startWriter(server: BenchServer, name: string, lines: number): Promise<string> {
  const program =
    `let n = 0; setTimeout(() => { const startedAt = performance.now(); const timer = setInterval(() => {
    const due = Math.min(${lines}, Math.floor((performance.now() - startedAt) * ${LINES_A_SECOND / 1000}));
    let text = ""; for (; n < due; n++) text += Date.now() + "\\n";
    if (text !== "") process.stdout.write(text); if (n >= ${lines}) clearInterval(timer); }, 10); }, 2000);`;
  const made = await server.graphql(
    `mutation ($input: CreateContainerInput!) { createContainer(input: $input) { ... on Container { id } } }`,
    { input: { name } },
  ) as unknown as { createContainer: { id: string } };
  const containerId = made.createContainer.id;
  await server.graphql(`mutation ($input: CreateTaskInput!) { createTask(input: $input) { __typename } }`, {
    input: {
      containerId,
      name: "writer",
      command: `NO_COLOR=1 exec "$DENO" eval "$PROGRAM"`,
      environment: { DENO: Deno.execPath(), PROGRAM: `import process from "node:process"; ${program}` },
    },
  });
  const started = await server.graphql(
    `mutation ($id: ID!) { triggerRun(containerId: $id) { ... on Run { taskRuns { id } } } }`,
    { id: containerId },
  ) as unknown as { triggerRun: { taskRuns: { id: string }[] } };
  return started.triggerRun.taskRuns[0]?.id ?? "";
}

/** The delays of all lines. */
async function follow(server: BenchServer, token: string, taskRunId: string): Promise<readonly number[]> {
  const client = createClient({
    url: `${server.address}/graphql`,
    retryAttempts: 0,
    headers: { authorization: `Bearer ${token}` },
  });
  const delays: number[] = [];
  const events = client.iterate<{ taskRunLog: { node: { text: string; stream: string } }[] }>({
    query: "subscription($id: ID!) { taskRunLog(taskRunId: $id) { node { text stream } } }",
    variables: { id: taskRunId },
  });
  for await (const { data, errors } of events) {
    if (errors !== undefined) throw new Error(`The server refused: ${JSON.stringify(errors)}`);
    const now = Date.now();
    for (const { node } of data?.taskRunLog ?? []) {
      if (node.stream === "STDOUT") delays.push(now - Number(node.text));
    }
  }
  client.dispose();
  return delays;
}
