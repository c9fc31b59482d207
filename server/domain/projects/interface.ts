/** What can be done with projects. */
import type { Viewer } from "../accounts/interface.ts";

export interface Projects {
  /** Answers its id. A field left out keeps its value. */
  update(
    viewer: Viewer,
    input: { readonly slug: string; readonly logRetentionDays?: number | null | undefined },
  ): Promise<number>;
}
