/** What changed lately, as events, for those who may have missed what another server told of it. */
import { sql } from "drizzle-orm";
import type { Event } from "../../../schema/events.ts";
import type { Database } from "../../db/database.ts";
import { signals } from "../../events/outbox.ts";

/** The newest; who watches others sees them at the next look. */
const MAX_CHANGES = 1_000;

export async function listRecentChanges(db: Database, seconds: number): Promise<readonly Event[]> {
  const since = sql`clock_timestamp() - make_interval(secs => ${seconds})`;
  const [runs, containers] = await Promise.all([
    db.execute<{ runId: number; containerId: number; projectId: number }>(sql`
      select id as "runId", container_id as "containerId", project_id as "projectId" from runs
      where state in ('QUEUED', 'RUNNING') or finished_at >= ${since}
      order by id desc limit ${MAX_CHANGES}`),
    db.execute<{ containerId: number; projectId: number }>(sql`
      select id as "containerId", project_id as "projectId" from containers
      where updated_at >= ${since} order by updated_at desc limit ${MAX_CHANGES}`),
  ]);
  return [
    ...runs.map((run) => ({ kind: "run", ...run, taskRunIds: null }) as const),
    ...containers.map((container) => ({ kind: "container", change: "UPDATED", ...container }) as const),
    ...signals.map((kind) => ({ kind })),
  ];
}
