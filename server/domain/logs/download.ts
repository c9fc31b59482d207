/** The whole stored output of an attempt or of a task run, a piece at a time, for whoever takes it away. */
import { sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import { inProjects } from "../accounts/visible.ts";
import type { DownloadTarget, LogDownload, LogRow } from "./interface.ts";
import { FIRST_PLACE, type LineRange, readOldest } from "./task_run_lines.ts";

/** Lines that one statement reads. */
const PIECE_LINES = 4_000;

interface TargetRow extends Record<string, unknown> {
  readonly taskRunId: number;
  readonly taskName: string;
  readonly containerName: string;
  readonly runCreatedAt: Date;
  readonly attempt: number | null;
  readonly nextSeq: number | null;
}

/** Null when there is no such attempt or task run. What is stored after this call is left out, so that it ends. */
export async function openDownload(
  db: Database,
  visible: Visible,
  target: DownloadTarget,
): Promise<LogDownload | null> {
  const row = await findTarget(db, visible, target);
  if (row === null) return null;
  const { taskRunId, taskName, containerName, attempt, nextSeq } = row;
  const ofAttempt = target.kind === "attempt" ? attempt : null;
  return {
    containerName,
    taskName,
    runCreatedAt: row.runCreatedAt,
    attempt: ofAttempt,
    pieces: readPieces(db, {
      visible,
      taskRunId,
      attempt: ofAttempt,
      after: FIRST_PLACE,
      before: { attempt: attempt ?? 0, seq: nextSeq ?? 0 },
    }),
  };
}

/** With the newest attempt where a task run is asked for; it has none before it starts. */
async function findTarget(
  db: Database,
  visible: Visible,
  { kind, id }: DownloadTarget,
): Promise<TargetRow | null> {
  const wanted = kind === "attempt" ? sql`attempts.id = ${id}` : sql`task_runs.id = ${id}`;
  const rows = await db.execute<TargetRow>(sql`
    select task_runs.id as "taskRunId", task_runs.name as "taskName",
      runs.container_name as "containerName",
      runs.created_at as "runCreatedAt",
      attempts.number as attempt, attempts.next_seq as "nextSeq"
    from task_runs join runs on runs.id = task_runs.run_id
      left join attempts on attempts.task_run_id = task_runs.id
    where ${wanted} and ${
    inProjects(visible, sql`task_runs.project_id`)
  } order by attempts.number desc nulls last limit 1`);
  return rows[0] ?? null;
}

async function* readPieces(db: Database, range: LineRange): AsyncGenerator<readonly LogRow[]> {
  let after = range.after;
  while (true) {
    const { rows, more } = await readOldest(db, { ...range, after }, PIECE_LINES);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    if (!more) return;
    after = { attempt: last.attempt, seq: last.seq };
  }
}
