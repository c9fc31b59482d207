/** What an agent is told to start: the task's definition, and an environment that says where it stands. */
import type { Database } from "../../db/database.ts";
import { agentValues } from "../../../schema/definition/task.ts";
import { encodeId } from "../../../schema/ids.ts";
import type { Work } from "../../agent/port.ts";
import type { DefinitionCache } from "../containers/definitions.ts";
import type { ClaimedRow } from "./claims.ts";
import { readInputs } from "./inputs.ts";

/** By agent. */
export async function createWork(
  { db, definitions }: { readonly db: Database; readonly definitions: DefinitionCache },
  claimed: readonly ClaimedRow[],
): Promise<ReadonlyMap<number, readonly Work[]>> {
  if (claimed.length === 0) return new Map();
  const stored = await definitions.getMany(claimed.map((row) => row.versionId));
  const inputs = await readInputs(db, claimed, stored);
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
    return [row.agentId, {
      ...agentValues(task),
      attemptId: row.attemptId,
      // The run's variables win over the task's, and nothing wins over ours.
      environment: { ...task.environment, ...row.environment, ...schedulerVariables(row, task.name) },
      inputs: inputs.get(row.attemptId) ?? null,
      priority: row.priority,
      follows: before === undefined
        ? null
        : { attemptId: before.attemptId, task: version?.definition.tasks[before.taskIndex]?.name ?? "" },
    }];
  });
  const byAgent = Map.groupBy(work, ([agentId]) => agentId);
  return new Map([...byAgent].map(([agentId, own]) => [agentId, own.map(([, one]) => one)]));
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
