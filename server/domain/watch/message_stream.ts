/** New messages for one person, at most ten batches a second. */
import { sql } from "drizzle-orm";
import type { Database } from "../../db/database.ts";
import type { Viewer } from "../accounts/interface.ts";
import { includesProject, visibleTo } from "../accounts/visible.ts";
import { idArray } from "../../db/parameters.ts";
import type { Bus } from "../../events/bus.ts";
import { openWatching, streamOf, type Watching } from "./watching.ts";

/** From one batch to the next. */
const FOLD_MS = 100;
/** Messages of one batch; the rest follows. */
const BATCH = 200;
/** Ids are given before the commit: one that comes late is below the newest by no more than this. */
const LATE_IDS = 500;

interface MessageWatchParts {
  readonly db: Database;
  readonly bus: Bus;
}

export function watchMessages(
  { db, bus }: MessageWatchParts,
  viewer: Viewer,
  signal: AbortSignal,
): AsyncIterable<readonly number[]> {
  const watching = openWatching(signal);
  watching.onEnd(bus.subscribe((event) => {
    if (event.kind === "messages") watching.ring();
  }));
  return streamOf(watching, giveMessages(db, watching, viewer));
}

async function* giveMessages(
  db: Database,
  watching: Watching,
  viewer: Viewer,
): AsyncGenerator<readonly number[]> {
  let known = await readNewest(db);
  // What is there already is read as a list.
  while (!watching.ended) {
    await watching.wait();
    for (;;) {
      const fresh = await readAfter(db, known);
      if (fresh.length === 0 || watching.ended) break;
      known = remember(known, fresh.map(({ id }) => id));
      const own = fresh.filter(({ actorId, projectId }) =>
        actorId !== viewer.userId && includesProject(visibleTo(viewer), projectId)
      ).map(({ id }) => id);
      if (own.length > 0) yield own;
      await watching.pause(FOLD_MS);
    }
  }
}

/** Ids that were told or were there before, in ascending order, none of them far below the newest. */
async function readNewest(db: Database): Promise<readonly number[]> {
  const rows = await db.execute<{ id: number }>(
    sql`select id from messages order by id desc limit ${LATE_IDS}`,
  );
  return rows.map(({ id }) => id).reverse();
}

function remember(known: readonly number[], fresh: readonly number[]): readonly number[] {
  return [...known, ...fresh].sort((left, right) => left - right).slice(-LATE_IDS);
}

interface FreshRow extends Record<string, unknown> {
  readonly id: number;
  readonly actorId: number | null;
  readonly projectId: number;
}

async function readAfter(db: Database, known: readonly number[]): Promise<readonly FreshRow[]> {
  // With fewer than that there is nothing older that is not known.
  const floor = known.length < LATE_IDS ? 0 : known[0] ?? 0;
  return await db.execute<FreshRow>(sql`
    select id, actor_id as "actorId", project_id as "projectId" from messages
    where id > ${floor} and not id = any(${idArray(known)})
    order by id limit ${BATCH}`);
}
