/**
 * A version of a container as it is stored. What it would run is the immutable document that a run points at, written once,
 * so that no edit or deletion touches a run. Of its history the settings are kept whole, for they are few, and of its
 * graph the way back to the version before, so that an edit costs what it changed and not the size of the container.
 */
import type { RelationCondition } from "../states.ts";
import type { containerOwnFields } from "./container.ts";
import type { LoudFields, Values } from "./field.ts";
import type { TaskValues } from "./task.ts";

export interface TaskDefinition extends Omit<TaskValues, "description"> {
  /** Id of the task that this was made from; the task may be gone. */
  readonly taskId: number;
}

/** Upstream and downstream are places in `tasks`. */
export interface RelationDefinition {
  readonly upstream: number;
  readonly downstream: number;
  readonly condition: RelationCondition;
}

export interface Definition extends Values<Omit<LoudFields<typeof containerOwnFields>, "parameters">> {
  /** Ordered by task id. A task run names its task by its place here. */
  readonly tasks: readonly TaskDefinition[];
  readonly relations: readonly RelationDefinition[];
}

/** Put over the graph of a version, this makes the graph of the version before. */
export interface GraphUndo {
  /** As each was before; null: it was not there. */
  readonly tasks: readonly { readonly id: number; readonly before: TaskValues | null }[];
  readonly relations: readonly {
    readonly upstreamId: number;
    readonly downstreamId: number;
    /** Null: it was not there. */
    readonly before: RelationCondition | null;
  }[];
}
