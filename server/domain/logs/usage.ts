/** What is stored takes so much room: by days, each read by a statement of its own, without reading any text. */
import { type SQL, sql } from "drizzle-orm";
import type { Database, LogUsage } from "../../../schema/graphql/context.ts";
import { findProjectId } from "../projects.ts";
import { listDays } from "./partitions.ts";

type DayRow = LogUsage["days"][number];

/** Of one project by its slug, or of all. */
export async function readLogUsage(db: Database, project: string | null): Promise<LogUsage> {
  const projectId = await findProjectId(db, project, "read how much is stored");
  const condition = projectId === null ? sql`true` : sql`project_id = ${projectId}::bigint`;
  const days: DayRow[] = [];
  for (const day of await listDays(db)) {
    days.push(...await readDays(db, "log_chunks", sql`day = ${day}::date and ${condition}`));
  }
  days.push(...await readDays(db, "log_chunks_other", condition));
  days.sort((a, b) => a.day < b.day ? -1 : 1);
  return {
    bytes: days.reduce((sum, { bytes }) => sum + bytes, 0),
    lines: days.reduce((sum, { lines }) => sum + lines, 0),
    days,
  };
}

/** The size of a column is that of what is stored, compressed; its content is not touched for it. */
async function readDays(db: Database, table: string, condition: SQL): Promise<readonly DayRow[]> {
  return await db.execute<{ [Key in keyof DayRow]: DayRow[Key] }>(sql`
    select day::text as day, sum(line_count)::float8 as lines,
      sum(pg_column_size(body) + pg_column_size(streams) + pg_column_size(delays)
        + coalesce(pg_column_size(trigrams), 0))::float8 as bytes
    from ${sql.identifier(table)} where ${condition} group by day`);
}
