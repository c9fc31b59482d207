/** Removes the stored lines of whole attempts. */
import { type SQL, sql } from "drizzle-orm";
import { InvalidInputError } from "../../../schema/errors.ts";
import type { Database } from "../../db/database.ts";
import type { Viewer, Visible } from "../accounts/interface.ts";
import type { LogFilter } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import { audit, changesOf } from "../audit/audit.ts";
import { authorisedProjects } from "../accounts/rights.ts";
import { jsonRows } from "../../db/parameters.ts";
import { type AttemptKey, type ChunkPlace, type ChunkScan, readHeads } from "./chunk_scan.ts";
import { CHUNK_SPAN_MS } from "./chunk.ts";
import { emptyFilter, given, resolveFilter } from "./filter.ts";

const DELETED_LINES = { kind: null, id: null, text: "stored output", projectId: null } as const;

/**
 * Answers how many lines went. An attempt that runs is left, and so is one that has lines outside of the filter's
 * times: nothing goes that was not asked for.
 */
export async function removeLogs(
  db: Database,
  viewer: Viewer,
  { filter }: { readonly filter: LogFilter },
): Promise<number> {
  const projects = authorisedProjects(viewer, "log:delete");
  refuseParts(filter);
  const scan = await scanFor(db, projects, filter);
  // Before the first line goes: what is removed attempt by attempt may be cut short.
  await audit(db, viewer, "log.delete", DELETED_LINES, changesOf(null, filter));
  let place: ChunkPlace | null = null;
  let lines = 0;
  do {
    const { heads, next } = await readHeads(db, scan, place);
    for (const key of await removable(db, filter, heads)) lines += await removeAttempt(db, key);
    place = next;
  } while (place !== null);
  return lines;
}

function refuseParts(filter: LogFilter): void {
  for (const field of ["contains", "streams"] as const) {
    if (!given(filter[field]) || filter[field] === "") continue;
    throw new InvalidInputError(say("LOG_PARTS_DELETED", { field }), [
      "filter",
      field,
    ]);
  }
  if (emptyFilter(filter)) {
    throw new InvalidInputError(say("LOG_ALL_DELETED"), [
      "filter",
    ]);
  }
}

async function scanFor(db: Database, projects: Visible, filter: LogFilter): Promise<ChunkScan> {
  return {
    filter: await resolveFilter(db, projects, filter),
    order: "newest",
    lastAtFrom: filter.from?.getTime() ?? 0,
    lastAtTo: (filter.to?.getTime() ?? Infinity) + CHUNK_SPAN_MS,
    firstAtTo: Infinity,
    wantedLines: Infinity,
  };
}

/** Those of the attempts that are final, or forgotten, and lie wholly within the filter's times. */
async function removable(
  db: Database,
  { from, to }: LogFilter,
  keys: readonly AttemptKey[],
): Promise<readonly AttemptKey[]> {
  if (keys.length === 0) return [];
  const outside: SQL[] = [sql`false`];
  if (given(from)) outside.push(sql`l.first_at < ${from.toISOString()}::timestamptz`);
  if (given(to)) outside.push(sql`l.last_at >= ${to.toISOString()}::timestamptz`);
  const rows = await db.execute<{ place: number }>(sql`
    select x.place from json_to_recordset(${jsonRows(keys.map((key, place) => ({ ...key, place })))})
      as x("attemptId" bigint, "taskRunId" bigint, attempt integer, place integer)
    left join attempts a on a.id = x."attemptId"
    where (a.id is null or a.state not in ('STARTING', 'RUNNING')) and not exists (
      select 1 from log_chunks l
      where l.task_run_id = x."taskRunId" and l.attempt = x.attempt and (${sql.join(outside, sql` or `)}))`);
  return rows.flatMap(({ place }) => keys[place] ?? []);
}

/** All of it or, after a crash, nothing: what is left of an attempt is whole. */
async function removeAttempt(db: Database, { taskRunId, attempt }: AttemptKey): Promise<number> {
  const [removed] = await db.execute<{ lines: number }>(sql`
    with removed as (
      delete from log_chunks where task_run_id = ${taskRunId}::bigint and attempt = ${attempt}::integer
      returning line_count
    )
    select coalesce(sum(line_count), 0) as lines from removed`);
  return removed?.lines ?? 0;
}
