/** The schedule of a container as rows: read from input, and its next slot planned. */
import { eq, sql } from "drizzle-orm";
import { say } from "../../../schema/sentences.ts";
import { type Schedule, schedules } from "../../../schema/tables/schedule.ts";
import type { Transaction } from "../../db/transaction.ts";
import { skipDue } from "./backlog.ts";
import { clockChangeOf, planNextFire } from "./planning.ts";
import { type Expression, readExpression, readTimezone, splitTimezone } from "../rules/cron.ts";
import { REBOOT } from "../rules/cron_macro.ts";
import { MIN_GAP_SECONDS, minimumGapSeconds, refuseShortGap } from "../rules/cron_gap.ts";

/** What the server's settings say about all schedules. */
export interface ScheduleLimits {
  /** Expressions that fire closer together are refused. */
  readonly shortestGapSeconds: number;
  /** A slot found later than this was missed, since no server was up. */
  readonly missedAfterSeconds: number;
}

/** As much of a schedule as people write: the expression and its time zone. */
type ScheduleText = Pick<Schedule, "expression" | "timezone" | "missingTime" | "repeatedTime">;

/**
 * Checks an expression and its zone; a `TZ=` prefix moves into the zone. What the container has already may go on, even
 * when it fires more often than a new one may.
 */
export function readSchedule(
  given: ScheduleText,
  present: Pick<Schedule, "expression"> | null,
  limits: ScheduleLimits,
  at: readonly string[],
): { readonly expression: string | null; readonly timezone: string } {
  const split = given.expression === null
    ? { expression: null, timezone: null }
    : splitTimezone(given.expression);
  const timezone = readTimezone(split.timezone ?? given.timezone, [...at, "timezone"]);
  if (given.expression !== null) {
    // The seed spreads `H` by the container's id; whether the expression is sound does not hang on it.
    const expression = readExpression(given.expression, { containerId: 0 }, [...at, "expression"]);
    if (split.expression !== present?.expression) refuseGap(expression, { ...given, timezone }, limits, at);
  }
  return { expression: split.expression, timezone };
}

function refuseGap(
  expression: Expression,
  schedule: ScheduleText,
  { shortestGapSeconds }: ScheduleLimits,
  at: readonly string[],
): void {
  if (shortestGapSeconds <= MIN_GAP_SECONDS) return;
  // Where it begins is of no importance: the years are long enough to come upon the smallest gap.
  const from = new Date(Date.UTC(2026));
  const start = { timezone: schedule.timezone, dst: clockChangeOf(schedule), anchorAt: from, from };
  const gap = minimumGapSeconds(expression, start);
  refuseShortGap(schedule.expression ?? "", gap, shortestGapSeconds, [...at, "expression"]);
}

/**
 * Sets the next slot, counted from now. `was` is the schedule before the change: what it has due and nobody has taken yet
 * is not lost, it stays next, or, when the schedule stops, it is in the ledger as skipped.
 */
export async function planSchedule(
  tx: Transaction,
  was: Schedule,
  schedule: Schedule,
  enabled: boolean,
): Promise<void> {
  const now = await databaseNow(tx);
  if (!enabled || schedule.expression === null) {
    await skipDue(tx, was, now, say(enabled ? "SLOT_REMOVED" : "SLOT_DISABLED"));
  } else if (was.nextFireAt !== null && was.nextFireAt <= now) return;
  const { expression } = schedule;
  const nextFireAt = enabled && expression !== null ? planNextFire({ ...schedule, expression }, now) : null;
  await tx.update(schedules).set({ nextFireAt, fault: null, plannedAt: now }).where(
    eq(schedules.containerId, schedule.containerId),
  );
}

/** Makes due what is scheduled for the start of a machine. */
export async function planReboots(tx: Transaction): Promise<void> {
  await tx.execute(sql`
    update schedules s set planned_at = clock_timestamp(),
      next_fire_at = least(s.next_fire_at, date_trunc('milliseconds', clock_timestamp()))
    from containers c where c.id = s.container_id and c.enabled and s.expression ~* ${REBOOT}`);
}

/** Due means due by the database's clock: several servers share it. */
export async function databaseNow(tx: Pick<Transaction, "execute">): Promise<Date> {
  const [row] = await tx.execute<{ now: Date }>(sql`select clock_timestamp() as now`);
  if (row === undefined) throw new Error("The database told no time");
  return row.now;
}
