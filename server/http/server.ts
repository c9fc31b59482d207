/** Listens, from the first moment on, and hands each request to whoever can answer it by now. */
import type { Log } from "../log.ts";
import { StartError } from "../start_error.ts";
import { faultOf, refusal } from "./answers.ts";
import { createRoutes, type HttpParts, type Routes } from "./routes.ts";
import { secure } from "./security_headers.ts";

/** Requests that are under way have so long to end. */
const DRAIN_MS = 2_000;
const DRAIN_LOOK_MS = 10;
const RETRY_AFTER = { "retry-after": "2" };

export interface HttpServer {
  /** Where it listens, e.g. http://127.0.0.1:9528 */
  readonly address: string;
  /** From now on requests are answered; before, only /health is. */
  serve(parts: HttpParts): Promise<void>;
  /** Ends streams and waits a while for requests. From then on nothing is answered. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export function openHttp(
  { host, port, log }: { readonly host: string; readonly port: number; readonly log: Log },
): HttpServer {
  let routes: Routes | null = null;
  let underWay = 0;

  async function answer(
    request: Request,
    { remoteAddr, completed }: Deno.ServeHandlerInfo<Deno.NetAddr>,
  ): Promise<Response> {
    const gone = new AbortController();
    underWay += 1;
    // It counts until its last byte is sent, or its client is gone.
    completed.catch(() => gone.abort()).finally(() => underWay -= 1);
    const began = performance.now();
    const { method } = request;
    const { pathname } = new URL(request.url);
    const response = await guard(async () =>
      routes === null
        ? notYet(pathname)
        : await routes.answer({ request, address: remoteAddr.hostname, gone: gone.signal })
    );
    // Never the query: it may hold a token.
    log.debug("Answered", {
      method,
      path: pathname,
      status: response.status,
      ms: Math.round(performance.now() - began),
    });
    return secure(response);
  }

  async function guard(work: () => Promise<Response>): Promise<Response> {
    try {
      return await work();
    } catch (error) {
      const { code, sentence } = faultOf(error, log);
      return refusal(code, sentence, code === "UNAVAILABLE" ? { headers: RETRY_AFTER } : {});
    }
  }

  const server = listen(host, port, answer);
  return {
    address: `http://${host.includes(":") ? `[${host}]` : host}:${server.addr.port}`,
    async serve(parts): Promise<void> {
      routes = await createRoutes(parts);
    },
    async drain(): Promise<void> {
      const left = routes;
      routes = null;
      left?.close();
      const deadline = performance.now() + DRAIN_MS;
      while (underWay > 0 && performance.now() < deadline) await pause(DRAIN_LOOK_MS);
    },
    async close(): Promise<void> {
      await Promise.race([server.shutdown(), pause(DRAIN_MS)]);
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
    const why = error instanceof Deno.errors.AddrInUse
      ? "the port is taken; choose another with ORRERY_PORT"
      : `${error instanceof Error ? error.message : error}; check ORRERY_HOST and ORRERY_PORT`;
    throw new StartError(`Cannot listen on ${hostname}:${port}: ${why}`, error);
  }
}

/** While it starts, and while it stops. */
function notYet(pathname: string): Response {
  const options = { status: 503, headers: RETRY_AFTER };
  return pathname === "/health"
    ? Response.json({ status: "starting" }, options)
    : new Response("Orrery is not ready\n", options);
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
