/**
 * How many runs ended each day and how. What is over does not change any more, so that it is counted once and remembered,
 * in slices of time; only the present slice is counted anew.
 */
import { sql } from "drizzle-orm";
import { InvalidInputError } from "../../../schema/errors.ts";
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import { includesProject } from "../accounts/visible.ts";
import type { DayOutcome } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import { readTimezone } from "../rules/cron.ts";
import { databaseNow } from "../schedules/schedule_rows.ts";

const MAX_DAYS = 90;
const SLICE_MS = 6 * 3600 * 1000;
/** Every time zone is a whole number of these away from UTC. */
const BIN_SECONDS = 15 * 60;
/** What the longest question asks for, in any time zone. */
const KEPT_MS = (MAX_DAYS + 2) * 24 * 3600 * 1000;
/** A transaction that wrote an end of the slice may commit so much later. */
const SETTLED_MS = 60_000;
/** Several dashboards ask at once: the present slice is counted for all of them. */
const FRESH_MS = 2_000;

type Outcome = "SUCCEEDED" | "FAILED" | "CANCELLED";
interface Bin extends Record<string, unknown> {
  readonly projectId: number;
  readonly state: Outcome;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly count: number;
}
interface Slice {
  readonly bins: readonly Bin[];
  /** Until when it is as good as counted anew. */
  readonly goodUntil: number;
}

export type RunOutcomes = (
  input: { readonly visible: Visible; readonly days: number; readonly timezone: string },
) => Promise<readonly DayOutcome[]>;

export function createRunOutcomes(db: Database): RunOutcomes {
  const slices = new Map<number, Slice>();

  /** From the first slice that is not good any more up to now, in one statement. */
  async function refreshSlices(start: number, now: number): Promise<void> {
    let from = start;
    while (from <= now && (slices.get(from)?.goodUntil ?? 0) > now) from += SLICE_MS;
    if (from > now) return;
    const bins = Map.groupBy(await countRuns(db, from), ({ at }) => at - modulo(at, SLICE_MS));
    for (; from <= now; from += SLICE_MS) {
      const settled = from + SLICE_MS + SETTLED_MS <= now;
      slices.set(from, { bins: bins.get(from) ?? [], goodUntil: settled ? Infinity : now + FRESH_MS });
    }
    for (const old of slices.keys()) if (old < now - KEPT_MS) slices.delete(old);
  }

  return async ({ visible, days, timezone }) => {
    const zone = readTimezone(timezone, ["timezone"]);
    refuseDays(days, MAX_DAYS);
    const now = (await databaseNow(db)).getTime();
    const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
    const first = today.subtract({ days: days - 1 });
    const start = first.toZonedDateTime(zone).epochMilliseconds;
    const list = listDays(first, days, zone);
    const firstSlice = start - modulo(start, SLICE_MS);
    await refreshSlices(firstSlice, now);
    for (let from = firstSlice; from <= now; from += SLICE_MS) {
      // One or two.
      const near = list.filter((day) => day.from < from + SLICE_MS && day.to > from);
      for (const bin of slices.get(from)?.bins ?? []) {
        if (includesProject(visible, bin.projectId)) addBin(near, bin);
      }
    }
    return list.map(({ day, counts }) => ({ day, ...counts }));
  };
}

/** Refuses a number of days that no list has. */
export function refuseDays(days: number, most: number): void {
  if (Number.isInteger(days) && days >= 1 && days <= most) return;
  throw new InvalidInputError(say("FIGURES_DAYS", { days, most }), ["days"]);
}

interface Counts {
  succeeded: number;
  failed: number;
  cancelled: number;
}

interface Day {
  readonly day: string;
  /** Where it begins and where the next one does, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly counts: Counts;
}

function listDays(first: Temporal.PlainDate, days: number, zone: string): readonly Day[] {
  return Array.from({ length: days }, (_, index) => {
    const date = first.add({ days: index });
    return {
      day: date.toString(),
      from: date.toZonedDateTime(zone).epochMilliseconds,
      to: date.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds,
      counts: { succeeded: 0, failed: 0, cancelled: 0 },
    };
  });
}

function addBin(days: readonly Day[], bin: Bin): void {
  const counts = days.find(({ from, to }) => from <= bin.at && bin.at < to)?.counts;
  if (counts === undefined) return;
  if (bin.state === "SUCCEEDED") counts.succeeded += bin.count;
  if (bin.state === "FAILED") counts.failed += bin.count;
  if (bin.state === "CANCELLED") counts.cancelled += bin.count;
}

async function countRuns(db: Database, from: number): Promise<readonly Bin[]> {
  const start = new Date(from).toISOString();
  return await db.execute<Bin>(sql`
    select project_id as "projectId", state, count(*)::int as count,
      floor(extract(epoch from finished_at) / ${BIN_SECONDS}::int) * ${BIN_SECONDS * 1000}::int as at
    from runs where finished_at >= ${start}::timestamptz
    group by 1, 2, 4`);
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
