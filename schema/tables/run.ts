import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  smallint,
  snakeCase,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import {
  createdAt,
  id,
  instant,
  reference,
  runCause,
  runState,
  sentence,
  stopCause,
  taskRunState,
} from "./columns.ts";
import { containerVersions } from "./container.ts";
import { projects } from "./project.ts";

/** One execution of one version of a container. containerId has no foreign key: a run outlives its container. */
export const runs = snakeCase.table("runs", {
  id: id(),
  projectId: reference().notNull().references(() => projects.id),
  containerId: reference().notNull(),
  containerName: text().notNull(),
  containerVersion: integer().notNull(),
  versionId: reference().notNull().references(() => containerVersions.id),
  state: runState().notNull(),
  cause: runCause().notNull(),
  scheduledFor: instant(),
  createdAt: createdAt(),
  startedAt: instant(),
  finishedAt: instant(),
  reason: sentence(),
  /** Null for the scheduler. */
  startedBy: reference(),
  retryOf: reference(),
  /** True for a run of one task by itself: it takes no part in the overlap policy. */
  single: boolean().notNull().default(false),
  /** Of its tasks: what the call gave, and the values of parameters. */
  environment: jsonb().$type<Readonly<Record<string, string>>>().notNull().default({}),
  /** Counts the runs of its container from 1. */
  number: integer().notNull(),
  /** Not started before; null = at once. */
  startAt: instant(),
  idempotencyKey: text(),
  /** SHA-256 of the call's other arguments, so that a repeated call can be told from a different one. */
  idempotencyHash: text(),
  /** When the run's own timeout strikes; null = never. */
  deadlineAt: instant(),
  /** Set once by whoever stops the run first; no task starts after it. */
  stopCause: stopCause(),
  /** Who or what stopped it. */
  stopReason: sentence(),
}, (table) => [
  index("runs_created_at_index").on(table.createdAt, table.id),
  // With what a strip of a container's last runs shows, so that a page of strips reads no row.
  index("runs_container_id_index").on(
    table.containerId,
    table.createdAt,
    table.id,
    table.state,
    table.startedAt,
    table.finishedAt,
  ),
  // A rare state or cause is found, and seen to be absent, without reading the history.
  index("runs_container_id_state_index").on(table.containerId, table.state, table.createdAt, table.id),
  // With what is asked for beside a cause, so that few runs are told from many within the index.
  index("runs_cause_index").on(
    table.cause,
    table.createdAt,
    table.id,
    table.state,
    table.containerId,
    table.projectId,
  ),
  index("runs_project_id_index").on(table.projectId, table.createdAt, table.id),
  // Counts of a day, and rare states, without reading the rest.
  index("runs_finished_at_index").on(table.finishedAt).where(sql`${table.finishedAt} is not null`),
  index("runs_state_index").on(table.state, table.createdAt, table.id, table.projectId),
  index("runs_version_id_index").on(table.versionId),
  // Active runs only, so that neither the overlap check nor a restart reads history.
  index("runs_active_index").on(table.containerId, table.id).where(
    sql`${table.state} in ('QUEUED', 'RUNNING')`,
  ),
  index("runs_deadline_at_index").on(table.deadlineAt).where(
    sql`${table.deadlineAt} is not null and ${table.state} = 'RUNNING'`,
  ),
  // No container has two runs waiting: "one may wait; the next is skipped".
  uniqueIndex("runs_one_queued_key").on(table.containerId).where(
    sql`${table.state} = 'QUEUED' and not ${table.single} and ${table.cause} <> 'CATCH_UP' and ${table.startAt} is null`,
  ),
  uniqueIndex("runs_container_id_number_key").on(table.containerId, table.number),
  index("runs_start_at_index").on(table.startAt).where(
    sql`${table.startAt} is not null and ${table.state} = 'QUEUED'`,
  ),
  uniqueIndex("runs_idempotency_key").on(table.containerId, table.idempotencyKey).where(
    sql`${table.idempotencyKey} is not null`,
  ),
  check(
    "runs_scheduled_for_cause",
    sql`(${table.scheduledFor} is not null) = (${table.cause} in ('SCHEDULE', 'CATCH_UP'))`,
  ),
  check(
    "runs_final_is_finished",
    sql`(${table.finishedAt} is not null) = (${table.state} in ('SUCCEEDED', 'FAILED', 'CANCELLED'))`,
  ),
]);

/** One task inside one run. Its definition is the run's version at `taskIndex`. */
export const taskRuns = snakeCase.table("task_runs", {
  id: id(),
  runId: reference().notNull().references(() => runs.id, { onDelete: "cascade" }),
  /** Place of the task in the definition of the run's version. */
  taskIndex: integer().notNull(),
  /** The task that it was made from, without a foreign key: it may be gone. */
  taskId: reference().notNull(),
  projectId: reference().notNull(),
  containerId: reference().notNull(),
  name: text().notNull(),
  x: doublePrecision().notNull(),
  y: doublePrecision().notNull(),
  state: taskRunState().notNull(),
  reason: sentence(),
  /** Attempts so far. */
  attempt: integer().notNull().default(0),
  /** How many of them were given up with their agent and do not count as tries. */
  reassignCount: smallint().notNull().default(0),
  exitCode: integer(),
  signal: text(),
  createdAt: createdAt(),
  startedAt: instant(),
  finishedAt: instant(),
  agentId: reference(),
  reusedFrom: reference(),
  /** Where it may run. Null only where it was final before there were placements. */
  placementId: reference(),
  priority: integer().notNull().default(0),
  /** READY and free to be claimed: not held back by the run's limit nor by a retry delay. */
  released: boolean().notNull().default(false),
  /** Since when it is READY: age decides among equals. */
  readyAt: instant(),
  /** READY again after a failed attempt, but not before this instant. */
  retryAt: instant(),
  /** What the task wrote for those that wait for it, by key; null when it has not succeeded, or wrote nothing. */
  outputs: jsonb().$type<Readonly<Record<string, string>>>(),
  /** How often a secret was replaced in the output of its attempts. */
  redactedCount: integer().notNull().default(0),
}, (table) => [
  unique("task_runs_run_id_task_index_key").on(table.runId, table.taskIndex),
  index("task_runs_created_at_index").on(table.createdAt, table.id),
  index("task_runs_container_id_index").on(table.containerId, table.createdAt, table.id),
  index("task_runs_active_index").on(table.createdAt, table.id).where(
    sql`${table.state} in ('PENDING', 'READY', 'RUNNING')`,
  ),
  index("task_runs_claim_index").on(
    table.placementId,
    table.priority.desc().nullsFirst(),
    table.readyAt,
    table.id,
  ).where(sql`${table.state} = 'READY' and ${table.released}`),
  index("task_runs_retry_at_index").on(table.retryAt).where(
    sql`${table.state} = 'READY' and not ${table.released} and ${table.retryAt} is not null`,
  ),
  // Who has outputs in a run, without reading the others.
  index("task_runs_outputs_index").on(table.runId).where(sql`${table.outputs} is not null`),
  index("task_runs_running_index").on(table.runId).where(sql`${table.state} = 'RUNNING'`),
  check(
    "task_runs_ready_has_placement",
    sql`${table.state} <> 'READY' or ${table.placementId} is not null`,
  ),
  check("task_runs_released_is_ready", sql`not ${table.released} or ${table.state} = 'READY'`),
  check(
    "task_runs_final_is_finished",
    sql`(${table.finishedAt} is not null) = (${table.state} not in ('PENDING', 'READY', 'RUNNING'))`,
  ),
]);

export type Run = typeof runs.$inferSelect;
export type NewRun = typeof runs.$inferInsert;
export type TaskRun = typeof taskRuns.$inferSelect;
