/** The schedule of a container as rows: read from input, and its next slot planned. */
import { eq, sql } from "drizzle-orm";
import { type Schedule, schedules, slots } from "../../schema/tables/schedule.ts";
import type { Transaction } from "../db/transaction.ts";
import { readExpression, readTimezone, splitTimezone } from "./rules/cron.ts";
import { planNextFire } from "./schedules.ts";

/** Checks an expression and its zone; a `TZ=` prefix moves into the zone. */
export function readSchedule(
  given: { readonly expression: string | null; readonly timezone: string },
  at: readonly string[],
): { readonly expression: string | null; readonly timezone: string } {
  const split = given.expression === null
    ? { expression: null, timezone: null }
    : splitTimezone(given.expression);
  const timezone = readTimezone(split.timezone ?? given.timezone, [...at, "timezone"]);
  // The seed spreads `H` by the container's id; whether the expression is sound does not hang on it.
  if (given.expression !== null) readExpression(given.expression, { containerId: 0 }, [...at, "expression"]);
  return { expression: split.expression, timezone };
}

/**
 * Sets the next slot, counted from now. A slot that is due but not taken yet is not lost: it stays next, or, when the
 * container was disabled, it is in the ledger as skipped.
 */
export async function planSchedule(tx: Transaction, schedule: Schedule, enabled: boolean): Promise<void> {
  const now = await databaseNow(tx);
  const due = schedule.nextFireAt !== null && schedule.nextFireAt <= now;
  if (due && enabled && schedule.expression !== null) return;
  if (due && schedule.nextFireAt !== null) {
    const reason = enabled
      ? "The schedule was removed before it fired"
      : "The container was disabled before it fired";
    await tx.insert(slots).values({
      containerId: schedule.containerId,
      at: schedule.nextFireAt,
      outcome: "SKIPPED",
      reason,
    });
  }
  const nextFireAt = enabled && schedule.expression !== null
    ? planNextFire({ ...schedule, expression: schedule.expression }, now)
    : null;
  await tx.update(schedules).set({ nextFireAt }).where(eq(schedules.containerId, schedule.containerId));
}

/** Due means due by the database's clock: several servers share it. */
export async function databaseNow(tx: Pick<Transaction, "execute">): Promise<Date> {
  const [row] = await tx.execute<{ now: number }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
  );
  if (row === undefined) throw new Error("The database told no time");
  return new Date(row.now);
}
