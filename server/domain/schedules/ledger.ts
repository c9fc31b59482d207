/** The ledger of slots as people read it: what was due, what became of it, and what did not run. */
import { type SQL, sql } from "drizzle-orm";
import { InvalidInputError } from "../../../schema/errors.ts";
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import { inContainersOf, inProjects } from "../accounts/visible.ts";
import type { MissedSlot, SlotRange, SlotRow } from "./interface.ts";
import { say, type Values } from "../../../schema/sentences.ts";
import { visibleInProject } from "../projects/projects.ts";

const MAX_SLOTS = 500;
/** How far back the list of what did not run goes. */
const MISSED_HOURS = 24;

/** The slots of a container, newest first. */
export async function listSlots(
  db: Database,
  visible: Visible,
  containerId: number,
  { from, to, first }: SlotRange,
): Promise<readonly SlotRow[]> {
  refuseFirst(first, "slots");
  return await db.execute<SlotRow & Record<string, unknown>>(sql`
    select s.at, s.outcome, s.reason, s.run_id as "runId",
      s.late_at is not null as late,
      (select greatest(0, extract(epoch from min(t.started_at) - s.at)) from task_runs t
        where t.run_id = s.run_id and t.started_at is not null having count(*) > 0) as "lateSeconds"
    from slots s
    where s.container_id = ${containerId} and ${inContainersOf(visible, sql`s.container_id`)}
      and ${since(from)} and ${before(to)}
    order by s.at desc limit ${first}`);
}

/** Slots of the last day that were skipped, missed, or started too late; newest first. */
export async function listMissed(
  db: Database,
  visible: Visible,
  { project, first }: { readonly project: string | null; readonly first: number },
): Promise<readonly MissedSlot[]> {
  refuseFirst(first, "slots that did not run");
  const shown = await visibleInProject(db, visible, project, "list what did not run");
  return await db.execute<MissedSlot & Record<string, unknown>>(sql`
    select u.at, u.container_id as "containerId", u.kind, u.reason, u.run_id as "runId"
    from (
      (${missedOf(shown, sql`(s.outcome = 'MISSED' or s.late_at is not null)`, first)})
      union all
      (${missedOf(shown, sql`s.outcome = 'SKIPPED' and s.late_at is null`, first)})
    ) u
    order by u.at desc, u.container_id limit ${first}`);
}

/**
 * Each condition has an index of its own, so that the many that were merely skipped hide nothing. The statement's time is one
 * for all rows, so that the index ends where the hours do.
 */
function missedOf(visible: Visible, condition: SQL, first: number): SQL {
  return sql`
    select s.at, s.container_id, s.reason, s.run_id,
      case when s.late_at is not null then 'LATE' else s.outcome::text end as kind
    from slots s join containers c on c.id = s.container_id
    where ${condition} and s.at >= statement_timestamp() - ${MISSED_HOURS} * interval '1 hour'
      and ${inProjects(visible, sql`c.project_id`)}
    order by s.at desc, s.container_id limit ${first}`;
}

function refuseFirst(first: number, what: Values<"SLOTS_FIRST">["what"]): void {
  if (Number.isInteger(first) && first >= 0 && first <= MAX_SLOTS) return;
  throw new InvalidInputError(say("SLOTS_FIRST", { first, what, most: MAX_SLOTS }), ["first"]);
}

function since(from: Date | null): SQL {
  return from === null ? sql`true` : sql`s.at >= ${from.toISOString()}::timestamptz`;
}

function before(to: Date | null): SQL {
  return to === null ? sql`true` : sql`s.at < ${to.toISOString()}::timestamptz`;
}
