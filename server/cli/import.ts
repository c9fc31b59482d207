/** `import FILE`: what `export` wrote, into an empty database, all of it or nothing. */
import type postgres from "postgres";
import type { Config } from "../config.ts";
import { StartError } from "../start_error.ts";
import { END, FORMAT, type Header, type TransferTable, transferTables } from "./transfer.ts";
import { withDatabase } from "./with_database.ts";

/** Characters of rows that one statement writes. */
const STATEMENT_CHARACTERS = 512 * 1024;

export async function importDatabase(config: Config, path: string): Promise<void> {
  using file = await openFile(path);
  const lines = readLines(file.readable);
  const header = readHeader((await lines.next()).value, path);
  await withDatabase(config, async ({ sql }, migration) => {
    if (header.migration !== migration) {
      throw new StartError(
        `Cannot import "${path}": it is of migration "${header.migration}", this Orrery has "${migration}"; ` +
          "import it with the Orrery that wrote it, then start this one on the same database",
      );
    }
    await sql.begin(async (tx) => {
      const tables = transferTables();
      await refuseFilled(tx, tables);
      await importLines(tx, tables, lines, path);
      for (const { name, identity } of tables) {
        if (identity === null) continue;
        await tx.unsafe(
          `select setval(pg_get_serial_sequence('${name}', '${identity}'), max("${identity}")) from "${name}"`,
        );
      }
    });
  });
}

async function refuseFilled(tx: postgres.TransactionSql, tables: readonly TransferTable[]): Promise<void> {
  for (const { name } of tables) {
    const [row] = await tx.unsafe(`select 1 from "${name}" limit 1`);
    if (row === undefined) continue;
    throw new StartError(
      `Cannot import into this database: its table "${name}" has rows; name an empty one with ORRERY_DATABASE_URL or ` +
        "an empty directory with ORRERY_DATA_DIR",
    );
  }
}

async function importLines(
  tx: postgres.TransactionSql,
  tables: readonly TransferTable[],
  lines: AsyncIterator<string, void>,
  path: string,
): Promise<void> {
  const left = tables.map(({ name }) => name);
  let table: string | null = null;
  let whole = false;
  let rows: string[] = [];
  let characters = 0;
  const flush = async (): Promise<void> => {
    if (table !== null && rows.length > 0) await insertRows(tx, table, rows);
    rows = [];
    characters = 0;
  };
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const named = /^\{"table":"([a-z_]+)"\}$/.exec(line.value)?.[1];
    if (line.value === END) whole = true;
    else if (named !== undefined) {
      await flush();
      if (named !== left.shift()) {
        throw new StartError(`Cannot import "${path}": table "${named}" is out of its order`);
      }
      table = named;
    } else if (line.value !== "") {
      rows.push(line.value);
      characters += line.value.length;
      if (characters >= STATEMENT_CHARACTERS) await flush();
    }
  }
  await flush();
  if (!whole || left.length > 0) {
    throw new StartError(`Cannot import "${path}": its end is missing; the file is not whole`);
  }
}

async function insertRows(
  tx: postgres.TransactionSql,
  table: string,
  rows: readonly string[],
): Promise<void> {
  await tx.unsafe(
    `insert into "${table}" overriding system value select * from json_populate_recordset(null::"${table}", $1::text::json)`,
    [`[${rows.join(",")}]`],
  );
}

function readHeader(line: string | void, path: string): Header {
  const header = parseHeader(line ?? "");
  if (header?.orrery !== "export") {
    throw new StartError(`Cannot import "${path}": it is not a file that Orrery exported`);
  }
  if (header.format !== FORMAT) {
    throw new StartError(`Cannot import "${path}": its format ${header.format} is not known here`);
  }
  return header;
}

function parseHeader(line: string): Header | null {
  try {
    // What it holds is checked by the caller, field by field.
    return JSON.parse(line) as Header;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    throw new StartError(
      `Cannot read "${path}": ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
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
