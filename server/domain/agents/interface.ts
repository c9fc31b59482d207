/** What people do with agents. */
import type { Viewer } from "../accounts/interface.ts";
import type { AgentChanges } from "./update.ts";

export interface Agents {
  /** Answers the id of the agent. */
  update(viewer: Viewer, input: AgentChanges): Promise<number>;
}
