/** The audit log as administrators read it, and calls that were refused. */
import { type SQL, sql } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { auditEntries } from "../../../schema/tables/audit_entry.ts";
import { all, given, ofProject } from "../../db/conditions.ts";
import type { Database } from "../../db/database.ts";
import type { Viewer } from "../accounts/interface.ts";
import { authorisedProjects } from "../accounts/rights.ts";
import { inProjects } from "../accounts/visible.ts";
import { audit, type AuditActor } from "./audit.ts";
import type { Audit, AuditFilter } from "./interface.ts";

const ROWS_AT_ONCE = 1_000;
const FOLD_MS = 60_000;
/** Addresses and calls that are remembered; beyond them some entries are written more than once a minute. */
const REMEMBERED = 10_000;
const NOTHING = { kind: null, id: null, projectId: null } as const;

export function createAudit(db: Database): Audit {
  const recordRefusal = createRefusalRecord(db);
  return {
    readable: (viewer) => authorisedProjects(viewer, "audit:read"),
    recordForbidden: (viewer, call) => recordRefusal(viewer, "access.denied", `call "${call}"`),
    read: (viewer, filter) => readAll(db, viewer, filter),
  };
}

/** Records what was refused, at most once a minute for an address, an action and its subject. */
export function createRefusalRecord(
  db: Database,
): (actor: AuditActor, action: string, subject: string) => Promise<void> {
  const recorded = new LRUCache<string, true>({ max: REMEMBERED, ttl: FOLD_MS });
  return async (actor, action, subject) => {
    const key = JSON.stringify([actor.address, action, action === "signIn.failed" ? null : subject]);
    if (recorded.has(key)) return;
    recorded.set(key, true);
    await audit(db, actor, action, { ...NOTHING, text: subject });
  };
}

/** The conditions of a filter on a table, or an alias of it. */
export function auditConditions(table: typeof auditEntries, filter: AuditFilter): SQL[] {
  return [
    ...given(filter.action, (action) => sql`starts_with(${table.action}, ${action})`),
    ...given(filter.actorId, (actorId) => sql`${table.actorId} = ${actorId}`),
    ...given(filter.from, (from) => sql`${table.at} >= ${from.toISOString()}::timestamptz`),
    ...given(filter.to, (to) => sql`${table.at} < ${to.toISOString()}::timestamptz`),
    ...given(filter.project, (slug) => ofProject(table.projectId, slug)),
    ...given(filter.subjectId, (subjectId) => sql`${table.subjectId} = ${subjectId}`),
  ];
}

async function* readAll(
  db: Database,
  viewer: Viewer,
  filter: AuditFilter,
): AsyncGenerator<readonly (typeof auditEntries.$inferSelect)[]> {
  const own = inProjects(authorisedProjects(viewer, "audit:read"), auditEntries.projectId);
  const conditions = [own, ...auditConditions(auditEntries, filter)];
  let behind: SQL[] = [];
  for (;;) {
    const rows = await db.select().from(auditEntries).where(all([...conditions, ...behind]))
      .orderBy(sql`${auditEntries.at} desc`, sql`${auditEntries.id} desc`).limit(ROWS_AT_ONCE);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return;
    behind = [
      sql`(${auditEntries.at}, ${auditEntries.id}) < (${last.at.toISOString()}::timestamptz, ${last.id})`,
    ];
  }
}
