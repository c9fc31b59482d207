import assert from "node:assert/strict";
import { InvalidInputError } from "../../../schema/errors.ts";
import type { Visible } from "../../../server/domain/accounts/interface.ts";
import { createRunOutcomes } from "../../../server/domain/statistics/run_outcomes.ts";
import { openTestDatabase, type TestDatabase } from "../../support/database.ts";

const DAYS = 10;
// Whole hours, three quarters of one, and the two ends of the world.
const ZONES = [
  "UTC",
  "Europe/Berlin",
  "Asia/Kathmandu",
  "America/St_Johns",
  "Pacific/Kiritimati",
  "Pacific/Niue",
];

Deno.test({
  name: "createRunOutcomes() counts the days of a zone as the database does",
  fn: async () => {
    await using test = await openTestDatabase();
    await fillRuns(test);
    const outcomes = createRunOutcomes(test.db);

    for (const timezone of ZONES) {
      for (const visible of ["all", [1], [2], [3], [1, 3]] as const) {
        // Twice: the second time most of it is remembered.
        for (let round = 0; round < 2; round++) {
          const days = await outcomes({ visible, days: DAYS, timezone });

          assert.equal(days.length, DAYS);
          assert.deepEqual(days, await countDays(test, days.map(({ day }) => day), visible, timezone));
        }
      }
    }
    await assert.rejects(outcomes({ visible: "all", days: 91, timezone: "UTC" }), InvalidInputError);
    await assert.rejects(outcomes({ visible: "all", days: 1, timezone: "Mars/Base" }), InvalidInputError);
  },
});

Deno.test("createRunOutcomes() counts the days that it does not know in one statement", async () => {
  await using test = await openTestDatabase();
  await fillRuns(test);
  test.statements();

  await createRunOutcomes(test.db)({ visible: "all", days: 90, timezone: "UTC" });

  assert.equal(test.statements().filter((statement) => statement.includes("from runs")).length, 1);
});

/** Of two projects, one every 37 minutes; the newest ended a while ago. */
async function fillRuns({ sql }: TestDatabase): Promise<void> {
  await sql`insert into projects (slug, name) values ('default', 'Default'), ('other', 'Other')`;
  await sql`insert into containers (project_id, name) values (1, 'a'), (2, 'b')`;
  await sql`insert into container_versions (container_id, version, definition)
    select id, 1, '{"timeoutSeconds":0,"maxParallel":0,"priority":0,"tasks":[],"relations":[]}' from containers`;
  await sql`
    insert into runs (project_id, container_id, container_name, container_version, version_id, state, cause, created_at,
      finished_at, number)
    select c.project_id, c.id, c.name, 1, v.id,
      (array['SUCCEEDED', 'FAILED', 'CANCELLED'])[1 + n % 3]::run_state, 'MANUAL', at, at, n
    from generate_series(1, 480) n
    cross join lateral (select clock_timestamp() - n * interval '37 minutes' as at) t
    join containers c on c.id = 1 + n % 7 % 2
    join container_versions v on v.container_id = c.id`;
}

/** The same from every run. */
async function countDays(
  { sql }: TestDatabase,
  days: readonly string[],
  visible: Visible,
  timezone: string,
): Promise<readonly object[]> {
  const projects = visible === "all" ? null : `{${visible.join(",")}}`;
  const rows = await sql`
    select day::text as day,
      (count(*) filter (where state = 'SUCCEEDED'))::int as succeeded,
      (count(*) filter (where state = 'FAILED'))::int as failed,
      (count(*) filter (where state = 'CANCELLED'))::int as cancelled
    from unnest(${`{${days.join(",")}}`}::text::date[]) day
    left join runs on (runs.finished_at at time zone ${timezone})::date = day
      and (${projects}::text is null or runs.project_id = any(${projects}::text::bigint[]))
    group by day order by day`;
  return rows.map((row) => ({ ...row }));
}
