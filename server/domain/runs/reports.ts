/**
 * What agents say of their attempts, and what follows from it: started, ended, given back. This is the engine's hot path: a
 * chain of tasks goes through it once a task at most, a wide run once for as many ends as came in while the last
 * transaction was under way.
 */
import { type SQL, sql } from "drizzle-orm";
import { finalAttempt } from "../../../schema/states.ts";
import type { Exchange, Started } from "../../agent/port.ts";
import { idArray, jsonRows } from "../../db/parameters.ts";
import { prepared } from "../../db/prepared_statements.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { appendSystemLines } from "../logs/system_lines.ts";
import type { Statements } from "./claims.ts";
import type { RunUnit } from "./create.ts";
import { releaseReserved } from "./followers.ts";
import { type AttemptRow, type EndReport, type Judged, judgeReports, type Open } from "./judge_reports.ts";
import { type LockedRun, lockRuns } from "./locked_run.ts";
import { progressRuns } from "./progress.ts";
import { addRedactions } from "./redactions.ts";

export interface ReportUnit extends RunUnit {
  /** Between 0 and 1: spreads the delays of retries. */
  readonly random: () => number;
}

/** What one agent says. */
export interface Reports extends Pick<Exchange, "agentId" | "started"> {
  readonly ended: readonly EndReport[];
}

interface Order {
  readonly agentId: number;
  readonly attemptId: number;
}

/** What agents are to do. */
export interface Orders {
  readonly stops: readonly Order[];
  /** What they have and have not started, and are to give back. */
  readonly recalls: readonly Order[];
}

interface Taken extends Orders {
  /** The attempts that are no longer their agent's. */
  readonly refused: ReadonlySet<number>;
  /** The runs of all that was reported, as they are now. */
  readonly locked: ReadonlyMap<number, LockedRun>;
  /** What follows from the reports, on its way to the database. */
  readonly written: Promise<unknown>;
}

export async function takeReports(unit: ReportUnit, reports: readonly Reports[]): Promise<Taken> {
  const reporters = new Map(
    reports.flatMap(({ agentId, started, ended }) =>
      [...started, ...ended].map(({ attemptId }) => [attemptId, agentId] as const)
    ),
  );
  const ids = idArray(reporters.keys());
  const [locked, rows] = await Promise.all([
    lockRuns(
      unit.tx,
      unit.definitions,
      sql`select t.run_id from attempts a join task_runs t on t.id = a.task_run_id where a.id = any(${ids})`,
    ),
    readAttempts(unit.tx, reports.map(({ agentId }) => agentId), ids),
  ]);
  const attempts = new Map(rows.map((row) => [row.id, row]));
  const own = (attemptId: number): AttemptRow | null => {
    const row = attempts.get(attemptId);
    return row !== undefined && row.agentId === reporters.get(attemptId) && row.state !== "LOST" ? row : null;
  };
  const open = <T extends { readonly attemptId: number }>(reported: readonly T[]): Open<T>[] =>
    reported.flatMap((report) => {
      const row = own(report.attemptId);
      // A duplicate report: the attempt is final already.
      return row === null || finalAttempt(row.state) ? [] : [{ report, row }];
    });
  const endings = open(reports.flatMap(({ ended }) => ended));
  const endedIds = new Set(endings.map(({ row }) => row.id));
  const beginnings = open(reports.flatMap(({ started }) => started)).filter(({ row }) =>
    !endedIds.has(row.id)
  );
  const definitions = await unit.definitions.getMany(
    [...locked.values()].map(({ versionId }) => versionId),
    unit.tx,
  );
  const judged = judgeReports({ locked, definitions, endings, beginnings, random: unit.random });
  const refused = new Set([...reporters.keys()].filter((attemptId) => own(attemptId) === null));
  for (const { id } of judged.untimely) refused.add(id);
  const orders = rows.filter(({ id, state }) =>
    !finalAttempt(state) && !endedIds.has(id) && (own(id) !== null || !reporters.has(id)) && !refused.has(id)
  );
  return {
    refused,
    locked,
    stops: orders.filter(({ stopCause }) => stopCause !== null).map(orderOf),
    recalls: orders.filter(({ recalled }) => recalled).map(orderOf),
    written: writeReports(unit, locked, judged),
  };
}

function orderOf({ id, agentId }: Pick<AttemptRow, "id" | "agentId">): Order {
  return { attemptId: id, agentId };
}

/** The condition of `a`: its agent is to stop it, or to give it back. */
const ORDERED =
  sql`a.state in ('STARTING', 'RUNNING') and (a.stop_cause is not null or a.state = 'STARTING' and exists (
  select from agents g where g.id = a.agent_id and (g.cordoned or g.weight = 0)))`;
/** Of `a` and `t`, where that holds. */
const RECALLED = sql`a.stop_cause is null and (t.state = 'PENDING' or t.started_at is null)`;

/** Those that are reported, and with them those of which the agents are to be told something: one statement less. */
async function readAttempts(
  tx: Transaction,
  agentIds: readonly number[],
  ids: SQL,
): Promise<readonly AttemptRow[]> {
  return await tx.execute<AttemptRow>(prepared(sql`
    select a.id, a.number, a.state, a.agent_id as "agentId", a.stop_cause as "stopCause", a.reason,
      t.id as "taskRunId", t.run_id as "runId", t.task_index as "taskIndex", t.reassign_count as reassigned,
      t.state = 'RUNNING' and t.started_at is null as waits, x.ordered and ${RECALLED} as recalled
    from (
      select id, bool_or(ordered) as ordered from (
        select unnest(${ids}) as id, false as ordered
        union all
        select a.id, true from attempts a where a.agent_id = any(${idArray(agentIds)}) and ${ORDERED}
      ) y group by id
    ) x join attempts a on a.id = x.id join task_runs t on t.id = a.task_run_id`));
}

/** What agents that report nothing are to do. */
export async function readOrders(db: Statements, agentIds: readonly number[]): Promise<Orders> {
  type Row = Pick<AttemptRow, "id" | "agentId" | "recalled"> & { readonly stopped: boolean };
  const rows = await db.execute<Row>(prepared(sql`
    select a.id, a.agent_id as "agentId", a.stop_cause is not null as stopped, ${RECALLED} as recalled
    from attempts a join task_runs t on t.id = a.task_run_id
    where a.agent_id = any(${idArray(agentIds)}) and ${ORDERED}`));
  return {
    stops: rows.filter(({ stopped }) => stopped).map(orderOf),
    recalls: rows.filter(({ recalled }) => recalled).map(orderOf),
  };
}

async function writeReports(
  unit: ReportUnit,
  locked: ReadonlyMap<number, LockedRun>,
  judged: Judged,
): Promise<void> {
  const { changes, lines, started, taken, givenBack, released, redactions } = judged;
  await Promise.all([
    releaseReserved(unit.tx, released),
    offerAgain(unit, locked, givenBack),
    progressRuns(unit, locked.values(), changes),
    markStarted(unit, locked, [...started, ...taken]),
    markWaited(unit.tx, started),
    appendSystemLines(unit, lines),
    addRedactions(unit.tx, redactions),
  ]);
  if (changes.some(({ released }) => released)) unit.after(() => unit.bus.publish({ kind: "work" }));
  // Its delay may be over sooner than whoever releases retries looks again.
  if (changes.some(({ retryInSeconds }) => retryInSeconds !== null)) {
    unit.after(() => unit.bus.publish({ kind: "queue" }));
  }
}

async function markStarted(
  unit: ReportUnit,
  locked: ReadonlyMap<number, LockedRun>,
  started: readonly Open<Started>[],
): Promise<void> {
  if (started.length === 0) return;
  const records = started.map(({ report, row }) => ({ id: row.id, at: report.startedAt }));
  unit.after(() => {
    for (const { row } of started) publishTaskRun(unit.bus, locked, row);
  });
  await unit.tx.execute(prepared(sql`
    update attempts a set state = 'RUNNING', started_at = to_timestamp(x.at / 1000)
    from json_to_recordset(${jsonRows(records)}) as x(id bigint, at float8)
    where a.id = x.id and a.state = 'STARTING'`));
}

/** Those that waited in the agent's hand run from now on. */
async function markWaited(tx: Transaction, started: readonly Open<Started>[]): Promise<void> {
  const records = started.filter(({ row }) => row.waits).map(({ report, row }) => ({
    id: row.taskRunId,
    at: report.startedAt,
  }));
  if (records.length === 0) return;
  await tx.execute(prepared(sql`
    update task_runs t set started_at = to_timestamp(x.at / 1000)
    from json_to_recordset(${jsonRows(records)}) as x(id bigint, at float8)
    where t.id = x.id and t.state = 'RUNNING' and t.started_at is null`));
}

/** As if they had never been claimed: their age, the number of tries and their place in the run's limit stay. */
async function offerAgain(
  unit: ReportUnit,
  locked: ReadonlyMap<number, LockedRun>,
  givenBack: readonly AttemptRow[],
): Promise<void> {
  if (givenBack.length === 0) return;
  unit.after(() => {
    for (const row of givenBack) publishTaskRun(unit.bus, locked, row);
    unit.bus.publish({ kind: "work" });
  });
  await unit.tx.execute(prepared(sql`
    with gone as (
      delete from attempts where id = any(${idArray(givenBack.map(({ id }) => id))}) and state = 'STARTING'
      returning task_run_id
    )
    update task_runs t set state = 'READY', released = true, attempt = t.attempt - 1, agent_id = null, started_at = null
    from gone where t.id = gone.task_run_id and t.state = 'RUNNING'`));
}

function publishTaskRun(bus: Bus, locked: ReadonlyMap<number, LockedRun>, row: AttemptRow): void {
  const run = locked.get(row.runId);
  if (run === undefined) return;
  bus.publish({
    kind: "run",
    runId: run.id,
    containerId: run.containerId,
    projectId: run.projectId,
    taskRunIds: [row.taskRunId],
  });
}
