/** Who belongs to a project, and with which role. */
import { and, eq, type SQL, sql } from "drizzle-orm";
import { NotFoundError } from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";
import type { ProjectRole } from "../../../schema/states.ts";
import { members } from "../../../schema/tables/member.ts";
import { users } from "../../../schema/tables/user.ts";
import type { Database } from "../../db/database.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { audit, changesOf, subjectOf } from "../audit/audit.ts";
import type { Viewer } from "../accounts/interface.ts";
import { publishEnds, userCredential } from "../accounts/credentials.ts";
import { authorise } from "../accounts/rights.ts";
import { visibleTo } from "../accounts/visible.ts";
import type { ListPart, MemberRow, Membership } from "./interface.ts";
import { findProject } from "./projects.ts";
import { withAncestors } from "./tree.ts";

export async function setMember(
  { db, bus }: { readonly db: Database; readonly bus: Bus },
  viewer: Viewer,
  { project: slug, userId, role }: {
    readonly project: string;
    readonly userId: number;
    readonly role: ProjectRole | null;
  },
): Promise<Membership> {
  const action = "change a member";
  return await transaction(db, async (tx, after) => {
    const missing = { message: say("NO_PROJECT", { action, slug }), path: ["project"] };
    const projectId = await findProject(tx, visibleTo(viewer), slug, missing);
    authorise(viewer, "member:change", { projectId });
    const [user] = await tx.select({ id: users.id, username: users.username }).from(users).where(
      eq(users.id, userId),
    );
    if (user === undefined) throw new NotFoundError(say("NO_USER", { action }), ["userId"]);
    after(() => publishEnds(bus, [userCredential(userId)]));
    const [before] = await tx.select({ role: members.role }).from(members)
      .where(and(eq(members.userId, userId), eq(members.projectId, projectId)));
    const subject = subjectOf("User", { id: user.id, name: user.username, projectId });
    await audit(
      tx,
      viewer,
      "member.set",
      subject,
      changesOf(before ?? null, role === null ? null : { role }),
    );
    return role === null
      ? await removeMember(tx, userId, projectId)
      : await grantRole(tx, { userId, projectId, role });
  });
}

/** Makes somebody a member, or gives a member another role. */
export async function grantRole(
  tx: Transaction,
  member: { readonly userId: number; readonly projectId: number; readonly role: ProjectRole },
): Promise<Membership> {
  const { role } = member;
  const [granted] = await tx.insert(members).values(member).onConflictDoUpdate({
    target: [members.userId, members.projectId],
    set: { role, byGroup: false, grantedAt: sql`excluded.granted_at` },
  }).returning();
  if (granted === undefined) throw new Error("An insert gave no row back");
  return granted;
}

async function removeMember(tx: Transaction, userId: number, projectId: number): Promise<Membership> {
  const [removed] = await tx.delete(members)
    .where(and(eq(members.userId, userId), eq(members.projectId, projectId))).returning();
  if (removed === undefined) throw new NotFoundError(say("NO_MEMBER"), ["userId"]);
  return removed;
}

export async function listMembers(
  db: Database,
  projectId: number,
  { condition, order, limit }: ListPart,
): Promise<readonly MemberRow[]> {
  const rows = await db.execute<Omit<MemberRow, "grantedAt"> & { readonly grantedMs: number }>(sql`
    select id as "userId", project_id as "projectId", role, username,
      (extract(epoch from granted_at) * 1000)::float8 as "grantedMs"
    from (${membersOf(projectId)}) members_of_project
    where ${condition} order by ${sql.join([...order], sql`, `)} limit ${limit}`);
  return rows.map(({ grantedMs, ...row }) => ({ ...row, grantedAt: new Date(grantedMs) }));
}

export async function countMembers(db: Database, projectId: number): Promise<number> {
  const [row] = await db.execute<{ count: number }>(sql`
    select count(*)::int as count from (${membersOf(projectId)}) members_of_project`);
  return row?.count ?? 0;
}

/** A row for each member, with the highest of their roles. */
function membersOf(projectId: number): SQL {
  return sql`
    select distinct on (u.id) u.id, u.username, m.project_id, m.role, m.granted_at
    from members m join users u on u.id = m.user_id
    where m.project_id in ${withAncestors(sql`${projectId}::bigint`)} and not u.admin
    order by u.id, m.role desc, m.project_id`;
}
