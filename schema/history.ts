/**
 * What is kept of the versions of a container: the settings of each, whole, for they are few; and of its graph the way
 * back to the version before, so that an edit costs what it changed and not the size of the container.
 */
import type { TaskDefinition } from "./definition.ts";
import type { MisfirePolicy, MissingTime, OverlapPolicy, RelationCondition, RepeatedTime } from "./states.ts";

/** The settings that count as a version. Names are those of the API's input. */
export interface VersionSettings {
  readonly expression: string | null;
  readonly timezone: string;
  readonly overlap: OverlapPolicy;
  readonly misfire: MisfirePolicy;
  /** The next three are absent where it was written before there was such a setting. */
  readonly dst?: { readonly missing: MissingTime; readonly repeated: RepeatedTime };
  readonly lateAfterSeconds?: number;
  readonly maxCatchUp?: number;
  readonly timeoutSeconds: number;
  readonly maxParallel: number;
  readonly priority: number;
}

/** A task as it was, without what only a row has. */
export type TaskContent = Omit<TaskDefinition, "taskId"> & { readonly description: string };

/** Put over the graph of a version, this makes the graph of the version before. */
export interface GraphUndo {
  /** As each was before; null: it was not there. */
  readonly tasks: readonly { readonly id: number; readonly before: TaskContent | null }[];
  readonly relations: readonly {
    readonly upstreamId: number;
    readonly downstreamId: number;
    /** Null: it was not there. */
    readonly before: RelationCondition | null;
  }[];
}
