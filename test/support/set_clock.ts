/** A database whose clock can be set: from the next session on the names of its time functions mean others. */
import { sql } from "drizzle-orm";
import { openDatabase } from "../../server/db/open.ts";
import { createTestDatabase, createTestLog, dropTestDatabase } from "./database.ts";

export interface ClockDatabase extends AsyncDisposable {
  readonly db: Awaited<ReturnType<typeof openDatabase>>["db"];
  /** Seconds against the true clock. */
  set(seconds: number): Promise<void>;
}

export async function openClockDatabase(): Promise<ClockDatabase> {
  const url = await createTestDatabase(true);
  const open = (): ReturnType<typeof openDatabase> =>
    openDatabase({ url, dataDir: "", log: createTestLog() });
  const first = await open();
  const [row] = await first.sql<{ name: string }[]>`select current_database() as name`;
  await first.sql.unsafe(`
    create schema settable;
    create table settable.clock (seconds float8 not null);
    insert into settable.clock values (0);
    ${
    ["clock_timestamp", "statement_timestamp"].map((name) => `
      create function settable.${name}() returns timestamptz volatile language sql as $$
        select pg_catalog.${name}() + seconds * interval '1 second' from settable.clock $$;`).join("")
  }
    alter database "${row?.name}" set search_path = settable, pg_catalog, public`);
  await first.close();
  const opened = await open();
  return {
    db: opened.db,
    set: async (seconds) => void await opened.db.execute(sql`update settable.clock set seconds = ${seconds}`),
    async [Symbol.asyncDispose](): Promise<void> {
      await opened.close();
      await dropTestDatabase(url);
    },
  };
}
