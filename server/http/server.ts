/** Listens, from the first moment on, and hands each request to whoever can answer it by now. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../log.ts";
import { StartError } from "../start_error.ts";
import { faultOf, refusal } from "./answers.ts";
import {
  type ConnectionLimits,
  defaultConnectionLimits,
  type Listener,
  type ListenerParts,
  openListener,
} from "./listener.ts";
import { createProxyList, readPeer } from "./peers.ts";
import { createRoutes, type HttpParts, type Routes } from "./routes.ts";
import { secure } from "./security_headers.ts";
import { MalformedRequestError, toRequest, writeResponse } from "./web_messages.ts";

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

interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Addresses and CIDR ranges whose X-Forwarded-* headers are believed. */
  readonly trustedProxies?: readonly string[];
  readonly publicUrl?: string | null;
  readonly limits?: ConnectionLimits;
  readonly log: Log;
}

export function openHttp(options: HttpOptions): HttpServer {
  const { host, port, log, trustedProxies = [], publicUrl = null, limits } = options;
  const isProxy = createProxyList(trustedProxies);
  let routes: Routes | null = null;
  let underWay = 0;

  async function answer(message: IncomingMessage, to: ServerResponse): Promise<void> {
    const began = performance.now();
    const gone = new AbortController();
    underWay += 1;
    // It counts until its last byte is sent, or its client is gone.
    to.on("close", () => {
      underWay -= 1;
      if (!to.writableFinished) gone.abort();
    });
    const response = await guard(async () => {
      const peer = readPeer(message, message.socket.remoteAddress ?? "", {
        ownHost: address,
        publicUrl,
        isProxy,
      });
      const request = toRequest(message, peer);
      return routes === null
        ? notYet(new URL(request.url).pathname)
        : await routes.answer({ ...peer, request, gone: gone.signal });
    });
    // Never the query: it may hold a token.
    log.debug("Answered", {
      method: message.method,
      path: message.url?.split("?", 1)[0],
      status: response.status,
      ms: Math.round(performance.now() - began),
    });
    try {
      await writeResponse(secure(response), to);
    } catch (error) {
      log.debug("An answer was not sent whole", { error });
      to.destroy();
    }
  }

  async function guard(work: () => Promise<Response>): Promise<Response> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof MalformedRequestError) return new Response("Bad request\n", { status: 400 });
      const { code, sentence } = faultOf(error, log);
      return refusal(code, sentence, code === "UNAVAILABLE" ? { headers: RETRY_AFTER } : {});
    }
  }

  const hostname = host.replace(/^\[(.*)\]$/, "$1");
  const listener = listen(
    { hostname, port, isProxy, log, limits: limits ?? defaultConnectionLimits() },
    answer,
  );
  const address = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${listener.port}`;
  return {
    address: `http://${address}`,
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
    close: () => listener.close(DRAIN_MS),
  };
}

function listen(
  parts: ListenerParts,
  answer: (message: IncomingMessage, to: ServerResponse) => Promise<void>,
): Listener {
  try {
    return openListener(parts, (message, to) => void answer(message, to));
  } catch (error) {
    const why = error instanceof Deno.errors.AddrInUse
      ? "the port is taken; choose another with ORRERY_PORT"
      : `${error instanceof Error ? error.message : error}; check ORRERY_HOST and ORRERY_PORT`;
    throw new StartError(`Cannot listen on ${parts.hostname}:${parts.port}: ${why}`, error);
  }
}

/** While it starts, and while it stops. */
function notYet(pathname: string): Response {
  const options = { status: 503, headers: RETRY_AFTER };
  return pathname === "/health"
    ? Response.json({ status: "starting" }, options)
    : new Response("Orrery is not ready\n", options);
}
