/** How output is read, searched, downloaded and removed. */
import type { Given } from "../../../schema/given.ts";
import type { LogStream } from "../../../schema/states.ts";
import type { Viewer, Visible } from "../accounts/interface.ts";

export interface LogRow {
  /** Where this line is in the order of the list that it came from; opaque. */
  readonly cursor: string;
  readonly attemptId: number;
  readonly attempt: number;
  readonly seq: number;
  readonly at: Date;
  readonly stream: LogStream;
  readonly text: string;
  /** Not complete: `seq` may become another one, and `cursor` is that of the line before it. */
  readonly partial?: true;
  readonly taskRunId: number;
}

/** Exactly one of first and last is set, and is within the list's limit. */
export interface PageRequest {
  readonly first?: number;
  readonly after?: string;
  readonly last?: number;
  readonly before?: string;
}

export interface LogPage {
  readonly rows: readonly LogRow[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

export interface LogFilter {
  readonly project?: Given<string>;
  readonly containerId?: Given<number>;
  readonly taskId?: Given<number>;
  readonly runId?: Given<number>;
  readonly taskRunId?: Given<number>;
  readonly attempt?: Given<number>;
  readonly streams?: Given<readonly LogStream[]>;
  readonly from?: Given<Date>;
  readonly to?: Given<Date>;
  readonly contains?: Given<string>;
}

export interface DownloadTarget {
  readonly kind: "attempt" | "taskRun";
  readonly id: number;
}

export interface LogDownload {
  readonly containerName: string;
  readonly taskName: string;
  readonly runCreatedAt: Date;
  /** Number of the attempt; null for a whole task run. */
  readonly attempt: number | null;
  /** Oldest first; each piece is bounded, and read when it is asked for. */
  readonly pieces: AsyncIterable<readonly LogRow[]>;
}

export interface LogUsage {
  /** As stored, compressed. */
  readonly bytes: number;
  readonly lines: number;
  /** Oldest first; those without output are left out. */
  readonly days: readonly { readonly day: string; readonly bytes: number; readonly lines: number }[];
}

export interface Logs {
  /** Lines of one task run, oldest first; of one attempt when `attempt` is given. */
  ofTaskRun(
    visible: Visible,
    taskRunId: number,
    attempt: number | null,
    page: PageRequest,
  ): Promise<LogPage>;
  /** Cursor of a line's place in ofTaskRun's order, whether it is stored or not; seq 0 stands before the first line. */
  cursorOf(place: { readonly attempt: number; readonly seq: number }): string;
  /** Over all runs, newest first. */
  search(visible: Visible, filter: LogFilter, page: PageRequest): Promise<LogPage>;
  /** Null when no such attempt or task run is visible. */
  download(visible: Visible, target: DownloadTarget): Promise<LogDownload | null>;
  /** What is stored now, of one project by its slug or of all, and on which days it was stored. */
  usage(visible: Visible, project: string | null): Promise<LogUsage>;
  /** Removes whole attempts where the viewer has the right; answers how many lines went. Attempts that run are left. */
  remove(viewer: Viewer, input: { filter: LogFilter }): Promise<number>;
}
