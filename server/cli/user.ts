/** `user`: accounts from the command line, for the first ones and for whoever locked himself out. */
import { eq, sql } from "drizzle-orm";
import { DomainError } from "../../schema/errors.ts";
import { sessions, users } from "../../schema/tables/user.ts";
import type { Config } from "../config.ts";
import { transaction } from "../db/transaction.ts";
import { createPasswords } from "../domain/accounts/passwords.ts";
import { findUser } from "../domain/accounts/user_names.ts";
import { insertUser } from "../domain/accounts/users.ts";
import { refuseWeak } from "../domain/accounts/weak_passwords.ts";
import { check, name as nameSchema } from "../domain/inputs.ts";
import { StartError } from "../start_error.ts";
import { withDatabase } from "./with_database.ts";

/** Whoever is no administrator may read the project "default" at first. */
export async function addUser(
  config: Config,
  given: string,
  { admin, breakGlass }: { readonly admin: boolean; readonly breakGlass: boolean },
): Promise<void> {
  const username = await reportAsStartError(() => check(nameSchema, given, "add user", ["name"]));
  const password = await readPassword(username);
  await withDatabase(config, async ({ db }) => {
    const passwordHash = await createPasswords().hash(password);
    await transaction(db, async (tx) => {
      const user = await insertUser(tx, { username, displayName: username, passwordHash, admin, breakGlass });
      if (user === null) {
        throw new StartError(`Cannot add user "${username}": there is one of this name already`);
      }
      if (admin) return;
      await tx.execute(sql`
        insert into members (user_id, project_id, role)
        select ${user.id}, id, 'VIEWER' from projects where slug = 'default'`);
    });
  });
}

/** Also ends the user's sessions: whoever asks may have lost the password to somebody. */
export async function changeUserPassword(config: Config, username: string): Promise<void> {
  const password = await readPassword(username);
  await withDatabase(config, async ({ db }) => {
    const passwordHash = await createPasswords().hash(password);
    const user = await findUser(db, username);
    if (user === undefined) throw new StartError(`Cannot set a password: there is no user "${username}"`);
    await db.update(users).set({ passwordHash, passwordChangeRequired: false }).where(eq(users.id, user.id));
    await db.delete(sessions).where(eq(sessions.userId, user.id));
  });
}

/** From a person at a terminal, or the first line of standard input. */
async function readPassword(username: string): Promise<string> {
  const password = Deno.stdin.isTerminal() ? prompt(`Password for "${username}":`) ?? "" : readLine();
  await reportAsStartError(() => refuseWeak(password, null, username, "set a password"));
  return password;
}

function readLine(): string {
  const buffer = new Uint8Array(8_192);
  const length = Deno.stdin.readSync(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, length)).split("\n")[0]?.replace(/\r$/, "") ?? "";
}

/** A refusal of the domain is one sentence here too. */
async function reportAsStartError<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof DomainError ? new StartError(error.message, error) : error;
  }
}
