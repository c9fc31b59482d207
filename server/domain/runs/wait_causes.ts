/** What others wait for, each in one statement however many wait. */
import { sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import { idArray, jsonRows } from "../../db/parameters.ts";
import type { StoredDefinition } from "../containers/definitions.ts";
import type { Visible } from "../accounts/interface.ts";
import { inProjects } from "../accounts/visible.ts";
import { claims, isOnline, serves } from "../agents/eligible.ts";
import { say } from "../../../schema/sentences.ts";
import { pauseReason } from "../pauses/paused.ts";
import type { Wait } from "./interface.ts";
import type { WaitingRow } from "./waits.ts";

/** Who holds what others wait for is named up to here; more help nobody. */
const HOLDERS_NAMED = 50;
/** Who may run what waits at one placement. */
export interface PlacementSlots extends Record<string, unknown> {
  readonly labels: readonly string[];
  /** Of all agents that may run it, are online and accept work. */
  readonly capacity: number;
  /** Processes that run on those now, in whatever project. */
  readonly running: number;
  /** Task runs that are visible, of those that run. */
  readonly heldBy: readonly number[];
  /** How many agents may run it, whether they are there or not. */
  readonly candidates: number;
  readonly candidateIds: readonly number[];
}

/** For each QUEUED run: the one that has to end before it. */
export async function readBlockers(
  db: Database,
  visible: Visible,
  runIds: readonly number[],
): Promise<ReadonlyMap<number, { readonly runId: number; readonly running: boolean }>> {
  if (runIds.length === 0) return new Map();
  const rows = await db.execute<{ id: number; runId: number; running: boolean }>(sql`
    select distinct on (q.id) q.id, b.id as "runId", b.state = 'RUNNING' as running
    from runs q join runs b on b.container_id = q.container_id and b.id <> q.id and not b.single
    where q.id = any(${idArray(runIds)}) and q.state = 'QUEUED' and ${inProjects(visible, sql`b.project_id`)}
      and b.state in ('QUEUED', 'RUNNING') and (b.state = 'RUNNING' or b.id < q.id)
    order by q.id, b.state = 'RUNNING' desc, b.id`);
  return new Map(rows.map((row) => [row.id, row]));
}

/** For each QUEUED run that waits for its time, or for the end of a pause: which of them. */
export async function readHolds(
  db: Database,
  visible: Visible,
  runIds: readonly number[],
): Promise<ReadonlyMap<number, Wait>> {
  if (runIds.length === 0) return new Map();
  const rows = await db.execute<{ id: number; until: Date | null; pause: string | null }>(sql`
    select q.id, case when q.start_at > clock_timestamp() then q.start_at end as until,
      ${pauseReason(sql`q.project_id`)} as pause
    from runs q
    where q.id = any(${idArray(runIds)}) and q.state = 'QUEUED' and ${
    inProjects(visible, sql`q.project_id`)
  }`);
  return new Map(rows.flatMap(({ id, until, pause }): [number, Wait][] => {
    if (until !== null) {
      const message = say("WAITS_FOR_TIME", { until: until.toISOString() });
      return [[id, { kind: "WaitingForTime", message, until }]];
    }
    if (pause === null) return [];
    return [[id, {
      kind: "WaitingForPause",
      message: say("WAITS_FOR_PAUSE", { reason: pause }),
      reason: pause,
    }]];
  }));
}

/** For each PENDING task run: those right before it that have not ended, in the order of the tasks. */
export async function readUpstreams(
  db: Database,
  waiting: readonly WaitingRow[],
  stored: ReadonlyMap<number, StoredDefinition>,
): Promise<ReadonlyMap<number, readonly { readonly id: number; readonly name: string }[]>> {
  const pairs = waiting.flatMap(({ id, runId, versionId, taskIndex }) =>
    (stored.get(versionId)?.graph.tasks[taskIndex]?.incoming ?? [])
      .map(({ upstream }) => ({ waiting: id, runId, upstream }))
  );
  if (pairs.length === 0) return new Map();
  const rows = await db.execute<{ waiting: number; id: number; name: string }>(sql`
    select x.waiting, t.id, t.name
    from json_to_recordset(${jsonRows(pairs)}) as x(waiting bigint, "runId" bigint, upstream integer)
    join task_runs t on t.run_id = x."runId" and t.task_index = x.upstream
    where t.state in ('PENDING', 'READY', 'RUNNING')
    order by x.waiting, t.task_index`);
  return Map.groupBy(rows, (row) => row.waiting);
}

/** For each run: the task runs that use up its limit. */
export async function readHolders(
  db: Database,
  runIds: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  if (runIds.length === 0) return new Map();
  const rows = await db.execute<{ runId: number; ids: readonly number[] }>(sql`
    select run_id as "runId", (array_agg(id order by id))[1:${HOLDERS_NAMED}] as ids
    from task_runs
    where run_id = any(${idArray(new Set(runIds))}) and (state = 'RUNNING' or (state = 'READY' and released))
    group by run_id`);
  return new Map(rows.map(({ runId, ids }) => [runId, ids]));
}

/** By placement. */
export async function readSlots(
  db: Database,
  visible: Visible,
  placementIds: readonly number[],
): Promise<ReadonlyMap<number, PlacementSlots>> {
  if (placementIds.length === 0) return new Map();
  const rows = await db.execute<PlacementSlots & { readonly id: number }>(sql`
    select p.id, p.labels, coalesce(fit.capacity, 0) as capacity, busy.running, coalesce(busy.ids, '{}') as "heldBy",
      coalesce(fit.candidates, 0) as candidates, coalesce(fit.ids, '{}') as "candidateIds"
    from placements p left join lateral (
      select sum(g.capacity) filter (where here) as capacity, array_agg(g.id) filter (where here) as here,
        count(*) as candidates, (array_agg(g.id order by g.name, g.id))[1:${HOLDERS_NAMED}] as ids
      from agents g cross join lateral (select ${claims(sql`g`)} and ${
    isOnline(sql`g.last_seen_at`)
  } as here) x
      where ${serves(sql`g`, sql`p`)}
    ) fit on true cross join lateral (
      select count(*) as running, (array_agg(t.id order by t.started_at, t.id)
          filter (where ${inProjects(visible, sql`t.project_id`)}))[1:${HOLDERS_NAMED}] as ids
      from task_runs t where t.state = 'RUNNING' and t.started_at is not null and t.agent_id = any(fit.here)
    ) busy
    where p.id = any(${idArray(new Set(placementIds))})`);
  return new Map(rows.map((row) => [row.id, row]));
}
