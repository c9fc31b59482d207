/** Who a request comes from, as far as it can be known before its operation is. */
import type { Context } from "../../schema/graphql/context.ts";
import type { Database } from "../db/database.ts";
import type { Viewer } from "../domain/accounts/interface.ts";
import { sameRights } from "../domain/accounts/roles.ts";
import { sightOf } from "../domain/accounts/visible_database.ts";
import type { App } from "../domain/interface.ts";
import { createLineBudget } from "../../schema/graphql/line_budget.ts";
import { type Credential, endedCookie, readCredential, sessionCookie } from "./credentials.ts";
import { DOWNLOAD_PREFIX } from "./addresses.ts";
import { type Page, pageOf } from "./origin.ts";

export const ADDRESS_PARAMETER = "token";

export interface Caller {
  readonly viewer: Viewer | null;
  readonly page: Page;
  /** Aborts when the client is gone or has its whole answer. */
  readonly gone: AbortSignal;
  /** Set-Cookie headers that the answer is to have. */
  readonly cookies: readonly string[];
  /** What resolvers are given; `signal` ends what the operation began. */
  context(signal: AbortSignal): Context;
  /** Asks anew whether the credential still holds, with the same rights. */
  stillKnown(): Promise<boolean>;
}

export interface Arrival {
  readonly request: Request;
  /** The client's address. */
  readonly address: string;
  /** A trusted proxy says by which address it came. */
  readonly proxied: boolean;
  /** The path below which the client sees the server; empty at the root of the host. */
  readonly prefix: string;
  readonly gone: AbortSignal;
}

export async function authenticate(
  { app, db, publicUrl }: { readonly app: App; readonly db: Database; readonly publicUrl: string | null },
  { request, address, prefix, gone }: Arrival,
): Promise<Caller> {
  const credential = readCredential(request, addressTokenOf(request));
  const known = await findViewer(app, credential);
  const viewer = known === null ? null : { ...known, address };
  const cookies: string[] = [];
  const cookie = {
    set: (token: string, expiresAt: Date) =>
      void cookies.push(sessionCookie({ request, prefix }, token, expiresAt)),
    clear: () => void cookies.push(endedCookie({ request, prefix })),
  };
  return {
    viewer,
    page: pageOf(request, publicUrl),
    gone,
    cookies,
    context: (signal) => ({
      app,
      ...sightOf(db, viewer),
      sightOf: (now) => sightOf(db, now),
      address,
      readLines: createLineBudget(),
      signal,
      sessionCookie: cookie,
    }),
    stillKnown: async () => {
      const now = await findViewer(app, credential);
      return now !== null && viewer !== null && sameRights(now, viewer);
    },
  };
}

async function findViewer({ accounts }: App, credential: Credential | null): Promise<Viewer | null> {
  for (const token of credential?.tokens ?? []) {
    const viewer = credential === null ? null : await accounts.authenticate(token, credential.via);
    if (viewer !== null) return viewer;
  }
  return null;
}

/** Only for reading at these addresses: a stream has a parameter of this name that is not ours. */
function addressTokenOf({ method, url }: Request): string | null {
  const { pathname, searchParams } = new URL(url);
  const taken = method === "GET" && pathname === "/graphql" ||
    (method === "GET" || method === "HEAD") && pathname.startsWith(DOWNLOAD_PREFIX);
  return taken ? searchParams.get(ADDRESS_PARAMETER) : null;
}
