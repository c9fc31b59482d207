/** What a log filter asks for: as conditions on chunks, and as a test of a line. */
import { type SQL, sql } from "drizzle-orm";
import { InvalidInputError } from "../../../schema/errors.ts";
import type { OutputLine } from "../../../schema/events.ts";
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import { inProjects } from "../accounts/visible.ts";
import type { LogFilter } from "./interface.ts";
import { say } from "../../../schema/sentences.ts";
import { TRIGRAM_BITS } from "../../../schema/tables/log.ts";
import { letterOf } from "./chunk.ts";
import { needleTrigrams } from "./trigrams.ts";

const CONTAINS_CHARACTERS = 1000;

/** Refuses what could only be a mistake or a burden. */
export function checkFilter(filter: LogFilter): void {
  if ((filter.contains?.length ?? 0) > CONTAINS_CHARACTERS) {
    throw new InvalidInputError(
      say("LOG_NEEDLE_LONG", { most: CONTAINS_CHARACTERS }),
      ["filter", "contains"],
    );
  }
}

/** A filter of what is visible. */
export interface VisibleLogFilter extends LogFilter {
  readonly visible: Visible;
}

/** Adds the container of a task that is still there, since an index finds containers and none finds tasks. */
export async function resolveFilter(
  db: Database,
  visible: Visible,
  filter: LogFilter,
): Promise<VisibleLogFilter> {
  if (!given(filter.taskId) || given(filter.containerId)) return { ...filter, visible };
  const rows = await db.execute<{ containerId: number }>(sql`
    select container_id as "containerId" from tasks where id = ${filter.taskId}::bigint`);
  return { ...filter, visible, containerId: rows[0]?.containerId };
}

/** The part that an index serves: what belongs to one task run, run or container. */
export function indexedCondition(filter: LogFilter): SQL {
  if (given(filter.taskRunId)) return sql`task_run_id = ${filter.taskRunId}::bigint`;
  if (given(filter.runId)) return sql`run_id = ${filter.runId}::bigint`;
  if (given(filter.containerId)) return sql`container_id = ${filter.containerId}::bigint`;
  return sql`true`;
}

/** All of the filter that can be told from a chunk without reading its body. An unknown project has nothing. */
export function chunkCondition(filter: VisibleLogFilter): SQL {
  const conditions: SQL[] = [inProjects(filter.visible, sql`project_id`)];
  if (given(filter.project)) {
    conditions.push(sql`project_id = (select id from projects where slug = ${filter.project})`);
  }
  if (given(filter.containerId)) conditions.push(sql`container_id = ${filter.containerId}::bigint`);
  if (given(filter.taskId)) conditions.push(sql`task_id = ${filter.taskId}::bigint`);
  if (given(filter.runId)) conditions.push(sql`run_id = ${filter.runId}::bigint`);
  if (given(filter.taskRunId)) conditions.push(sql`task_run_id = ${filter.taskRunId}::bigint`);
  if (given(filter.attempt)) conditions.push(sql`attempt = ${filter.attempt}::bigint`);
  if (given(filter.from)) conditions.push(sql`last_at >= ${filter.from.toISOString()}::timestamptz`);
  if (given(filter.to)) conditions.push(sql`first_at < ${filter.to.toISOString()}::timestamptz`);
  if (given(filter.streams)) {
    const letters = filter.streams.map(letterOf).join("");
    conditions.push(letters === "" ? sql`false` : sql`streams ~ ${`[${letters}]`}`);
  }
  return sql.join(conditions, sql` and `);
}

/** True for every chunk that may hold the text as far as its trigrams tell. */
export function trigramCondition(filter: LogFilter): SQL {
  const needle = given(filter.contains) ? needleTrigrams(filter.contains) : null;
  if (needle === null) return sql`true`;
  // A subquery, so that the text becomes bits once and not for every chunk.
  const bits = sql`(select ${needle}::text::${sql.raw(`bit(${TRIGRAM_BITS})`)})`;
  return sql`(trigrams is null or trigrams & ${bits} = ${bits})`;
}

/**
 * True for every chunk with a line that holds the text, and for some others. Folds the case of ASCII letters only, as
 * that is the same in every database's locale; what is not ASCII stands for anything, and so do "i" and "k", which are
 * the lower case of letters (U+0130, U+212A) that are not.
 */
export function bodyCondition(filter: LogFilter): SQL {
  if (!given(filter.contains) || filter.contains === "") return sql`true`;
  const pattern = filter.contains.replaceAll(/[%_\\]/g, "\\$&").replaceAll(/[^ -~\t]+/g, "%")
    .replaceAll(/[ik]/gi, "_");
  return sql`body collate "C" ilike ${`%${pattern}%`}`;
}

/** The test of one line of a chunk that meets the conditions. */
export function lineTest(filter: LogFilter): (line: OutputLine) => boolean {
  const from = filter.from?.getTime() ?? -Infinity;
  const to = filter.to?.getTime() ?? Infinity;
  const streams = given(filter.streams) ? new Set(filter.streams) : null;
  const contains = foldCase(filter.contains ?? "");
  return ({ at, stream, text }) =>
    at >= from && at < to && (streams === null || streams.has(stream)) &&
    (contains === "" || foldCase(text).includes(contains));
}

/** Whether a sigma ends a word depends on what follows: a part of a word has to be found too. */
function foldCase(text: string): string {
  return text.toLowerCase().replaceAll("ς", "σ");
}

/** True when no field restricts anything. */
export function emptyFilter(filter: LogFilter): boolean {
  return Object.values(filter).every((value) => !given(value) || value === "");
}

export function given<T>(value: T | null | undefined): value is T {
  return value !== undefined && value !== null;
}
