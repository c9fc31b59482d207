import { sql } from "drizzle-orm";
import { check, index, integer, snakeCase, text, unique } from "drizzle-orm/pg-core";
import { agents } from "./agent.ts";
import { attemptState, createdAt, id, instant, reference, sentence, stopCause } from "./columns.ts";
import { taskRuns } from "./run.ts";

/**
 * One process, or none when it could not be started. The id is the fence: a word about an attempt that is final, or
 * that another agent has, is refused.
 */
export const attempts = snakeCase.table("attempts", {
  id: id(),
  taskRunId: reference().notNull().references(() => taskRuns.id, { onDelete: "cascade" }),
  number: integer().notNull(),
  state: attemptState().notNull(),
  reason: sentence(),
  exitCode: integer(),
  signal: text(),
  createdAt: createdAt(),
  startedAt: instant(),
  finishedAt: instant(),
  agentId: reference().notNull().references(() => agents.id),
  /** Recorded before the agent is told; it wins over any later exit or timeout. */
  stopCause: stopCause(),
  /** Bytes of standard output and of standard error that are stored, and the next line's seq: together they make
   * appending idempotent. */
  outOffset: reference().notNull().default(0),
  errOffset: reference().notNull().default(0),
  nextSeq: integer().notNull().default(1),
}, (table) => [
  unique("attempts_task_run_id_number_key").on(table.taskRunId, table.number),
  // What an agent has now: never more rows than processes.
  index("attempts_living_index").on(table.agentId).where(sql`${table.state} in ('STARTING', 'RUNNING')`),
  // Those that were given up lately: their agent may still come with what they wrote.
  index("attempts_lost_index").on(table.agentId, table.finishedAt).where(sql`${table.state} = 'LOST'`),
  check("attempts_number_range", sql`${table.number} >= 1`),
  check(
    "attempts_final_is_finished",
    sql`(${table.finishedAt} is not null) = (${table.state} not in ('STARTING', 'RUNNING'))`,
  ),
]);

export type Attempt = typeof attempts.$inferSelect;
