/** Many containers for a benchmark, made and changed as a script would: over the API. */
import type { BenchServer } from "./bench.ts";

const CALLS_AT_ONCE = 20;

export interface ContainerSettings {
  readonly expression: string;
  readonly enabled?: boolean;
  readonly overlap?: "ALLOW";
}

/** Each with one task that does nothing. Answers their ids. */
export async function createContainers(
  server: BenchServer,
  names: readonly string[],
  settings: (index: number) => ContainerSettings,
): Promise<readonly string[]> {
  return await inTurns(names, async (name, index) => {
    const answer = await server.graphql(
      `mutation ($input: CreateContainerInput!) { createContainer(input: $input) { ... on Container { id } ... on Error { message } } }`,
      { input: { name, ...settings(index) } },
    ) as unknown as { createContainer: { id?: string; message?: string } };
    const { id, message } = answer.createContainer;
    if (id === undefined) throw new Error(message);
    await server.graphql(
      `mutation ($input: CreateTaskInput!) { createTask(input: $input) { __typename } }`,
      { input: { containerId: id, name: "only", command: ":" } },
    );
    return id;
  });
}

export async function changeContainers(
  server: BenchServer,
  ids: readonly string[],
  change: Partial<ContainerSettings>,
): Promise<void> {
  await inTurns(ids, (id) =>
    server.graphql(
      `mutation ($input: UpdateContainerInput!) { updateContainer(input: $input) { __typename } }`,
      { input: { id, ...change } },
    ));
}

/** In order, so many at once. */
export async function inTurns<T, R>(
  items: readonly T[],
  call: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, async () => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await call(item, index);
    }
  }));
  return results;
}
