/** `import FILE`: what `export` wrote, into an empty database, all of it or nothing. */
import { z } from "zod";
import type { Config } from "../config.ts";
import { sqlState } from "../db/constraints.ts";
import { listMigrations, migrateDatabase } from "../db/migrate.ts";
import type { SqlTransaction } from "../db/open.ts";
import { hasStorableTexts } from "../http/json_text.ts";
import { StartError } from "../start_error.ts";
import { readVaultKeyId } from "../vault/vault_check.ts";
import { END, fileFault, FORMAT, type Header, type TableLine } from "./transfer.ts";
import { withUnmigratedDatabase } from "./with_database.ts";

/** Characters of rows that one statement writes. */
const STATEMENT_CHARACTERS = 512 * 1024;

const SECRETS_NOTE =
  "The file has secrets, which are encrypted: start the server with the ORRERY_SECRET of the one that exported it, or " +
  "with its file vault-key in the data directory when it had none.\n";

const fileHeader = z.object({ orrery: z.literal("export"), format: z.number(), migration: z.string() });
const tableLine = z.object({
  table: z.string().regex(/^[a-z_]+$/),
  identity: z.string().nullable(),
  last: z.number().int().nullable(),
});

/** Answers what else has to be done before a server can use the database; empty when it is nothing. */
export async function importDatabase(config: Config, path: string, migrations?: string): Promise<string> {
  using file = await openFile(path);
  const lines = readLines(file.readable);
  const header = readHeader((await lines.next()).value, path);
  if (!listMigrations(migrations).includes(header.migration)) {
    throw new StartError(
      `Cannot import "${path}": a newer Orrery wrote it ("${header.migration}" is not known here); use that one`,
    );
  }
  const folder = migrations === undefined ? {} : { folder: migrations };
  return await withUnmigratedDatabase(config, async (opened) => {
    // Rows of an older shape need tables of that shape; they are migrated together.
    const migration = await migrateDatabase(opened, { ...folder, upTo: header.migration });
    if (migration !== header.migration) throw notEmpty(`it is at migration "${migration}" already`);
    await opened.sql.begin(async (tx) => {
      await refuseFilled(tx);
      await importLines(tx, lines, path);
    });
    await migrateDatabase(opened, folder);
    // Other migrations make other tables, of which none need have secrets.
    const keyId = migrations === undefined ? await readVaultKeyId(opened.db) : null;
    return keyId === null ? "" : SECRETS_NOTE;
  });
}

async function refuseFilled(tx: SqlTransaction): Promise<void> {
  const tables = await tx<{ name: string }[]>`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by relname`;
  for (const { name } of tables) {
    const [row] = await tx.unsafe(`select 1 from "${name}" limit 1`);
    if (row !== undefined) throw notEmpty(`its table "${name}" has rows`);
  }
}

function notEmpty(reason: string): StartError {
  return new StartError(
    `Cannot import into this database: ${reason}; name an empty one with ORRERY_DATABASE_URL or an empty directory ` +
      "with ORRERY_DATA_DIR",
  );
}

/** The tables come in the order of the file: each after those that its foreign keys name. */
async function importLines(
  tx: SqlTransaction,
  lines: AsyncIterator<string, void>,
  path: string,
): Promise<void> {
  let table: TableLine | null = null;
  let whole = false;
  let rows: string[] = [];
  let characters = 0;
  // The header is the first.
  let number = 1;
  const flush = async (): Promise<void> => {
    if (table !== null && rows.length > 0) await insertRows(tx, table.table, rows, path);
    rows = [];
    characters = 0;
  };
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    number += 1;
    if (line.value === END) whole = true;
    else if (line.value.startsWith('{"table":')) {
      await flush();
      table = readTableLine(line.value, path);
      await setLastNumber(tx, table);
    } else if (line.value !== "") {
      if (!isStorableRow(line.value)) {
        throw new StartError(
          `Cannot import "${path}": line ${number} has NUL or half of a character in a text, which cannot be stored`,
        );
      }
      rows.push(line.value);
      characters += line.value.length;
      if (characters >= STATEMENT_CHARACTERS) await flush();
    }
  }
  if (!whole) throw new StartError(`Cannot import "${path}": its end is missing; the file is not whole`);
  await flush();
}

/** Columns of JSON would take what nobody can read again. */
function isStorableRow(line: string): boolean {
  try {
    return hasStorableTexts(line);
  } catch (error) {
    // The database says that the row is damaged.
    if (error instanceof SyntaxError) return true;
    throw error;
  }
}

async function insertRows(
  tx: SqlTransaction,
  table: string,
  rows: readonly string[],
  path: string,
): Promise<void> {
  try {
    await tx.unsafe(
      `insert into "${table}" overriding system value select * from json_populate_recordset(null::"${table}", $1::text::json)`,
      [`[${rows.join(",")}]`],
    );
  } catch (error) {
    const state = sqlState(error);
    if (state === null) throw error;
    // The database's own text may quote a row.
    throw new StartError(
      `Cannot import "${path}": the database refuses rows of table "${table}" (SQLSTATE ${state}); the file is damaged`,
      error,
    );
  }
}

async function setLastNumber(
  tx: SqlTransaction,
  { table, identity, last }: TableLine,
): Promise<void> {
  if (identity === null || last === null) return;
  await tx`select setval(pg_get_serial_sequence(${table}, ${identity}), ${last})`;
}

function readTableLine(line: string, path: string): TableLine {
  const read = tableLine.safeParse(parseJson(line));
  if (read.success) return read.data;
  throw new StartError(`Cannot import "${path}": a line that names a table is damaged`);
}

function readHeader(line: string | void, path: string): Header {
  const read = fileHeader.safeParse(parseJson(line ?? ""));
  if (!read.success) throw new StartError(`Cannot import "${path}": it is not a file that Orrery exported`);
  if (read.data.format !== FORMAT) {
    throw new StartError(`Cannot import "${path}": its format ${read.data.format} is not known here`);
  }
  return read.data;
}

/** Undefined for what is not JSON. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    throw new StartError(`Cannot read "${path}": ${fileFault(error, "file")}`, error);
  }
}

async function* readLines(readable: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, void> {
  let rest = "";
  for await (const text of readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
