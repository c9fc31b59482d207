/** The vault of this server: with its own key, which has to be the one that the database is encrypted with. */
import type { Config } from "./config.ts";
import type { Database } from "./db/database.ts";
import { readOrMakeSecret } from "./kept_secrets.ts";
import { StartError } from "./start_error.ts";
import { openVault, type Vault } from "./vault/vault.ts";
import { readVaultKeyId } from "./vault/vault_check.ts";

/** The file in the data directory whose value takes the place of ORRERY_SECRET. */
export const VAULT_KEY_FILE = "vault-key";

export async function openServerVault(config: Config, db: Database): Promise<Vault> {
  const vault = await openVault(config.secret ?? await readOrMakeSecret(config.dataDir, VAULT_KEY_FILE));
  const keyId = await readVaultKeyId(db);
  if (keyId !== null && keyId !== vault.keyId) {
    throw new StartError(describeOtherKey(config, keyId, vault.keyId));
  }
  return vault;
}

function describeOtherKey({ secret, dataDir }: Config, wanted: string, own: string): string {
  const found = secret === null
    ? `ORRERY_SECRET is not set, and "${dataDir}/${VAULT_KEY_FILE}" has another key`
    : "ORRERY_SECRET has another value";
  return `Cannot start: the secrets in this database are encrypted with key ${wanted}, and this server has key ${own}: ` +
    `${found}. Set ORRERY_SECRET to the value that it had when the secrets were set, or restore the file ${VAULT_KEY_FILE}; ` +
    "to change the key, use `vault rotate`";
}
