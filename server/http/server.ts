/** Listens, finds out who asks, and hands each request to whom it concerns. */
import type { GraphQLSchema } from "graphql";
import type { App, Context, Database, Viewer } from "../../schema/graphql/context.ts";
import { StartError } from "../start_error.ts";
import type { Bus } from "../events/bus.ts";
import type { Log } from "../log.ts";
import { readBody } from "./body.ts";
import { openConsoleFiles } from "./console_files.ts";
import { clearedCookie, findCredential, foreignRequest, sessionCookie } from "./credentials.ts";
import { createGraphiql } from "./graphiql.ts";
import { createLifetimes } from "./lifetimes.ts";
import { refusal } from "./refusals.ts";
import { createStreamEndpoint } from "./stream.ts";
import { openYoga } from "./yoga.ts";

/** The database answers within this, or it counts as gone. */
const HEALTH_MS = 2_000;
/** Requests that are under way have so long to end. */
const DRAIN_MS = 2_000;

export interface HttpParts {
  readonly schema: GraphQLSchema;
  readonly app: App;
  readonly db: Database;
  readonly bus: Bus;
  readonly clock: { now(): number };
  readonly log: Log;
  /** Rejects when the database is gone. */
  readonly databaseAnswers: () => Promise<void>;
}

export interface HttpServer {
  /** Where it listens, e.g. http://127.0.0.1:9528 */
  readonly address: string;
  /** From now on requests are answered; before, only /health is. */
  serve(parts: HttpParts): Promise<void>;
  /** Ends streams and waits a while for requests. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

type Handler = (request: Request, address: string) => Promise<Response>;

export function openHttp({ host, port, log }: { host: string; port: number; log: Log }): HttpServer {
  let handle: Handler | null = null;
  let endStreams = (): void => {};
  let underWay = 0;
  const server = listen(host, port, async (request, { remoteAddr }) => {
    underWay += 1;
    try {
      const response = handle === null ? starting(request) : await handle(request, remoteAddr.hostname);
      return secured(response);
    } catch (error) {
      log.error("A request failed", { error });
      return secured(new Response("Internal error\n", { status: 500 }));
    } finally {
      underWay -= 1;
    }
  });
  return {
    address: `http://${host.includes(":") ? `[${host}]` : host}:${server.addr.port}`,
    async serve(parts) {
      const opened = await openHandler(parts);
      handle = opened.handle;
      endStreams = opened.end;
    },
    async drain() {
      endStreams();
      const deadline = performance.now() + DRAIN_MS;
      while (underWay > 0 && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      handle = null;
    },
    async close() {
      endStreams();
      await Promise.race([server.shutdown(), new Promise((resolve) => setTimeout(resolve, DRAIN_MS))]);
    },
  };
}

function listen(
  hostname: string,
  port: number,
  handler: Deno.ServeHandler<Deno.NetAddr>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname, port, onListen: () => {} }, handler);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new StartError(
        `Cannot listen on ${hostname}:${port}: the port is taken; choose another with ORRERY_PORT`,
        error,
      );
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `Cannot listen on ${hostname}:${port}: ${reason}; check ORRERY_HOST and ORRERY_PORT`,
      error,
    );
  }
}

function starting(request: Request): Response {
  const health = new URL(request.url).pathname === "/health";
  return health
    ? Response.json({ status: "starting" }, { status: 503 })
    : new Response("Orrery is starting\n", { status: 503, headers: { "retry-after": "2" } });
}

/** What holds for every answer. */
function secured(response: Response): Response {
  const { headers } = response;
  headers.set("x-content-type-options", "nosniff");
  headers.set("referrer-policy", "no-referrer");
  headers.set("x-frame-options", "DENY");
  return response;
}

async function openHandler(
  parts: HttpParts,
): Promise<{ readonly handle: Handler; readonly end: () => void }> {
  const { app, log } = parts;
  const lifetimes = createLifetimes(parts.bus, parts.clock);
  const yoga = openYoga(parts.schema, lifetimes, log);
  const stream = createStreamEndpoint(yoga, lifetimes, log);
  const files = await openConsoleFiles();
  const graphiql = createGraphiql();

  async function handleGraphql(request: Request, address: string, path: string): Promise<Response> {
    const whole = await readBody(request);
    if (whole instanceof Response) return whole;
    const credential = findCredential(whole);
    if (credential?.via === "cookie" && whole.method !== "GET" && whole.method !== "HEAD") {
      const foreign = foreignRequest(whole);
      if (foreign !== null) return refusal(403, "FORBIDDEN", `Cannot take this request: ${foreign}`);
    }
    const viewer = credential === null
      ? null
      : await app.accounts.authenticate(credential.token, credential.via);
    if (wantsPlayground(whole, path)) return viewer === null ? toSignIn() : await graphiql.respond();
    const cookies: string[] = [];
    const context = createContext(parts, whole, viewer, address, cookies);
    const response = path === "/graphql/stream"
      ? await stream.handle(whole, viewer, { context, inStream: true })
      : await yoga.fetch(whole, { context, inStream: false });
    // Answers are about the viewer: no cache on the way may keep them.
    const answer = new Response(response.body, response);
    answer.headers.set("cache-control", "no-store");
    for (const cookie of cookies) answer.headers.append("set-cookie", cookie);
    return answer;
  }

  const handle: Handler = async (request, address) => {
    const { pathname } = new URL(request.url);
    // Never the query: it may hold a token.
    log.debug("Request", { method: request.method, path: pathname });
    if (pathname === "/health") return await health(parts);
    if (pathname === "/graphql" || pathname === "/graphql/stream") {
      return await handleGraphql(request, address, pathname);
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response("Method not allowed\n", { status: 405 });
    }
    return files.respond(request) ?? new Response("Not found\n", { status: 404 });
  };
  return {
    handle,
    end() {
      lifetimes.endAll();
      lifetimes.close();
    },
  };
}

function createContext(
  { app, db }: HttpParts,
  request: Request,
  viewer: Viewer | null,
  address: string,
  cookies: string[],
): Context {
  const secure = new URL(request.url).protocol === "https:";
  return {
    app,
    db,
    viewer,
    address,
    signal: request.signal,
    sessionCookie: {
      set: (token, expiresAt) => void cookies.push(sessionCookie(token, expiresAt, secure)),
      clear: () => void cookies.push(clearedCookie(secure)),
    },
  };
}

function wantsPlayground(request: Request, path: string): boolean {
  return request.method === "GET" && path === "/graphql" && !new URL(request.url).searchParams.has("query") &&
    (request.headers.get("accept")?.includes("text/html") ?? false);
}

function toSignIn(): Response {
  return new Response(null, { status: 302, headers: { location: "/sign-in?to=%2Fgraphql" } });
}

async function health({ databaseAnswers, log }: HttpParts): Promise<Response> {
  const late = AbortSignal.timeout(HEALTH_MS);
  try {
    await Promise.race([
      databaseAnswers(),
      new Promise((_, reject) => late.addEventListener("abort", () => reject(late.reason))),
    ]);
    return Response.json({ status: "ok" });
  } catch (error) {
    log.warn("The database does not answer", { error });
    return Response.json({ status: "database unavailable" }, { status: 503 });
  }
}
