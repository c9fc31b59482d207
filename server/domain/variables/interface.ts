/** What can be done with variables and secrets. */
import type { Given } from "../../../schema/given.ts";
import type { Viewer } from "../accounts/interface.ts";

export interface VariableInput {
  /** Null: the variable belongs to the project. */
  readonly containerId?: Given<number>;
  /** Slug; ignored when there is a container. */
  readonly project?: Given<string>;
  readonly name: string;
  readonly value: string;
  readonly secret?: Given<boolean>;
}

export interface Variables {
  /** Creates a variable or replaces its value; answers its id. */
  set(viewer: Viewer, input: VariableInput): Promise<number>;
  remove(viewer: Viewer, input: { readonly id: number }): Promise<void>;
}
