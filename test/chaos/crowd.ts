/** One run of very many tasks that are over as soon as they have begun. */
import { until } from "../support/until.ts";
import { createContainer, mutate } from "./containers.ts";
import { type DatabaseName, openWorld } from "./world.ts";

export interface CrowdReport {
  readonly seconds: number;
  readonly faults: readonly string[];
}

/** For each thousand of tasks. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 250;

export async function runCrowd(database: DatabaseName, tasks: number): Promise<CrowdReport> {
  await using world = await openWorld(database);
  const server = world.server();
  const id = await createContainer(server, { name: "crowd" });
  const names = Array.from({ length: tasks }, (_, place) => `task ${place}`);
  await mutate(server, "saveContainer", "SaveContainerInput", {
    container: { id },
    tasks: names.map((name) => ({ name, command: 'echo "$ORRERY_TASK"' })),
    relations: [],
  });
  const began = performance.now();
  const { data } = await server.graphql(
    "mutation ($id: ID!) { triggerRun(containerId: $id) { ... on Run { id } ... on Error { message } } }",
    { id },
  );
  const runId = data.triggerRun.id;
  const state = await until("the run is final", async () => {
    // Asking without a pause would be most of the server's work.
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const answer = await server.graphql("query ($id: ID!) { node(id: $id) { ... on Run { state } } }", {
      id: runId,
    });
    const found = answer.data?.node.state;
    return found === "RUNNING" ? null : found;
  }, PATIENCE_MS * Math.ceil(tasks / 1000));
  const seconds = (performance.now() - began) / 1000;
  const opened = await world.close();
  try {
    const rows = await opened.sql<{ state: string; attempt: number; name: string; body: string | null }[]>`
      select t.state, t.attempt, t.name, c.body
      from task_runs t left join attempts a on a.task_run_id = t.id left join log_chunks c on c.attempt_id = a.id
      order by t.task_index`;
    const faults = rows.flatMap(({ state, attempt, name, body }) =>
      state === "SUCCEEDED" && attempt === 1 && body === name
        ? []
        : [`${name} is ${state} after ${attempt} attempts and wrote "${body}"`]
    );
    if (state !== "SUCCEEDED") faults.push(`the run is ${state}`);
    if (rows.length !== tasks) {
      faults.push(`${tasks} tasks have ${rows.length} task runs or pieces of output`);
    }
    return { seconds, faults };
  } finally {
    await opened.close();
  }
}
