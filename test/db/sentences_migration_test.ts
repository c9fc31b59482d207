/** What was written as a text, before sentences were stored by key and values. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { migrateDatabase } from "../../server/db/migrate.ts";
import { openDatabase } from "../../server/db/open.ts";
import { createTestDatabase, createTestLog } from "../support/database.ts";

Deno.test("migrateDatabase() carries texts over as sentences that have no other key", async () => {
  const log = createTestLog();
  const opened = await openDatabase({ url: await createTestDatabase(false), dataDir: "", log });
  const { sql } = opened;
  await migrateDatabase(opened, { upTo: "20261130184957_partial_lines" });
  await sql`insert into projects (slug, name) values ('main', 'Main')`;
  await sql`insert into containers (project_id, name) select id, 'nightly' from projects`;
  await sql`insert into schedules (container_id, fault) select id, 'Cannot read "61"' from containers`;
  await sql`
    insert into container_versions (container_id, version, definition) select id, 1, '{}' from containers`;
  await sql`
    insert into container_changes (container_id, version, summary) select id, 1, 'created' from containers`;
  await sql`
    insert into runs (project_id, container_id, container_name, container_version, version_id, state, cause, reason,
      stop_cause, stop_reason)
    select c.project_id, c.id, c.name, 1, v.id, 'RUNNING', 'MANUAL', reason,
      case when reason is null then null else 'CANCELLED'::stop_cause end, reason
    from containers c, container_versions v, (values (null), ('Cancelled by "a"')) x(reason)`;
  await sql`
    insert into slots (container_id, at, outcome, reason) select id, '2026-01-01', 'SKIPPED', '' from containers`;

  await migrateDatabase(opened);

  const texts = await sql`
    select (select fault from schedules), (select summary from container_changes), (select reason from slots)`;
  equal([...texts], [{
    fault: { key: "TEXT", values: { text: 'Cannot read "61"' } },
    summary: { key: "TEXT", values: { text: "created" } },
    reason: { key: "TEXT", values: { text: "" } },
  }]);
  const told = { key: "TEXT", values: { text: 'Cancelled by "a"' } };
  equal([...await sql`select reason, stop_reason as stop from runs order by id`], [
    { reason: null, stop: null },
    { reason: told, stop: told },
  ]);
  await opened.close();
});
