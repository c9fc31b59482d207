/** The live console: lines as they come, of all tasks that a filter names. */
import type { LinesStored } from "../../../schema/events.ts";
import type { Database } from "../../db/database.ts";
import { includesProject } from "../accounts/visible.ts";
import type { LogRow } from "../logs/interface.ts";
import { readOldest, rowOf } from "../logs/task_run_lines.ts";
import type { WatchFilter } from "./interface.ts";
import type { Bus } from "../../events/bus.ts";
import { LineQueue, missedRow, missedText } from "./line_queue.ts";
import { openWatching, streamOf, type Watching } from "./watching.ts";

/** Of what another server has stored meanwhile; the rest is counted, as it is of what a slow reader misses here. */
const ELSEWHERE_LINES = 20_000;
/** Stored lines that are read and given at once. */
const PAGE_LINES = 1_000;
/** Attempts of other servers whose lines wait to be read; what comes of further ones meanwhile is not shown. */
const WAITING_ATTEMPTS = 1_000;

export function watchLiveLog(
  { db, bus }: { readonly db: Database; readonly bus: Bus },
  filter: WatchFilter,
  signal: AbortSignal,
  partial = false,
): AsyncIterable<readonly LogRow[]> {
  const watching = openWatching(signal);
  const queue = new LineQueue();
  const elsewhere = new Map<number, LinesStored>();
  watching.onEnd(bus.subscribe((event) => {
    if (event.kind === "stored") {
      if (!matchesFilter(filter, event) || event.lastSeq < event.firstSeq) return;
      const waiting = elsewhere.get(event.attemptId);
      if (waiting === undefined && elsewhere.size >= WAITING_ATTEMPTS) return;
      elsewhere.set(event.attemptId, { ...event, firstSeq: waiting?.firstSeq ?? event.firstSeq });
      return watching.ring();
    }
    const wanted = event.kind === "lines" || (partial && event.kind === "partial");
    if (!wanted || !matchesFilter(filter, event)) return;
    if (event.kind === "lines") queue.add(event);
    else queue.addPartial(event);
    watching.ring();
  }));
  watching.onEnd(() => {
    queue.clear();
    elsewhere.clear();
  });
  return streamOf(watching, giveLines(db, watching, queue, elsewhere));
}

/** True when nothing in the filter speaks against it. */
export function matchesFilter(
  { runId, containerId, visible }: WatchFilter,
  event: { readonly runId: number; readonly containerId: number; readonly projectId: number },
): boolean {
  return (runId === undefined || runId === event.runId) &&
    (containerId === undefined || containerId === event.containerId) &&
    includesProject(visible, event.projectId);
}

/** Begins with an empty batch: whoever reads what is stored once it has come, misses no line. */
async function* giveLines(
  db: Database,
  watching: Watching,
  queue: LineQueue,
  elsewhere: Map<number, LinesStored>,
): AsyncGenerator<readonly LogRow[]> {
  yield [];
  while (!watching.ended) {
    for (const [attemptId, stored] of elsewhere) {
      elsewhere.delete(attemptId);
      yield* readElsewhere(db, stored);
    }
    const missed = queue.takeMissed();
    const rows = missed === null ? queue.take() : [missedRow(missed), ...queue.take()];
    if (rows.length > 0) yield rows;
    else await watching.wait();
  }
}

/** Lines that another server has stored, a page at a time, and how many of them are left out. */
async function* readElsewhere(
  db: Database,
  { taskRunId, attempt, attemptId, firstSeq, lastSeq }: LinesStored,
): AsyncGenerator<readonly LogRow[]> {
  // The event was let through by its project.
  const range = { visible: "all", taskRunId, attempt, before: { attempt, seq: lastSeq + 1 } } as const;
  for (let seq = firstSeq - 1; seq < lastSeq;) {
    const { rows } = await readOldest(db, { ...range, after: { attempt, seq } }, PAGE_LINES);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    seq = last.seq;
    if (seq >= lastSeq || seq - firstSeq < ELSEWHERE_LINES) continue;
    const line = {
      seq: lastSeq,
      at: last.at.getTime(),
      stream: "SYSTEM",
      text: missedText(lastSeq - seq),
    } as const;
    yield [rowOf({ taskRunId, attempt, attemptId }, line)];
    return;
  }
}
