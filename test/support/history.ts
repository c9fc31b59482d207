/** A long history, made by SQL: what years of use leave behind, in a minute. */
import type { Sql } from "postgres";
import { say } from "../../schema/sentences.ts";

export const BUSY_CONTAINER = "busy container";
/** At the same pace whatever the number, so that a longer history is older and not denser. */
export const RUN_EVERY_SECONDS = 15;
const FAILURE = say("TASK_FAILED", { name: "main", why: say("EXIT_CODE", { code: 1 }), more: 0 });
/** One run of so many is of the busy container. */
const BUSY_SHARE = 10;

export interface History {
  readonly containers: number;
  readonly runs: number;
  /** When the newest run was made. */
  readonly end: Date;
}

export async function fillHistory(
  sql: Sql,
  { containers, runs, end }: History,
): Promise<void> {
  await sql`
    insert into containers (project_id, name)
    select (select min(id) from projects), case n when 1 then ${BUSY_CONTAINER} else 'container ' || n end
    from generate_series(1, ${containers}::int) n`;
  await sql`
    insert into container_versions (container_id, version, definition)
    select id, 1, '{"timeoutSeconds":0,"maxParallel":0,"priority":0,"tasks":[],"relations":[]}'::jsonb from containers
    where name like '%container%'`;
  // Next fires lie days ahead, so that nothing starts while it is measured.
  await sql`
    insert into schedules (container_id, expression, next_fire_at)
    select id, format('%s %s %s %s *', id % 60, id % 24, at.day, at.month),
      clock_timestamp() + (20 + id % 300) * interval '1 day'
    from containers, lateral (select
      extract(day from clock_timestamp() + (20 + id % 300) * interval '1 day') as day,
      extract(month from clock_timestamp() + (20 + id % 300) * interval '1 day') as month) at
    where name like '%container%'`;
  await fillRuns(sql, runs, end);
  // As the database does by itself within minutes.
  for (const table of ["runs", "containers", "schedules", "container_versions"]) {
    await sql`vacuum analyze ${sql(table)}`;
  }
}

/** The oldest first, as they would have come in. */
async function fillRuns(sql: Sql, runs: number, end: Date): Promise<void> {
  await sql`
    insert into runs (project_id, container_id, container_name, container_version, version_id, state, cause,
      scheduled_for, created_at, started_at, finished_at, reason, number)
    select c.project_id, c.id, c.name, 1, c.version_id,
      (case when n % 41 = 0 then 'FAILED' when n % 97 = 0 then 'CANCELLED' else 'SUCCEEDED' end)::run_state,
      (case when n % 997 = 0 then 'RETRY' when n % 13 = 0 then 'MANUAL' else 'SCHEDULE' end)::run_cause,
      case when n % 997 <> 0 and n % 13 <> 0 then at end, at, at, at + n % 600 * interval '1 second',
      case when n % 41 = 0 then ${JSON.stringify(FAILURE)}::text::jsonb end,
      row_number() over (partition by c.id order by n desc)
    from generate_series(${runs}::int, 1, -1) n
    cross join lateral (select ${end.toISOString()}::timestamptz - n * ${RUN_EVERY_SECONDS}::int * interval '1 second' as at) t
    join (select row_number() over (order by own.id) - 1 as place, own.*, versions.id as version_id
      from containers own join container_versions versions on versions.container_id = own.id
      where own.name like '%container%') c
      on c.place = case when n % ${BUSY_SHARE}::int = 0 then 0
        else n % (select count(*) from containers where name like '%container%') end`;
}
