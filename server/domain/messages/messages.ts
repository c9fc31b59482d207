/**
 * The message centre: what people should know when they come back. Each message is written in the transaction that makes
 * it so, by one statement however many there are; who shows messages is told after the commit that there may be new ones.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import type { Viewer } from "../accounts/interface.ts";
import { inProjects, visibleTo } from "../accounts/visible.ts";
import type { Messages } from "./interface.ts";
import { say, type Sentence } from "../../../schema/sentences.ts";
import type { SlotOutcome } from "../../../schema/states.ts";
import { messages } from "../../../schema/tables/message.ts";
import { jsonRows } from "../../db/parameters.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { UnitOfWork } from "../unit_of_work.ts";

/** A badge says no more than that there are many. */
const COUNTED_UNREAD = 1000;

export function createMessages(db: Database): Messages {
  return {
    async markRead(viewer, { upTo }): Promise<number> {
      const unread = await countUnread(db, viewer, sql`${messages.at} <= ${upTo.toISOString()}::timestamptz`);
      await db.execute(sql`
        insert into message_marks (user_id, read_up_to) values (${viewer.userId}, ${upTo.toISOString()}::timestamptz)
        on conflict (user_id) do update set read_up_to = greatest(message_marks.read_up_to, excluded.read_up_to)`);
      return unread;
    },
    countUnread: (viewer) => countUnread(db, viewer, sql`true`),
  };
}

/**
 * The rows of `ended` (id, project_id, container_id, container_name, state, reason, created_at, single) as messages: what
 * failed, and what is well again. A part of the statement that ends runs, so that ending costs no statement more.
 */
export function runEndMessages(ended: SQL): SQL {
  return sql`
    insert into messages (kind, project_id, container_id, container_name, run_id, text)
    select (case when e.state = 'FAILED' then 'RUN_FAILED' else 'RUN_RECOVERED' end)::message_kind,
      e.project_id, e.container_id, e.container_name, e.id,
      case when e.state = 'FAILED' then coalesce(e.reason, ${constant("SOME_TASK_FAILED")})
        else ${constant("RUN_RECOVERED")} end
    from ${ended} e
    where e.state = 'FAILED' or (e.state = 'SUCCEEDED' and not e.single and (
      select p.state from runs p
      where p.container_id = e.container_id and (p.created_at, p.id) < (e.created_at, e.id)
        and p.state in ('SUCCEEDED', 'FAILED') and not p.single
      order by p.created_at desc, p.id desc limit 1) = 'FAILED')
    returning 1`;
}

interface SlotTold {
  readonly containerId: number;
  readonly at: Date;
  readonly outcome: SlotOutcome;
  readonly reason: Sentence | null;
}

/** One message for each container that missed slots. */
export async function noteMissedSlots(
  unit: UnitOfWork,
  slots: readonly SlotTold[],
  stretches: readonly StretchTold[],
): Promise<void> {
  const told = [
    ...slots.filter(({ outcome }) => outcome === "MISSED"),
    ...stretches.filter(({ outcome }) => outcome === "MISSED")
      .map(({ schedule: { containerId }, from, until, reason }) => ({
        containerId,
        at: from,
        until,
        reason,
      })),
  ];
  const missed = Map.groupBy(told, ({ containerId }) => containerId);
  await writeMessages(
    unit,
    [...missed].map(([containerId, own]) => ({
      kind: "SLOT_MISSED",
      containerId,
      runId: null,
      actorId: null,
      text: describeMissed(own),
    })),
  );
}

/** Runs that started later than their container allows. */
export async function noteLateRuns(
  unit: UnitOfWork,
  late: readonly { readonly containerId: number; readonly runId: number; readonly text: Sentence }[],
): Promise<void> {
  await writeMessages(unit, late.map((one) => ({ ...one, kind: "RUN_LATE", actorId: null })));
}

/** What somebody did to containers. The server's own changes are no news. */
export async function noteContainerChanges(
  tx: Transaction,
  containerIds: readonly number[],
  viewer: Viewer | null,
  text: Sentence,
): Promise<void> {
  if (viewer === null) return;
  await insertMessages(
    tx,
    containerIds.map((containerId) => ({
      kind: "CONTAINER_CHANGED",
      containerId,
      runId: null,
      actorId: viewer.userId,
      text,
    })),
  );
}

/** All slots between the two, both included. */
interface StretchTold {
  readonly schedule: { readonly containerId: number };
  readonly from: Date;
  readonly until: Date;
  readonly outcome: SlotOutcome;
  readonly reason: Sentence | null;
}

interface MessageRecord {
  readonly kind: string;
  readonly containerId: number;
  readonly runId: number | null;
  readonly actorId: number | null;
  readonly text: Sentence;
}

async function writeMessages(
  unit: UnitOfWork,
  records: readonly MessageRecord[],
): Promise<void> {
  if (records.length === 0) return;
  await insertMessages(unit.tx, records);
  unit.after(() => unit.bus.publish({ kind: "messages" }));
}

async function insertMessages(tx: Transaction, records: readonly MessageRecord[]): Promise<void> {
  await tx.execute(sql`
    insert into messages (kind, project_id, container_id, container_name, run_id, actor_id, text)
    select x.kind, c.project_id, c.id, c.name, x."runId", x."actorId", x.text
    from json_to_recordset(${jsonRows(records)})
      as x(kind message_kind, "containerId" bigint, "runId" bigint, "actorId" bigint, text jsonb)
    join containers c on c.id = x."containerId"`);
}

interface MissedTold {
  readonly at: Date;
  /** Left out unless it stands for all slots up to this one. */
  readonly until?: Date;
  readonly reason: Sentence | null;
}

function describeMissed(missed: readonly MissedTold[]): Sentence {
  const from = missed.map(({ at }) => at.toISOString()).sort().at(0) ?? "";
  const to = missed.map(({ at, until }) => (until ?? at).toISOString()).sort().at(-1) ?? "";
  const count = missed.some(({ until }) => until !== undefined) ? null : missed.length;
  const why = missed.find((slot) => slot.reason !== null)?.reason ?? null;
  return from === to ? say("SLOT_MISSED", { at: from, why }) : say("SLOTS_MISSED", { count, from, to, why });
}

/** A part of the statement: a parameter would be one more for each end of a run. */
function constant(key: "SOME_TASK_FAILED" | "RUN_RECOVERED"): SQL {
  return sql.raw(`'${JSON.stringify(say(key))}'::jsonb`);
}

async function countUnread(db: Database, viewer: Viewer, also: SQL): Promise<number> {
  const [row] = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from (
      select 1 from messages where ${forViewer(messages, viewer)} and ${also}
        and not ${readBy(messages, viewer)}
      order by messages.at desc limit ${COUNTED_UNREAD}) as unread`);
  return row?.count ?? 0;
}

/** The condition that the viewer has read a message. What was written before there was the account is no news to it. */
export function readBy(table: typeof messages, { userId }: Viewer): SQL<boolean> {
  return sql<boolean>`(${table.at} <= coalesce(
    (select read_up_to from message_marks where user_id = ${userId}),
    (select created_at from users where id = ${userId}), '-infinity'))`;
}

/** The condition that a message is for the viewer: of what they may see, and not of what they did themselves. */
export function forViewer(table: typeof messages, viewer: Viewer): SQL {
  return sql`(${table.actorId} is distinct from ${viewer.userId} and ${
    inProjects(visibleTo(viewer), table.projectId)
  })`;
}
