/** What people see as it happens: streams that end with their signal and stay small behind a slow reader. */
import type { Database } from "../../db/database.ts";
import type { Figures } from "../statistics/interface.ts";
import type { Watch } from "./interface.ts";
import type { Bus } from "../../events/bus.ts";
import type { DefinitionCache } from "../containers/definitions.ts";
import { watchLiveLog } from "./live_log.ts";
import { watchMessages } from "./message_stream.ts";
import { watchContainers, watchRuns } from "./runs.ts";
import { watchTaskRunLog } from "./task_run_log.ts";
import { watchHeartbeat, watchHostStats } from "./intervals.ts";

interface WatchParts {
  readonly db: Database;
  readonly bus: Bus;
  readonly definitions: DefinitionCache;
  readonly figures: Pick<Figures, "hostStats">;
  readonly clock: { now(): number };
}

/** A stream subscribes as soon as it is asked for; it lets go when it is over or its signal aborts. */
export function createWatch(parts: WatchParts): Watch {
  return {
    runs: (filter, signal) => watchRuns(parts, filter, signal),
    containers: (visible, signal) => watchContainers(parts.bus, visible, signal),
    taskRunLog: (visible, taskRunId, after, signal, partial = false) =>
      watchTaskRunLog(parts, { visible, taskRunId, after, partial }, signal),
    liveLog: (filter, signal, partial) => watchLiveLog(parts, filter, signal, partial),
    hostStats: (agentId, everySeconds, signal) =>
      watchHostStats(parts.figures, agentId, everySeconds, signal),
    messages: (viewer, signal) => watchMessages(parts, viewer, signal),
    heartbeat: (signal) => watchHeartbeat(parts.clock, signal),
  };
}
