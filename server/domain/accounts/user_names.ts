/**
 * When two user names are one. Letter case is compared here alone: what a database takes for the small letter of another
 * depends on its locale, and is not what JavaScript takes for it.
 */
import { asc, or, sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import { type User, users } from "../../../schema/tables/user.ts";
import type { Transaction } from "../../db/transaction.ts";

/** Capitals first: several small letters, such as the two Greek sigmas, have one capital. */
export function foldUserName(name: string): string {
  return name.normalize("NFC").toUpperCase().toLowerCase();
}

/** The user of this name, upper and lower case alike. */
export async function findUser(db: Database | Transaction, name: string): Promise<User | undefined> {
  if (name.includes("\0")) return undefined;
  const folded = foldUserName(name);
  // Collation C knows the letters of ASCII only, in every database; the few names with others are compared here.
  const candidates = await db.select().from(users).where(or(
    sql`lower(${users.username} collate "C") = lower(${name} collate "C")`,
    sql`octet_length(${users.username}) > char_length(${users.username})`,
  )).orderBy(asc(users.id));
  const same = candidates.filter(({ username }) => foldUserName(username) === folded);
  return same.find(({ username }) => username === name) ?? same[0];
}
