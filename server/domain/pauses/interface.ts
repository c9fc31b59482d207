/** The switch that holds back schedules and queued runs, of a project or of everything. */
import type { Given } from "../../../schema/given.ts";
import type { Viewer } from "../accounts/interface.ts";

export interface Pauses {
  /** Answers the id of the pause. Whoever pauses again changes the reason. */
  pause(viewer: Viewer, input: { reason: string; project?: Given<string> }): Promise<number>;
  /** Answers the id that the pause had. */
  resume(viewer: Viewer, input: { project?: Given<string> }): Promise<number>;
}
