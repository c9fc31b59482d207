/** What can be done with runs, and why something does not run yet. */
import type { Given } from "../../../schema/given.ts";
import type { ParameterValues } from "../../../schema/definition/parameter.ts";
import type { Sentence } from "../../../schema/sentences.ts";
import type { RunCause, RunState } from "../../../schema/states.ts";
import type { Viewer, Visible } from "../accounts/interface.ts";

/** Each answers the id of the run. */
export interface Runs {
  trigger(
    viewer: Viewer,
    input: {
      containerId: number;
      environment?: unknown;
      idempotencyKey?: Given<string>;
      parameters?: unknown;
      startAt?: Given<Date>;
    },
  ): Promise<number>;
  runTask(viewer: Viewer, input: { taskId: number; environment?: unknown }): Promise<number>;
  /** What it was given, by the name of the parameter. */
  parametersOf(environment: Readonly<Record<string, string>>): ParameterValues;
  cancel(viewer: Viewer, input: { id: number }): Promise<number>;
  cancelTaskRun(viewer: Viewer, input: { id: number }): Promise<number>;
  /** At most 500 of the ids; count is all of them. */
  cancelAll(
    viewer: Viewer,
    input: { project?: Given<string>; containerId?: Given<number> },
  ): Promise<{ count: number; runIds: readonly number[] }>;
  retry(
    viewer: Viewer,
    input: { id: number; fromFailed: boolean; fromTaskRunIds?: Given<readonly number[]> },
  ): Promise<number>;
}

/** Why something is not running, tagged with the name of its GraphQL type. Ids are those of task runs or of a run. */
export type Wait =
  & {
    readonly message: Sentence;
  }
  & (
    | { readonly kind: "WaitingForUpstream"; readonly taskRunIds: readonly number[] }
    | { readonly kind: "WaitingForSlot"; readonly capacity: number; readonly heldBy: readonly number[] }
    | { readonly kind: "WaitingForRetry"; readonly until: Date; readonly attempt: number }
    | { readonly kind: "WaitingForTime"; readonly until: Date }
    | { readonly kind: "WaitingForPause"; readonly reason: string }
    | {
      readonly kind: "WaitingForAgent";
      readonly labels: readonly string[];
      readonly candidateIds: readonly number[];
    }
    | { readonly kind: "WaitingForRunLimit"; readonly limit: number; readonly heldBy: readonly number[] }
    | { readonly kind: "WaitingForRun"; readonly runId: number }
  );

/** Those that one request asks for are answered together, in as many statements as for one. */
export interface Waits {
  /** Null once it runs or is final. */
  ofTaskRun(visible: Visible, id: number): Promise<Wait | null>;
  /** Null once it is not QUEUED any more. */
  ofRun(visible: Visible, id: number): Promise<Wait | null>;
}

export interface RunFilter {
  readonly projectId?: Given<number>;
  readonly containerId?: Given<number>;
  readonly states?: Given<readonly RunState[]>;
  readonly causes?: Given<readonly RunCause[]>;
  readonly from?: Given<Date>;
  readonly to?: Given<Date>;
}
