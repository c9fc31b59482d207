/** A clock that is set forth by an hour, back by two and forth again, every few seconds. */
import type { OpenDatabase } from "../../server/db/open.ts";

const HOUR_MS = 3_600_000;
const PERIOD_SECONDS = 18;
const PHASE_SECONDS = 6;

/** How wrong it is, at an instant in milliseconds. */
export function madOffsetMs(trueMs: number): number {
  const phase = Math.floor((trueMs / 1000 % PERIOD_SECONDS) / PHASE_SECONDS);
  return [0, HOUR_MS, -HOUR_MS][phase] ?? 0;
}

/** From the next session on the clock of this PostgreSQL is mad: the name of its function means another one. */
export async function maddenPostgres({ sql, close }: OpenDatabase): Promise<void> {
  const functions = ["clock_timestamp", "statement_timestamp"].map((name) => `
    create function mad.${name}() returns timestamptz volatile language sql as $$
      select now + (array[0, ${HOUR_MS}, -${HOUR_MS}])[
        1 + mod(floor(extract(epoch from now))::integer, ${PERIOD_SECONDS}) / ${PHASE_SECONDS}] * interval '1 millisecond'
      from (select pg_catalog.${name}() as now) t $$;`);
  await sql.unsafe(`create schema mad; ${functions.join("")}`);
  const [row] = await sql<{ name: string }[]>`select current_database() as name`;
  await sql.unsafe(`alter database "${row?.name}" set search_path = mad, pg_catalog, public`);
  await close();
}
