/** How long output is kept: by the server's setting, or by that of a project, which may be shorter or longer. */
import { isNotNull } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import { projects } from "../../../schema/tables/project.ts";
import { deleteOfProject, dropPartitions, type Keeper } from "./partitions.ts";

const DAY_MS = 24 * 3600 * 1000;

export async function retireLogs(db: Database, now: Date, serverDays: number): Promise<void> {
  const before = (days: number): Date => new Date(now.getTime() - days * DAY_MS);
  const own = await db.select({ projectId: projects.id, days: projects.logRetentionDays }).from(projects)
    .where(isNotNull(projects.logRetentionDays));
  const keepers: Keeper[] = [];
  for (const { projectId, days } of own) {
    if (days === null) continue;
    const keeper = { projectId, olderThan: before(days) };
    if (days < serverDays) await deleteOfProject(db, keeper);
    else if (days > serverDays) keepers.push(keeper);
  }
  await dropPartitions(db, before(serverDays), keepers);
}
