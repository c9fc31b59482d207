/** What can be done with containers, their tasks and relations, and their versions. */
import type { containerFields, VersionSettings } from "../../../schema/definition/container.ts";
import type { GivenValues } from "../../../schema/definition/field.ts";
import type { taskFields, TaskValues } from "../../../schema/definition/task.ts";
import type { Definition } from "../../../schema/definition/version.ts";
import type { Given } from "../../../schema/given.ts";
import type { RelationCondition, RunState } from "../../../schema/states.ts";
import type { Viewer, Visible } from "../accounts/interface.ts";

type ContainerFields = GivenValues<typeof containerFields>;
type TaskFields = GivenValues<typeof taskFields>;

export interface NewContainer extends ContainerFields {
  readonly project?: Given<string>;
}

export interface ContainerPatch extends ContainerFields {
  readonly id: number;
  readonly expectedVersion?: Given<number>;
}

export interface NewTask extends TaskFields {
  readonly containerId: number;
  readonly expectedVersion?: Given<number>;
}

export interface TaskPatch extends TaskFields {
  readonly id: number;
  readonly expectedVersion?: Given<number>;
}

export interface SavedTask extends TaskFields {
  /** Null or left out: a new task. */
  readonly id?: Given<number>;
}

export interface SavedRelation {
  readonly upstream: string;
  readonly downstream: string;
  readonly condition: RelationCondition;
}

export interface SavedContainer {
  readonly container: ContainerPatch;
  readonly tasks: readonly SavedTask[];
  readonly relations: readonly SavedRelation[];
}

/** Each answers the id of the row that was made or changed. */
export interface Containers {
  create(viewer: Viewer, input: NewContainer): Promise<number>;
  update(viewer: Viewer, input: ContainerPatch): Promise<number>;
  save(viewer: Viewer, input: SavedContainer): Promise<number>;
  /** Makes an old version the newest. */
  restore(
    viewer: Viewer,
    input: { containerId: number; version: number; expectedVersion?: Given<number> },
  ): Promise<number>;
  copy(viewer: Viewer, input: { id: number; name: string }): Promise<number>;
  remove(viewer: Viewer, input: { id: number }): Promise<void>;
  /** To another project, with its history. */
  move(viewer: Viewer, input: { containerId: number; project: string }): Promise<number>;
  /** Concerns the viewer alone, and needs no right. */
  setFavorite(viewer: Viewer, input: { containerId: number; favorite: boolean }): Promise<number>;
  /** The ids of those whose newest run is in one of these states. */
  withLastRun(visible: Visible, states: readonly RunState[]): Promise<readonly number[]>;
}

export interface Tasks {
  create(viewer: Viewer, input: NewTask): Promise<number>;
  update(viewer: Viewer, input: TaskPatch): Promise<number>;
  remove(viewer: Viewer, input: { id: number; expectedVersion?: Given<number> }): Promise<void>;
  /** Answers the ids in the order given. */
  move(
    viewer: Viewer,
    input: { moves: readonly { taskId: number; position: { x: number; y: number } }[] },
  ): Promise<readonly number[]>;
}

export interface Relations {
  create(
    viewer: Viewer,
    input: {
      upstreamId: number;
      downstreamId: number;
      condition?: Given<RelationCondition>;
      expectedVersion?: Given<number>;
    },
  ): Promise<number>;
  update(
    viewer: Viewer,
    input: { id: number; condition: RelationCondition; expectedVersion?: Given<number> },
  ): Promise<number>;
  remove(viewer: Viewer, input: { id: number; expectedVersion?: Given<number> }): Promise<void>;
}

export interface Definitions {
  /** The immutable definition of a version; kept in memory while in use, so asking for many costs little. */
  get(versionId: number): Promise<Definition>;
}

/** What a version of a container was made of. Relations are by name. */
export interface VersionDefinition {
  readonly settings: VersionSettings;
  readonly tasks: readonly (TaskValues & { readonly id: number })[];
  readonly relations: readonly SavedRelation[];
}

export interface Versions {
  /** Null for one that was not kept. Those that one request asks for are read together. */
  definition(visible: Visible, containerId: number, version: number): Promise<VersionDefinition | null>;
}
