/** What an agent is told to start: the task's definition, and an environment that says where it stands. */
import type { Database } from "../../db/database.ts";
import { agentValues } from "../../../schema/definition/task.ts";
import { say, type Sentence } from "../../../schema/sentences.ts";
import { encodeId } from "../../../schema/ids.ts";
import type { Work } from "../../agent/port.ts";
import type { DefinitionCache } from "../containers/definitions.ts";
import type { Vault } from "../../vault/vault.ts";
import { NO_VARIABLES, readEnvironments } from "../variables/environment.ts";
import type { ClaimedRow } from "./claims.ts";
import { readInputs } from "./inputs.ts";

/** By agent. */
export async function createWork(
  { db, definitions, vault }: {
    readonly db: Database;
    readonly definitions: DefinitionCache;
    readonly vault: Vault;
  },
  claimed: readonly ClaimedRow[],
): Promise<ReadonlyMap<number, readonly Work[]>> {
  if (claimed.length === 0) return new Map();
  const stored = await definitions.getMany(claimed.map((row) => row.versionId));
  const [inputs, environments] = await Promise.all([
    readInputs(db, claimed, stored),
    readEnvironments(db, vault, claimed.filter(({ variables }) => variables)),
  ]);
  const rowOf = new Map(claimed.map((row) => [`${row.runId} ${row.taskIndex}`, row]));
  const work = claimed.map((row): readonly [number, Work] => {
    const version = stored.get(row.versionId);
    const task = version?.definition.tasks[row.taskIndex];
    if (task === undefined) throw new Error(`Attempt ${row.attemptId} has no task in its definition`);
    const before = row.reserved
      ? version?.graph.tasks[row.taskIndex]?.incoming
        .map(({ upstream }) => rowOf.get(`${row.runId} ${upstream}`))
        .find((found) => found !== undefined)
      : undefined;
    const inherited = environments.get(row.containerId) ?? NO_VARIABLES;
    const own = { ...task.environment, ...row.environment };
    return [row.agentId, {
      ...agentValues(task),
      attemptId: row.attemptId,
      // The run's variables win over the task's, those over the container's, and nothing wins over ours.
      environment: { ...inherited.values, ...own, ...schedulerVariables(row, task.name) },
      secretNames: [...inherited.secretNames].filter((name) => !Object.hasOwn(own, name)),
      obstacle: obstacleOf(inherited.unreadable.find((name) => !Object.hasOwn(own, name))),
      inputs: inputs.get(row.attemptId) ?? null,
      priority: row.priority,
      givenUp: row.givenUp,
      follows: before === undefined
        ? null
        : { attemptId: before.attemptId, task: version?.definition.tasks[before.taskIndex]?.name ?? "" },
    }];
  });
  const byAgent = Map.groupBy(work, ([agentId]) => agentId);
  return new Map([...byAgent].map(([agentId, own]) => [agentId, own.map(([, one]) => one)]));
}

function obstacleOf(unreadable: string | undefined): Sentence | null {
  return unreadable === undefined ? null : say("SECRET_UNREADABLE", { name: unreadable });
}

function schedulerVariables(row: ClaimedRow, taskName: string): Readonly<Record<string, string>> {
  return {
    ORRERY_PROJECT: row.projectSlug,
    ORRERY_CONTAINER: row.containerName,
    ORRERY_CONTAINER_ID: encodeId("Container", row.containerId),
    ORRERY_RUN_ID: encodeId("Run", row.runId),
    ORRERY_TASK: taskName,
    ORRERY_TASK_RUN_ID: encodeId("TaskRun", row.taskRunId),
    ORRERY_ATTEMPT: String(row.attempt),
    ORRERY_ATTEMPT_ID: encodeId("Attempt", row.attemptId),
    // A later attempt has a greater one: what a task changes elsewhere can refuse an attempt that was given up.
    ORRERY_FENCE: String(row.attemptId),
    ...(row.scheduledFor === null ? {} : { ORRERY_SLOT: row.scheduledFor.toISOString() }),
  };
}
