/** `export FILE`: the whole database as one file. */
import { SIGNING_KEY } from "../../schema/tables/project.ts";
import type { Config } from "../config.ts";
import type { SqlTransaction } from "../db/open.ts";
import { StartError } from "../start_error.ts";
import {
  END,
  fileFault,
  FORMAT,
  type Header,
  type TableLine,
  type TransferTable,
  transferTables,
} from "./transfer.ts";
import { withDatabase } from "./with_database.ts";

/** Rows that are in memory at once; a chunk of output has some 64 KiB. */
const ROWS_AT_ONCE = 200;

export async function exportDatabase(config: Config, path: string): Promise<void> {
  await withDatabase(config, async ({ sql }, migration) => {
    const unfinished = `${path}.part`;
    using file = await createFile(unfinished);
    const write = (line: string): Promise<void> => writeAll(file, new TextEncoder().encode(`${line}\n`));
    await write(JSON.stringify({ orrery: "export", format: FORMAT, migration } satisfies Header));
    // One snapshot for all tables: a server may be writing to the same PostgreSQL.
    await sql.begin("isolation level repeatable read read only", async (tx) => {
      for (const table of transferTables()) await exportTable(tx, table, write);
    });
    await write(END);
    await file.sync();
    await Deno.rename(unfinished, path);
  });
}

async function exportTable(
  tx: SqlTransaction,
  { name, identity }: TransferTable,
  write: (line: string) => Promise<void>,
): Promise<void> {
  const last = identity === null ? null : await readLastNumber(tx, name, identity);
  await write(JSON.stringify({ table: name, identity, last } satisfies TableLine));
  await tx.unsafe(
    `declare exported no scroll cursor for select to_json(t)::text as row from "${name}" t ${leftOut(name)}`,
  );
  for (;;) {
    const rows = await tx.unsafe<{ row: string }[]>(`fetch ${ROWS_AT_ONCE} from exported`);
    if (rows.length === 0) break;
    await write(rows.map(({ row }) => row).join("\n"));
  }
  await tx.unsafe("close exported");
}

/** What an export must not give away: with it anybody could sign in as anybody. */
function leftOut(table: string): string {
  return table === "settings" ? `where key <> '${SIGNING_KEY}'` : "";
}

async function readLastNumber(
  tx: SqlTransaction,
  name: string,
  identity: string,
): Promise<number | null> {
  const [row] = await tx<{ last: number | null }[]>`
    select pg_sequence_last_value(pg_get_serial_sequence(${name}, ${identity})::regclass) as last`;
  return row?.last ?? null;
}

/** For its owner alone: it holds hashes of passwords, and commands. */
async function createFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, { create: true, truncate: true, write: true, mode: 0o600 });
  } catch (error) {
    throw new StartError(`Cannot write "${path}": ${fileFault(error, "folder")}`, error);
  }
}

/** Not by the file's stream: that keeps bytes back, which neither sync() nor a rename waits for. */
async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
}
