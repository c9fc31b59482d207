/** The variables that tasks get when they start, with the secrets decrypted: of their container, and of its project. */
import { sql } from "drizzle-orm";
import type { Variables } from "../../../schema/definition/field.ts";
import type { Database } from "../../db/database.ts";
import { jsonRows } from "../../db/parameters.ts";
import { prepared } from "../../db/prepared_statements.ts";
import type { Vault } from "../../vault/vault.ts";
import { lineageOf } from "../projects/tree.ts";
import { placeOf } from "./place.ts";

export interface ContainerEnvironment {
  readonly values: Variables;
  readonly secretNames: ReadonlySet<string>;
  /** Names of the secrets that cannot be decrypted: tasks that need them fail and say so, and all others start. */
  readonly unreadable: readonly string[];
}

export const NO_VARIABLES: ContainerEnvironment = Object.freeze({
  values: {},
  secretNames: new Set<string>(),
  unreadable: [],
});

interface Row extends Record<string, unknown> {
  readonly id: number;
  readonly projectId: number;
  readonly containerId: number | null;
  readonly name: string;
  readonly value: string | null;
  readonly encryptedValue: Uint8Array | null;
  readonly keyId: string | null;
}

/** By container, in one statement for all. */
export async function readEnvironments(
  db: Pick<Database, "execute">,
  vault: Vault,
  owners: readonly { readonly containerId: number; readonly projectId: number }[],
): Promise<ReadonlyMap<number, ContainerEnvironment>> {
  const asked = new Map(
    owners.map(({ containerId, projectId }) => [containerId, { id: containerId, projectId }]),
  );
  if (asked.size === 0) return new Map();
  const rows = await db.execute<Row>(prepared(sql`
    select c.id, v.project_id as "projectId", v.container_id as "containerId", v.name, v.value,
      v.encrypted_value as "encryptedValue", v.key_id as "keyId"
    from json_to_recordset(${jsonRows([...asked.values()])}) as c(id bigint, "projectId" bigint)
    cross join lateral (
      select v.*, l.distance from ${
    lineageOf(sql`c."projectId"`)
  } l join variables v on v.project_id = l.project_id and v.container_id is null
      union all
      select v.*, -1 from variables v where v.container_id = c.id
    ) v
    order by c.id, v.distance desc`));
  const found = await Promise.all(
    [...Map.groupBy(rows, ({ id }) => id)].map(async ([id, own]) =>
      [id, await environmentOf(vault, own)] as const
    ),
  );
  return new Map(found);
}

/** What comes later overrides what came before. */
async function environmentOf(vault: Vault, rows: readonly Row[]): Promise<ContainerEnvironment> {
  const effective = [...new Map(rows.map((row) => [row.name, row])).values()];
  const read = await Promise.all(effective.map((row) => readValue(vault, row)));
  return {
    values: Object.fromEntries(effective.map(({ name }, place) => [name, read[place] ?? ""])),
    secretNames: new Set(effective.filter(({ keyId }) => keyId !== null).map(({ name }) => name)),
    unreadable: effective.filter((_, place) => read[place] === null).map(({ name }) => name),
  };
}

/** Null when it cannot be decrypted. */
async function readValue(vault: Vault, row: Row): Promise<string | null> {
  const { value, encryptedValue, keyId } = row;
  if (encryptedValue === null || keyId === null) return value;
  try {
    return await vault.decrypt({ encryptedValue, keyId }, placeOf(row));
  } catch {
    // Whatever the reason, only another key or another value helps, which the task is told.
    return null;
  }
}
