/** Who asks: sign-in and sign-out, passwords, tokens. */
import { and, eq, ne } from "drizzle-orm";
import { DomainError, ForbiddenError, UnauthenticatedError } from "../../../schema/errors.ts";
import type { Database } from "../../db/database.ts";
import type { Accounts, SignedIn, Viewer } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { sessions, type User, users } from "../../../schema/tables/user.ts";
import { transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { audit, type AuditSubject, subjectOf } from "../audit/audit.ts";
import { createRefusalRecord } from "../audit/log.ts";
import { makeApiToken, revokeApiToken, rotateApiToken } from "./api_tokens.ts";
import { createAuthenticate } from "./authenticate.ts";
import { publishEnds, sessionOf, tokenOf, userCredential } from "./credentials.ts";
import { createGuessLimits } from "./guess_limits.ts";
import { findOrMakeUser, type ProvidedIdentity } from "./identities.ts";
import type { Passwords } from "./passwords.ts";
import { createSessionTokens, type SessionTokens } from "./tokens.ts";
import { findUser, foldUserName } from "./user_names.ts";
import { createUsers } from "./users.ts";
import { MAX_PASSWORD_CHARACTERS, refuseWeak } from "./weak_passwords.ts";

const HOUR_MS = 3_600_000;
const USERNAME_CHARACTERS = 200;

interface AccountParts {
  readonly db: Database;
  readonly bus: Bus;
  readonly clock: { now(): number };
  readonly secret: string;
  readonly tokenHours: number;
  readonly passwords: Passwords;
  /** False: only accounts for emergencies sign in with a password. */
  readonly passwordsAllowed: boolean;
  /** The name of the provider of sign-ins; null: there is none. */
  readonly provider: string | null;
}

interface Tools extends AccountParts {
  readonly limits: ReturnType<typeof createGuessLimits>;
  readonly tokens: SessionTokens;
  readonly recordRefusal: ReturnType<typeof createRefusalRecord>;
}

export function createAccounts(parts: AccountParts): Accounts {
  const tools: Tools = {
    ...parts,
    limits: createGuessLimits(parts.clock),
    tokens: createSessionTokens(parts.secret),
    recordRefusal: createRefusalRecord(parts.db),
  };
  return {
    signInMethods: [
      ...(parts.provider === null
        ? []
        : [{ kind: "OIDC" as const, name: parts.provider, url: "/sign-in/oidc" }]),
      ...(parts.passwordsAllowed ? [{ kind: "PASSWORD" as const, name: "Password", url: null }] : []),
    ],
    authenticate: createAuthenticate(tools),
    signIn: (input) => signIn(tools, input),
    signInByProvider: (identity, address) => signInByProvider(tools, identity, address),
    signOut: (viewer) => signOut(tools, viewer),
    changePassword: (viewer, input) => changePassword(tools, viewer, input),
    createApiToken: (viewer, input) => makeApiToken(tools, viewer, input),
    rotateApiToken: (viewer, input) => rotateApiToken(tools, viewer, input),
    revokeApiToken: (viewer, id) => revokeApiToken(tools, viewer, id),
    users: createUsers(tools),
  };
}

async function signIn(
  tools: Tools,
  { username, password, address }: { username: string; password: string; address: string },
): Promise<SignedIn> {
  const account = username.slice(0, USERNAME_CHARACTERS);
  try {
    const user = await checkPassword(tools, account, password, address, "sign in");
    if (!tools.passwordsAllowed && !user.breakGlass) {
      throw new UnauthenticatedError(say("PASSWORDS_OFF"));
    }
    return await openSession(tools, user, address);
  } catch (error) {
    await recordFailedSignIn(tools, account, address, error);
    throw error;
  }
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

async function signInByProvider(
  tools: Tools,
  identity: ProvidedIdentity,
  address: string,
): Promise<SignedIn> {
  const user = await transaction(tools.db, (tx) => findOrMakeUser(tx, identity));
  // What the groups give may be other than before.
  publishEnds(tools.bus, [userCredential(user.id)]);
  return await openSession(tools, user, address);
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
    !await passwords.verify(user?.passwordHash ?? null, guess) || user === undefined || user.disabled ||
    guess !== password
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
  { userId, username }: { readonly userId: number | null; readonly username: string },
): AuditSubject {
  return userId === null
    ? { kind: null, id: null, text: `token "${username}"`, projectId: null }
    : subjectOf("User", { id: userId, name: username, projectId: null });
}

/** Ends what the call was made with, be it a session or an API token: it stops working at once. */
async function signOut(tools: Tools, viewer: Viewer): Promise<void> {
  const token = tokenOf(viewer);
  if (token !== null) return await revokeApiToken(tools, viewer, token);
  await transaction(tools.db, async (tx) => {
    await tx.delete(sessions).where(eq(sessions.id, sessionOf(viewer) ?? ""));
    await audit(tx, viewer, "signOut", ownSubject(viewer));
  });
  publishEnds(tools.bus, [viewer.credentialId]);
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
  if (viewer.userId === null) throw new ForbiddenError(say("NO_ACCOUNT", { action }));
  const user = await checkPassword(tools, viewer.username, currentPassword, address, action);
  await refuseWeak(newPassword, currentPassword, user.username, action);
  const passwordHash = await tools.passwords.hash(newPassword);
  const own = sessionOf(viewer);
  const ended = await transaction(tools.db, async (tx) => {
    await tx.update(users).set({ passwordHash, passwordChangeRequired: false }).where(eq(users.id, user.id));
    await audit(tx, viewer, "password.change", ownSubject(viewer));
    return await tx.delete(sessions).where(and(eq(sessions.userId, user.id), ne(sessions.id, own ?? "")))
      .returning({ id: sessions.id });
  });
  publishEnds(tools.bus, ended.map(({ id }) => `session:${id}`));
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
