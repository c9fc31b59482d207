/** What agents' reports come to, decided on the states of their runs, which are changed along. It writes nothing. */
import type { Definition } from "../../../schema/definition/version.ts";
import { say, type Sentence, textOf } from "../../../schema/sentences.ts";
import type { AttemptState, StopCause, TaskRunState } from "../../../schema/states.ts";
import type { Started } from "../../agent/port.ts";
import type { SystemLine } from "../logs/system_lines.ts";
import { type AttemptReport, decideAttemptEnd, decideTaskRunFate } from "../rules/attempt_end.ts";
import { mayStart } from "../rules/followers.ts";
import { isReserved } from "../rules/run_state.ts";
import type { RunPorts } from "./create.ts";
import { type LockedRun, placeOf, taskStateOf } from "./locked_run.ts";
import type { TaskRunChange } from "./progress.ts";
import { scriptHint } from "./script_hints.ts";

/** The end of an attempt: as its agent saw it, or because its agent was given up. */
export interface EndReport extends AttemptReport {
  readonly attemptId: number;
  readonly startedAt: number | null;
  readonly finishedAt: number;
  readonly outputs: Readonly<Record<string, string>> | null;
  readonly outputFault: string | null;
  /** How often a secret was replaced in its output. */
  readonly redactedCount: number;
}

export interface AttemptRow extends Record<string, unknown> {
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
  /** How many attempts before it were given up with their agents. */
  readonly reassigned: number;
  /** Claimed ahead, and not known to have started. */
  readonly waits: boolean;
  /** Its agent is to give it back unless it has started it. */
  readonly recalled: boolean;
}

/** A report of an attempt that is not final. */
export interface Open<Report> {
  readonly report: Report;
  readonly row: AttemptRow;
}

export interface Judging {
  readonly locked: ReadonlyMap<number, LockedRun>;
  readonly definitions: Awaited<ReturnType<RunPorts["definitions"]["getMany"]>>;
  readonly endings: readonly Open<EndReport>[];
  readonly beginnings: readonly Open<Started>[];
  /** Between 0 and 1: spreads the delays of retries. */
  readonly random: () => number;
}

export interface Judged {
  readonly changes: TaskRunChange[];
  readonly lines: SystemLine[];
  /** Started, of those that were claimed. */
  readonly started: Open<Started>[];
  /** Started, of those that were reserved. */
  readonly taken: Open<Started>[];
  /** Claimed, and to be offered again. */
  readonly givenBack: AttemptRow[];
  /** Reserved no more. */
  readonly released: { readonly runId: number; readonly taskIndex: number }[];
  /** Reserved, and started although what they follow did not let them. */
  readonly untimely: AttemptRow[];
  /** By task run. */
  readonly redactions: { readonly id: number; readonly count: number }[];
}

type Report = ({ readonly kind: "ended" } & Open<EndReport>) | ({ readonly kind: "started" } & Open<Started>);
type Work = Judging & Judged;

export function judgeReports(judging: Judging): Judged {
  const judged: Judged = {
    changes: [],
    lines: [],
    started: [],
    taken: [],
    givenBack: [],
    released: [],
    untimely: [],
    redactions: [],
  };
  const work = { ...judging, ...judged };
  const reports: readonly Report[] = [
    ...judging.endings.map((open) => ({ ...open, kind: "ended" as const })),
    ...judging.beginnings.map((open) => ({ ...open, kind: "started" as const })),
  ];
  // What is reserved comes after what it follows, which may be among the reports too.
  const reserved = new Set(reports.filter(({ row }) => isReserved(stateOf(work, row))));
  for (const report of reports) if (!reserved.has(report)) judge(work, report, "RUNNING");
  let waiting: readonly Report[] = [...reserved];
  for (let before = Infinity; waiting.length < before;) {
    before = waiting.length;
    waiting = waiting.filter((report) => !judgeReserved(work, report));
  }
  for (const { row } of waiting) {
    work.untimely.push(row);
    release(work, runOf(work, row), placeOf(runOf(work, row), row.taskIndex));
  }
  return judged;
}

/** Answers whether something could be said of it. */
function judgeReserved(work: Work, report: Report): boolean {
  const { row } = report;
  const run = runOf(work, row);
  const place = placeOf(run, row.taskIndex);
  if (!isReserved(run.taskStates[place])) {
    work.untimely.push(row);
    return true;
  }
  if (report.kind === "ended" && isWithdrawal(report.report)) {
    withdraw(work, run, place, row);
    return true;
  }
  const timely = row.stopCause !== null || mayStart(run.graph, run.taskStates, place);
  if (timely) judge(work, report, "PENDING");
  return timely;
}

/** Its agent has not started it and will not. */
function isWithdrawal({ cause, startedAt }: EndReport): boolean {
  return startedAt === null && (cause === "STOPPED" || cause === "GIVEN_BACK");
}

/** Where it was stopped by itself it is CANCELLED; the stop of its run ends all that waits. */
function withdraw(work: Work, run: LockedRun, place: number, row: AttemptRow): void {
  release(work, run, place);
  if (row.stopCause === null || run.stop !== null) return;
  run.taskStates[place] = { state: "CANCELLED" };
  work.changes.push({
    runId: run.id,
    taskIndex: row.taskIndex,
    from: "PENDING",
    state: "CANCELLED",
    reason: row.reason ?? say("STOPPED"),
    released: false,
    retryInSeconds: null,
    attempt: null,
  });
}

function judge(work: Work, report: Report, from: TaskRunState): void {
  if (report.kind === "started") begin(work, report, from);
  else end(work, report, from);
}

function begin(work: Work, open: Open<Started>, from: TaskRunState): void {
  const { report, row } = open;
  addHint(work, row, report.startedAt);
  if (from !== "PENDING") return void work.started.push(open);
  const run = runOf(work, row);
  run.taskStates[placeOf(run, row.taskIndex)] = { state: "RUNNING" };
  work.changes.push({
    runId: run.id,
    taskIndex: row.taskIndex,
    from,
    state: "RUNNING",
    reason: null,
    released: false,
    retryInSeconds: null,
    startedAt: report.startedAt,
    attempt: null,
  });
  work.taken.push(open);
}

function end(work: Work, open: Open<EndReport>, from: TaskRunState): void {
  const { report, row } = open;
  const run = runOf(work, row);
  const place = placeOf(run, row.taskIndex);
  const change = decideChange(work, open, from);
  if (change === null) {
    run.taskStates[place] = taskStateOf("READY", "RELEASED");
    releaseFollowers(work, run, place);
    return void work.givenBack.push(row);
  }
  addHint(work, row, report.startedAt);
  work.redactions.push({ id: row.taskRunId, count: report.redactedCount });
  run.taskStates[place] = taskStateOf(change.state, change.released ? "RELEASED" : "DELAYED");
  work.changes.push(change);
  if (change.state !== "SUCCEEDED") releaseFollowers(work, run, place);
  const attemptReason = change.attempt?.attemptReason ?? null;
  const at = report.finishedAt;
  if (report.cause !== "EXIT" && attemptReason !== null) {
    work.lines.push({ attemptId: row.id, at, text: textOf(attemptReason) });
  }
  if (report.outputFault !== null) work.lines.push({ attemptId: row.id, at, text: report.outputFault });
}

/** Null: it was given back. */
function decideChange(
  work: Work,
  { report, row }: Open<EndReport>,
  from: TaskRunState,
): TaskRunChange | null {
  const run = runOf(work, row);
  const task = taskOf(work, row);
  const stop = row.stopCause === null ? null : { cause: row.stopCause, reason: row.reason ?? say("STOPPED") };
  const end = decideAttemptEnd(report, stop);
  if (end === null) return null;
  const fate = decideTaskRunFate(
    end,
    report.cause,
    { attempt: row.number, reassigned: row.reassigned },
    task,
    run.stop !== null && !task.runsWhenStopped,
    work.random(),
  );
  const { exitCode, signal, startedAt, finishedAt } = report;
  return {
    runId: run.id,
    taskIndex: row.taskIndex,
    from,
    state: fate.kind === "final" ? fate.state : "READY",
    reason: fate.kind === "final"
      ? end.reason
      : say("TASK_RETRIED", { attempt: row.number, why: end.reason }),
    released: fate.kind === "reassign",
    retryInSeconds: fate.kind === "retry" ? fate.delaySeconds : null,
    ...(fate.kind === "reassign" ? { reassigned: true } : {}),
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
  };
}

/** The first report of a process tells what its command was not written for: the others know it as RUNNING. */
function addHint(work: Work, row: AttemptRow, startedAt: number | null): void {
  const hint = row.state === "STARTING" && startedAt !== null ? scriptHint(taskOf(work, row)) : null;
  if (hint !== null) work.lines.push({ attemptId: row.id, at: startedAt ?? 0, text: hint });
}

/** It is PENDING as if no agent had it, and so is what was to follow it. */
function release(work: Work, run: LockedRun, place: number): void {
  run.taskStates[place] = { state: "PENDING" };
  work.released.push({ runId: run.id, taskIndex: run.firstTaskIndex + place });
  releaseFollowers(work, run, place);
}

function releaseFollowers(work: Work, run: LockedRun, place: number): void {
  for (const next of run.graph.tasks[place]?.outgoing ?? []) {
    if (isReserved(run.taskStates[next])) release(work, run, next);
  }
}

function runOf({ locked }: Judging, { id, runId }: AttemptRow): LockedRun {
  const run = locked.get(runId);
  if (run === undefined) throw new Error(`Attempt ${id} has no run`);
  return run;
}

function stateOf(judging: Judging, row: AttemptRow): LockedRun["taskStates"][number] | undefined {
  const run = runOf(judging, row);
  return run.taskStates[placeOf(run, row.taskIndex)];
}

function taskOf(
  { locked, definitions }: Judging,
  { id, runId, taskIndex }: AttemptRow,
): Definition["tasks"][number] {
  const task = definitions.get(locked.get(runId)?.versionId ?? 0)?.definition.tasks[taskIndex];
  if (task === undefined) throw new Error(`Attempt ${id} has no run or no task`);
  return task;
}
