/** What can be done with the messages of a user. */
import type { Viewer } from "../accounts/interface.ts";

export interface Messages {
  /** Answers how many messages it newly marked. */
  markRead(viewer: Viewer, input: { upTo: Date }): Promise<number>;
  /** Counted to 1,000 at most. */
  countUnread(viewer: Viewer): Promise<number>;
}
