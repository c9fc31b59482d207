/**
 * One agent's word and its answer: what started, what ended, and what it may start and must stop next, many at a time
 * in one transaction. This is the engine's hot path: a chain of tasks goes through it once a task, a wide run once for
 * as many endings as came in while the last one was under way.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Definition } from "../../../schema/definition/version.ts";
import type { Database } from "../../db/database.ts";
import { say, type Sentence, textOf } from "../../../schema/sentences.ts";
import { type AttemptState, finalAttempt, type StopCause } from "../../../schema/states.ts";
import type { Ended, Exchange, ExchangeReply, Started, Stop } from "../../agent/port.ts";
import { prepared } from "../../db/prepared_statements.ts";
import { idArray, jsonRows } from "../../db/parameters.ts";
import { type AfterCommit, retryConflicts, type Transaction, transaction } from "../../db/transaction.ts";
import { appendSystemLines, type SystemLine } from "../logs/system_lines.ts";
import { decideAttemptEnd, decideTaskRunFate } from "../rules/attempt_end.ts";
import { type ClaimedRow, claimReady, livingAttempts, type Statements } from "./claims.ts";
import type { RunPorts, RunUnit } from "./create.ts";
import { type LockedRun, lockRuns, placeOf, taskStateOf } from "./locked_run.ts";
import { progressRuns, type TaskRunChange } from "./progress.ts";
import { scriptHint } from "./script_hints.ts";
import { createWork } from "./work.ts";
import type { Bus } from "../../events/bus.ts";
import type { Vault } from "../../vault/vault.ts";
import { addRedactions } from "./redactions.ts";

export interface ExchangePorts extends RunPorts {
  readonly db: Database;
  /** Between 0 and 1: spreads the delays of retries. */
  readonly random: () => number;
  readonly vault: Vault;
}

type ExchangeUnit = ExchangePorts & RunUnit;

export async function exchangeWithAgent(ports: ExchangePorts, exchange: Exchange): Promise<ExchangeReply> {
  const reported = exchange.started.length + exchange.ended.length > 0;
  const { claimed, stops, refused } = reported
    ? await exchangeReports(ports, exchange)
    : await answerPoll(ports, exchange);
  // After the commit, which releases the locks: what the work is made of does not change any more.
  return { work: await createWork(ports, claimed), stops, refused };
}

interface Exchanged extends Omit<ExchangeReply, "work"> {
  readonly claimed: readonly ClaimedRow[];
}

async function exchangeReports(ports: ExchangePorts, exchange: Exchange): Promise<Exchanged> {
  return await transaction(ports.db, async (tx, after) => {
    const taken = await takeReports({ ...ports, tx, after }, exchange);
    // Sent along with what was written, and carried out after it: saves a round trip.
    const [, claimed] = await Promise.all([taken.written, claim(tx, after, ports, exchange)]);
    return { claimed, stops: taken.stops, refused: taken.refused };
  });
}

/** Most calls of an idle agent: two statements, each a transaction by itself. */
async function answerPoll(ports: ExchangePorts, exchange: Exchange): Promise<Exchanged> {
  const [claimed, stops] = await Promise.all([
    retryConflicts(() => claim(ports.db, (effect) => effect(), ports, exchange)),
    readStops(ports.db, exchange.agentId),
  ]);
  return { claimed, stops, refused: [] };
}

/** After a resume the agent first counts what it has; it asks for more at once. */
async function claim(
  db: Statements,
  after: AfterCommit,
  ports: ExchangePorts,
  exchange: Exchange,
): Promise<readonly ClaimedRow[]> {
  if (exchange.resume) return await livingAttempts(db, exchange.agentId);
  const claimed = await claimReady(db, exchange.agentId, exchange);
  publishClaimed(after, ports, claimed);
  return claimed;
}

interface AttemptRow extends Record<string, unknown> {
  readonly id: number;
  readonly number: number;
  readonly state: AttemptState;
  readonly agentId: number;
  readonly stopCause: StopCause | null;
  /** Who or what stopped it, while it lives. */
  readonly reason: Sentence | null;
  readonly taskRunId: number;
  readonly runId: number;
  readonly taskIndex: number;
  /** Claimed ahead, and not known to have started. */
  readonly waits: boolean;
}

interface Taken {
  /** The attempts that are no longer this agent's. */
  readonly refused: readonly number[];
  /** What the agent is to stop. */
  readonly stops: readonly Stop[];
  /** What follows from the reports, on its way to the database. */
  readonly written: Promise<unknown>;
}

async function takeReports(
  unit: ExchangeUnit,
  { agentId, started, ended }: Exchange,
): Promise<Taken> {
  const reported = [...started, ...ended].map(({ attemptId }) => attemptId);
  const ids = idArray(reported);
  const [locked, rows] = await Promise.all([
    lockRuns(
      unit.tx,
      unit.definitions,
      sql`select t.run_id from attempts a join task_runs t on t.id = a.task_run_id where a.id = any(${ids})`,
    ),
    readAttempts(unit.tx, agentId, ids),
  ]);
  const attempts = new Map(rows.map((row) => [row.id, row]));
  const own = (attemptId: number): AttemptRow | null => {
    const row = attempts.get(attemptId);
    return row !== undefined && row.agentId === agentId && row.state !== "LOST" ? row : null;
  };
  const open = <T extends { readonly attemptId: number }>(
    reports: readonly T[],
  ): { report: T; row: AttemptRow }[] =>
    reports.flatMap((report) => {
      const row = own(report.attemptId);
      // A duplicate report: the attempt is final already.
      return row === null || finalAttempt(row.state) ? [] : [{ report, row }];
    });
  const endings = open(ended);
  const endedIds = new Set(endings.map(({ row }) => row.id));
  const definitions = await unit.definitions.getMany(
    [...locked.values()].map(({ versionId }) => versionId),
    unit.tx,
  );
  const stops = rows.filter(({ id, stopCause, state }) =>
    stopCause !== null && !finalAttempt(state) && !endedIds.has(id) && own(id) !== null
  );
  const beginnings = open(started).filter(({ row }) => !endedIds.has(row.id));
  const lines = [...beginnings, ...endings].flatMap(({ report, row }): readonly SystemLine[] => {
    const task = taskOf(row, locked, definitions);
    // Said with the first report: the others know it as RUNNING.
    const hint = row.state === "STARTING" && report.startedAt !== null ? scriptHint(task) : null;
    return hint === null ? [] : [{ attemptId: row.id, at: report.startedAt ?? 0, text: hint }];
  });
  return {
    refused: reported.filter((attemptId) => own(attemptId) === null),
    stops: stops.map(({ id }) => ({ attemptId: id })),
    written: Promise.all([
      markStarted(unit, locked, beginnings),
      endAttempts(unit, { locked, definitions, endings, lines }),
    ]),
  };
}

type Definitions = Awaited<ReturnType<RunPorts["definitions"]["getMany"]>>;

function taskOf(
  { id, runId, taskIndex }: AttemptRow,
  locked: ReadonlyMap<number, LockedRun>,
  definitions: Definitions,
): Definition["tasks"][number] {
  const task = definitions.get(locked.get(runId)?.versionId ?? 0)?.definition.tasks[taskIndex];
  if (task === undefined) throw new Error(`Attempt ${id} has no run or no task`);
  return task;
}

/** Those that are reported, and with them those that are to be stopped: one statement less. */
async function readAttempts(tx: Transaction, agentId: number, ids: SQL): Promise<readonly AttemptRow[]> {
  return await tx.execute<AttemptRow>(prepared(sql`
    select a.id, a.number, a.state, a.agent_id as "agentId", a.stop_cause as "stopCause", a.reason,
      t.id as "taskRunId", t.run_id as "runId", t.task_index as "taskIndex",
      t.state = 'RUNNING' and t.started_at is null as waits
    from (
      select unnest(${ids}) as id
      union
      select id from attempts
      where agent_id = ${agentId} and state in ('STARTING', 'RUNNING') and stop_cause is not null
    ) x join attempts a on a.id = x.id join task_runs t on t.id = a.task_run_id`));
}

async function markStarted(
  unit: ExchangeUnit,
  locked: ReadonlyMap<number, LockedRun>,
  started: readonly { readonly report: Started; readonly row: AttemptRow }[],
): Promise<void> {
  if (started.length === 0) return;
  const records = started.map(({ report, row }) => ({ id: row.id, at: report.startedAt }));
  await Promise.all([
    unit.tx.execute(prepared(sql`
      update attempts a set state = 'RUNNING', started_at = to_timestamp(x.at / 1000)
      from json_to_recordset(${jsonRows(records)}) as x(id bigint, at float8)
      where a.id = x.id and a.state = 'STARTING'`)),
    markWaited(unit.tx, started),
  ]);
  unit.after(() => {
    for (const { row } of started) publishTaskRun(unit.bus, locked, row);
  });
}

/** Those that waited in the agent's hand run from now on. */
async function markWaited(
  tx: Transaction,
  started: readonly { readonly report: Started; readonly row: AttemptRow }[],
): Promise<void> {
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

async function endAttempts(
  unit: ExchangeUnit,
  { locked, definitions, endings, lines: linesOfStarts }: {
    readonly locked: ReadonlyMap<number, LockedRun>;
    readonly definitions: Definitions;
    readonly endings: readonly { readonly report: Ended; readonly row: AttemptRow }[];
    /** Of attempts that have just started; those of an end come after them. */
    readonly lines: readonly SystemLine[];
  },
): Promise<void> {
  if (endings.length + linesOfStarts.length === 0) return;
  const changes: TaskRunChange[] = [];
  const lines = [...linesOfStarts];
  const givenBack: AttemptRow[] = [];
  for (const { report, row } of endings) {
    const run = locked.get(row.runId);
    if (run === undefined) throw new Error(`Attempt ${row.id} has no run`);
    const task = taskOf(row, locked, definitions);
    const stop = row.stopCause === null
      ? null
      : { cause: row.stopCause, reason: row.reason ?? say("STOPPED") };
    const end = decideAttemptEnd(report, stop);
    if (end === null) {
      givenBack.push(row);
      continue;
    }
    const fate = decideTaskRunFate(
      end,
      row.number,
      task,
      run.stop !== null && !task.runsWhenStopped,
      unit.random(),
    );
    const { exitCode, signal, startedAt, finishedAt } = report;
    const state = fate.kind === "final" ? fate.state : "READY";
    run.taskStates[placeOf(run, row.taskIndex)] = taskStateOf(state, "DELAYED");
    changes.push({
      runId: run.id,
      taskIndex: row.taskIndex,
      from: "RUNNING",
      state,
      reason: fate.kind === "final"
        ? end.reason
        : say("TASK_RETRIED", { attempt: row.number, why: end.reason }),
      released: false,
      retryInSeconds: fate.kind === "retry" ? fate.delaySeconds : null,
      attempt: {
        attemptId: row.id,
        attemptState: end.state,
        attemptReason: end.reason,
        exitCode,
        signal,
        startedAt,
        finishedAt,
        // A stop that was recorded before the end came wins: then it handed over nothing.
        outputs: end.state === "SUCCEEDED" ? report.outputs : null,
      },
    });
    if (report.cause !== "EXIT" && end.reason !== null) {
      lines.push({ attemptId: row.id, at: finishedAt, text: textOf(end.reason) });
    }
    if (report.outputFault !== null) {
      lines.push({ attemptId: row.id, at: finishedAt, text: report.outputFault });
    }
  }
  await Promise.all([
    offerAgain(unit, locked, givenBack),
    progressRuns(unit, locked.values(), changes),
    appendSystemLines(unit, lines),
    addRedactions(
      unit.tx,
      endings.map(({ report, row }) => ({ id: row.taskRunId, count: report.redactedCount })),
    ),
  ]);
  // Its delay may be over sooner than whoever releases retries looks again.
  if (changes.some(({ state }) => state === "READY")) unit.after(() => unit.bus.publish({ kind: "queue" }));
}

/** As if they had never been claimed: their age, the number of tries and their place in the run's limit stay. */
async function offerAgain(
  unit: ExchangeUnit,
  locked: ReadonlyMap<number, LockedRun>,
  givenBack: readonly AttemptRow[],
): Promise<void> {
  if (givenBack.length === 0) return;
  for (const { runId, taskIndex } of givenBack) {
    const run = locked.get(runId);
    if (run !== undefined) run.taskStates[placeOf(run, taskIndex)] = taskStateOf("READY", "RELEASED");
  }
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

async function readStops(db: Statements, agentId: number): Promise<readonly Stop[]> {
  const rows = await db.execute<{ id: number }>(prepared(sql`
    select id from attempts
    where agent_id = ${agentId} and state in ('STARTING', 'RUNNING') and stop_cause is not null`));
  return rows.map(({ id }) => ({ attemptId: id }));
}

function publishClaimed(after: AfterCommit, ports: ExchangePorts, claimed: readonly ClaimedRow[]): void {
  after(() => {
    for (const [runId, rows] of Map.groupBy(claimed, (row) => row.runId)) {
      const [first] = rows;
      if (first === undefined) continue;
      ports.bus.publish({
        kind: "run",
        runId,
        containerId: first.containerId,
        projectId: first.projectId,
        taskRunIds: rows.map((row) => row.taskRunId),
      });
    }
  });
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
