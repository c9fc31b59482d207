/** What a pause holds back, as SQL. */
import { type SQL, sql } from "drizzle-orm";

const holding = (projectId: SQL): SQL =>
  sql`from pauses p where p.project_id is null or p.project_id = ${projectId}`;

export function isPaused(projectId: SQL): SQL {
  return sql`exists (select ${holding(projectId)})`;
}

/** Null when it is not paused. The pause of everything comes first. */
export function pauseReason(projectId: SQL): SQL {
  return sql`(select p.reason ${holding(projectId)} order by p.project_id nulls first limit 1)`;
}
