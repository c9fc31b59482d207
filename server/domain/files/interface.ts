/** Containers as YAML files: written, planned and applied. */
import type { Sentence } from "../../../schema/sentences.ts";
import type { PlanAction } from "../../../schema/states.ts";
import type { Viewer, Visible } from "../accounts/interface.ts";

export interface DefinitionFile {
  readonly path: string;
  readonly text: string;
}

export interface FileFault {
  readonly path: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: Sentence;
}

export interface MovedFires {
  readonly addedCount: number;
  readonly removedCount: number;
  readonly firstAdded: readonly Date[];
  readonly firstRemoved: readonly Date[];
}

export interface PlannedContainer {
  readonly action: PlanAction;
  readonly name: string;
  /** Null for DELETE. */
  readonly path: string | null;
  /** 0 when it does not exist. */
  readonly version: number;
  readonly changes: readonly Sentence[];
  /** Null when they stay the same. */
  readonly fires: MovedFires | null;
}

export interface Plan {
  readonly containers: readonly PlannedContainer[];
  readonly faults: readonly FileFault[];
}

export interface PlanInput {
  readonly project: string;
  readonly files: readonly DefinitionFile[];
  readonly source: string | null;
  readonly prune: boolean;
}

export interface ApplyInput extends PlanInput {
  readonly expected: readonly { readonly name: string; readonly version: number }[] | null;
}

export interface Files {
  export(visible: Visible, input: { project: string; container: string | null }): Promise<string>;
  plan(viewer: Viewer, input: PlanInput): Promise<Plan>;
  apply(
    viewer: Viewer,
    input: ApplyInput,
  ): Promise<{ readonly containerIds: readonly number[]; readonly deleted: readonly string[] }>;
}
