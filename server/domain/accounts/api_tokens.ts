/** Tokens for scripts: made, rotated, revoked. */
import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { ForbiddenError, InvalidInputError, NotFoundError } from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import type { TokenScope } from "../../../schema/states.ts";
import { type ApiToken, apiTokens } from "../../../schema/tables/user.ts";
import { uniqueViolation } from "../../db/constraints.ts";
import type { Database } from "../../db/database.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { audit, type AuditSubject, changesOf, subjectOf } from "../audit/audit.ts";
import { check, name as nameSchema } from "../inputs.ts";
import { findProject } from "../projects/projects.ts";
import { credentialsOfToken, publishEnds, tokenCredential, tokenOf } from "./credentials.ts";
import type { MadeToken, NewToken, Viewer } from "./interface.ts";
import { authorise, findForbidden } from "./rights.ts";
import { hasRole, highestRole, roleIn, roleOfScope, roleOfScopes } from "./roles.ts";
import { createApiToken, hashApiToken } from "./tokens.ts";
import { includesProject, visibleTo } from "./visible.ts";

/** As many as the API lists, of a user and of a project. */
const MAX_TOKENS = 200;
const MAX_OVERLAP_SECONDS = 2_592_000;
const MAX_AGENT_LABELS = 50;

export interface TokenPorts {
  readonly db: Database;
  readonly bus: Bus;
  readonly clock: { now(): number };
}

export async function makeApiToken(ports: TokenPorts, viewer: Viewer, input: NewToken): Promise<MadeToken> {
  const action = "create API token";
  const name = check(nameSchema, input.name, action, ["name"]);
  const service = input.service ?? false;
  const projectId = await readProject(ports.db, viewer, input);
  const scopes = readScopes(viewer, input.scopes ?? null, projectId);
  if (service && projectId !== null) authorise(viewer, "token:service", { projectId });
  checkEnd(ports.clock, viewer, input.expiresAt);
  const userId = service ? null : viewer.userId;
  if (!service && userId === null) throw new ForbiddenError(say("NO_ACCOUNT", { action }));
  const owned = service
    ? and(isNull(apiTokens.userId), eq(apiTokens.projectId, projectId ?? 0))
    : eq(apiTokens.userId, userId ?? 0);
  if (await ports.db.$count(apiTokens, owned) >= MAX_TOKENS) {
    throw new InvalidInputError(say("TOO_MANY_TOKENS", { action, count: MAX_TOKENS }), ["name"]);
  }
  const token = createApiToken();
  const id = await insertToken(ports.db, viewer, {
    userId,
    projectId,
    scopes: [...scopes],
    agentLabels: readLabels(scopes, input.agentLabels ?? []),
    name,
    tokenHash: hashApiToken(token),
    expiresAt: input.expiresAt,
    parentId: tokenOf(viewer),
    createdBy: viewer.userId,
  });
  return { id, token };
}

async function insertToken(
  db: Database,
  viewer: Viewer,
  values: typeof apiTokens.$inferInsert,
): Promise<number> {
  const { name, expiresAt, scopes, agentLabels } = values;
  try {
    return await transaction(db, async (tx) => {
      const [row] = await tx.insert(apiTokens).values(values).returning();
      if (row === undefined) throw new Error("An insert gave no row back");
      const changes = changesOf(null, { name, expiresAt, scopes, agentLabels });
      await audit(tx, viewer, "apiToken.create", subjectOfToken(row), changes);
      return row.id;
    });
  } catch (error) {
    if (uniqueViolation(error, "api_tokens_user_id_name_key")) {
      throw new InvalidInputError(say("TOKEN_NAME_TAKEN", { action: "create API token", name }), ["name"]);
    }
    if (!uniqueViolation(error, "api_tokens_project_id_name_key")) throw error;
    throw new InvalidInputError(say("SERVICE_TOKEN_NAME_TAKEN", { name }), ["name"]);
  }
}

function subjectOfToken({ id, name, projectId }: ApiToken): AuditSubject {
  return subjectOf("ApiToken", { id, name, projectId });
}

/** The project to limit it to; a token that is limited itself makes none that reaches further. */
async function readProject(db: Database, viewer: Viewer, input: NewToken): Promise<number | null> {
  const { project, scopes, service } = input;
  const action = "create API token";
  if (typeof project === "string") {
    const missing = { message: say("NO_PROJECT", { action, slug: project }), path: ["project"] };
    return await findProject(db, visibleTo(viewer), project, missing);
  }
  if (service === true || scopes?.includes("ENROL_AGENTS") === true) {
    throw new InvalidInputError(say("TOKEN_PROJECT_NEEDED"), ["project"]);
  }
  if (viewer.limitedTo !== null) throw new ForbiddenError(say("TOKEN_PROJECT_BEYOND"), ["project"]);
  return null;
}

/** Nobody gives more than they have. Null: all that they have. */
function readScopes(
  viewer: Viewer,
  asked: readonly TokenScope[] | null,
  projectId: number | null,
): readonly TokenScope[] {
  if (asked === null) return viewer.scopes.filter((scope) => roleOfScope(scope) !== null);
  if (asked.length === 0) throw new InvalidInputError(say("TOKEN_SCOPES_EMPTY"), ["scopes"]);
  const most = projectId === null ? highestRole(viewer) : roleIn(viewer, projectId);
  const beyond = asked.find((scope) => !mayGive(viewer, scope, most));
  if (beyond !== undefined) throw new ForbiddenError(say("TOKEN_SCOPE", { scope: beyond }), ["scopes"]);
  return [...new Set(asked)];
}

function mayGive(viewer: Viewer, scope: TokenScope, most: ReturnType<typeof highestRole>): boolean {
  const role = roleOfScope(scope);
  // Reading figures of all is for administrators, enrolling agents for the project's.
  if (scope === "READ_METRICS") return viewer.admin;
  if (role === null) return hasRole(most, "ADMIN");
  // Whoever has no role yet may prepare a token that reads what they will see.
  return hasRole(most, role) || role === "VIEWER" && hasRole(roleOfScopes(viewer.scopes), role);
}

function readLabels(scopes: readonly TokenScope[], labels: readonly string[]): string[] {
  if (labels.length > 0 && !scopes.includes("ENROL_AGENTS")) {
    throw new InvalidInputError(say("TOKEN_LABELS"), ["agentLabels"]);
  }
  return [...new Set(labels)].slice(0, MAX_AGENT_LABELS).sort();
}

function checkEnd(clock: TokenPorts["clock"], viewer: Viewer, expiresAt: Date | null): void {
  const action = "create API token";
  if (expiresAt !== null && expiresAt.getTime() <= clock.now()) {
    throw new InvalidInputError(say("TOKEN_PAST", { action, at: expiresAt.toISOString() }), ["expiresAt"]);
  }
  const end = tokenOf(viewer) === null ? null : viewer.expiresAt;
  if (end !== null && (expiresAt === null || expiresAt > end)) {
    throw new InvalidInputError(say("TOKEN_OUTLIVES", { action, at: end.toISOString() }), ["expiresAt"]);
  }
}

/** The same token with a new secret; the old one goes on for the overlap. */
export async function rotateApiToken(
  { db, bus, clock }: TokenPorts,
  viewer: Viewer,
  { id, overlapSeconds }: { readonly id: number; readonly overlapSeconds: number },
): Promise<MadeToken> {
  if (!(overlapSeconds >= 0 && overlapSeconds <= MAX_OVERLAP_SECONDS)) {
    const values = { most: MAX_OVERLAP_SECONDS, seconds: overlapSeconds };
    throw new InvalidInputError(say("TOKEN_OVERLAP", values), ["overlapSeconds"]);
  }
  const token = createApiToken();
  return await transaction(db, async (tx, after) => {
    const old = await findManaged(tx, viewer, id, "rotate API token");
    await tx.update(apiTokens).set({
      tokenHash: hashApiToken(token),
      previousHash: overlapSeconds === 0 ? null : old.tokenHash,
      previousTokenExpiresAt: overlapSeconds === 0 ? null : new Date(clock.now() + overlapSeconds * 1000),
    }).where(eq(apiTokens.id, id));
    const ended = [
      ...(overlapSeconds === 0 ? [tokenCredential(id, old.tokenHash)] : []),
      ...(old.previousHash === null ? [] : [tokenCredential(id, old.previousHash)]),
    ];
    await audit(tx, viewer, "apiToken.rotate", subjectOfToken(old));
    after(() => publishEnds(bus, ended));
    return { id, token };
  });
}

/** With the tokens that were made with it. */
export async function revokeApiToken({ db, bus }: TokenPorts, viewer: Viewer, id: number): Promise<void> {
  await transaction(db, async (tx, after) => {
    const token = await findManaged(tx, viewer, id, "revoke API token");
    await audit(tx, viewer, "apiToken.revoke", subjectOfToken(token));
    const ended = await tx.delete(apiTokens).where(sql`${apiTokens.id} in ${madeWith(id)}`).returning();
    after(() => publishEnds(bus, ended.flatMap(credentialsOfToken)));
  });
}

/** The token, for whoever may manage it: somebody else's is as good as none, or the answer would tell that it exists. */
async function findManaged(tx: Transaction, viewer: Viewer, id: number, action: Action): Promise<ApiToken> {
  const [token] = await tx.select().from(apiTokens).where(eq(apiTokens.id, id)).for("update");
  if (token === undefined || !knows(viewer, token)) {
    throw new NotFoundError(say("TOKEN_UNKNOWN", { action }), ["id"]);
  }
  const own = tokenOf(viewer);
  const [descendant] = own === null ? [token] : await tx.select({ id: apiTokens.id }).from(apiTokens)
    .where(and(eq(apiTokens.id, id), sql`${apiTokens.id} in ${madeWith(own)}`));
  if (descendant === undefined) throw new ForbiddenError(say("TOKEN_MANAGES_OWN", { action }), ["id"]);
  if (token.userId === null && own !== token.id) {
    authorise(viewer, "token:service", { projectId: token.projectId ?? 0 });
  }
  return token;
}

function knows(viewer: Viewer, { id, userId, projectId }: ApiToken): boolean {
  if (id === tokenOf(viewer)) return true;
  if (userId === null) return includesProject(visibleTo(viewer), projectId ?? 0);
  return userId === viewer.userId || findForbidden(viewer, "token:revoke-others", "installation") === null;
}

/** The token and all that were made with it, as rows of ids. */
function madeWith(id: number): SQL {
  return sql`(with recursive descendants as (
    select ${id}::bigint as id
    union select made.id from api_tokens made join descendants on made.parent_id = descendants.id
  ) select id from descendants)`;
}
