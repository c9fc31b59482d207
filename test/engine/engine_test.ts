/** The whole server with real processes: what was told to stop is gone, what fails is tried again, what runs knows where. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { createContainer, mutate } from "../chaos/containers.ts";
import { readPid } from "../support/agent.ts";
import { createTestDatabase } from "../support/database.ts";
import { killGroupOf, processLives } from "../support/processes.ts";
import { type ServerOptions, shareServer, startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";

/** From the start of a server to the word that what ran before the machine's restart is lost. */
const LOST_MS = 10_000;
const READ_RUN = `query ($id: ID!) {
  node(id: $id) { ... on Run { state reason taskRuns {
    id name state reason
    attempts { number state exitCode startedAt finishedAt }
    log(first: 100) { edges { node { attempt stream text } } }
  } } }
}`;

interface AttemptRead {
  readonly number: number;
  readonly state: string;
  readonly exitCode: number | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

interface TaskRunRead {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly reason: string | null;
  readonly attempts: readonly AttemptRead[];
  readonly log: {
    readonly edges: readonly {
      readonly node: { readonly attempt: number; readonly stream: string; readonly text: string };
    }[];
  };
}

interface RunRead {
  readonly state: string;
  readonly reason: string | null;
  readonly taskRuns: readonly TaskRunRead[];
}

let containers = 0;

/** Answers the container's id. Every task but the first waits for the one before it. */
async function makeChain(
  server: TestServer,
  tasks: readonly object[],
  settings: object = {},
): Promise<string> {
  const id = await createContainer(server, { name: `chain ${++containers}`, ...settings });
  const named = tasks.map((task, place) => ({ name: `t${place}`, ...task }));
  const relations = named.slice(1).map(({ name }, place) => ({ upstream: `t${place}`, downstream: name }));
  return await mutate(server, "saveContainer", "SaveContainerInput", {
    container: { id },
    tasks: named,
    relations,
  });
}

async function trigger(server: TestServer, id: string, environment: object = {}): Promise<string> {
  const { data } = await server.graphql(
    `mutation ($id: ID!, $environment: JSON) {
      triggerRun(containerId: $id, environment: $environment) { ... on Run { id } ... on Error { message } }
    }`,
    { id, environment },
  );
  ok(data?.triggerRun.id !== undefined, JSON.stringify(data));
  return data.triggerRun.id;
}

async function readRun(server: TestServer, id: string): Promise<RunRead> {
  return (await server.graphql(READ_RUN, { id })).data.node;
}

function readEnded(server: TestServer, id: string, patienceMs?: number): Promise<RunRead> {
  return until("the run has ended", async () => {
    const run = await readRun(server, id);
    return run.state === "RUNNING" || run.state === "QUEUED" ? null : run;
  }, patienceMs);
}

/** What the one who cancels is told: the type, or the code of the refusal. */
async function cancel(server: TestServer, what: "Run" | "TaskRun", id: string): Promise<string> {
  const { data, errors } = await server.graphql(
    `mutation ($id: ID!) { answer: cancel${what}(id: $id) { __typename ... on Error { code } } }`,
    { id },
  );
  return data?.answer.code ?? data?.answer.__typename ?? errors?.[0]?.extensions.code;
}

/** What one attempt wrote, with the stream. */
function textsOf({ log }: TaskRunRead, attempt: number): readonly string[] {
  return log.edges.filter(({ node }) => node.attempt === attempt).map(({ node }) =>
    `${node.stream} ${node.text}`
  );
}

const test = (
  name: string,
  run: (options: ServerOptions & { readonly dataDir: string }) => Promise<void>,
): void =>
  Deno.test(name, async () => {
    const dataDir = await Deno.makeTempDir({ prefix: "orrery-test-" });
    await run({ dataDir, databaseUrl: await createTestDatabase(true) });
    await Deno.remove(dataDir, { recursive: true });
  });

let shared: Promise<TestServer> | null = null;
/** For tests that leave nothing behind. */
const testShared = (name: string, run: (server: TestServer) => Promise<void>): void =>
  Deno.test(name, async () => {
    shared ??= shareServer({
      environment: { ORRERY_SECRET: "a secret of thirty-two characters", MINE: "the server's own" },
    });
    await run(await shared);
  });

testShared(
  "cancelRun() ends when the last process is gone, and names what left the group",
  async (server) => {
    const stray = join(server.dataDir, "stray");
    const id = await makeChain(server, [
      {
        command:
          `setsid bash -c 'trap "" TERM; echo $$ > "${stray}"; while :; do sleep 0.02; done' & sleep 100`,
        killGraceSeconds: 1,
      },
      { command: "true" },
    ]);
    const runId = await trigger(server, id);
    const pid = await readPid(stray);

    const answers = [await cancel(server, "Run", runId), await cancel(server, "Run", runId)];
    const run = await readEnded(server, runId);
    const late = [
      await cancel(server, "Run", runId),
      await cancel(server, "TaskRun", run.taskRuns[0]?.id ?? ""),
      await cancel(server, "Run", "UnVuOjk5OTk5OQ=="),
    ];

    ok(!processLives(pid));
    equal(answers, ["Run", "Run"]);
    equal(late, ["NOT_RUNNING", "NOT_RUNNING", "NOT_FOUND"]);
    equal([run.state, run.reason], ["CANCELLED", "Cancelled by admin"]);
    equal(run.taskRuns.map(({ state }) => state), ["CANCELLED", "CANCELLED"]);
    match(
      run.taskRuns[0]?.reason ?? "",
      new RegExp(`^Cancelled by admin; Stopped outside its process group: .*bash \\(${pid}\\)`),
    );
  },
);

testShared("time limits stop a task, and a run with all that is in it", async (server) => {
  const slow = { command: "sleep 100", killGraceSeconds: 1 };
  const task = await trigger(
    server,
    await makeChain(server, [{ ...slow, timeoutSeconds: 1 }, {
      command: "true",
    }]),
  );
  const whole = await trigger(
    server,
    await makeChain(server, [slow, { command: "true" }], { timeoutSeconds: 1 }),
  );

  const [taskEnd, wholeEnd] = await Promise.all([readEnded(server, task), readEnded(server, whole)]);

  equal([taskEnd.state, taskEnd.taskRuns.map(({ state }) => state)], ["FAILED", ["TIMED_OUT", "SKIPPED"]]);
  match(taskEnd.taskRuns[0]?.reason ?? "", /^Its time limit was over/);
  equal([wholeEnd.state, wholeEnd.reason], ["FAILED", "The time limit of the run was over"]);
  equal(wholeEnd.taskRuns.map(({ state }) => state), ["TIMED_OUT", "CANCELLED"]);
});

testShared(
  "a task for stopped runs cleans up after a cancel and a time limit, and can be cancelled itself",
  async (server) => {
    const make = async (command: string, settings: object = {}): Promise<string> => {
      const id = await createContainer(server, { name: `cleaned ${++containers}`, ...settings });
      return await mutate(server, "saveContainer", "SaveContainerInput", {
        container: { id },
        tasks: [
          { name: "work", command: "sleep 100", killGraceSeconds: 1 },
          { name: "more", command: "true" },
          { name: "clean", command, runsWhenStopped: true, maxRetries: 1, retryDelaySeconds: 0 },
        ],
        relations: [
          { upstream: "work", downstream: "more" },
          { upstream: "work", downstream: "clean", condition: "ALWAYS" },
        ],
      });
    };
    const stateOf = (run: RunRead, name: string): TaskRunRead | undefined =>
      run.taskRuns.find((task) => task.name === name);
    const running = (name: string, id: string): Promise<TaskRunRead> =>
      until(`${name} runs`, async () => {
        const task = stateOf(await readRun(server, id), name);
        return task?.attempts.at(-1)?.startedAt && task.state === "RUNNING" ? task : null;
      });
    const queueing = await make("true", { overlap: "QUEUE" });
    const [cancelled, stuck, first] = [
      await trigger(server, await make('test "$ORRERY_ATTEMPT" = 2')),
      await trigger(server, await make("sleep 100")),
      await trigger(server, queueing),
    ];
    const queued = await trigger(server, queueing);
    const limited = await trigger(server, await make("echo cleaned", { timeoutSeconds: 1 }));
    for (const id of [cancelled, stuck, first]) await running("work", id);

    for (const id of [queued, cancelled, stuck, first]) equal(await cancel(server, "Run", id), "Run");
    const { id: cleaning } = await running("clean", stuck);
    equal(await cancel(server, "Run", stuck), "Run");
    equal(stateOf(await readRun(server, stuck), "clean")?.state, "RUNNING");
    equal(await cancel(server, "TaskRun", cleaning), "Run");
    const ends = await Promise.all([cancelled, limited, stuck, queued].map((id) => readEnded(server, id)));

    equal(ends.map(({ state }) => state), ["CANCELLED", "FAILED", "CANCELLED", "CANCELLED"]);
    equal(ends.map((run) => run.taskRuns.map(({ state }) => state)), [
      ["CANCELLED", "CANCELLED", "SUCCEEDED"],
      ["TIMED_OUT", "CANCELLED", "SUCCEEDED"],
      ["CANCELLED", "CANCELLED", "CANCELLED"],
      ["CANCELLED", "CANCELLED", "CANCELLED"],
    ]);
    equal(ends[0]?.taskRuns[2]?.attempts.length, 2);
  },
);

testShared("cancelAllRuns() stops all that runs and all that waits", async (server) => {
  const ids: string[] = [];
  for (let count = 0; count < 3; count++) {
    const started = join(server.dataDir, `started ${count}`);
    const id = await makeChain(server, [{ command: `echo $$ > '${started}'; exec sleep 100` }, {
      command: "true",
    }], {
      overlap: "QUEUE",
    });
    ids.push(await trigger(server, id));
    await readPid(started);
    ids.push(await trigger(server, id));
  }

  const { data } = await server.graphql(
    "mutation { cancelAllRuns { ... on CancelledPayload { count } ... on Error { message } } }",
  );
  equal(data.cancelAllRuns.count, 6);
  const runs = await Promise.all(ids.map((id) => readEnded(server, id)));

  equal(
    runs.map(({ state, reason }) => `${state} ${reason}`),
    ids.map(() => "CANCELLED Cancelled by admin"),
  );
});

testShared(
  "a task finds in its environment where it stands, and nothing of the server's own",
  async (server) => {
    const command = "env | sort";
    const id = await makeChain(server, [{ command, environment: { WHO: "task", WHERE: "here" } }]);
    const scheduled = await makeChain(server, [{ command }], { expression: "@every 1s" });

    const runId = await trigger(server, id, { WHO: "run" });
    const run = await readEnded(server, runId);
    const slotted = await until("a slot has run", async () => {
      const { data } = await server.graphql(
        `query ($id: ID) { runs(first: 1, filter: { containerId: $id, states: [SUCCEEDED] }) {
        edges { node { id scheduledFor } } } }`,
        { id: scheduled },
      );
      return data.runs.edges[0]?.node;
    });
    await mutate(server, "updateContainer", "UpdateContainerInput", { id: scheduled, enabled: false });

    const read = ({ taskRuns: [taskRun] }: RunRead): Record<string, string> =>
      Object.fromEntries((taskRun?.log.edges ?? []).map(({ node: { text } }) => {
        const [name = "", ...value] = text.split("=");
        return [name, value.join("=")];
      }));
    const environment = read(run);
    equal(
      [environment.WHO, environment.WHERE, environment.ORRERY_RUN_ID, environment.ORRERY_TASK_RUN_ID],
      ["run", "here", runId, run.taskRuns[0]?.id],
    );
    equal(
      [environment.ORRERY_CONTAINER_ID, environment.ORRERY_TASK, environment.ORRERY_ATTEMPT],
      [id, "t0", "1"],
    );
    equal([environment.ORRERY_PROJECT, environment.ORRERY_SLOT], ["default", undefined]);
    equal(
      read(await readRun(server, slotted.id)).ORRERY_SLOT,
      new Date(slotted.scheduledFor).toISOString(),
    );
    const known =
      /^(PATH|HOME|LANG|TZ|USER|PWD|SHLVL|_|WHO|WHERE|ORRERY_(PROJECT|CONTAINER|CONTAINER_ID|RUN_ID|TASK|TASK_RUN_ID|ATTEMPT|ATTEMPT_ID|FENCE|OUTPUT|INPUTS|MARK))$/;
    equal(Object.keys(environment).filter((name) => !known.test(name)), []);
  },
);

test("a retry is waited for over a kill of the server, and keeps its attempts apart", async (options) => {
  const first = await startServer(options);
  const id = await makeChain(first, [{
    command: 'echo "try $ORRERY_ATTEMPT"; echo "fault $ORRERY_ATTEMPT" >&2; exit $((3 - ORRERY_ATTEMPT))',
    maxRetries: 2,
    retryDelaySeconds: 1,
  }]);
  const runId = await trigger(first, id);
  await until("it waits for its second try", async () => {
    const [taskRun] = (await readRun(first, runId)).taskRuns;
    return taskRun?.attempts[0]?.state === "FAILED";
  });

  await first.stop("SIGKILL");
  await using second = await startServer(options);
  const run = await readEnded(second, runId);

  const [taskRun] = run.taskRuns;
  ok(taskRun !== undefined);
  const { attempts } = taskRun;
  equal(run.state, "SUCCEEDED");
  equal(attempts.map(({ number, state, exitCode }) => [number, state, exitCode]), [
    [1, "FAILED", 2],
    [2, "FAILED", 1],
    [3, "SUCCEEDED", 0],
  ]);
  for (const { number } of attempts) {
    equal([...textsOf(taskRun, number)].sort(), [`STDERR fault ${number}`, `STDOUT try ${number}`]);
  }
  // Each delay is a second, less a tenth at most, and the second one is twice as long.
  const waits = attempts.slice(1).map(({ startedAt }, place) =>
    Date.parse(startedAt ?? "") - Date.parse(attempts[place]?.finishedAt ?? "")
  );
  ok((waits[0] ?? 0) >= 890 && (waits[1] ?? 0) >= 1_790, `it waited ${waits}`);
  await first[Symbol.asyncDispose]();
});

test("what ran when the machine was restarted is LOST in time, and tried again or FAILED", async (options) => {
  const first = await startServer(options);
  const started = (name: string): string => join(options.dataDir, name);
  const command = (name: string): string =>
    `echo $$ >> '${started(name)}'; [ $ORRERY_ATTEMPT = 2 ] || sleep 100`;
  const again = await trigger(
    first,
    await makeChain(first, [{ command: command("again"), maxRetries: 1, retryDelaySeconds: 0 }]),
  );
  const once = await trigger(first, await makeChain(first, [{ command: command("once") }]));
  const pids = [await readPid(started("again")), await readPid(started("once"))];
  await first.stop("SIGKILL");
  await restartMachine(options.dataDir, pids);

  await using second = await startServer(options);
  const [againEnd, onceEnd] = await Promise.all([again, once].map((id) => readEnded(second, id, LOST_MS)));

  equal([againEnd?.state, onceEnd?.state], ["SUCCEEDED", "FAILED"]);
  equal(againEnd?.taskRuns[0]?.attempts.map(({ state }) => state), ["LOST", "SUCCEEDED"]);
  equal(onceEnd?.taskRuns[0]?.attempts.map(({ state }) => state), ["LOST"]);
  match(onceEnd?.reason ?? "", /^Task "t0" failed: The machine was restarted under it/);
  await first[Symbol.asyncDispose]();
});

/** As after a restart: no process is left, and the boot of which the spool tells is another one. */
async function restartMachine(dataDir: string, pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    killGroupOf(pid);
    await until("it is gone", () => !processLives(pid));
  }
  const bootId = (await Deno.readTextFile("/proc/sys/kernel/random/boot_id")).trim();
  const spool = join(dataDir, "spool");
  const records = [join(spool, "identity")];
  for await (const { name, isDirectory } of Deno.readDir(spool)) {
    if (isDirectory && /^\d/.test(name)) records.push(join(spool, name, "run"));
  }
  for (const path of records) {
    const text = await Deno.readTextFile(path);
    match(text, new RegExp(bootId));
    await Deno.writeTextFile(path, text.replaceAll(bootId, "another-boot"));
  }
}
