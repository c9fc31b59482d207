/** Projects: made, changed and deleted. */
import { eq, isNull, sql } from "drizzle-orm";
import { ConflictError, InvalidInputError, LimitExceededError } from "../../../schema/errors.ts";
import { members } from "../../../schema/tables/member.ts";
import { apiTokens } from "../../../schema/tables/user.ts";
import type { Database } from "../../db/database.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { audit, type AuditSubject, changesOf } from "../audit/audit.ts";
import type { Viewer } from "../accounts/interface.ts";
import { credentialsOfToken, publishEnds, userCredential } from "../accounts/credentials.ts";
import { check, description as descriptionSchema, name as nameSchema } from "../inputs.ts";
import type { NewProject, ProjectPatch, Projects } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import { projects } from "../../../schema/tables/project.ts";
import { grantRole } from "./members.ts";
import { findProject } from "./projects.ts";
import { MAX_DEPTH, withAncestors } from "./tree.ts";
import { authorise } from "../accounts/rights.ts";
import { visibleTo } from "../accounts/visible.ts";

/** The longest that the server's own setting allows. */
const MAX_DAYS = 36_500;
/** Of one project, as many as the API lists. */
const MAX_CHILDREN = 500;
const DEFAULT_SLUG = "default";
const RUNS_AT_ONCE = 1_000;
const slugForm = /^[a-z0-9][a-z0-9-]{0,62}$/;

interface ProjectPorts {
  readonly db: Database;
  readonly bus: Bus;
}

export async function createProject(
  { db, bus }: ProjectPorts,
  viewer: Viewer,
  input: NewProject,
): ReturnType<Projects["create"]> {
  const action = "create a project";
  const { slug } = input;
  if (!slugForm.test(slug)) throw new InvalidInputError(say("PROJECT_SLUG", { slug }), ["slug"]);
  const fields = {
    name: check(nameSchema, input.name, action, ["name"]),
    description: check(descriptionSchema, input.description ?? "", action, ["description"]),
  };
  return await transaction(db, async (tx, after) => {
    // Where projects stand is decided one at a time.
    await tx.execute(sql`lock table ${projects} in share row exclusive mode`);
    const parentId = await findParent(tx, viewer, input);
    const beside = parentId === null ? isNull(projects.parentId) : eq(projects.parentId, parentId);
    if (await tx.$count(projects, beside) >= MAX_CHILDREN) {
      throw new LimitExceededError(say("PROJECTS_MANY", { slug, most: MAX_CHILDREN }), ["slug"]);
    }
    const [project] = await tx.insert(projects).values({ slug, ...fields, parentId }).onConflictDoNothing()
      .returning({ id: projects.id });
    if (project === undefined) throw new ConflictError(say("PROJECT_SLUG_TAKEN", { slug }), ["slug"]);
    if (viewer.userId !== null && !viewer.admin) {
      await grantRole(tx, { userId: viewer.userId, projectId: project.id, role: "ADMIN" });
    }
    await audit(tx, viewer, "project.create", subjectOfProject(project.id, slug), changesOf(null, fields));
    const affected = await tx.selectDistinct({ userId: members.userId }).from(members)
      .where(sql`${members.projectId} in ${withAncestors(sql`${project.id}::bigint`)}`);
    after(() => publishEnds(bus, affected.map(({ userId }) => userCredential(userId))));
    return { id: project.id, viewer: withRole(viewer, project.id) };
  });
}

/** Whoever makes a project is ADMIN of it, or of one above it. */
function withRole(viewer: Viewer, projectId: number): Viewer {
  const { roles } = viewer;
  return typeof roles === "string" ? viewer : { ...viewer, roles: new Map([...roles, [projectId, "ADMIN"]]) };
}

/** The project above a new one; null: it is at the top, where only administrators make some. */
async function findParent(
  tx: Transaction,
  viewer: Viewer,
  { parent, slug }: NewProject,
): Promise<number | null> {
  const action = "create a project";
  if (parent === null || parent === undefined) {
    authorise(viewer, "project:create", "installation");
    return null;
  }
  const missing = { message: say("NO_PROJECT", { action, slug: parent }), path: ["parent"] };
  const parentId = await findProject(tx, visibleTo(viewer), parent, missing);
  authorise(viewer, "project:create", { projectId: parentId });
  const above = await tx.execute(withAncestors(sql`${parentId}::bigint`));
  if (above.length >= MAX_DEPTH) {
    throw new InvalidInputError(say("PROJECT_DEEP", { slug, most: MAX_DEPTH }), ["parent"]);
  }
  return parentId;
}

export async function updateProject(db: Database, viewer: Viewer, input: ProjectPatch): Promise<number> {
  const action = "change a project";
  const { slug } = input;
  const missing = { message: say("NO_PROJECT", { action, slug }), path: ["slug"] };
  const projectId = await findProject(db, visibleTo(viewer), slug, missing);
  authorise(viewer, "project:change", { projectId });
  const fields = {
    ...(input.name === undefined ? {} : { name: check(nameSchema, input.name, action, ["name"]) }),
    ...(input.description === undefined
      ? {}
      : { description: check(descriptionSchema, input.description, action, ["description"]) }),
    ...readDays(input, "logRetentionDays"),
    ...readDays(input, "runRetentionDays"),
  };
  if (Object.keys(fields).length > 0) {
    await transaction(db, async (tx) => {
      const [before] = await tx.select().from(projects).where(eq(projects.id, projectId)).for("update");
      await tx.update(projects).set(fields).where(eq(projects.id, projectId));
      const changes = changesOf(before ?? null, { ...before, ...fields });
      await audit(tx, viewer, "project.update", subjectOfProject(projectId, slug), changes);
    });
  }
  return projectId;
}

function subjectOfProject(id: number, slug: string): AuditSubject {
  return { kind: "Project", id, text: `project "${slug}"`, projectId: id };
}

function readDays(
  input: ProjectPatch,
  field: "logRetentionDays" | "runRetentionDays",
): { readonly [Field in typeof field]?: number | null } {
  const days = input[field];
  if (days === undefined) return {};
  if (days !== null && !(days >= 1 && days <= MAX_DAYS)) {
    throw new InvalidInputError(say("PROJECT_DAYS", { slug: input.slug, field, most: MAX_DAYS, days }), [
      field,
    ]);
  }
  return { [field]: days };
}

export async function deleteProject(
  { db, bus }: ProjectPorts,
  viewer: Viewer,
  slug: string,
): Promise<number> {
  const action = "delete a project";
  const missing = { message: say("NO_PROJECT", { action, slug }), path: ["slug"] };
  const projectId = await findProject(db, visibleTo(viewer), slug, missing);
  authorise(viewer, "project:delete", { projectId });
  if (slug === DEFAULT_SLUG) throw new ConflictError(say("PROJECT_DEFAULT"), ["slug"]);
  await keepUsed(db, projectId, slug);
  // What ran in containers that are gone: no transaction is to hold a whole history.
  while (
    (await db.execute(sql`delete from runs where id in (
      select id from runs where project_id = ${projectId} limit ${RUNS_AT_ONCE}) returning 1`)).length > 0
  );
  await transaction(db, async (tx, after) => {
    await tx.execute(sql`select from projects where id = ${projectId} for update`);
    await keepUsed(tx, projectId, slug);
    await audit(tx, viewer, "project.delete", { ...subjectOfProject(projectId, slug), projectId: null });
    const tokens = await tx.delete(apiTokens).where(eq(apiTokens.projectId, projectId)).returning();
    const affected = await tx.delete(members).where(eq(members.projectId, projectId)).returning();
    await tx.execute(sql`
      update agents set project_ids = array_remove(project_ids, ${projectId}) where ${projectId} = any(project_ids)`);
    await tx.delete(projects).where(eq(projects.id, projectId));
    after(() => publishEnds(bus, tokens.flatMap(credentialsOfToken)));
    after(() => publishEnds(bus, affected.map(({ userId }) => userCredential(userId))));
  });
  return projectId;
}

async function keepUsed(db: Pick<Database, "execute">, projectId: number, slug: string): Promise<void> {
  const [used] = await db.execute(sql`
    select from containers where project_id = ${projectId}
    union all select from projects where parent_id = ${projectId}
    union all select from agents where project_ids = array[${projectId}::bigint] limit 1`);
  if (used !== undefined) throw new ConflictError(say("PROJECT_IN_USE", { slug }), ["slug"]);
}
