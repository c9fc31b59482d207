/**
 * Slots whose run does not get going: found by the clock, marked once, told once. A run is under way when the first of
 * its tasks has started.
 */
import { sql } from "drizzle-orm";
import { say, type Sentence } from "../../../schema/sentences.ts";
import type { Database } from "../../db/database.ts";
import { prepared } from "../../db/prepared_statements.ts";
import { transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { noteLateRuns } from "../messages/messages.ts";

/** Slots that one transaction marks; the next takes the rest. */
const SLOTS_AT_ONCE = 500;
/** A run that started late and ended between two looks is found for so long. */
const ENDED_SECONDS = 30;

interface LateSlot extends Record<string, unknown> {
  readonly containerId: number;
  readonly runId: number;
  readonly at: Date;
  readonly graceSeconds: number;
}

/** Marks slots that are late now. Answers whether there may be more. */
export async function markLateSlots(
  { db, bus }: { readonly db: Database; readonly bus: Bus },
): Promise<boolean> {
  return await transaction(db, async (tx, after) => {
    // The statement's time is one for all rows, so that an index can be asked for what ended since: clock_timestamp() cannot.
    // Only the ledger's own rows are locked; a server that marks at the same time takes the others.
    const late = await tx.execute<LateSlot>(prepared(sql`
      with going as (
        select id, container_id, cause, scheduled_for, created_at, null::timestamptz as finished_at from runs
        where state in ('QUEUED', 'RUNNING') and scheduled_for is not null
        union all
        select id, container_id, cause, scheduled_for, created_at, finished_at from runs
        where finished_at > statement_timestamp() - ${ENDED_SECONDS} * interval '1 second' and scheduled_for is not null
      ), late as (
        select s.container_id, s.at, p.late_after_seconds
        from going r
        join schedules p on p.container_id = r.container_id
        join slots s on s.container_id = r.container_id and s.run_id = r.id and s.at <= r.scheduled_for
          and s.at >= case when r.cause = 'SCHEDULE' then r.scheduled_for
            else r.created_at - p.late_after_seconds * interval '1 second' end
        where s.late_at is null
          and s.at < clock_timestamp() - p.late_after_seconds * interval '1 second'
          and (r.finished_at is null or r.finished_at > s.at + p.late_after_seconds * interval '1 second')
          and not exists (
            select 1 from task_runs t
            where t.run_id = r.id and t.started_at <= s.at + p.late_after_seconds * interval '1 second')
        order by s.container_id, s.at limit ${SLOTS_AT_ONCE} for update of s skip locked
      )
      update slots set late_at = clock_timestamp() from late
      where slots.container_id = late.container_id and slots.at = late.at
      returning slots.container_id as "containerId", slots.run_id as "runId", slots.at,
        late.late_after_seconds as "graceSeconds"`));
    await noteLateRuns({ tx, after, bus }, wordsOf(late));
    if (late.length > 0) {
      after(() =>
        bus.publish({
          kind: "late",
          slots: late.map(({ containerId, at, runId }) => ({ containerId, at: at.getTime(), runId })),
        })
      );
    }
    return late.length === SLOTS_AT_ONCE;
  });
}

/** As a message says it. */
export function lateText(at: Date, seconds: number): Sentence {
  return say("RUN_LATE", { at: at.toISOString(), seconds });
}

/** A word for each run: of the newest of its slots. */
function wordsOf(late: readonly LateSlot[]): Parameters<typeof noteLateRuns>[1] {
  return [...Map.groupBy(late, ({ runId }) => runId).values()].flatMap((slots) => {
    const [newest] = [...slots].sort((one, two) => two.at.getTime() - one.at.getTime());
    if (newest === undefined) return [];
    const { containerId, runId, at, graceSeconds } = newest;
    return [{ containerId, runId, text: lateText(at, graceSeconds) }];
  });
}
