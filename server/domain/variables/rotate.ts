/** Encrypts all secrets anew, with another key. */
import { and, asc, gt, isNotNull, sql } from "drizzle-orm";
import { variables } from "../../../schema/tables/variable.ts";
import type { Transaction } from "../../db/transaction.ts";
import { jsonRows } from "../../db/parameters.ts";
import type { Vault } from "../../vault/vault.ts";
import { placeOf } from "./place.ts";

/** Rows in memory at once. */
const ROWS_AT_ONCE = 200;

/** Answers how many there were. Throws when one cannot be decrypted: then none is changed. */
export async function rotateVariables(tx: Transaction, from: Vault, to: Vault): Promise<number> {
  await tx.execute(sql`lock table ${variables} in share row exclusive mode`);
  let count = 0;
  for (let lastId = 0;;) {
    const rows = await tx.select().from(variables)
      .where(and(isNotNull(variables.keyId), gt(variables.id, lastId))).orderBy(asc(variables.id)).limit(
        ROWS_AT_ONCE,
      );
    if (rows.length === 0) return count;
    const records = await Promise.all(rows.map(async (row) => {
      const { id, encryptedValue, keyId } = row;
      if (encryptedValue === null || keyId === null) throw new Error(`Variable ${id} has a key and no value`);
      const text = await from.decrypt({ encryptedValue, keyId }, placeOf(row));
      const encrypted = await to.encrypt(text, placeOf(row));
      return { id, value: encrypted.encryptedValue.toHex(), keyId: encrypted.keyId };
    }));
    await tx.execute(sql`
      update variables v set encrypted_value = decode(x.value, 'hex'), key_id = x."keyId"
      from json_to_recordset(${
      jsonRows(records)
    }) as x(id bigint, value text, "keyId" text) where v.id = x.id`);
    count += rows.length;
    lastId = rows.at(-1)?.id ?? lastId;
  }
}
