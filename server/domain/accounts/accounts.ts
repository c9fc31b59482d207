/** Who asks: sign-in and sign-out, passwords, tokens. */
import { and, eq, inArray, ne, sql } from "drizzle-orm";
import {
  DomainError,
  InvalidInputError,
  NotFoundError,
  UnauthenticatedError,
} from "../../../schema/errors.ts";
import type { Database } from "../../db/database.ts";
import type { Accounts, SignedIn, Viewer } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { apiTokens, sessions, type User, users } from "../../../schema/tables/user.ts";
import { uniqueViolation } from "../../db/constraints.ts";
import { gatherCalls } from "../../db/gather.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { check, name as nameSchema } from "../inputs.ts";
import { audit, type AuditSubject, changesOf, subjectOf } from "../audit/audit.ts";
import { createRefusalRecord } from "../audit/log.ts";
import { findForbidden } from "./rights.ts";
import { createGuessLimits } from "./guess_limits.ts";
import type { Passwords } from "./passwords.ts";
import {
  createApiToken,
  createSessionTokens,
  hashApiToken,
  looksLikeApiToken,
  type SessionTokens,
} from "./tokens.ts";
import { findUser, foldUserName } from "./user_names.ts";
import { MAX_PASSWORD_CHARACTERS, refuseWeak } from "./weak_passwords.ts";

const HOUR_MS = 3_600_000;
const USERNAME_CHARACTERS = 200;
/** As many as the API lists. */
const MAX_API_TOKENS = 200;
/** How exactly the last use of an API token is known: a write for each call would cost more than the call. */
const LAST_USE_MS = 60_000;
/** Calls whose credentials one statement reads. */
const CREDENTIALS_AT_ONCE = 200;
/** Longer than any token of ours. */
const TOKEN_CHARACTERS = 2_000;

interface AccountParts {
  readonly db: Database;
  readonly bus: Bus;
  readonly clock: { now(): number };
  readonly secret: string;
  readonly tokenHours: number;
  readonly passwords: Passwords;
}

interface Tools extends AccountParts {
  readonly limits: ReturnType<typeof createGuessLimits>;
  readonly tokens: SessionTokens;
  /** By its id; null when it has ended. */
  readonly readSession: (sessionId: string) => Promise<SessionRow | null>;
  /** By the hash of the token; null when it was revoked. */
  readonly readApiToken: (tokenHash: string) => Promise<ApiTokenRow | null>;
  readonly recordRefusal: ReturnType<typeof createRefusalRecord>;
}

interface SessionRow {
  readonly expiresAt: Date;
  readonly user: User;
}

interface ApiTokenRow {
  readonly token: typeof apiTokens.$inferSelect;
  readonly user: User;
}

export function createAccounts(parts: AccountParts): Accounts {
  const tools: Tools = {
    ...parts,
    limits: createGuessLimits(parts.clock),
    tokens: createSessionTokens(parts.secret),
    readSession: gatherCalls((ids) => readSessions(parts.db, ids), CREDENTIALS_AT_ONCE),
    readApiToken: gatherCalls((hashes) => readApiTokens(parts.db, hashes), CREDENTIALS_AT_ONCE),
    recordRefusal: createRefusalRecord(parts.db),
  };
  return {
    authenticate: (token, via) => authenticate(tools, token, via),
    signIn: (input) => signIn(tools, input),
    signOut: (viewer) => signOut(tools, viewer),
    changePassword: (viewer, input) => changePassword(tools, viewer, input),
    createApiToken: (viewer, input) => makeApiToken(tools, viewer, input),
    revokeApiToken: (viewer, id) => revokeApiToken(tools, viewer, id),
  };
}

/** Asked of the database each time, so that what ended is known to have ended at once. */
async function authenticate(
  tools: Tools,
  token: string,
  via: Viewer["via"],
): Promise<Viewer | null> {
  if (token === "" || token.length > TOKEN_CHARACTERS) return null;
  const now = new Date(tools.clock.now());
  if (looksLikeApiToken(token)) return await authenticateScript(tools, token, via, now);
  const sessionId = await tools.tokens.read(token, now);
  if (sessionId === null) return null;
  const row = await tools.readSession(sessionId);
  return row === null || row.expiresAt <= now
    ? null
    : viewerOf(row.user, via, `session:${sessionId}`, row.expiresAt);
}

async function readSessions(
  db: Database,
  ids: readonly string[],
): Promise<readonly (SessionRow | null)[]> {
  const rows = await db.select({ id: sessions.id, expiresAt: sessions.expiresAt, user: users }).from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId)).where(inArray(sessions.id, [...new Set(ids)]));
  const rowOf = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => rowOf.get(id) ?? null);
}

async function readApiTokens(
  db: Database,
  hashes: readonly string[],
): Promise<readonly (ApiTokenRow | null)[]> {
  const rows = await db.select({ token: apiTokens, user: users }).from(apiTokens)
    .innerJoin(users, eq(users.id, apiTokens.userId)).where(
      inArray(apiTokens.tokenHash, [...new Set(hashes)]),
    );
  const rowOf = new Map(rows.map((row) => [row.token.tokenHash, row]));
  return hashes.map((hash) => rowOf.get(hash) ?? null);
}

async function authenticateScript(
  { db, readApiToken }: Tools,
  token: string,
  via: Viewer["via"],
  now: Date,
): Promise<Viewer | null> {
  const row = await readApiToken(hashApiToken(token));
  if (row === null || (row.token.expiresAt !== null && row.token.expiresAt <= now)) return null;
  const { id, lastUsedAt, expiresAt } = row.token;
  if (lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= LAST_USE_MS) {
    await db.update(apiTokens).set({ lastUsedAt: now }).where(eq(apiTokens.id, id));
  }
  return viewerOf(row.user, via, `token:${id}`, expiresAt);
}

function viewerOf(user: User, via: Viewer["via"], credentialId: string, expiresAt: Date | null): Viewer {
  const { id: userId, username, admin } = user;
  // There are no members of projects yet: everybody sees everything.
  return { userId, username, admin, projects: "all", via, credentialId, expiresAt, address: null };
}

async function signIn(
  tools: Tools,
  { username, password, address }: { username: string; password: string; address: string },
): Promise<SignedIn> {
  const account = username.slice(0, USERNAME_CHARACTERS);
  const user = await checkPassword(tools, account, password, address, "sign in").catch(
    async (error: unknown) => {
      await recordFailedSignIn(tools, account, address, error);
      throw error;
    },
  );
  return await openSession(tools, user, address);
}

async function recordFailedSignIn(
  { recordRefusal }: Tools,
  account: string,
  address: string,
  error: unknown,
): Promise<void> {
  if (!(error instanceof DomainError)) return;
  const stranger = { userId: null, username: account.replaceAll("\0", ""), credentialId: "", address };
  await recordRefusal(stranger, "signIn.failed", `user "${stranger.username}"`);
}

/** The same words and the same time for a wrong password and for a name that nobody has. */
async function checkPassword(
  { db, limits, passwords }: Tools,
  account: string,
  password: string,
  address: string,
  action: Action,
): Promise<User> {
  const folded = foldUserName(account);
  limits.count(folded, address, action);
  const user = await findUser(db, account);
  const guess = password.slice(0, MAX_PASSWORD_CHARACTERS);
  if (
    !await passwords.verify(user?.passwordHash ?? null, guess) || user === undefined || guess !== password
  ) {
    throw new UnauthenticatedError(say("PASSWORD_WRONG", { action }));
  }
  limits.forget(folded, address);
  return user;
}

async function openSession(
  { db, clock, tokens, tokenHours }: Tools,
  { id: userId, username }: Pick<User, "id" | "username">,
  address: string,
): Promise<SignedIn> {
  const expiresAt = new Date(clock.now() + tokenHours * HOUR_MS);
  const id = crypto.randomUUID();
  await transaction(db, async (tx) => {
    await tx.insert(sessions).values({ id, userId, expiresAt });
    const actor = { userId, username, credentialId: `session:${id}`, address };
    await audit(tx, actor, "signIn", ownSubject(actor));
  });
  return { token: await tokens.sign({ id, expiresAt }), expiresAt, userId };
}

function ownSubject(
  { userId, username }: { readonly userId: number; readonly username: string },
): AuditSubject {
  return subjectOf("User", { id: userId, name: username, projectId: null });
}

/** Ends what the call was made with, be it a session or an API token: it stops working at once. */
async function signOut({ db, bus }: Tools, viewer: Viewer): Promise<void> {
  const session = credentialOf(viewer, "session");
  const token = credentialOf(viewer, "token");
  await transaction(db, async (tx) => {
    if (session !== null) await tx.delete(sessions).where(eq(sessions.id, session));
    if (token !== null) await tx.delete(apiTokens).where(eq(apiTokens.id, Number(token)));
    await audit(tx, viewer, "signOut", ownSubject(viewer));
  });
  bus.publish({ kind: "session", credentialId: viewer.credentialId });
}

async function changePassword(
  tools: Tools,
  viewer: Viewer,
  { currentPassword, newPassword, address }: {
    currentPassword: string;
    newPassword: string;
    address: string;
  },
): Promise<SignedIn> {
  const action = "change the password";
  const user = await checkPassword(tools, viewer.username, currentPassword, address, action);
  await refuseWeak(newPassword, currentPassword, user.username, action);
  const passwordHash = await tools.passwords.hash(newPassword);
  const own = credentialOf(viewer, "session");
  const ended = await transaction(tools.db, async (tx) => {
    await tx.update(users).set({ passwordHash, passwordChangeRequired: false }).where(eq(users.id, user.id));
    await audit(tx, viewer, "password.change", ownSubject(viewer));
    return await tx.delete(sessions).where(and(eq(sessions.userId, user.id), ne(sessions.id, own ?? "")))
      .returning({ id: sessions.id });
  });
  for (const { id } of ended) tools.bus.publish({ kind: "session", credentialId: `session:${id}` });
  return own === null ? await openSession(tools, user, address) : await prolongSession(tools, own, user.id);
}

/** The session goes on, with a token of its full life. */
async function prolongSession(
  { db, clock, tokens, tokenHours }: Tools,
  id: string,
  userId: number,
): Promise<SignedIn> {
  const expiresAt = new Date(clock.now() + tokenHours * HOUR_MS);
  await db.update(sessions).set({ expiresAt }).where(eq(sessions.id, id));
  return { token: await tokens.sign({ id, expiresAt }), expiresAt, userId };
}

async function makeApiToken(
  { db, clock }: Tools,
  viewer: Viewer,
  { name, expiresAt }: { name: string; expiresAt: Date | null },
): Promise<{ id: number; token: string }> {
  const action = "create API token";
  const named = check(nameSchema, name, action, ["name"]);
  if (expiresAt !== null && expiresAt.getTime() <= clock.now()) {
    throw new InvalidInputError(say("TOKEN_PAST", { action, at: expiresAt.toISOString() }), ["expiresAt"]);
  }
  const parentId = credentialOf(viewer, "token");
  const end = parentId === null ? null : viewer.expiresAt;
  if (end !== null && (expiresAt === null || expiresAt > end)) {
    throw new InvalidInputError(say("TOKEN_OUTLIVES", { action, at: end.toISOString() }), ["expiresAt"]);
  }
  if (await db.$count(apiTokens, eq(apiTokens.userId, viewer.userId)) >= MAX_API_TOKENS) {
    throw new InvalidInputError(say("TOO_MANY_TOKENS", { action, count: MAX_API_TOKENS }), ["name"]);
  }
  const token = createApiToken();
  try {
    const id = await transaction(db, async (tx) => {
      const [row] = await tx.insert(apiTokens)
        .values({
          userId: viewer.userId,
          name: named,
          tokenHash: hashApiToken(token),
          expiresAt,
          parentId: parentId === null ? null : Number(parentId),
        })
        .returning({ id: apiTokens.id });
      if (row === undefined) throw new Error("An insert gave no row back");
      const subject = subjectOf("ApiToken", { id: row.id, name: named, projectId: null });
      await audit(tx, viewer, "apiToken.create", subject, changesOf(null, { name: named, expiresAt }));
      return row.id;
    });
    return { id, token };
  } catch (error) {
    if (!uniqueViolation(error, "api_tokens_user_id_name_key")) throw error;
    throw new InvalidInputError(say("TOKEN_NAME_TAKEN", { action, name: named }), ["name"]);
  }
}

async function revokeApiToken({ db, bus }: Tools, viewer: Viewer, id: number): Promise<void> {
  const [token] = await db.select({ userId: apiTokens.userId, name: apiTokens.name }).from(apiTokens)
    .where(eq(apiTokens.id, id));
  // Somebody else's is as good as none, or the answer would tell that it exists.
  const visible = token?.userId === viewer.userId ||
    findForbidden(viewer, "token:revoke-others", "installation") === null;
  if (token === undefined || !visible) {
    throw new NotFoundError(say("TOKEN_UNKNOWN"), ["id"]);
  }
  const subject = subjectOf("ApiToken", { id, name: token.name, projectId: null });
  const ended = await transaction(db, async (tx) => {
    await audit(tx, viewer, "apiToken.revoke", subject);
    return await deleteApiTokens(tx, id);
  });
  for (const token of ended) bus.publish({ kind: "session", credentialId: `token:${token.id}` });
}

/** With those that were made with it. */
async function deleteApiTokens(tx: Transaction, id: number): Promise<readonly { readonly id: number }[]> {
  return await tx.execute<{ id: number }>(sql`
    with recursive descendants as (
      select ${id}::bigint as id
      union select made.id from api_tokens made join descendants on made.parent_id = descendants.id
    )
    delete from api_tokens where id in (select id from descendants) returning id`);
}

function credentialOf(viewer: Viewer, kind: "session" | "token"): string | null {
  const prefix = `${kind}:`;
  return viewer.credentialId.startsWith(prefix) ? viewer.credentialId.slice(prefix.length) : null;
}
