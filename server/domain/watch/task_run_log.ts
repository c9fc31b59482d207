/**
 * The lines of one task run, from a place in what is stored to the last that it ever writes. Whatever the bus tells is
 * committed, so the two sources overlap and never leave a gap: the seq of each line says which were given already.
 */
import { sql } from "drizzle-orm";
import { NotFoundError } from "../../../schema/errors.ts";
import type { Database } from "../../db/database.ts";
import type { Visible } from "../accounts/interface.ts";
import { inProjects } from "../accounts/visible.ts";
import type { LogRow } from "../logs/interface.ts";
import { say } from "../../../schema/sentences.ts";
import { finalTaskRun, type TaskRunState } from "../../../schema/states.ts";
import { prepared } from "../../db/prepared_statements.ts";
import type { Bus } from "../../events/bus.ts";
import type { DefinitionCache } from "../containers/definitions.ts";
import { decodePlace, type LinePlace } from "../logs/cursor.ts";
import { partialLinesOf, type PartialRow } from "../logs/partial_lines.ts";
import { FIRST_PLACE, LAST_PLACE, readOldest, rowOf } from "../logs/task_run_lines.ts";
import { LineQueue, missedRow } from "./line_queue.ts";
import { openWatching, streamOf, type Watching } from "./watching.ts";

/** Stored lines that are read and given at once. */
const PAGE_LINES = 1000;
/** After this silence the database is asked: another server may have stored lines, or ended the task run. */
const RECHECK_MS = 1000;

interface LogWatchParts {
  readonly db: Database;
  readonly bus: Bus;
  readonly definitions: DefinitionCache;
}

export interface LogWanted {
  readonly visible: Visible;
  readonly taskRunId: number;
  /** Cursor; null: from the start. */
  readonly after: string | null;
  /** Also lines that are not complete. */
  readonly partial: boolean;
}

export function watchTaskRunLog(
  parts: LogWatchParts,
  { visible, taskRunId, after, partial }: LogWanted,
  signal: AbortSignal,
): AsyncIterable<readonly LogRow[]> {
  const place = after === null ? FIRST_PLACE : decodePlace(after, "after");
  const watching = openWatching(signal);
  const queue = new LineQueue();
  const follower = new Follower(parts, { visible, taskRunId, partial }, place, watching, queue);
  watching.onEnd(parts.bus.subscribe((event) => {
    if (event.kind === "lines" && event.taskRunId === taskRunId) queue.add(event);
    else if (event.kind === "stored" && event.taskRunId === taskRunId) follower.doubt();
    else if (partial && event.kind === "partial" && event.taskRunId === taskRunId) follower.doubt();
    else if (event.kind === "run" && event.taskRunIds?.includes(taskRunId) !== false) follower.doubt();
    else return;
    watching.ring();
  }));
  watching.onEnd(() => queue.clear());
  return streamOf(watching, follower.give());
}

interface FollowState {
  readonly final: boolean;
  readonly kept: boolean;
  /** The last line that is numbered so far. */
  readonly last: LinePlace;
  readonly partial: readonly PartialRow[];
}

class Follower {
  readonly #parts: LogWatchParts;
  readonly #wanted: Omit<LogWanted, "after">;
  readonly #watching: Watching;
  readonly #queue: LineQueue;
  /** The last line that was given. */
  #place: LinePlace;
  /** The task run may have ended, or lines may be stored that the bus did not tell. */
  #doubtful = true;
  /** Lines that were given before they were complete. */
  #partial: readonly PartialRow[] = [];

  constructor(
    parts: LogWatchParts,
    wanted: Omit<LogWanted, "after">,
    place: LinePlace,
    watching: Watching,
    queue: LineQueue,
  ) {
    this.#parts = parts;
    this.#wanted = wanted;
    this.#place = place;
    this.#watching = watching;
    this.#queue = queue;
  }

  doubt(): void {
    this.#doubtful = true;
  }

  async *give(): AsyncGenerator<readonly LogRow[]> {
    const followState = await this.#readFollowState();
    if (followState === null) {
      throw new NotFoundError(say("NO_TASK_RUN", { action: "watch log" }), ["taskRunId"]);
    }
    if (followState.kept) yield* this.#giveKept();
    else yield* this.#giveUnkept();
  }

  async *#giveKept(): AsyncGenerator<readonly LogRow[]> {
    while (!this.#watching.ended) {
      if (this.#doubtful) {
        this.#doubtful = false;
        const followState = await this.#readFollowState();
        // All lines were stored before the task run became final, so what is read now is all there is.
        if (followState === null || followState.final || isAfter(followState.last, this.#place)) {
          yield* this.#giveStored();
        }
        if (followState === null || followState.final) return;
        // Lines that came since it was read may have completed them.
        const partial = isAfter(this.#place, followState.last) ? [] : this.#takePartial(followState);
        if (partial.length > 0) yield partial;
      }
      const rows = this.#queue.takeMissed() === null ? this.#follow(this.#queue.take()) : null;
      if (rows === null) yield* this.#giveStored();
      else if (rows.length > 0) yield rows;
      else await this.#rest();
    }
  }

  /** Nothing is stored: what comes from now on is given, and what the reader was too slow for is counted. */
  async *#giveUnkept(): AsyncGenerator<readonly LogRow[]> {
    let final = false;
    while (!this.#watching.ended) {
      if (this.#doubtful) {
        this.#doubtful = false;
        const followState = await this.#readFollowState();
        final = followState === null || followState.final;
        const partial = final || followState === null ? [] : this.#takePartial(followState);
        if (partial.length > 0) yield partial;
      }
      const missed = this.#queue.takeMissed();
      const rows = missed === null ? this.#queue.take() : [missedRow(missed), ...this.#queue.take()];
      if (rows.length > 0) yield rows;
      else if (final) return;
      else await this.#rest();
    }
  }

  /** Sleeps until there is something to do. */
  async #rest(): Promise<void> {
    if (!this.#queue.empty || this.#doubtful) return;
    if (!await this.#watching.wait(RECHECK_MS)) this.#doubtful = true;
  }

  async *#giveStored(): AsyncGenerator<readonly LogRow[]> {
    // What waits in the queue is stored already, and is about to be read.
    this.#queue.clear();
    let more = true;
    while (more && !this.#watching.ended) {
      const range = {
        visible: this.#wanted.visible,
        taskRunId: this.#wanted.taskRunId,
        attempt: null,
        after: this.#place,
        before: LAST_PLACE,
      };
      const piece = await readOldest(this.#parts.db, range, PAGE_LINES);
      const last = piece.rows.at(-1);
      if (last === undefined) return;
      this.#place = { attempt: last.attempt, seq: last.seq };
      more = piece.more;
      yield piece.rows;
    }
  }

  /** Those of the rows that come next; null when lines are missing between what was given and them. */
  #follow(rows: readonly LogRow[]): readonly LogRow[] | null {
    const next = rows.filter((row) => isAfter(row, this.#place));
    for (const { attempt, seq } of next) {
      // The first line of another attempt may come before the last ones of the attempt before it are known here.
      if (attempt !== this.#place.attempt || seq !== this.#place.seq + 1) return null;
      this.#place = { attempt, seq };
    }
    return next;
  }

  /** Those that changed since they were given; without text where nothing stands any more. */
  #takePartial({ partial }: FollowState): readonly LogRow[] {
    const taskRunId = this.#wanted.taskRunId;
    const before = this.#partial;
    this.#partial = partial;
    const known = new Set(before.map(partialKey));
    const gone = before.filter((one) => !partial.some((other) => samePlace(one, other)));
    return [
      ...gone.map((row) => ({ ...row, text: "" })),
      ...partial.filter((row) => !known.has(partialKey(row))),
    ]
      .map((row) => rowOf({ ...row, taskRunId }, { ...row, partial: true }));
  }

  async #readFollowState(): Promise<FollowState | null> {
    const { visible, taskRunId, partial } = this.#wanted;
    const rows = await this.#parts.db.execute<FollowRow>(prepared(sql`
      select t.state, t.task_index as "taskIndex", r.version_id as "versionId",
        a.number as attempt, a.next_seq - 1 as seq,
        case when ${partial}::boolean then ${partialLinesOf(sql`t.id`)} else '[]' end as partial
      from task_runs t join runs r on r.id = t.run_id
      left join lateral (
        select number, next_seq from attempts where task_run_id = t.id and next_seq > 1 order by number desc limit 1
      ) a on true
      where t.id = ${taskRunId}::bigint and ${inProjects(visible, sql`t.project_id`)}`));
    const [row] = rows;
    if (row === undefined) return null;
    const stored = await this.#parts.definitions.getMany([row.versionId]);
    return {
      final: finalTaskRun(row.state),
      kept: stored.get(row.versionId)?.definition.tasks[row.taskIndex]?.keepLogs ?? true,
      last: { attempt: row.attempt ?? 0, seq: row.seq ?? 0 },
      partial: row.partial,
    };
  }
}

interface FollowRow extends Record<string, unknown> {
  readonly state: TaskRunState;
  readonly taskIndex: number;
  readonly versionId: number;
  readonly attempt: number | null;
  readonly seq: number | null;
  readonly partial: readonly PartialRow[];
}

function partialKey({ attempt, stream, startOffset, text }: PartialRow): string {
  return `${attempt} ${stream} ${startOffset} ${text}`;
}

function samePlace(one: PartialRow, other: PartialRow): boolean {
  return one.attempt === other.attempt && one.stream === other.stream;
}

function isAfter(a: LinePlace, b: LinePlace): boolean {
  return a.attempt > b.attempt || a.attempt === b.attempt && a.seq > b.seq;
}
