/** Sign-in through a provider: who somebody is there, and what its groups give them here. */
import { and, eq, ne, sql } from "drizzle-orm";
import { UnauthenticatedError } from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";
import type { ProjectRole } from "../../../schema/states.ts";
import { identities, type User, users } from "../../../schema/tables/user.ts";
import { type Transaction } from "../../db/transaction.ts";
import { insertUser } from "./users.ts";

/** Names tried for somebody whose name another account has already. */
const MAX_NAMES = 100;

/** As the provider names somebody, and what the settings make of their groups. */
export interface ProvidedIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly username: string;
  readonly displayName: string;
  /** Null: the settings name no groups of administrators. */
  readonly admin: boolean | null;
  readonly roles: readonly { readonly project: string; readonly role: ProjectRole }[];
}

/** The account of the identity, made at the first time; its name never leads to another's account. */
export async function findOrMakeUser(tx: Transaction, identity: ProvidedIdentity): Promise<User> {
  // One at a time, so that two first sign-ins make one account.
  await tx.execute(sql`lock table ${identities} in share row exclusive mode`);
  const [known] = await tx.select({ user: users }).from(identities)
    .innerJoin(users, eq(users.id, identities.userId))
    .where(and(eq(identities.issuer, identity.issuer), eq(identities.subject, identity.subject)));
  const user = known?.user ?? await makeUser(tx, identity);
  if (user.disabled) throw new UnauthenticatedError(say("PASSWORD_WRONG", { action: "sign in" }));
  await setAdministrator(tx, user, identity.admin);
  await setRoles(tx, user.id, identity.roles);
  return user;
}

async function makeUser(tx: Transaction, identity: ProvidedIdentity): Promise<User> {
  const { issuer, subject, displayName } = identity;
  for (let number = 1; number <= MAX_NAMES; number++) {
    const username = number === 1 ? identity.username : `${identity.username} ${number}`;
    const user = await insertUser(tx, { username, displayName, passwordHash: null });
    if (user === null) continue;
    await tx.insert(identities).values({ issuer, subject, userId: user.id });
    return user;
  }
  throw new UnauthenticatedError(
    say("USER_NAME_TAKEN", { action: "sign in", username: identity.username }),
  );
}

/** The last administrator stays one, whatever the groups say. */
async function setAdministrator(tx: Transaction, { id, admin }: User, wanted: boolean | null): Promise<void> {
  if (wanted === null || wanted === admin) return;
  const others = and(eq(users.admin, true), eq(users.disabled, false), ne(users.id, id));
  if (wanted || await tx.$count(users, others) > 0) {
    await tx.update(users).set({ admin: wanted }).where(eq(users.id, id));
  }
}

/** Roles that were granted by hand stay as they are. */
async function setRoles(tx: Transaction, userId: number, roles: ProvidedIdentity["roles"]): Promise<void> {
  await tx.execute(sql`
    with wanted as (
      select p.id, max(w.role) as role
      from json_to_recordset(${JSON.stringify(roles)}::text::json) as w (project text, role project_role)
      join projects p on p.slug = w.project group by p.id
    ), gone as (
      delete from members where user_id = ${userId} and by_group and project_id not in (select id from wanted)
    )
    insert into members (user_id, project_id, role, by_group)
    select ${userId}, id, role, true from wanted
    on conflict (user_id, project_id) do update set role = excluded.role where members.by_group`);
}
