/** Those who sign in: made, changed, given a new password, removed. */
import { and, eq, ne, sql } from "drizzle-orm";
import { ConflictError, InvalidInputError, NotFoundError } from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";
import type { Action } from "../../../schema/sentences/actions.ts";
import { type User, users } from "../../../schema/tables/user.ts";
import type { Database } from "../../db/database.ts";
import { type Transaction, transaction } from "../../db/transaction.ts";
import type { Bus } from "../../events/bus.ts";
import { audit, type AuditSubject, changesOf, subjectOf } from "../audit/audit.ts";
import { check, name as nameSchema } from "../inputs.ts";
import { endSessions, publishEnds, tokensOf, userCredential } from "./credentials.ts";
import type { GuessLimits } from "./guess_limits.ts";
import type { MadePassword, UserPatch, Users, Viewer } from "./interface.ts";
import { type Passwords, randomPassword } from "./passwords.ts";
import { authorise } from "./rights.ts";
import { findUser, foldUserName } from "./user_names.ts";

interface Ports {
  readonly db: Database;
  readonly bus: Bus;
  readonly passwords: Passwords;
  readonly limits: GuessLimits;
}

export function createUsers(ports: Ports): Users {
  return {
    create: (viewer, input) => createUser(ports, viewer, input),
    update: (viewer, patch) => updateUser(ports, viewer, patch),
    resetPassword: (viewer, id) => resetPassword(ports, viewer, id),
    remove: (viewer, id) => removeUser(ports, viewer, id),
  };
}

async function createUser(
  { db, passwords }: Ports,
  viewer: Viewer,
  input: Parameters<Users["create"]>[1],
): Promise<MadePassword> {
  const action = "create a user";
  authorise(viewer, "user:change", "installation");
  const username = check(nameSchema, input.username, action, ["username"]);
  const displayName = check(nameSchema, input.displayName ?? username, action, ["displayName"]);
  const password = randomPassword();
  const passwordHash = await passwords.hash(password);
  return await transaction(db, async (tx) => {
    const made = await insertUser(tx, {
      username,
      displayName,
      passwordHash,
      admin: input.admin ?? false,
      passwordChangeRequired: true,
    });
    if (made !== null) {
      const { admin } = made;
      await audit(tx, viewer, "user.create", subjectOfUser(made), changesOf(null, { displayName, admin }));
      return { userId: made.id, password };
    }
    throw new InvalidInputError(say("USER_NAME_TAKEN", { action, username }), ["username"]);
  });
}

/** Null when there is a user of the name already. */
export async function insertUser(tx: Transaction, user: typeof users.$inferInsert): Promise<User | null> {
  // Two who add the same name at once would not see each other's.
  await tx.execute(sql`lock table ${users} in share row exclusive mode`);
  if (await findUser(tx, user.username) !== undefined) return null;
  const [made] = await tx.insert(users).values(user).returning();
  if (made === undefined) throw new Error("An insert gave no row back");
  return made;
}

async function updateUser({ db, bus }: Ports, viewer: Viewer, patch: UserPatch): Promise<number> {
  const action = "change a user";
  authorise(viewer, "user:change", "installation");
  for (const field of ["admin", "disabled", "displayName"] as const) {
    if (patch[field] === null) throw new InvalidInputError(say("NULL_REFUSED", { action, field }), [field]);
  }
  const { admin, disabled, displayName } = patch;
  const fields = {
    ...(typeof admin === "boolean" ? { admin } : {}),
    ...(typeof disabled === "boolean" ? { disabled } : {}),
    ...(typeof displayName === "string"
      ? { displayName: check(nameSchema, displayName, action, ["displayName"]) }
      : {}),
  };
  await transaction(db, async (tx, after) => {
    const user = await lockUser(tx, patch.id, action);
    if (admin === false || disabled === true) await keepAdministrator(tx, user, action);
    if (Object.keys(fields).length > 0) await tx.update(users).set(fields).where(eq(users.id, user.id));
    await audit(tx, viewer, "user.update", subjectOfUser(user), changesOf(pick(user, fields), fields));
    const ended = disabled === true
      ? [...await endSessions(tx, user.id), ...await tokensOf(tx, user.id)]
      : [];
    after(() => publishEnds(bus, ended));
    if (admin !== undefined) after(() => publishEnds(bus, [userCredential(user.id)]));
  });
  return patch.id;
}

async function resetPassword(
  { db, bus, passwords, limits }: Ports,
  viewer: Viewer,
  id: number,
): Promise<MadePassword> {
  const action = "reset a password";
  authorise(viewer, "user:change", "installation");
  const password = randomPassword();
  const passwordHash = await passwords.hash(password);
  return await transaction(db, async (tx, after) => {
    const user = await lockUser(tx, id, action);
    if (user.passwordHash === null) {
      throw new ConflictError(say("PROVIDER_ONLY", { username: user.username }), ["id"]);
    }
    await tx.update(users).set({ passwordHash, passwordChangeRequired: true }).where(eq(users.id, id));
    await audit(tx, viewer, "user.resetPassword", subjectOfUser(user));
    const ended = await endSessions(tx, id);
    after(() => publishEnds(bus, ended));
    after(() => limits.reset(foldUserName(user.username)));
    return { userId: id, password };
  });
}

async function removeUser({ db, bus }: Ports, viewer: Viewer, id: number): Promise<void> {
  const action = "delete a user";
  authorise(viewer, "user:change", "installation");
  await transaction(db, async (tx, after) => {
    const user = await lockUser(tx, id, action);
    await keepAdministrator(tx, user, action);
    const ended = [...await endSessions(tx, id), ...await tokensOf(tx, id)];
    await audit(tx, viewer, "user.delete", subjectOfUser(user));
    await tx.delete(users).where(eq(users.id, id));
    after(() => publishEnds(bus, ended));
  });
}

function subjectOfUser({ id, username }: User): AuditSubject {
  return subjectOf("User", { id, name: username, projectId: null });
}

/** What the row has of these fields. */
function pick(row: object, fields: object): object {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name in fields));
}

/** One change of users at a time: two administrators could otherwise remove each other. */
async function lockUser(tx: Transaction, id: number, action: Action): Promise<User> {
  await tx.execute(sql`lock table ${users} in share row exclusive mode`);
  const [user] = await tx.select().from(users).where(eq(users.id, id));
  if (user === undefined) throw new NotFoundError(say("NO_USER", { action }), ["id"]);
  return user;
}

async function keepAdministrator(tx: Transaction, user: User, action: Action): Promise<void> {
  if (!user.admin || user.disabled) return;
  const others = await tx.$count(
    users,
    and(eq(users.admin, true), eq(users.disabled, false), ne(users.id, user.id)),
  );
  if (others === 0) {
    throw new ConflictError(say("LAST_ADMINISTRATOR", { action, username: user.username }), ["id"]);
  }
}
