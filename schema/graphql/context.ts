/** What a resolver has to hand. */
import type { Viewer, Visible } from "../../server/domain/accounts/interface.ts";
import type { VisibleDatabase } from "../../server/domain/accounts/visible_database.ts";
import type { App } from "../../server/domain/interface.ts";
import type { ReadLines } from "./line_budget.ts";

export interface Context {
  readonly app: App;
  /** Holds what the viewer may see, and nothing else. */
  readonly db: VisibleDatabase;
  readonly visible: Visible;
  readonly viewer: Viewer | null;
  /** Whom this very request has signed in: the answer tells what only the person is told. */
  signedInUserId?: number;
  /** The client's address, for rate limits. */
  readonly address: string;
  /** Reads pages of log lines as far as one operation may. */
  readonly readLines: ReadLines;
  /** Aborted when the request, its credential or the server ends. */
  readonly signal: AbortSignal;
  /** Gives the session cookie to the browser, or takes it away. */
  readonly sessionCookie: {
    readonly set: (token: string, expiresAt: Date) => void;
    readonly clear: () => void;
  };
}
