/** Which address leads where. */
import type { GraphQLSchema } from "graphql";
import type { Database } from "../db/database.ts";
import type { App } from "../domain/interface.ts";
import { say } from "../../schema/sentences.ts";
import type { Bus } from "../events/bus.ts";
import type { Log } from "../log.ts";
import { DOWNLOAD_PREFIX } from "./addresses.ts";
import { refusal } from "./answers.ts";
import { openConsoleFiles } from "./console_files.ts";
import { answerAuditDownload, AUDIT_PATH } from "./audit_download.ts";
import { answerDownload } from "./downloads.ts";
import { createGraphiql } from "./graphiql.ts";
import { answerGraphql } from "./graphql_endpoint.ts";
import { createHealth, type HealthChecks } from "./health.ts";
import { createLifetimes } from "./lifetimes.ts";
import { createOidc, type OidcSettings } from "./oidc.ts";
import { isOwnHost } from "./origin.ts";
import { createOperations } from "./operations.ts";
import { createStreamEndpoint } from "./stream_endpoint.ts";
import { ADDRESS_PARAMETER, type Arrival, authenticate, type Caller } from "./caller.ts";

const HEALTH_LOOK_MS = 10_000;

export interface HttpParts {
  readonly schema: GraphQLSchema;
  readonly app: App;
  readonly db: Database;
  readonly bus: Bus;
  readonly clock: { now(): number };
  readonly log: Log;
  /** Where it listens. */
  readonly host: string;
  /** The address that people use; null: where it listens. */
  readonly publicUrl: string | null;
  readonly healthChecks: HealthChecks;
  /** Null: nobody signs in through a provider. */
  readonly oidc: OidcSettings | null;
  /** Signs what servers give each other by way of a browser. */
  readonly secret: string;
}

export interface Routes {
  answer(arrival: Arrival): Promise<Response>;
  /** Ends the streams. */
  close(): void;
}

export async function createRoutes(parts: HttpParts): Promise<Routes> {
  const lifetimes = createLifetimes(parts);
  const endpoint = { operations: createOperations(parts.schema, parts.log), lifetimes };
  const answerStream = createStreamEndpoint(endpoint);
  const health = createHealth(parts.healthChecks, parts.log);
  // The log tells of a fault also where no monitor asks.
  const timer = setInterval(health, HEALTH_LOOK_MS);
  const files = await openConsoleFiles();
  const graphiql = createGraphiql();
  const { oidc: settings } = parts;
  const oidc = settings === null ? null : createOidc({ ...parts, settings, accounts: parts.app.accounts });

  async function answerApi(arrival: Arrival, pathname: string): Promise<Response> {
    const { request } = arrival;
    const caller = await authenticate(parts, arrival);
    if (pathname === "/graphql" && wantsPlayground(request)) {
      return caller.viewer === null ? toSignIn(arrival.prefix) : await graphiql.respond();
    }
    if (comesFromElsewhere(request, caller)) {
      return refusal("FORBIDDEN", say("COOKIE_ELSEWHERE"));
    }
    // A token that is not looked at would leave its owner wondering.
    if (
      request.method === "POST" && caller.viewer === null && pathname === "/graphql" &&
      new URL(request.url).searchParams.has(ADDRESS_PARAMETER)
    ) {
      return refusal("UNAUTHENTICATED", say("TOKEN_IN_ADDRESS"));
    }
    const response = pathname === "/graphql"
      ? await answerGraphql(endpoint, request, caller)
      : await answerStream(request, caller);
    for (const cookie of caller.cookies) response.headers.append("set-cookie", cookie);
    return response;
  }

  return {
    async answer(arrival): Promise<Response> {
      const { method, url } = arrival.request;
      const { pathname, host } = new URL(url);
      if (pathname !== "/health" && !arrival.proxied && !isOwnHost(arrival.request, parts)) {
        return refusal("FORBIDDEN", say("HOST_UNKNOWN", { host }), { status: 421 });
      }
      if (pathname.startsWith(DOWNLOAD_PREFIX)) {
        const caller = await authenticate(parts, arrival);
        if (pathname === AUDIT_PATH && (method === "GET" || method === "HEAD")) {
          return answerAuditDownload({ app: parts.app, lifetimes }, arrival.request, caller);
        }
        return await answerDownload({ app: parts.app, lifetimes }, arrival.request, caller);
      }
      if (pathname === "/graphql" || pathname === "/graphql/stream") {
        return await answerApi(arrival, pathname);
      }
      if (method !== "GET" && method !== "HEAD") return wrongMethod();
      if (pathname === "/health") return await health();
      const provided = await oidc?.(arrival, pathname) ?? null;
      if (provided !== null) return provided;
      return files.respond(arrival) ?? new Response("Not found\n", { status: 404 });
    },
    close(): void {
      clearInterval(timer);
      lifetimes.close();
    },
  };
}

function wantsPlayground({ method, url, headers }: Request): boolean {
  return method === "GET" && !new URL(url).searchParams.has("query") &&
    (headers.get("accept")?.includes("text/html") ?? false);
}

/** Whatever it is that a foreign page posts: what is only read by GET, it cannot read. */
function comesFromElsewhere({ method }: Request, { viewer, page }: Caller): boolean {
  return viewer?.via === "cookie" && page === "foreign" && method !== "GET";
}

function toSignIn(prefix: string): Response {
  return new Response(null, { status: 302, headers: { location: `${prefix}/sign-in?from=%2Fgraphql` } });
}

function wrongMethod(): Response {
  return new Response("Method not allowed\n", { status: 405, headers: { allow: "GET, HEAD" } });
}
