/** Which key the values of a database are encrypted with: a server with another one could not read them. */
import { eq } from "drizzle-orm";
import { settings, VAULT_CHECK } from "../../schema/tables/project.ts";
import type { Database } from "../db/database.ts";
import type { Transaction } from "../db/transaction.ts";

/** Null as long as nothing was encrypted: then any key will do. */
export async function readVaultKeyId(db: Pick<Database, "select">): Promise<string | null> {
  const [row] = await db.select().from(settings).where(eq(settings.key, VAULT_CHECK));
  return row?.value ?? null;
}

/** Called before something is encrypted; answers the key that the database has from now on. */
export async function claimVaultKeyId(tx: Transaction, keyId: string): Promise<string> {
  await tx.insert(settings).values({ key: VAULT_CHECK, value: keyId }).onConflictDoNothing();
  return await readVaultKeyId(tx) ?? keyId;
}

export async function replaceVaultKeyId(tx: Transaction, keyId: string): Promise<void> {
  await tx.insert(settings).values({ key: VAULT_CHECK, value: keyId })
    .onConflictDoUpdate({ target: settings.key, set: { value: keyId } });
}
