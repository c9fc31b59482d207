/** The live console: lines as they come, of all tasks that a filter names. */
import { includesProject } from "../accounts/visible.ts";
import type { LogRow } from "../logs/interface.ts";
import type { WatchFilter } from "./interface.ts";
import type { Bus } from "../../events/bus.ts";
import { LineQueue, missedRow } from "./line_queue.ts";
import { openWatching, streamOf, type Watching } from "./watching.ts";

export function watchLiveLog(
  bus: Bus,
  filter: WatchFilter,
  signal: AbortSignal,
  partial = false,
): AsyncIterable<readonly LogRow[]> {
  const watching = openWatching(signal);
  const queue = new LineQueue();
  watching.onEnd(bus.subscribe((event) => {
    const wanted = event.kind === "lines" || (partial && event.kind === "partial");
    if (!wanted || !matchesFilter(filter, event)) return;
    if (event.kind === "lines") queue.add(event);
    else queue.addPartial(event);
    watching.ring();
  }));
  watching.onEnd(() => queue.clear());
  return streamOf(watching, giveLines(watching, queue));
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
async function* giveLines(watching: Watching, queue: LineQueue): AsyncGenerator<readonly LogRow[]> {
  yield [];
  while (!watching.ended) {
    const missed = queue.takeMissed();
    const rows = missed === null ? queue.take() : [missedRow(missed), ...queue.take()];
    if (rows.length > 0) yield rows;
    else await watching.wait();
  }
}
