/** The first account: `admin`, with a password that nobody else knows. */
import { join } from "node:path";
import type { Database } from "../../db/database.ts";
import { users } from "../../../schema/tables/user.ts";
import { transaction } from "../../db/transaction.ts";
import { StartError } from "../../start_error.ts";
import { type Passwords, randomPassword } from "./passwords.ts";
import { isCommon } from "./weak_passwords.ts";

const USERNAME = "admin";
/** Beside the data, for its owner alone, when there is no terminal to show it on. */
const PASSWORD_FILE = "first-password";

export interface FirstAdminParts {
  readonly db: Database;
  /** From the settings; null: made at random. */
  readonly adminPassword: string | null;
  readonly dataDir: string;
  readonly passwords: Passwords;
  readonly terminal: boolean;
  readonly print: (text: string) => void;
  readonly writeSecret: (path: string, content: string) => Promise<void>;
}

/** Makes `admin` when there is no user yet. */
export async function ensureAdmin(parts: FirstAdminParts): Promise<void> {
  if (await parts.db.$count(users) > 0) return;
  if (parts.adminPassword !== null && await isCommon(parts.adminPassword)) {
    throw new StartError(
      "Cannot use ORRERY_ADMIN_PASSWORD: it is among the passwords that are guessed first; set another",
    );
  }
  const password = parts.adminPassword ?? randomPassword();
  const passwordHash = await parts.passwords.hash(password);
  await transaction(parts.db, async (tx) => {
    const made = await tx.insert(users).values({
      username: USERNAME,
      displayName: "Administrator",
      passwordHash,
      admin: true,
      passwordChangeRequired: parts.adminPassword === null,
    }).onConflictDoNothing().returning({ id: users.id });
    // Between the insert and the commit, where nobody else is served yet: whatever ends us, nobody is locked out, and of
    // two servers that start at once only the one that made the account tells its password.
    if (made.length > 0 && parts.adminPassword === null) await hand(parts, password);
  });
}

async function hand(
  { dataDir, terminal, print, writeSecret }: FirstAdminParts,
  password: string,
): Promise<void> {
  if (terminal) {
    print(
      `The first sign-in: user "${USERNAME}", password "${password}" (shown once; you will be asked to change it)`,
    );
    return;
  }
  const path = join(dataDir, PASSWORD_FILE);
  await writeSecret(path, `${password}\n`);
  print(`The first sign-in: user "${USERNAME}", the password is in ${path} (you will be asked to change it)`);
}
