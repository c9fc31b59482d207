/** `run NAME` and `logs NAME`: a container started and followed from a script or a terminal. */
import { StartError } from "../../start_error.ts";
import { connect, type Connection } from "./connection.ts";
import { print, printError, readWords, SERVER } from "./words.ts";

const RUN_USAGE = "run NAME [--wait] [--follow] [--env KEY=VALUE ...] [--project SLUG] [--server URL]";
const LOGS_USAGE = "logs NAME [--follow] [--project SLUG] [--server URL]";
const POLL_MS = 500;
const LINES_AT_ONCE = 1_000;
/** Task runs whose lines one request reads. */
const TASKS_AT_ONCE = 20;
const exitCodes: Readonly<Record<string, number>> = { SUCCEEDED: 0, FAILED: 1, CANCELLED: 2 };

export async function runRun(args: readonly string[]): Promise<number> {
  const options = {
    ...SERVER,
    project: { type: "string", default: "default" },
    wait: { type: "boolean", short: "w" },
    follow: { type: "boolean", short: "f" },
    env: { type: "string", multiple: true },
  } as const;
  const { values, positionals: [name = ""] } = readWords(args, options, RUN_USAGE, { least: 1, most: 1 });
  const connection = await connect(values.server);
  const container = await findContainer(connection, name, values.project);
  const { triggerRun } = await connection.ask(
    `mutation ($containerId: ID!, $environment: JSON) {
      triggerRun(containerId: $containerId, environment: $environment) {
        __typename ... on Run { id } ... on Error { message }
      }
    }`,
    { containerId: container.id, environment: readEnvironment(values.env ?? []) },
  );
  if (triggerRun.__typename !== "Run") throw new StartError(triggerRun.message);
  print(`${connection.server}/runs/${encodeURIComponent(triggerRun.id)}`);
  return values.wait || values.follow
    ? await followRun(connection, triggerRun.id, values.follow ?? false, true)
    : 0;
}

export async function runLogs(args: readonly string[]): Promise<number> {
  const options = {
    ...SERVER,
    project: { type: "string", default: "default" },
    follow: { type: "boolean", short: "f" },
  } as const;
  const { values, positionals: [name = ""] } = readWords(args, options, LOGS_USAGE, { least: 1, most: 1 });
  const connection = await connect(values.server);
  const { lastRun } = await findContainer(connection, name, values.project);
  if (lastRun === null) throw new StartError(`Container "${name}" has not run yet: start it with \`run\``);
  await followRun(connection, lastRun.id, true, values.follow ?? false);
  return 0;
}

async function findContainer(
  connection: Connection,
  name: string,
  project: string,
): Promise<{ readonly id: string; readonly lastRun: { readonly id: string } | null }> {
  const { container } = await connection.ask(
    `query ($name: String!, $project: String) { container(name: $name, project: $project) { id lastRun { id } } }`,
    { name, project },
  );
  if (container === null) throw new StartError(`There is no container "${name}" in project "${project}"`);
  return container;
}

function readEnvironment(given: readonly string[]): Readonly<Record<string, string>> | null {
  if (given.length === 0) return null;
  return Object.fromEntries(given.map((text) => {
    const place = text.indexOf("=");
    if (place < 1) throw new StartError(`Cannot read --env "${text}": it is KEY=VALUE`);
    return [text.slice(0, place), text.slice(place + 1)];
  }));
}

interface TaskRunState {
  readonly id: string;
  readonly name: string;
  readonly state: string;
}

/** Until the run has ended, unless only what is there is asked for; answers its exit code. */
async function followRun(connection: Connection, id: string, lines: boolean, wait: boolean): Promise<number> {
  const cursors = new Map<string, string>();
  const finished = new Set<string>();
  for (;;) {
    const { run } = await connection.ask(
      `query ($id: ID!) { run(id: $id) { state reason taskRuns { id name state } } }`,
      { id },
    );
    if (run === null) throw new StartError("The run is gone");
    const over = run.state in exitCodes;
    if (lines) await printLines(connection, run.taskRuns, cursors, finished);
    if (over || !wait) {
      if (wait) printError(`${run.state}${run.reason === null ? "" : `: ${run.reason}`}`);
      return exitCodes[run.state] ?? 0;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

const written: ReadonlySet<string> = new Set([
  "RUNNING",
  "READY",
  "SUCCEEDED",
  "FAILED",
  "TIMED_OUT",
  "CANCELLED",
]);
const final: ReadonlySet<string> = new Set(["SUCCEEDED", "FAILED", "TIMED_OUT", "CANCELLED", "SKIPPED"]);

/** What was written since the cursors; a task run that has ended is read to its end once. */
async function printLines(
  connection: Connection,
  taskRuns: readonly TaskRunState[],
  cursors: Map<string, string>,
  finished: Set<string>,
): Promise<void> {
  let open = taskRuns.filter(({ id, state }) => written.has(state) && !finished.has(id));
  while (open.length > 0) {
    const asked = open.slice(0, TASKS_AT_ONCE);
    const full = await printPages(connection, asked, cursors);
    for (const { id, state } of asked) if (!full.has(id) && final.has(state)) finished.add(id);
    open = [...asked.filter(({ id }) => full.has(id)), ...open.slice(TASKS_AT_ONCE)];
  }
}

/** Answers the ids of those that have more. */
async function printPages(
  connection: Connection,
  asked: readonly TaskRunState[],
  cursors: Map<string, string>,
): Promise<ReadonlySet<string>> {
  const parts = asked.map((_, place) =>
    `t${place}: node(id: $id${place}) { ... on TaskRun { log(first: ${LINES_AT_ONCE}, after: $after${place}) {
      edges { cursor node { text } } pageInfo { hasNextPage } } } }`
  );
  const declared = asked.map((_, place) => `$id${place}: ID!, $after${place}: String`).join(", ");
  const variables = Object.fromEntries(
    asked.flatMap(({ id }, place) => [[`id${place}`, id], [`after${place}`, cursors.get(id) ?? null]]),
  );
  const data = await connection.ask(`query (${declared}) { ${parts.join("\n")} }`, variables);
  const full = new Set<string>();
  for (const [place, { id, name }] of asked.entries()) {
    const log = data[`t${place}`]?.log ?? { edges: [], pageInfo: { hasNextPage: false } };
    for (const { cursor, node } of log.edges) {
      print(`${name} | ${node.text}`);
      cursors.set(id, cursor);
    }
    if (log.pageInfo.hasNextPage) full.add(id);
  }
  return full;
}
