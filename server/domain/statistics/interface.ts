/** What is counted and measured. */
import type { Visible } from "../accounts/interface.ts";
import type { RunFilter } from "../runs/interface.ts";

export interface HostStats {
  readonly at: Date;
  readonly cpuPercent: number;
  readonly memoryUsedBytes: number;
  readonly memoryTotalBytes: number;
  readonly load: readonly number[];
  readonly processMemoryBytes: number;
  readonly running: number;
  readonly spoolUsedBytes: number;
  readonly spoolLimitBytes: number;
}

export interface Overview {
  readonly containers: number;
  readonly enabledContainers: number;
  readonly running: number;
  readonly waiting: number;
  readonly succeededToday: number;
  readonly failedToday: number;
  readonly cancelledToday: number;
  readonly missedToday: number;
  readonly lateToday: number;
  readonly lateNow: number;
}

/** Runs of one day that ended, by how. */
export interface DayOutcome {
  /** YYYY-MM-DD in the time zone asked for. */
  readonly day: string;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
}

export interface ContainerFigure {
  readonly containerId: number;
  readonly runs: number;
  readonly failed: number;
  readonly medianSeconds: number | null;
  readonly p95Seconds: number | null;
}

export interface ContainerFigures {
  readonly slowest: readonly ContainerFigure[];
  readonly flakiest: readonly ContainerFigure[];
}

export interface Figures {
  /** Id of the server's own agent; null while there is none. */
  ownAgentId(): number | null;
  /** A day is one of the time zone, by the database's clock. */
  overview(visible: Visible, input: { project: string | null; timezone: string }): Promise<Overview>;
  hostStats(agentId: number | null): Promise<HostStats>;
  /** What was measured within the last minutes, oldest first. */
  hostHistory(agentId: number | null, minutes: number): Promise<readonly HostStats[]>;
  /** A row for each of the last days, the oldest first, today included. */
  runOutcomes(
    visible: Visible,
    input: { project: string | null; days: number; timezone: string },
  ): Promise<readonly DayOutcome[]>;
  containerFigures(
    visible: Visible,
    input: { project: string | null; days: number; first: number },
  ): Promise<ContainerFigures>;
  /** Runs that match, counted to 10,000 at most. */
  countRuns(visible: Visible, filter: RunFilter): Promise<number>;
}
