/**
 * The file of `export` and `import`: lines of JSON. First a header, then for each table a line that names it and a line
 * for each row, written and read by the database itself, so that no value passes through ours. It is the backup, the way
 * from one version of PostgreSQL to the next, and the way from the bundled database to an external one.
 */
import { getTableName, isTable } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import * as tables from "../../schema/tables/mod.ts";

export const FORMAT = 1;

/** The last line: without it the file is not whole. */
export const END = '{"end":true}';

export interface Header {
  readonly orrery: "export";
  readonly format: number;
  /** The shape of the tables: an import makes this one first, and migrates from there. */
  readonly migration: string;
}

/** The line before a table's rows. */
export interface TableLine {
  readonly table: string;
  /** The column whose numbers come from a sequence, and the last number that it gave: ids are never reused. */
  readonly identity: string | null;
  readonly last: number | null;
}

export interface TransferTable {
  readonly name: string;
  /** The column whose numbers come from a sequence. */
  readonly identity: string | null;
}

/** Every table, each after those that its foreign keys name. */
export function transferTables(): readonly TransferTable[] {
  const all = Object.values(tables).filter((value) => isTable(value)).filter((table) =>
    table instanceof PgTable
  );
  const ordered: PgTable[] = [];
  const visit = (table: PgTable): void => {
    if (ordered.includes(table)) return;
    for (const key of getTableConfig(table).foreignKeys) {
      const named = key.reference().foreignTable;
      if (named !== table) visit(named);
    }
    ordered.push(table);
  };
  all.forEach(visit);
  return ordered.map((table) => ({
    name: getTableName(table),
    identity:
      getTableConfig(table).columns.find(({ generatedIdentity }) => generatedIdentity !== undefined)?.name ??
        null,
  }));
}

/** Why a file cannot be opened, in words; `missing` is what is not there then. */
export function fileFault(error: unknown, missing: "file" | "folder"): string {
  if (error instanceof Deno.errors.NotFound) return `there is no such ${missing}`;
  if (error instanceof Deno.errors.PermissionDenied) return "permission denied";
  return error instanceof Error ? error.message : String(error);
}
