/**
 * The ledger of a long outage, written in batches. A tick decides what becomes of all slots at once; those that are too
 * many to be written with what is due now are put down here as a stretch of time, and have their rows soon after.
 */
import { sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import type { Sentence } from "../../../schema/sentences.ts";
import type { SlotOutcome } from "../../../schema/states.ts";
import type { Schedule } from "../../../schema/tables/schedule.ts";
import { jsonRows, jsonValue } from "../../db/parameters.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { dueInstants, type PlannedSchedule } from "./planning.ts";

/** Slots that one transaction writes. */
const BATCH = 1_000;
/** Batches of the newest slots of an outage, as far as the density of the batch before tells; earlier ones have no rows. */
const MAX_BATCHES = 50;

/** Slots whose end is decided. */
export interface Backlog {
  readonly schedule: PlannedSchedule;
  /** Both included. */
  readonly from: Date;
  readonly until: Date;
  readonly outcome: SlotOutcome;
  readonly reason: Sentence | null;
  readonly runId: number | null;
  /** Slots before this one have a run, but it came too late; null when they have none. */
  readonly lateBefore: Date | null;
}

export async function addBacklogs(tx: Transaction, backlogs: readonly Backlog[]): Promise<void> {
  if (backlogs.length === 0) return;
  const rows = backlogs.map(({ schedule, ...rest }) => ({ ...schedule, ...rest }));
  await tx.execute(sql`
    insert into slot_backlogs (container_id, expression, timezone, missing_time, repeated_time, anchor_at, from_at,
      until_at, outcome, reason, run_id, late_before)
    select "containerId", expression, timezone, "missingTime", "repeatedTime", "anchorAt", "from", until, outcome, reason,
      "runId", "lateBefore"
    from json_to_recordset(${jsonRows(rows)})
      as x("containerId" bigint, expression text, timezone text, "missingTime" missing_time, "repeatedTime" repeated_time,
        "anchorAt" timestamptz, "from" timestamptz, until timestamptz, outcome slot_outcome, reason jsonb, "runId" bigint,
        "lateBefore" timestamptz)`);
}

/** Skips what is due and was not taken yet: its schedule is about to stop. The caller holds the container's lock. */
export async function skipDue(
  tx: Transaction,
  schedule: Schedule,
  now: Date,
  reason: Sentence,
): Promise<void> {
  const { containerId, nextFireAt, expression } = schedule;
  if (nextFireAt === null || expression === null || nextFireAt > now) return;
  const skipped = { outcome: "SKIPPED", reason, runId: null, lateBefore: null } as const;
  // The one that was promised is a slot, whatever the expression says by now.
  await writeSlots(tx, containerId, [nextFireAt], skipped);
  const from = new Date(nextFireAt.getTime() + 1);
  await addBacklogs(tx, [{ schedule: { ...schedule, expression }, from, until: now, ...skipped }]);
}

/** Writes the next batch, without slots that the retention would delete. Answers whether there may be more. */
export async function recordBacklog(
  { db, bus }: { readonly db: Database; readonly bus: Bus },
  retentionDays: number,
): Promise<boolean> {
  return await transaction(db, async (tx, after) => {
    const backlog = await lockOldest(tx, retentionDays);
    if (backlog === null) return false;
    const { id, schedule: { containerId }, from, until } = backlog;
    const instants = instantsOf(backlog);
    await writeSlots(tx, containerId, instants, backlog);
    const last = instants.at(-1);
    if (instants.length < BATCH || last === undefined || last >= until) {
      await tx.execute(sql`delete from slot_backlogs where id = ${id}`);
    } else {
      const newest = until.getTime() - (last.getTime() - from.getTime()) * MAX_BATCHES;
      const next = new Date(Math.max(last.getTime() + 1, newest)).toISOString();
      await tx.execute(sql`update slot_backlogs set from_at = ${next}::timestamptz where id = ${id}`);
    }
    after(() => bus.publish({ kind: "slots", containerIds: [containerId] }));
    return true;
  });
}

function instantsOf({ schedule, from, until }: Backlog): readonly Date[] {
  try {
    return dueInstants(schedule, from, until, BATCH);
  } catch {
    // Another version of this program could read the expression: which slots it meant can be told no more.
    return [];
  }
}

interface BacklogRow extends Omit<Backlog, "schedule">, PlannedSchedule, Record<string, unknown> {
  readonly id: number;
}

async function lockOldest(
  tx: Transaction,
  retentionDays: number,
): Promise<Backlog & { readonly id: number } | null> {
  const [row] = await tx.execute<BacklogRow>(sql`
    select id, container_id as "containerId", expression, timezone, missing_time as "missingTime",
      repeated_time as "repeatedTime", anchor_at as "anchorAt",
      greatest(from_at, date_trunc('milliseconds', clock_timestamp()) - ${retentionDays} * interval '1 day') as "from",
      until_at as until, outcome, reason, run_id as "runId", late_before as "lateBefore"
    from slot_backlogs order by id limit 1 for update skip locked`);
  if (row === undefined) return null;
  const { id, from, until, outcome, reason, runId, lateBefore, ...schedule } = row;
  return { id, schedule, from, until, outcome, reason, runId, lateBefore };
}

/** What the ledger has already stays as it is: the clock was set back over it. */
async function writeSlots(
  tx: Transaction,
  containerId: number,
  instants: readonly Date[],
  { outcome, reason, runId, lateBefore }: Pick<Backlog, "outcome" | "reason" | "runId" | "lateBefore">,
): Promise<void> {
  const rows = instants.map((at) => ({ at, late: lateBefore !== null && at < lateBefore }));
  await tx.execute(sql`
    insert into slots (container_id, at, outcome, reason, run_id, late_at)
    select ${containerId}, at, ${outcome}::slot_outcome, ${jsonValue(reason)}, ${runId}::bigint,
      case when late then clock_timestamp() end
    from json_to_recordset(${jsonRows(rows)}) as s(at timestamptz, late boolean)
    on conflict do nothing`);
}
