/** Whom a token stands for, and what they may: one statement for all who ask at the same time. */
import { eq, inArray, or, type SQL, sql } from "drizzle-orm";
import type { ProjectRole } from "../../../schema/states.ts";
import { apiTokens, sessions, type User, users } from "../../../schema/tables/user.ts";
import type { Database } from "../../db/database.ts";
import { gatherCalls } from "../../db/gather.ts";
import { withDescendants } from "../projects/tree.ts";
import { tokenCredential } from "./credentials.ts";
import type { Viewer } from "./interface.ts";
import { ALL_SCOPES, rolesOf } from "./roles.ts";
import { hashApiToken, looksLikeApiToken, type SessionTokens } from "./tokens.ts";

/** How exactly it is known when somebody was last seen: a write for each call would cost more than the call. */
const LAST_SEEN_MS = 60_000;
/** Calls whose credentials one statement reads. */
const CREDENTIALS_AT_ONCE = 200;
/** Longer than any token of ours. */
const TOKEN_CHARACTERS = 2_000;

type HeldRoles = Readonly<Record<string, ProjectRole>>;

interface SessionRow {
  readonly expiresAt: Date;
  readonly user: User;
  readonly held: HeldRoles;
}

interface TokenRow {
  readonly token: typeof apiTokens.$inferSelect;
  /** Null: a service token. */
  readonly user: User | null;
  readonly held: HeldRoles;
  readonly reach: readonly number[] | null;
}

interface Parts {
  readonly db: Database;
  readonly clock: { now(): number };
  readonly tokens: SessionTokens;
}

interface Tools extends Parts {
  /** By its id; null when it has ended. */
  readonly readSession: (sessionId: string) => Promise<SessionRow | null>;
  /** By the hash of the token; null when it was revoked. */
  readonly readToken: (tokenHash: string) => Promise<TokenRow | null>;
}

/** Asks the database each time, so that what ended is known to have ended at once. */
export function createAuthenticate(
  parts: Parts,
): (token: string, via: Viewer["via"]) => Promise<Viewer | null> {
  const tools: Tools = {
    ...parts,
    readSession: gatherCalls((ids) => readSessions(parts.db, ids), CREDENTIALS_AT_ONCE),
    readToken: gatherCalls((hashes) => readTokens(parts.db, hashes), CREDENTIALS_AT_ONCE),
  };
  return async (token, via) => {
    if (token === "" || token.length > TOKEN_CHARACTERS) return null;
    const now = new Date(parts.clock.now());
    return looksLikeApiToken(token)
      ? await authenticateToken(tools, hashApiToken(token), via, now)
      : await authenticateSession(tools, token, via, now);
  };
}

async function authenticateSession(
  { db, tokens, readSession }: Tools,
  token: string,
  via: Viewer["via"],
  now: Date,
): Promise<Viewer | null> {
  const sessionId = await tokens.read(token, now);
  const row = sessionId === null ? null : await readSession(sessionId);
  if (row === null || row.expiresAt <= now || row.user.disabled) return null;
  await noteSeen(db, row.user, now);
  const { id: userId, username, admin } = row.user;
  return {
    userId,
    username,
    admin,
    roles: rolesOf({ admin, roles: row.held, scopes: ALL_SCOPES, reach: null }),
    scopes: ALL_SCOPES,
    limitedTo: null,
    via,
    credentialId: `session:${sessionId}`,
    expiresAt: row.expiresAt,
    address: null,
  };
}

async function authenticateToken(
  { db, readToken }: Tools,
  hash: string,
  via: Viewer["via"],
  now: Date,
): Promise<Viewer | null> {
  const row = await readToken(hash);
  if (row === null || row.user?.disabled === true) return null;
  const { token, user, held, reach } = row;
  const expiresAt = earliest(
    token.expiresAt,
    hash === token.tokenHash ? null : token.previousTokenExpiresAt ?? now,
  );
  if (expiresAt !== null && expiresAt <= now) return null;
  if (isStale(token.lastUsedAt, now)) {
    await db.update(apiTokens).set({ lastUsedAt: now }).where(eq(apiTokens.id, token.id));
  }
  if (user !== null) await noteSeen(db, user, now);
  // A service token may do in its project what its scopes say.
  const admin = user?.admin ?? true;
  return {
    userId: user?.id ?? null,
    username: user?.username ?? token.name,
    admin: user !== null && admin && reach === null && token.scopes.includes("ADMINISTER"),
    roles: rolesOf({ admin, roles: held, scopes: token.scopes, reach }),
    scopes: token.scopes,
    limitedTo: token.projectId,
    via,
    credentialId: tokenCredential(token.id, hash),
    expiresAt,
    address: null,
  };
}

async function readSessions(
  db: Database,
  ids: readonly string[],
): Promise<readonly (SessionRow | null)[]> {
  const rows = await db
    .select({ id: sessions.id, expiresAt: sessions.expiresAt, user: users, held: heldRoles() })
    .from(sessions).innerJoin(users, eq(users.id, sessions.userId))
    .where(inArray(sessions.id, [...new Set(ids)]));
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => rowOf.get(id) ?? null);
}

async function readTokens(db: Database, hashes: readonly string[]): Promise<readonly (TokenRow | null)[]> {
  const asked = [...new Set(hashes)];
  const reach = sql<number[] | null>`case when ${apiTokens.projectId} is not null then
    (select jsonb_agg(reached.id) from ${withDescendants(apiTokens.projectId)} reached) end`;
  const rows = await db.select({ token: apiTokens, user: users, held: heldRoles(), reach })
    .from(apiTokens).leftJoin(users, eq(users.id, apiTokens.userId))
    .where(or(inArray(apiTokens.tokenHash, asked), inArray(apiTokens.previousHash, asked)));
  const rowOf = new Map(
    rows.flatMap((row) => [[row.token.previousHash ?? "", row], [row.token.tokenHash, row]] as const),
  );
  return hashes.map((hash) => rowOf.get(hash) ?? null);
}

/** The user's roles by project, those that projects below inherit included. */
function heldRoles(): SQL<HeldRoles> {
  return sql`(select coalesce(jsonb_object_agg(held.id, held.role), '{}') from (
    select reached.id, max(m.role) as role
    from members m cross join lateral ${withDescendants(sql`m.project_id`)} reached
    where m.user_id = ${users.id} group by reached.id) held)`;
}

async function noteSeen(db: Database, { id, lastSeenAt }: User, now: Date): Promise<void> {
  if (isStale(lastSeenAt, now)) await db.update(users).set({ lastSeenAt: now }).where(eq(users.id, id));
}

function isStale(at: Date | null, now: Date): boolean {
  return at === null || now.getTime() - at.getTime() >= LAST_SEEN_MS;
}

function earliest(one: Date | null, other: Date | null): Date | null {
  return one === null || (other !== null && other < one) ? other : one;
}
