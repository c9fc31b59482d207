/** Graphs of tasks, made and run over the API. */
import type { BenchServer } from "./bench.ts";

const POLL_MS = 100;

export interface Graph {
  readonly tasks: readonly { readonly name: string; readonly command: string }[];
  readonly relations: readonly { readonly upstream: string; readonly downstream: string }[];
}

export interface EndedRun {
  readonly id: string;
  readonly state: string;
  readonly createdAt: string;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** Tasks that wait for nothing. */
export function wide(count: number, command = ":"): Graph {
  return {
    tasks: Array.from({ length: count }, (_, index) => ({ name: `t${index}`, command })),
    relations: [],
  };
}

/** Each task waits for the one before. */
export function chain(count: number): Graph {
  const { tasks } = wide(count);
  const relations = tasks.slice(1).map(({ name }, index) => ({
    upstream: tasks[index]?.name ?? "",
    downstream: name,
  }));
  return { tasks, relations };
}

/** Each task waits for those of the layer before that are so many places further. */
export function layers(count: number, size: number, steps: readonly number[], command = ":"): Graph {
  const { tasks } = wide(count * size, command);
  const relations = tasks.slice(size).flatMap(({ name }, index) => {
    const above = index - index % size;
    return steps.map((step) => ({
      upstream: tasks[above + (index + step) % size]?.name ?? "",
      downstream: name,
    }));
  });
  return { tasks, relations };
}

/** Answers the container's id. */
export async function createGraph(server: BenchServer, graph: Graph, overlap = "SKIP"): Promise<string> {
  const made = await server.graphql(
    `mutation ($input: CreateContainerInput!) { createContainer(input: $input) { ... on Container { id } } }`,
    { input: { name: `bench ${crypto.randomUUID()}`, overlap } },
  );
  // The documents here ask for exactly what is read.
  const { createContainer: { id } } = made as unknown as { createContainer: { id: string } };
  await server.graphql(
    `mutation ($input: SaveContainerInput!) {
      saveContainer(input: $input) { __typename ... on Error { message } }
    }`,
    { input: { container: { id }, ...graph } },
  );
  return id;
}

export async function triggerRun(server: BenchServer, containerId: string): Promise<string> {
  const { triggerRun: { id, message } } = await server.graphql(
    `mutation ($id: ID!) { triggerRun(containerId: $id) { ... on Run { id } ... on Error { message } } }`,
    { id: containerId },
  ) as unknown as { triggerRun: { id?: string; message?: string } };
  if (id === undefined) throw new Error(message);
  return id;
}

/** Waits until none is active, by a query that costs next to nothing, and then reads them: the last 500 at most. */
export async function waitForRuns(server: BenchServer, ids: readonly string[]): Promise<readonly EndedRun[]> {
  await waitUntilIdle(server);
  const answer = await server.graphql(
    `{ runs(first: 500) { edges { node { id state createdAt startedAt finishedAt } } } }`,
  ) as unknown as { runs: { edges: { node: EndedRun }[] } };
  const ended = answer.runs.edges.map(({ node }) => node).filter(({ id }) => ids.includes(id));
  const bad = ended.find(({ state }) => state !== "SUCCEEDED");
  if (bad !== undefined || ended.length < ids.length) {
    throw new Error(`A run ended ${bad?.state ?? "unseen"}`);
  }
  return ended;
}

export async function waitUntilIdle(server: BenchServer): Promise<void> {
  do {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  } while (await anyActive(server));
}

async function anyActive(server: BenchServer): Promise<boolean> {
  const answer = await server.graphql(
    `{ runs(first: 1, filter: { states: [QUEUED, RUNNING] }) { edges { node { id } } } }`,
  ) as unknown as { runs: { edges: unknown[] } };
  return answer.runs.edges.length > 0;
}

/** From the run's row to its end. */
export async function runOnce(server: BenchServer, containerId: string): Promise<number> {
  const [run] = await waitForRuns(server, [await triggerRun(server, containerId)]);
  return run === undefined ? NaN : durationSeconds(run);
}

export function durationSeconds({ createdAt, finishedAt }: EndedRun): number {
  return (Date.parse(finishedAt) - Date.parse(createdAt)) / 1000;
}
