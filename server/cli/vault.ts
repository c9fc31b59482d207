/** `vault rotate`: encrypts what is encrypted in the database with another key, which is ORRERY_SECRET from then on. */
import type { Config } from "../config.ts";
import { transaction } from "../db/transaction.ts";
import { rotateVariables } from "../domain/variables/rotate.ts";
import { readSecret } from "../kept_secrets.ts";
import { VAULT_KEY_FILE } from "../server_vault.ts";
import { StartError } from "../start_error.ts";
import { openVault, type Vault } from "../vault/vault.ts";
import { readVaultKeyId, replaceVaultKeyId } from "../vault/vault_check.ts";
import { withDatabase } from "./with_database.ts";

/** Answers how many values were encrypted anew. */
export async function rotateVault(config: Config): Promise<number> {
  const { secret } = config;
  if (secret === null) {
    throw new StartError(
      "Cannot rotate the vault: set ORRERY_SECRET to the new key, at least 32 random characters",
    );
  }
  const to = await openVault(secret);
  return await withDatabase(config, async ({ db }) => {
    const keyId = await readVaultKeyId(db);
    if (keyId === null || keyId === to.keyId) return 0;
    const from = await findVault(config, keyId);
    return await transaction(db, async (tx) => {
      const count = await rotateVariables(tx, from, to);
      await replaceVaultKeyId(tx, to.keyId);
      return count;
    });
  });
}

/** With the key that the database names. */
async function findVault({ previousSecret, dataDir }: Config, keyId: string): Promise<Vault> {
  for (const secret of [previousSecret, await readSecret(dataDir, VAULT_KEY_FILE)]) {
    const vault = secret === null ? null : await openVault(secret);
    if (vault?.keyId === keyId) return vault;
  }
  throw new StartError(
    `Cannot rotate the vault: the values are encrypted with key ${keyId}; set ORRERY_PREVIOUS_SECRET to the value that ` +
      `ORRERY_SECRET had then, or restore the file "${dataDir}/${VAULT_KEY_FILE}"`,
  );
}
