/**
 * What one version of a container would run: the immutable document that a run points at, so that no edit or deletion
 * touches a run. Written once for a version, never changed.
 */
import type { JoinRule, RelationCondition } from "./states.ts";

export interface TaskDefinition {
  /** Id of the task that this was made from; the task may be gone. */
  readonly taskId: number;
  readonly name: string;
  readonly command: string;
  readonly shell: string;
  readonly directory: string | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly enabled: boolean;
  readonly timeoutSeconds: number;
  readonly killGraceSeconds: number;
  readonly maxRetries: number;
  readonly retryDelaySeconds: number;
  readonly join: JoinRule;
  readonly keepLogs: boolean;
  /** Not there in versions that were written before there was a choice: false. */
  readonly mergeOutput?: boolean;
  readonly x: number;
  readonly y: number;
}

/** Upstream and downstream are places in `tasks`. */
export interface RelationDefinition {
  readonly upstream: number;
  readonly downstream: number;
  readonly condition: RelationCondition;
}

export interface Definition {
  /** Limit for a whole run in seconds; 0 = none. */
  readonly timeoutSeconds: number;
  /** Task runs of one run that may be running at once; 0 = no limit. */
  readonly maxParallel: number;
  readonly priority: number;
  /** Ordered by task id. A task run names its task by its place here. */
  readonly tasks: readonly TaskDefinition[];
  readonly relations: readonly RelationDefinition[];
}
