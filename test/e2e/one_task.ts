/** Runs with one task, for tests that look at what it wrote. */
import type { TestServer } from "../support/server.ts";
import { endOfRun, type MadeTask, makeContainer, newName, saveTasks, startRun } from "./made.ts";

type Fields = Omit<MadeTask, "name" | "command">;

const finished = new Map<string, Promise<string>>();

/** The address of a finished run with one task; the same command runs once for all tests of a server. */
export function runOnce(on: TestServer, command: string, fields: Fields = {}): Promise<string> {
  const key = `${on.address} ${command}`;
  const known = finished.get(key) ?? finishOne(on, command, fields);
  finished.set(key, known);
  return known;
}

/** The address of a run with one task that has just been started. */
export async function startOne(on: TestServer, command: string, fields: Fields = {}): Promise<string> {
  return await addressOf(on, await start(on, command, fields));
}

async function finishOne(on: TestServer, command: string, fields: Fields): Promise<string> {
  const runId = await start(on, command, fields);
  await endOfRun(on, runId);
  return await addressOf(on, runId);
}

async function start(on: TestServer, command: string, fields: Fields): Promise<string> {
  const containerId = await makeContainer(on, { name: newName("Loud") }, {});
  await saveTasks(on, containerId, [{ name: "loud", command, ...fields }]);
  return await startRun(on, containerId);
}

/** The address of a run with its first task chosen. */
export async function addressOf(on: TestServer, runId: string): Promise<string> {
  const { data } = await on.graphql(`query ($id: ID!) { run(id: $id) { taskRuns { id } } }`, { id: runId });
  return `/runs/${encodeURIComponent(runId)}?task=${encodeURIComponent(data.run.taskRuns[0].id)}`;
}
