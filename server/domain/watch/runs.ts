/** Changes of runs, or of containers, at most ten batches a second. */
import { sql } from "drizzle-orm";
import { NotFoundError } from "../../../schema/errors.ts";
import type { ContainerChanged } from "../../../schema/events.ts";
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import { includesProject, inProjects } from "../accounts/visible.ts";
import type { RunChange, WatchFilter } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import { finalRun, type RunState } from "../../../schema/states.ts";
import { idRows } from "../../db/parameters.ts";
import type { Bus } from "../../events/bus.ts";
import { ContainerChanges, type FoldedRun, RunChanges } from "./changes.ts";
import { matchesFilter } from "./live_log.ts";
import { openWatching, streamOf, type Watching } from "./watching.ts";

/** From one batch to the next. */
const FOLD_MS = 100;
/** A watched run is looked at again after this silence: another server may have ended it. */
const RECHECK_MS = 2000;

interface RunWatchParts {
  readonly db: Database;
  readonly bus: Bus;
}

export function watchRuns(
  { db, bus }: RunWatchParts,
  filter: WatchFilter,
  signal: AbortSignal,
): AsyncIterable<readonly RunChange[]> {
  const watching = openWatching(signal);
  const changes = new RunChanges();
  watching.onEnd(bus.subscribe((event) => {
    if (event.kind !== "run" || !matchesFilter(filter, event)) return;
    changes.add(event);
    watching.ring();
  }));
  watching.onEnd(() => changes.clear());
  const { runId, visible } = filter;
  return streamOf(
    watching,
    runId === undefined ? giveRuns(db, watching, changes) : giveRun(db, watching, changes, visible, runId),
  );
}

export function watchContainers(
  bus: Bus,
  visible: Visible,
  signal: AbortSignal,
): AsyncIterable<readonly ContainerChanged[]> {
  const watching = openWatching(signal);
  const changes = new ContainerChanges();
  watching.onEnd(bus.subscribe((event) => {
    if (event.kind !== "container" || !includesProject(visible, event.projectId)) return;
    changes.add(event);
    watching.ring();
  }));
  watching.onEnd(() => changes.clear());
  return streamOf(watching, giveContainers(watching, changes));
}

async function* giveRuns(
  db: Database,
  watching: Watching,
  changes: RunChanges,
): AsyncGenerator<readonly RunChange[]> {
  while (!watching.ended) {
    if (changes.empty) await watching.wait();
    const batch = await unfold(db, changes.take());
    if (batch.length > 0) yield batch;
    await watching.pause(FOLD_MS);
  }
}

/** The present state first, and the final one last: each names all task runs. */
async function* giveRun(
  db: Database,
  watching: Watching,
  changes: RunChanges,
  visible: Visible,
  runId: number,
): AsyncGenerator<readonly RunChange[]> {
  const whole = [{ runId, taskRunIds: null }];
  let state = await findState(db, visible, runId);
  if (state === null) throw new NotFoundError(say("NO_RUN", { action: "watch run" }), ["runId"]);
  yield await unfold(db, whole);
  while (!watching.ended && state !== null && !finalRun(state)) {
    await watching.pause(FOLD_MS);
    if (changes.empty) await watching.wait(RECHECK_MS);
    if (watching.ended) return;
    const batch = changes.take();
    // Read after the changes were taken: when it is final, nothing changes after them.
    state = await findState(db, visible, runId);
    const told = state !== null && finalRun(state) ? whole : batch;
    if (told.length > 0) yield await unfold(db, told);
  }
}

async function* giveContainers(
  watching: Watching,
  changes: ContainerChanges,
): AsyncGenerator<readonly ContainerChanged[]> {
  while (!watching.ended) {
    if (changes.empty) await watching.wait();
    const batch = changes.take();
    if (batch.length > 0) yield batch;
    await watching.pause(FOLD_MS);
  }
}

async function findState(db: Database, visible: Visible, runId: number): Promise<RunState | null> {
  const rows = await db.execute<{ state: RunState }>(sql`
    select state from runs where id = ${runId}::bigint and ${inProjects(visible, sql`project_id`)}`);
  return rows[0]?.state ?? null;
}

async function unfold(db: Database, batch: readonly FoldedRun[]): Promise<readonly RunChange[]> {
  const wholeIds = batch.flatMap(({ runId, taskRunIds }) => taskRunIds === null ? [runId] : []);
  const rows = wholeIds.length === 0 ? [] : await db.execute<{ id: number; runId: number }>(sql`
    select id, run_id as "runId" from task_runs
    where run_id in (${idRows(wholeIds)}) order by run_id, task_index`);
  const idsOf = Map.groupBy(rows, ({ runId }) => runId);
  return batch.map(({ runId, taskRunIds }) => ({
    runId,
    taskRunIds: taskRunIds ?? (idsOf.get(runId) ?? []).map(({ id }) => id),
  }));
}
