import { sql } from "drizzle-orm";
import { check, index, primaryKey, snakeCase, text } from "drizzle-orm/pg-core";
import { scheduleFields } from "../definition/container.ts";
import {
  columnsOf,
  createdAt,
  id,
  instant,
  missingTime,
  reference,
  repeatedTime,
  sentence,
  slotOutcome,
} from "./columns.ts";
import { containers } from "./container.ts";

const { dst, ...plainFields } = scheduleFields;

/** When a container runs and what happens when it cannot: exactly one row for each container. */
export const schedules = snakeCase.table("schedules", {
  containerId: reference().primaryKey().references(() => containers.id, { onDelete: "cascade" }),
  ...columnsOf(plainFields),
  missingTime: missingTime().notNull().default(dst.default.missing),
  repeatedTime: repeatedTime().notNull().default(dst.default.repeated),
  /** Why the expression could not be planned when its turn came; null when it could. */
  fault: sentence(),
  /** The next slot; null when there is none: no expression, a disabled container, or no instant left. */
  nextFireAt: instant(),
  /** When nextFireAt was planned. A time ahead of the clock was written before the clock jumped back. */
  plannedAt: createdAt(),
  /** What `@every` counts from: the container's creation, so that neither a restart nor an edit shifts it. */
  anchorAt: createdAt(),
}, (table) => [
  index("schedules_next_fire_at_index").on(table.nextFireAt).where(sql`${table.nextFireAt} is not null`),
  index("schedules_planned_at_index").on(table.plannedAt),
  check(
    "schedules_next_needs_expression",
    sql`${table.nextFireAt} is null or ${table.expression} is not null`,
  ),
  check("schedules_late_after_seconds_range", sql`${table.lateAfterSeconds} >= 1`),
  check("schedules_max_catch_up_range", sql`${table.maxCatchUp} >= 1`),
]);

/**
 * The ledger: one row for each instant that a schedule named, made in the transaction that makes its run and moves
 * nextFireAt. The key is what makes a second fire of one slot impossible.
 */
export const slots = snakeCase.table("slots", {
  /** The schedule's container, without a foreign key: the ledger outlives it. */
  containerId: reference().notNull(),
  at: instant().notNull(),
  outcome: slotOutcome().notNull(),
  /** Why it did not simply fire; null for FIRED. */
  reason: sentence(),
  /** The run that it made or that stands for it; null when there is none. */
  runId: reference(),
  /** When it was found that its run had not started in time; null when it had, and when there is none. */
  lateAt: instant(),
  createdAt: createdAt(),
}, (table) => [
  primaryKey({ name: "slots_pkey", columns: [table.containerId, table.at] }),
  index("slots_created_at_index").on(table.createdAt),
  // What did not run as it should is rare; what was skipped may be every second slot.
  index("slots_late_or_missed_index").on(table.at).where(
    sql`${table.outcome} = 'MISSED' or ${table.lateAt} is not null`,
  ),
  index("slots_skipped_index").on(table.at).where(sql`${table.outcome} = 'SKIPPED'`),
  check(
    "slots_fired_has_run",
    sql`${table.outcome} not in ('FIRED', 'CAUGHT_UP') or ${table.runId} is not null`,
  ),
]);

/**
 * Slots that were due and are not in the ledger yet, since they are too many to be written with what is due now: what
 * became of them is known, and they are written in batches. It holds what says when they were due.
 */
export const slotBacklogs = snakeCase.table("slot_backlogs", {
  id: id(),
  /** Without a foreign key, as in the ledger. */
  containerId: reference().notNull(),
  expression: text().notNull(),
  timezone: text().notNull(),
  missingTime: missingTime().notNull(),
  repeatedTime: repeatedTime().notNull(),
  anchorAt: instant().notNull(),
  /** What is not written yet lies between these two, both included. */
  fromAt: instant().notNull(),
  untilAt: instant().notNull(),
  outcome: slotOutcome().notNull(),
  reason: sentence(),
  runId: reference(),
  /** Slots before this one have a run, but it came too late; null when they have none. */
  lateBefore: instant(),
  createdAt: createdAt(),
});

export type Schedule = typeof schedules.$inferSelect;
export type Slot = typeof slots.$inferSelect;
