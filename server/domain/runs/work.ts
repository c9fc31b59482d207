/** What an agent is told to start: the task's definition, and an environment that says where it stands. */
import type { Work } from "../../agent/port.ts";
import { encodeId } from "../../../schema/graphql/ids.ts";
import type { DefinitionCache } from "../definitions.ts";
import type { ClaimedRow } from "./claims.ts";

export async function createWork(
  { definitions }: { readonly definitions: DefinitionCache },
  claimed: readonly ClaimedRow[],
): Promise<readonly Work[]> {
  if (claimed.length === 0) return [];
  const stored = await definitions.getMany(claimed.map((row) => row.version_id));
  return claimed.map((row) => {
    const task = stored.get(row.version_id)?.definition.tasks[row.task_index];
    if (task === undefined) throw new Error(`Attempt ${row.attempt_id} has no task in its definition`);
    return {
      attemptId: row.attempt_id,
      command: task.command,
      shell: task.shell,
      directory: task.directory,
      // The run's variables win over the task's, and nothing wins over ours.
      environment: { ...task.environment, ...row.environment, ...schedulerVariables(row, task.name) },
      timeoutSeconds: task.timeoutSeconds,
      killGraceSeconds: task.killGraceSeconds,
    };
  });
}

function schedulerVariables(row: ClaimedRow, taskName: string): Readonly<Record<string, string>> {
  return {
    ORRERY_PROJECT: row.project_slug,
    ORRERY_CONTAINER: row.container_name,
    ORRERY_CONTAINER_ID: encodeId("Container", row.container_id),
    ORRERY_RUN_ID: encodeId("Run", row.run_id),
    ORRERY_TASK: taskName,
    ORRERY_TASK_RUN_ID: encodeId("TaskRun", row.task_run_id),
    ORRERY_ATTEMPT: String(row.attempt),
    ORRERY_ATTEMPT_ID: encodeId("Attempt", row.attempt_id),
    ...(row.scheduled_for === null ? {} : { ORRERY_SLOT: new Date(row.scheduled_for).toISOString() }),
  };
}
