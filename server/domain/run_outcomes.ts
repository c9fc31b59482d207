/**
 * How many runs ended each day and how. What is over does not change any more, so that it is counted once, in slices that
 * hold nobody up, and remembered; only the present slice is counted anew.
 */
import { sql } from "drizzle-orm";
import { InvalidInputError } from "../../schema/errors.ts";
import type { Database, DayOutcome } from "../../schema/graphql/context.ts";
import { say } from "../../schema/sentences.ts";
import { readTimezone } from "./rules/cron.ts";
import { databaseNow } from "./schedule_rows.ts";

const MOST_DAYS = 90;
const SLICE_MS = 6 * 3600 * 1000;
/** Every time zone is a whole number of these away from UTC. */
const BIN_SECONDS = 15 * 60;
/** A transaction that wrote an end of the slice may commit so much later. */
const SETTLED_MS = 60_000;
/** As many slices as the longest question has, and the same again for the days that pass meanwhile. */
const SLICES_KEPT = 2 * MOST_DAYS * 4;
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
  input: { readonly projectId: number | null; readonly days: number; readonly timezone: string },
) => Promise<readonly DayOutcome[]>;

export function createRunOutcomes(db: Database): RunOutcomes {
  const slices = new Map<number, Slice>();

  async function readSlice(from: number, now: number): Promise<readonly Bin[]> {
    const known = slices.get(from);
    if (known !== undefined && known.goodUntil > now) return known.bins;
    const bins = await countSlice(db, from);
    const settled = from + SLICE_MS + SETTLED_MS <= now;
    slices.set(from, { bins, goodUntil: settled ? Infinity : now + FRESH_MS });
    // Slices are asked for oldest first, so that the first one is of the least use.
    for (const oldest of slices.keys()) {
      if (slices.size <= SLICES_KEPT) break;
      slices.delete(oldest);
    }
    return bins;
  }

  return async ({ projectId, days, timezone }) => {
    const zone = readTimezone(timezone, ["timezone"]);
    refuseDays(days, MOST_DAYS);
    const now = (await databaseNow(db)).getTime();
    const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).toPlainDate();
    const first = today.subtract({ days: days - 1 });
    const start = first.toZonedDateTime(zone).epochMilliseconds;
    const list = listDays(first, days, zone);
    for (let from = start - modulo(start, SLICE_MS); from <= now; from += SLICE_MS) {
      // One or two.
      const near = list.filter((day) => day.from < from + SLICE_MS && day.to > from);
      for (const bin of await readSlice(from, now)) {
        if (projectId === null || bin.projectId === projectId) addBin(near, bin);
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

async function countSlice(db: Database, from: number): Promise<readonly Bin[]> {
  const [start, end] = [from, from + SLICE_MS].map((at) => new Date(at).toISOString());
  return await db.execute<Bin>(sql`
    select project_id::float8 as "projectId", state, count(*)::int as count,
      floor(extract(epoch from finished_at) / ${BIN_SECONDS}::int)::float8 * ${BIN_SECONDS * 1000}::int as at
    from runs where finished_at >= ${start}::timestamptz and finished_at < ${end}::timestamptz
    group by 1, 2, 4`);
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
