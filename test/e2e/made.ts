/** What there is to look at: containers with tasks, and runs of them. */
import { strictEqual } from "node:assert/strict";
import { runProgram, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";

/** With three digits no name is the beginning of another. */
let names = 100;

/** A name that no other container has. */
export function newName(stem: string): string {
  return `${stem} ${++names}`;
}

/** A file that a command waits for. */
export function newGate({ dataDir }: TestServer): string {
  return `${dataDir}/gate-${++names}`;
}

/** Tasks by name, each with its command. Answers the container's id. */
export async function makeContainer(
  server: TestServer,
  input: {
    readonly name: string;
    readonly expression?: string;
    readonly enabled?: boolean;
    readonly overlap?: "ALLOW" | "QUEUE";
  },
  commands: Readonly<Record<string, string>>,
): Promise<string> {
  const { data } = await server.graphql(
    `mutation ($input: CreateContainerInput!) { createContainer(input: $input) { ... on Container { id } } }`,
    { input },
  );
  const containerId = data.createContainer.id;
  for (const [name, command] of Object.entries(commands)) {
    await server.graphql(`mutation ($input: CreateTaskInput!) { createTask(input: $input) { __typename } }`, {
      input: { containerId, name, command },
    });
  }
  return containerId;
}

export interface MadeTask {
  readonly name: string;
  readonly command: string;
  readonly maxRetries?: number;
  readonly retryDelaySeconds?: number;
}

export interface MadeRelation {
  readonly upstream: string;
  readonly downstream: string;
  readonly condition?: string;
}

/** The container then has just these tasks. Returns their ids by name. */
export async function saveTasks(
  server: TestServer,
  containerId: string,
  tasks: readonly MadeTask[],
  relations: readonly MadeRelation[] = [],
): Promise<Readonly<Record<string, string>>> {
  const { data } = await server.graphql(
    `mutation ($input: SaveContainerInput!) {
      saveContainer(input: $input) { __typename ... on Container { tasks { id name } } ... on Error { message } }
    }`,
    { input: { container: { id: containerId }, tasks, relations } },
  );
  strictEqual(data.saveContainer.__typename, "Container", data.saveContainer.message);
  const rows: readonly { readonly id: string; readonly name: string }[] = data.saveContainer.tasks;
  return Object.fromEntries(rows.map(({ id, name }) => [name, id]));
}

/** Answers the run's id. */
export async function startRun(server: TestServer, containerId: string): Promise<string> {
  const { data } = await server.graphql(
    `mutation ($id: ID!) { triggerRun(containerId: $id) { ... on Run { id } } }`,
    { id: containerId },
  );
  return data.triggerRun.id;
}

export async function endOfRun(server: TestServer, id: string): Promise<void> {
  await until("the run is over", async () => {
    const { data } = await server.graphql(`query ($id: ID!) { run(id: $id) { finishedAt } }`, { id });
    return data.run.finishedAt !== null;
  });
}

export async function addUser(
  { dataDir, databaseUrl }: TestServer,
  name: string,
  password: string,
  ...options: readonly string[]
): Promise<void> {
  const program = await runProgram({
    dataDir,
    databaseUrl,
    args: ["user", "add", name, ...options],
    input: `${password}\n`,
  });
  strictEqual(await program.ended, 0, program.log());
  await program.forget();
}
