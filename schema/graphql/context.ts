/** What a resolver has to hand. */
import type { Viewer, Visible } from "../../server/domain/accounts/interface.ts";
import type { VisibleDatabase } from "../../server/domain/accounts/visible_database.ts";
import type { App } from "../../server/domain/interface.ts";
import type { ReadLines } from "./line_budget.ts";

/** Who asks, and what that lets them see. */
export interface Sight {
  /** Holds what the viewer may see, and nothing else. */
  db: VisibleDatabase;
  visible: Visible;
  viewer: Viewer | null;
}

export interface Context extends Sight {
  readonly app: App;
  /** The same for a viewer who may see more since this very request. */
  readonly sightOf: (viewer: Viewer) => Sight;
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
