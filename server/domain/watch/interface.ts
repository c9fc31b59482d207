/** Streams of what changes. */
import type { ContainerChanged } from "../../../schema/events.ts";
import type { Viewer, Visible } from "../accounts/interface.ts";
import type { LogRow } from "../logs/interface.ts";
import type { HostStats } from "../statistics/interface.ts";

export interface RunChange {
  readonly runId: number;
  readonly taskRunIds: readonly number[];
}

/** Undefined members do not restrict. */
export interface WatchFilter {
  readonly runId?: number | undefined;
  readonly containerId?: number | undefined;
  /** Nothing else is told of, whatever the other members name. */
  readonly visible: Visible;
}

/** Every stream ends when its signal aborts. Nothing here grows without bound behind a slow reader. */
export interface Watch {
  /** Folded to at most 10 batches a second. With runId: first the present state, and ends after the final one. */
  runs(filter: WatchFilter, signal: AbortSignal): AsyncIterable<readonly RunChange[]>;
  containers(visible: Visible, signal: AbortSignal): AsyncIterable<readonly ContainerChanged[]>;
  /**
   * Stored lines after the cursor, then live ones, without gap or double, and between them those that are not complete
   * yet, if wanted; ends with a finished task run.
   */
  taskRunLog(
    visible: Visible,
    taskRunId: number,
    after: string | null,
    signal: AbortSignal,
    partial?: boolean,
  ): AsyncIterable<readonly LogRow[]>;
  /** Lines as they come; what a slow reader missed is one SYSTEM line with its count. */
  liveLog(filter: WatchFilter, signal: AbortSignal, partial?: boolean): AsyncIterable<readonly LogRow[]>;
  /** Ids of messages for this person, as they are written; from now on. */
  messages(viewer: Viewer, signal: AbortSignal): AsyncIterable<readonly number[]>;
  hostStats(agentId: number | null, everySeconds: number, signal: AbortSignal): AsyncIterable<HostStats>;
  heartbeat(signal: AbortSignal): AsyncIterable<Date>;
}
