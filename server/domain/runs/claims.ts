/** READY task runs become an agent's attempts: the highest priority first, then the one that waits longest. */
import { sql } from "drizzle-orm";
import { LATE_OUTPUT_HOURS } from "../logs/attempt_cursors.ts";
import { idArray, jsonRows } from "../../db/parameters.ts";
import { prepared } from "../../db/prepared_statements.ts";
import type { Transaction } from "../../db/transaction.ts";
import { claims as claimsWork, isOnline, serves } from "../agents/eligible.ts";
import type { Wish } from "../../agent/port.ts";

/** Of a transaction, or of the database: then each is a transaction by itself. */
export type Statements = Pick<Transaction, "execute" | "select">;

/** More than any agent starts at once; it asks again for the rest. */
const CLAIMS_AT_ONCE = 500;
/** So many are looked at beyond those that are wanted: their run may be in somebody's hands. */
const LOOKED_BEYOND = 100;
/** An agent takes no more than its share of what has been READY for less: others that may have it are on their way. */
const SHARED_SECONDS = 2;
/** A share that is no whole number of slots is rounded down and up by turns, in so many seconds. */
const ROUNDING_SECONDS = 10;

/** Of one agent that asks. */
export interface Claim extends Pick<Wish, "freeSlots" | "ahead"> {
  readonly agentId: number;
}

/** An attempt with what its work is made of. */
export interface ClaimedRow extends Record<string, unknown> {
  readonly attemptId: number;
  readonly agentId: number;
  readonly attempt: number;
  readonly taskRunId: number;
  readonly taskIndex: number;
  readonly runId: number;
  readonly versionId: number;
  readonly priority: number;
  readonly containerId: number;
  readonly containerName: string;
  readonly projectId: number;
  readonly projectSlug: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A run of one task by itself. */
  readonly single: boolean;
  /** Null for a run that no slot asked for. */
  readonly scheduledFor: Date | null;
  /** Some task run of the run has outputs. */
  readonly outputs: boolean;
  /** Other agents may have work like this too. */
  readonly shared: boolean;
  /** It is to be started once the one before it has succeeded. */
  readonly reserved: boolean;
  /** It is LOST; its agent hands over what it has written. */
  readonly givenUp: boolean;
  /** Some project or container has variables. */
  readonly variables: boolean;
}

/** Of `r`, which has the columns of a task run and of its run. */
const WORK_COLUMNS = sql`r.id as "taskRunId", r.task_index as "taskIndex", r.priority, r.run_id as "runId",
  r.version_id as "versionId", r.container_id as "containerId", r.container_name as "containerName",
  r.project_id as "projectId", (select slug from projects p where p.id = r.project_id) as "projectSlug",
  r.environment, r.single, r.scheduled_for as "scheduledFor",
  exists (select from task_runs u where u.run_id = r.run_id and u.outputs is not null) as outputs,
  exists (select from variables) as variables`;

/**
 * Claims as many as are wished, for agents that may have the same work. Those that are started now have started by the
 * database's clock until the agent says when; those that only wait in an agent's hand have not, and so are READY for
 * everybody. Their runs are locked, but never waited for: those that somebody changes just now are offered again by
 * whoever changes them.
 *
 * Which of the agents gets what: each time the one with the lowest load, that is (running + claimed) / (capacity x
 * weight). Beside agents that are online and do not ask now, those that ask take no more than their share of what has just
 * become READY; and an agent of a lower weight never uses more of its slots than its weight is of the highest one.
 *
 * Each step finds its rows by an index, in the order of the one before: whatever the database believes of the tables'
 * sizes, it reads no more than it looks at.
 */
export async function claimReady(
  db: Statements,
  claims: readonly Claim[],
  abovePriority: number | null,
): Promise<readonly ClaimedRow[]> {
  const asking = claims.filter(({ freeSlots, ahead }) => freeSlots + ahead > 0);
  const wished = asking.reduce((sum, { freeSlots, ahead }) => sum + freeSlots + ahead, 0);
  const wanted = Math.min(wished, CLAIMS_AT_ONCE);
  if (wanted === 0) return [];
  return await db.execute<ClaimedRow>(prepared(sql`
    with me as materialized (
      select g.id, g.labels, g.project_ids, g.weight, g.capacity::float8 * g.weight as size,
        c."freeSlots" as free, c."freeSlots" + c.ahead as wished, greatest(g.capacity - c."freeSlots", 0) as busy
      from json_to_recordset(${jsonRows(asking)}) as c("agentId" bigint, "freeSlots" integer, ahead integer)
      join agents g on g.id = c."agentId"
      where ${claimsWork(sql`g`)}
    ), rivals as materialized (
      select g.labels, g.project_ids, g.weight, g.capacity::float8 * g.weight as size,
        (select count(*) from attempts a where a.agent_id = g.id and a.state in ('STARTING', 'RUNNING')) as busy
      from agents g
      where ${claimsWork(sql`g`)} and ${isOnline(sql`g.last_seen_at`)} and g.id not in (select id from me)
    ), served as materialized (
      select p.id, sum(r.size) as size, sum(r.busy) as busy, max(r.weight) as weight
      from placements p left join rivals r on ${serves(sql`r`, sql`p`)}
      where exists (select from me where ${serves(sql`me`, sql`p`)})
      group by p.id
    ), total as materialized (
      select sum(size) as size, sum(busy) as busy, max(weight) as weight from me
    ), looked as (
      select t.*, s.size as others_size, s.busy as others_busy, s.weight as others_weight,
        row_number() over (partition by s.id order by t.priority desc, t.ready_at, t.id) as place,
        count(*) over (partition by s.id) as waiting
      from served s cross join lateral (
        select id, run_id, priority, ready_at from task_runs
        where placement_id = s.id and state = 'READY' and released
          and (${abovePriority}::integer is null or priority > ${abovePriority})
        order by priority desc, ready_at, id limit ${wanted + LOOKED_BEYOND}
      ) t
    ), offered as (
      select l.id, l.run_id, l.priority, l.ready_at, l.others_size is not null as shared,
        greatest(l.others_weight, total.weight) as weight
      from looked l, total
      where l.others_size is null
        or l.ready_at < clock_timestamp() - make_interval(secs => ${SHARED_SECONDS})
        or l.place <= ceil(
          total.size / (total.size + l.others_size) * (l.waiting + total.busy + l.others_busy) - total.busy)
      order by l.priority desc, l.ready_at, l.id limit ${wanted + LOOKED_BEYOND}
    ), picked as (
      select t.id, t.priority as p, t.ready_at as a, t.shared, t.weight, r.*
      from (select * from offered order by priority desc, ready_at, id) t cross join lateral (
        select id as run_id, version_id, container_id, container_name, project_id, environment, single, scheduled_for
        from runs r where r.id = t.run_id for update skip locked
      ) r
      order by t.priority desc, t.ready_at, t.id limit ${wanted}
    ), seats as (
      select me.id as agent_id, n <= me.free as starts,
        row_number() over (order by (me.busy + n) / me.size, me.id, n) as place
      from me cross join lateral generate_series(1, least(me.wished, case
        when me.weight < (select max(weight) from picked) then floor((me.size / (select max(weight) from picked))
          + extract(epoch from clock_timestamp()) / ${ROUNDING_SECONDS} % 1) - me.busy
        else me.wished end)::integer) n
    ), ranked as (
      select *, row_number() over (order by p desc, a, id) as place from picked
    ), claimed as (
      update task_runs t set state = 'RUNNING', released = false, attempt = t.attempt + 1, agent_id = s.agent_id,
        reason = null, exit_code = null, signal = null,
        started_at = case when s.starts then clock_timestamp() end
      from ranked r join seats s on s.place = r.place
      -- Once more, now that the run is locked; in a form that leads nobody to look for it first among all that is READY.
      where t.id = r.id and case when t.state = 'READY' then t.released else false end
      returning r.*, t.task_index, t.attempt, t.priority, t.agent_id, nextval('attempts_id_seq') as attempt_id
    ), made as (
      insert into attempts (id, task_run_id, number, state, agent_id) overriding system value
      select attempt_id, id, attempt, 'STARTING', agent_id from claimed
    )
    select r.attempt_id as "attemptId", r.attempt, r.agent_id as "agentId", r.shared, false as reserved, false as "givenUp", ${WORK_COLUMNS}
    from claimed r
    order by r.place`));
}

/** What tells agents apart that may not have the same work. */
export async function readAgentClasses(
  db: Statements,
  agentIds: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await db.execute<{ id: number; class: string }>(prepared(sql`
    select id, coalesce(project_ids::text, '') || ' ' || array(
      -- The label with its own name is no other agent's.
      select label from unnest(labels) as label where label not like 'agent:%' or exists (
        select from placements p where label = any(p.labels)) order by label)::text as class
    from agents where id = any(${idArray(agentIds)})`));
  return new Map(rows.map((row) => [row.id, row.class]));
}

/** Every attempt that the agents have, as far as the database knows, and those that were given up lately. */
export async function livingAttempts(
  db: Statements,
  agentIds: readonly number[],
): Promise<readonly ClaimedRow[]> {
  if (agentIds.length === 0) return [];
  return await db.execute<ClaimedRow>(prepared(sql`
    with living as (
      select a.id as attempt_id, a.number as attempt, t.id, t.task_index, t.priority, r.id as run_id, r.version_id,
        r.container_id, r.container_name, r.project_id, r.environment, r.single, r.scheduled_for, a.agent_id,
        t.state = 'PENDING' as reserved, a.state = 'LOST' as given_up
      from attempts a join task_runs t on t.id = a.task_run_id join runs r on r.id = t.run_id
      where a.agent_id = any(${idArray(agentIds)}) and (a.state in ('STARTING', 'RUNNING')
        or a.state = 'LOST' and a.finished_at > clock_timestamp() - make_interval(hours => ${LATE_OUTPUT_HOURS}))
    )
    select r.attempt_id as "attemptId", r.attempt, r.agent_id as "agentId", false as shared, r.reserved, r.given_up as "givenUp", ${WORK_COLUMNS}
    from living r order by r.attempt_id`));
}
