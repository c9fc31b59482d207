/** Stopping: recorded first, carried out by the agents, final when the last process is gone. */
import { sql } from "drizzle-orm";
import { NotFoundError, NotRunningError } from "../../../schema/errors.ts";
import type { Database } from "../../db/database.ts";
import type { Viewer } from "../accounts/interface.ts";
import { say } from "../../../schema/sentences.ts";
import { finalRun, finalTaskRun } from "../../../schema/states.ts";
import { idRows, jsonRows, jsonValue } from "../../db/parameters.ts";
import { transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { authorise, authorisedProjects } from "../accounts/rights.ts";
import { inProjects, visibleTo } from "../accounts/visible.ts";
import { isReserved, type RunStop } from "../rules/run_state.ts";
import { audit, auditMany, type AuditRecord, subjectOf, subjectOfRun } from "../audit/audit.ts";
import type { RunPorts, RunUnit } from "./create.ts";
import { type LockedRun, lockRuns, placeOf, taskStateOf } from "./locked_run.ts";
import { progressRuns, type TaskRunChange } from "./progress.ts";

/** cancelAllRuns answers the ids of so many. */
const NAMED_RUNS = 500;
/** An agent answers within this, unless it is away. */
const ANSWER_MS = 500;
/** Runs that one transaction cancels; the next takes the rest. */
const RUNS_AT_ONCE = 200;

interface StopPorts extends RunPorts {
  readonly db: Database;
}

/** Stops the active ones among the runs; those that are final, or told to stop already, stay as they are. */
export async function stopRuns(
  unit: RunUnit,
  runIds: readonly number[],
  stop: RunStop,
): Promise<readonly LockedRun[]> {
  if (runIds.length === 0) return [];
  const locked = await lockRuns(
    unit.tx,
    unit.definitions,
    idRows(runIds),
  );
  const stopped = [...locked.values()].filter((run) => !finalRun(run.state) && run.stop === null)
    .map((run) => ({ ...run, stop }));
  if (stopped.length === 0) return [];
  const ids = idRows(stopped.map(({ id }) => id));
  await Promise.all([
    unit.tx.execute(
      sql`update runs set stop_cause = ${stop.cause}, stop_reason = ${
        jsonValue(stop.reason)
      } where id in (${ids})`,
    ),
    unit.tx.execute(sql`
      update attempts a set stop_cause = ${stop.cause}, reason = ${jsonValue(stop.reason)} from task_runs t
      where t.id = a.task_run_id and t.run_id in (${ids}) and t.state in ('PENDING', 'RUNNING')
        and not exists (
          select from json_to_recordset(${
      jsonRows(stopped.flatMap(sparedTasks))
    }) as spared("runId" bigint, "taskIndex" integer)
          where spared."runId" = t.run_id and spared."taskIndex" = t.task_index)
        and a.state in ('STARTING', 'RUNNING') and a.stop_cause is null`),
  ]);
  await progressRuns(unit, stopped, []);
  unit.after(() => {
    // Also for runs in which nothing changed yet: their stop is worth showing.
    for (const { id, containerId, projectId } of stopped) {
      unit.bus.publish({ kind: "run", runId: id, containerId, projectId, taskRunIds: [] });
    }
    unit.bus.publish({ kind: "work" });
  });
  return stopped;
}

/** Those that agents have and that are to go on in a stopped run. */
function sparedTasks(
  { id, graph, taskStates, firstTaskIndex }: LockedRun,
): readonly { readonly runId: number; readonly taskIndex: number }[] {
  return graph.tasks.flatMap(({ runsWhenStopped }, place) =>
    runsWhenStopped && (taskStates[place]?.state === "RUNNING" || isReserved(taskStates[place]))
      ? [{ runId: id, taskIndex: firstTaskIndex + place }]
      : []
  );
}

/** Answers the run's id. Twice is once; a run that is final is refused. */
export async function cancelRun(
  ports: StopPorts,
  viewer: Viewer,
  input: { readonly id: number },
): Promise<number> {
  return await transaction(ports.db, async (tx, after) => {
    const [run] = await tx.execute<Pick<LockedRun, "state" | "projectId"> & { name: string }>(sql`
      select state, project_id as "projectId", container_name as name from runs
      where id = ${input.id} and ${inProjects(visibleTo(viewer), sql`project_id`)} for update`);
    if (run === undefined) throw new NotFoundError(say("NO_RUN", { action: "cancel run" }), ["id"]);
    authorise(viewer, "run:cancel", run);
    if (finalRun(run.state)) {
      throw new NotRunningError(say("ENDED_ALREADY", { action: "cancel run", state: run.state }), ["id"]);
    }
    await stopRuns({ ...ports, tx, after }, [input.id], cancelledBy(viewer));
    await audit(tx, viewer, "run.cancel", subjectOfRun(input.id, run));
    return input.id;
  });
}

/** Answers the id of the task run's run. */
export async function cancelTaskRun(
  ports: StopPorts,
  viewer: Viewer,
  input: { readonly id: number },
): Promise<number> {
  const answered: { promise: Promise<void> | null } = { promise: null };
  const runId = await transaction(ports.db, async (tx, after) => {
    const unit = { ...ports, tx, after };
    const [found] = await tx.execute<{ runId: number; taskIndex: number; projectId: number; name: string }>(
      sql`
      select run_id as "runId", task_index as "taskIndex", project_id as "projectId", name
      from task_runs where id = ${input.id} and ${inProjects(visibleTo(viewer), sql`project_id`)}`,
    );
    if (found === undefined) {
      throw new NotFoundError(say("NO_TASK_RUN", { action: "cancel task run" }), ["id"]);
    }
    authorise(viewer, "run:cancel", found);
    const run = (await lockRuns(tx, ports.definitions, idRows([found.runId]))).get(found.runId);
    const taskState = run?.taskStates[placeOf(run, found.taskIndex)];
    if (run === undefined || taskState === undefined) throw new Error(`Task run ${input.id} has no run`);
    if (finalTaskRun(taskState.state)) {
      throw new NotRunningError(say("ENDED_ALREADY", { action: "cancel task run", state: taskState.state }), [
        "id",
      ]);
    }
    const reserved = isReserved(taskState);
    if (taskState.state === "RUNNING" || reserved) await stopAttempt(unit, run, input.id, viewer);
    else await cancelWaiting(unit, run, found.taskIndex, viewer);
    if (reserved) after(() => answered.promise = nextChange(ports.bus, input.id));
    await audit(tx, viewer, "taskRun.cancel", subjectOf("TaskRun", { ...found, id: input.id }));
    return found.runId;
  });
  // Its agent may have started it just now: only its answer tells whether it waits or has to be stopped.
  await answered.promise;
  return runId;
}

/** Ends when the task run changes, or no answer came for a while. */
function nextChange(bus: Bus, taskRunId: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const unsubscribe = bus.subscribe((event) => {
      if (event.kind === "run" && event.taskRunIds?.includes(taskRunId)) end();
    });
    const timer = setTimeout(end, ANSWER_MS);
  });
}

/** Cancels every active run of a project or container, or of all where the viewer has the right, a bounded number in a transaction. */
export async function cancelAllRuns(
  ports: StopPorts,
  viewer: Viewer,
  input: { readonly project?: string | null | undefined; readonly containerId?: number | null | undefined },
): Promise<{ readonly count: number; readonly runIds: readonly number[] }> {
  const projects = authorisedProjects(viewer, "run:cancel");
  const runIds: number[] = [];
  let count = 0;
  for (let lastId = 0;;) {
    const rows = await ports.db.execute<{ id: number; name: string; projectId: number }>(sql`
      select r.id, r.container_name as name, r.project_id as "projectId" from runs r join projects p on p.id = r.project_id
      where r.state in ('QUEUED', 'RUNNING') and r.stop_cause is null and r.id > ${lastId}
        and ${inProjects(projects, sql`p.id`)} and p.slug = coalesce(${input.project ?? null}::text, p.slug)
        and r.container_id is not distinct from coalesce(${input.containerId ?? null}::bigint, r.container_id)
      order by r.id limit ${RUNS_AT_ONCE}`);
    if (rows.length === 0) return { count, runIds };
    const stopped = await transaction(ports.db, async (tx, after) => {
      const runs = await stopRuns({ ...ports, tx, after }, rows.map(({ id }) => id), cancelledBy(viewer));
      await auditMany(tx, recordsOf(viewer, rows, new Set(runs.map(({ id }) => id))));
      return runs;
    });
    count += stopped.length;
    runIds.push(...stopped.map(({ id }) => id).slice(0, NAMED_RUNS - runIds.length));
    lastId = rows.at(-1)?.id ?? lastId;
  }
}

function recordsOf(
  viewer: Viewer,
  rows: readonly { readonly id: number; readonly name: string; readonly projectId: number }[],
  stopped: ReadonlySet<number>,
): readonly AuditRecord[] {
  return rows.filter(({ id }) => stopped.has(id)).map((row) => ({
    viewer,
    action: "run.cancel",
    subject: subjectOfRun(row.id, row),
    changes: null,
  }));
}

async function stopAttempt(
  unit: RunUnit,
  run: LockedRun,
  taskRunId: number,
  viewer: Viewer,
): Promise<void> {
  await Promise.all([
    unit.tx.execute(sql`
      update attempts set stop_cause = 'CANCELLED', reason = ${jsonValue(cancelledBy(viewer).reason)}
      where task_run_id = ${taskRunId} and state in ('STARTING', 'RUNNING') and stop_cause is null`),
    unit.tx.execute(
      sql`update task_runs set reason = ${jsonValue(cancelledBy(viewer).reason)} where id = ${taskRunId}`,
    ),
  ]);
  unit.after(() => {
    const { id, containerId, projectId } = run;
    unit.bus.publish({ kind: "run", runId: id, containerId, projectId, taskRunIds: [taskRunId] });
    unit.bus.publish({ kind: "work" });
  });
}

async function cancelWaiting(
  unit: RunUnit,
  run: LockedRun,
  taskIndex: number,
  viewer: Viewer,
): Promise<void> {
  const place = placeOf(run, taskIndex);
  const from = run.taskStates[place]?.state;
  if (from === undefined) throw new Error(`Run ${run.id} has no task at place ${place}`);
  run.taskStates[place] = taskStateOf("CANCELLED", "HELD");
  const change: TaskRunChange = {
    runId: run.id,
    taskIndex,
    from,
    state: "CANCELLED",
    reason: cancelledBy(viewer).reason,
    released: false,
    retryInSeconds: null,
    attempt: null,
  };
  const released = await progressRuns(unit, [run], [change]);
  if (released > 0) unit.after(() => unit.bus.publish({ kind: "work" }));
}

function cancelledBy(viewer: Viewer): RunStop {
  return { cause: "CANCELLED", reason: say("CANCELLED_BY", { name: viewer.username }) };
}
