/** What people see as it happens: streams that end with their signal and stay small behind a slow reader. */
import type { Database, Figures, Watch } from "../../schema/graphql/context.ts";
import type { Bus } from "../events/bus.ts";
import type { DefinitionCache } from "./definitions.ts";
import { watchLiveLog } from "./watch/live_log.ts";
import { watchMessages } from "./watch/messages.ts";
import { watchContainers, watchRuns } from "./watch/runs.ts";
import { watchTaskRunLog } from "./watch/task_run_log.ts";
import { watchHeartbeat, watchHostStats } from "./watch/ticks.ts";

export interface WatchParts {
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
    containers: (projectId, signal) => watchContainers(parts.bus, projectId, signal),
    taskRunLog: (taskRunId, after, signal, partial = false) =>
      watchTaskRunLog(parts, { taskRunId, after, partial }, signal),
    liveLog: (filter, signal, partial) => watchLiveLog(parts.bus, filter, signal, partial),
    hostStats: (agentId, everySeconds, signal) =>
      watchHostStats(parts.figures, agentId, everySeconds, signal),
    messages: (viewer, signal) => watchMessages(parts, viewer, signal),
    heartbeat: (signal) => watchHeartbeat(parts.clock, signal),
  };
}
