/** What there is to look at: containers with tasks, and runs of them. */
import type { TestServer } from "../support/server.ts";
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
