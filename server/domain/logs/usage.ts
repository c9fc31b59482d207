/** What is stored takes so much room, by days. */
import { sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import { inProjects } from "../accounts/visible.ts";
import type { LogUsage } from "./interface.ts";
import { visibleInProject } from "../projects/projects.ts";

type DayRow = LogUsage["days"][number];

/** Of one project by its slug, or of all. The size of a column is that of what is stored, compressed; its content is not read. */
export async function readLogUsage(
  db: Database,
  visible: Visible,
  project: string | null,
): Promise<LogUsage> {
  const shown = await visibleInProject(db, visible, project, "read how much is stored");
  const days = await db.execute<{ [Key in keyof DayRow]: DayRow[Key] }>(sql`
    select day::text as day, sum(line_count) as lines,
      sum(pg_column_size(body) + pg_column_size(streams) + pg_column_size(delays)
        + coalesce(pg_column_size(trigrams), 0)) as bytes
    from log_chunks where ${inProjects(shown, sql`project_id`)} group by day order by day`);
  return {
    bytes: days.reduce((sum, { bytes }) => sum + bytes, 0),
    lines: days.reduce((sum, { lines }) => sum + lines, 0),
    days,
  };
}
