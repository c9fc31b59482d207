import { sql } from "drizzle-orm";
import { check, index, primaryKey, snakeCase, text } from "drizzle-orm/pg-core";
import { createdAt, instant, misfirePolicy, overlapPolicy, reference, slotOutcome } from "./columns.ts";
import { containers } from "./container.ts";

/** When a container runs and what happens when it cannot: exactly one row for each container. */
export const schedules = snakeCase.table("schedules", {
  containerId: reference().primaryKey().references(() => containers.id, { onDelete: "cascade" }),
  /** Null: started by hand or API only. */
  expression: text(),
  timezone: text().notNull().default("UTC"),
  overlap: overlapPolicy().notNull().default("SKIP"),
  misfire: misfirePolicy().notNull().default("ONCE"),
  /** The next slot; null when there is none: no expression, a disabled container, or no instant left. */
  nextFireAt: instant(),
  /** What `@every` counts from: the container's creation, so that neither a restart nor an edit shifts it. */
  anchorAt: createdAt(),
}, (table) => [
  index("schedules_next_fire_at_index").on(table.nextFireAt).where(sql`${table.nextFireAt} is not null`),
  check(
    "schedules_next_needs_expression",
    sql`${table.nextFireAt} is null or ${table.expression} is not null`,
  ),
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
  /** Why it did not simply fire, in words; null for FIRED. */
  reason: text(),
  /** The run that it made or that stands for it; null when there is none. */
  runId: reference(),
  createdAt: createdAt(),
}, (table) => [
  primaryKey({ name: "slots_pkey", columns: [table.containerId, table.at] }),
  index("slots_created_at_index").on(table.createdAt),
  check(
    "slots_fired_has_run",
    sql`${table.outcome} not in ('FIRED', 'CAUGHT_UP') or ${table.runId} is not null`,
  ),
]);

export type Schedule = typeof schedules.$inferSelect;
export type Slot = typeof slots.$inferSelect;
