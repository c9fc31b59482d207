/** Attempts that write as a test tells them to. */
import { eq, inArray } from "drizzle-orm";
import type { LogStream } from "../../../schema/states.ts";
import { attempts } from "../../../schema/tables/attempt.ts";
import { taskRuns } from "../../../schema/tables/run.ts";
import type { NewTask } from "../../../server/domain/containers/interface.ts";
import type { LogRow } from "../../../server/domain/logs/interface.ts";
import type { OutputBatch, Passage } from "../../../server/agent/port.ts";
import { type AppendOutput, createLogAppend } from "../../../server/domain/logs/append.ts";
import { createLogs } from "../../../server/domain/logs/logs.ts";
import { releaseRetries } from "../../../server/domain/runs/queue.ts";
import { pass, type TestDomain, triggerRun } from "../../support/domain.ts";

/** Sunday, 1 February 2026, noon. */
export const NOON = Date.UTC(2026, 1, 1, 12);

export interface WrittenLine {
  readonly at: number;
  readonly stream: LogStream;
  readonly text: string;
}

/** One attempt and how far its two files were read. */
export class Writer {
  readonly attemptId: number;
  readonly attempt: number;
  readonly taskRunId: number;
  readonly taskId: number;
  readonly runId: number;
  readonly containerId: number;
  out = 0;
  err = 0;

  constructor(attempt: typeof attempts.$inferSelect, taskRun: typeof taskRuns.$inferSelect) {
    this.attemptId = attempt.id;
    this.attempt = attempt.number;
    this.taskRunId = taskRun.id;
    this.taskId = taskRun.taskId;
    this.runId = taskRun.runId;
    this.containerId = taskRun.containerId;
  }

  /** The batch that follows; the same batch again is a repeat. */
  batch(lines: readonly WrittenLine[]): OutputBatch {
    const from = { outFrom: this.out, errFrom: this.err };
    for (const { stream, text } of lines) {
      if (stream === "STDERR") this.err += text.length + 1;
      else this.out += text.length + 1;
    }
    return {
      attemptId: this.attemptId,
      ...from,
      outTo: this.out,
      errTo: this.err,
      passages: lines.map(passage),
    };
  }
}

function passage(written: WrittenLine): Passage {
  return { ...written, count: 1 };
}

export function line(text: string, at = NOON, stream: LogStream = "STDOUT"): WrittenLine {
  return { at, stream, text };
}

export function lines(count: number, prefix = "line"): readonly WrittenLine[] {
  return Array.from({ length: count }, (_, place) => line(`${prefix} ${place + 1}`, NOON + place));
}

/** As one server has it; another one is made by a second call. */
export function openAppend(domain: TestDomain): AppendOutput {
  const { db, bus, definitions } = domain.ports;
  return createLogAppend({ db, ordered: db, bus, definitions });
}

/** A run of a new container, with one running attempt a task, in the order of the names. */
export async function startRun(
  domain: TestDomain,
  names: readonly string[],
  task: Partial<NewTask> = {},
): Promise<readonly Writer[]> {
  const containerId = await domain.container();
  for (const name of names) await domain.task(containerId, name, task);
  const runId = await triggerRun(domain.ports, domain.viewer, { containerId });
  return await claim(domain, runId);
}

/** Starts what is ready in the run. */
export async function claim(domain: TestDomain, runId: number): Promise<readonly Writer[]> {
  const { work } = await domain.exchange();
  const ids = work.map(({ attemptId }) => attemptId);
  const rows = await domain.db.select().from(attempts).innerJoin(
    taskRuns,
    eq(taskRuns.id, attempts.taskRunId),
  )
    .where(inArray(attempts.id, ids)).orderBy(taskRuns.taskIndex);
  return rows.filter((row) => row.task_runs.runId === runId).map((row) =>
    new Writer(row.attempts, row.task_runs)
  );
}

/** All that is stored of a task run. */
export async function stored(domain: TestDomain, taskRunId: number): Promise<readonly LogRow[]> {
  const logs = createLogs(domain);
  let page = await logs.ofTaskRun("all", taskRunId, null, { first: 1000 });
  const rows = [...page.rows];
  while (page.hasNextPage) {
    page = await logs.ofTaskRun("all", taskRunId, null, { first: 1000, after: rows.at(-1)?.cursor ?? "" });
    rows.push(...page.rows);
  }
  return rows;
}

export function texts(rows: readonly { readonly text: string }[]): readonly string[] {
  return rows.map(({ text }) => text);
}

/** Ends the attempts of a task with a failure and starts what is retried. */
export async function retryTask(domain: TestDomain, name: string, runId: number): Promise<Writer> {
  await domain.end({ [name]: 1 }, 0);
  await pass(domain.db, 3600);
  await releaseRetries(domain.ports);
  return only(await claim(domain, runId));
}

/** The only one of a list that must have one. */
export function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`There are ${items.length}, not one`);
  return item;
}
