/** Awkward rows for every table: what a backup has to carry without a scratch. */
import type { OpenDatabase } from "../../server/db/open.ts";

const TEXTS = [
  "",
  "plain",
  'O\'Neil "says" \\n',
  "line\nfeed\ttab\r\n",
  "Größe ☃ 🪐 עברית",
  '{"table":"users"}',
  "\\N",
  "\u0001\u007f",
];
const ROWS = TEXTS.length;

export async function fillEveryTable({ sql }: OpenDatabase): Promise<void> {
  await fillWhat(sql);
  await fillRuns(sql);
  await fillLog(sql);
}

async function fillWhat(sql: OpenDatabase["sql"]): Promise<void> {
  const document = JSON.stringify({
    list: [1, null, 1e21, 0.1],
    nested: { text: TEXTS[4] },
    huge: 12345678901234567890n.toString(),
  });
  for (const [index, text] of TEXTS.entries()) {
    const name = `${index} ${text}`;
    await sql`insert into settings values (${name}, ${text})`;
    await sql`insert into users (username, display_name, password_hash) values (${name}, ${text}, ${text})`;
    await sql`insert into projects (slug, name, description, log_retention_days)
      values (${`project-${index}`}, ${name}, ${text}, ${index % 2 ? null : index + 1})`;
    await sql`
      insert into servers (key, name, url, version, started_at, last_seen_at)
      values (${name}, ${text}, ${index % 2 ? null : text}, ${text}, '2026-03-29 01:30:00.123+00', now())`;
    await sql`
      insert into agents (key, name, address, labels, capacity, last_seen_at)
      values (${name}, ${text}, ${
      index % 2 ? null : text
    }, array[${text}, 'a,b', '"'], ${index}, '2026-03-29 01:30:00.123+00')`;
  }
  // Far apart, so that an id that is given anew shows.
  await sql`alter table containers alter column id restart with 4503599627370497`;
  await sql`
    insert into containers (project_id, name, description, enabled, priority, updated_at)
    select id, name, description, id % 2 = 0, -id::integer, '0044-03-15 12:00:00+00' from projects`;
  await sql`insert into sessions select username, id, now(), 'infinity' from users`;
  await sql`insert into api_tokens (user_id, name, token_hash) select id, username, username from users`;
  await sql`
    insert into schedules (container_id, expression, timezone, next_fire_at, anchor_at)
    select id, '*/5 * * * *', 'Europe/Berlin', '2026-10-25 00:59:59.999+00', created_at from containers`;
  await sql`
    insert into tasks (container_id, name, command, environment, x, y)
    select id, name || suffix, description, ${document}::text::jsonb, 0.1 + 0.2, -1e-300
    from containers, (values ('a'), ('b')) as suffixes (suffix)`;
  await sql`
    insert into relations (container_id, upstream_id, downstream_id, condition)
    select container_id, min(id), max(id), 'ALWAYS' from tasks group by container_id`;
  await sql`
    insert into container_versions (container_id, version, definition)
    select id, 1, ${document}::text::jsonb from containers`;
  await sql`
    insert into container_changes (container_id, version, summary, settings, undo)
    select id, 1, to_jsonb(description), ${document}::text::jsonb, ${document}::text::jsonb from containers`;
}

async function fillRuns(sql: OpenDatabase["sql"]): Promise<void> {
  await sql`
    insert into runs (project_id, container_id, container_name, container_version, version_id, state, cause, environment, reason)
    select project_id, containers.id, name, 1, versions.id, 'RUNNING', 'MANUAL', '{"A": "=\\u2603"}', to_jsonb(description)
    from containers join container_versions versions on container_id = containers.id`;
  await sql`
    insert into task_runs (run_id, task_index, task_id, project_id, container_id, name, x, y, state, ready_at, outputs)
    select id, 0, 1, project_id, container_id, container_name, 1.5, 'NaN', 'RUNNING', '1970-01-01 00:00:00.001+00',
      jsonb_build_object('key', reason) from runs`;
  await sql`
    insert into attempts (task_run_id, number, state, agent_id, out_offset)
    select id, 1, 'RUNNING', (select min(id) from agents), 9007199254740991 from task_runs`;
  await sql`
    insert into partial_lines select id, 'STDOUT', out_offset, '1970-01-01 00:00:00.001+00', 'half a ☃' from attempts`;
  await sql`
    insert into slots (container_id, at, outcome, run_id)
    select container_id, '2026-03-29 01:00:00+00', 'FIRED', id from runs`;
  await sql`
    insert into slot_backlogs (container_id, expression, timezone, missing_time, repeated_time, anchor_at, from_at,
      until_at, outcome, reason, late_before)
    select container_id, '@hourly', 'Europe/Berlin', missing_time, repeated_time, anchor_at,
      '2026-03-29 00:59:59.999+00', '2026-03-30 01:00:00+00', 'MISSED', to_jsonb(expression), anchor_at from schedules`;
  await sql`
    insert into messages (kind, project_id, container_id, container_name, run_id, text)
    select 'RUN_FAILED', project_id, container_id, container_name, id, reason from runs`;
  await sql`insert into placements (project_id, labels) select id, array['a,b', slug] from projects`;
  await sql`insert into fleet (servers_up_since, last_heartbeat_at) values ('2026-03-29 01:00:00+00', now())`;
  await sql`insert into message_marks (user_id, read_up_to) select id, '2026-03-29 01:00:00+00' from users`;
}

/** In a partition of its own and in the one for all other days. */
async function fillLog(sql: OpenDatabase["sql"]): Promise<void> {
  await sql`create table log_chunks_20260101 partition of log_chunks for values from ('2026-01-01') to ('2026-01-02')`;
  for (const day of ["2026-01-01", "1999-12-31"]) {
    for (const [index, text] of TEXTS.entries()) {
      const body = text.repeat(index === ROWS - 1 ? 20_000 : 1);
      await sql`
        insert into log_chunks (day, attempt_id, first_seq, line_count, attempt, task_run_id, run_id, task_id,
          container_id, project_id, first_at, last_at, streams, delays, body, trigrams)
        values (${day}, ${index}, 1, 2, 1, 1, 1, 1, 1, 1, now(), now(), 'OE', '{0,86400000}', ${body},
          ${index % 2 ? null : "10".repeat(4096)}::text::bit(8192))`;
    }
  }
}
