/** Accepts connections for node's HTTP server, within limits of number and time that hold before anybody has signed in. */
import { createServer, type RequestListener, type Server } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../log.ts";
import { Connection } from "./connection.ts";
import { plainAnswer } from "./security_headers.ts";

export interface ConnectionLimits {
  readonly connectionCount: number;
  /** Of one address, unless it is a trusted proxy's. */
  readonly perAddressCount: number;
  /** A head is whole after this, and a whole request after that. */
  readonly headMs: number;
  readonly requestMs: number;
  /** A connection waits so long for its next request. */
  readonly idleMs: number;
  /** Nothing was sent or received during a request. A silent event stream pings more often. */
  readonly stallMs: number;
}

const MAX_CONNECTIONS = 4_000;
/** Where the operating system does not say how many files may be open. */
const DEFAULT_OPEN_FILES = 256;
const ACCEPT_RETRY_MS = 200;
/** Clients that are told why they are refused; others only see the connection end. */
const MAX_REFUSALS_AT_ONCE = 16;

/** Half of the files that may be open: tasks, their output and the database need the others. */
export function defaultConnectionLimits(): ConnectionLimits {
  const connectionCount = Math.min(MAX_CONNECTIONS, Math.floor(openFilesLimit() / 2));
  return {
    connectionCount,
    perAddressCount: Math.floor(connectionCount / 2),
    headMs: 20_000,
    requestMs: 60_000,
    idleMs: 65_000,
    stallMs: 300_000,
  };
}

function openFilesLimit(): number {
  try {
    const limits = Deno.readTextFileSync("/proc/self/limits");
    return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Infinity);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return DEFAULT_OPEN_FILES;
    throw error;
  }
}

export interface Listener {
  readonly port: number;
  /** Accepts no more; resolves when every connection is closed, at the latest after the time. */
  close(graceMs: number): Promise<void>;
}

export interface ListenerParts {
  readonly hostname: string;
  readonly port: number;
  readonly limits: ConnectionLimits;
  readonly isProxy: (address: string) => boolean;
  readonly log: Log;
}

/** Throws what Deno.listen throws. */
export function openListener(parts: ListenerParts, onRequest: RequestListener): Listener {
  const { hostname, port, limits, isProxy, log } = parts;
  const listener = Deno.listen({ hostname, port });
  const server = createHttp(limits, onRequest);
  /** The oldest first. */
  const open = new Set<Connection>();
  let closed = false;
  let refusals = 0;

  async function acceptAll(): Promise<void> {
    let failed = false;
    while (!closed) {
      try {
        const conn = await listener.accept();
        failed = false;
        admit(conn);
      } catch (error) {
        if (closed) return;
        // No descriptors are left, or the client is gone already: neither ends the server.
        if (!failed) log.warn("A connection could not be accepted", { error });
        failed = true;
        await pause(ACCEPT_RETRY_MS);
      }
    }
  }

  function admit(conn: Deno.TcpConn): void {
    const connection = new Connection(conn);
    const { remoteAddress: address } = connection;
    const own = [...open].filter(({ remoteAddress }) => remoteAddress === address);
    const room = (own.length < limits.perAddressCount || isProxy(address) || closeIdle(own)) &&
      (open.size < limits.connectionCount || closeIdle(open));
    if (!room) return refuse(connection);
    open.add(connection);
    connection.on("close", () => open.delete(connection));
    server.emit("connection", connection);
  }

  /** Those who hold connections without a request give way to new ones. */
  function closeIdle(candidates: Iterable<Connection>): boolean {
    for (const connection of candidates) {
      if (connection.requestCount > 0) continue;
      open.delete(connection);
      connection.destroy();
      return true;
    }
    return false;
  }

  function refuse(connection: Connection): void {
    connection.on("error", () => {});
    if (refusals >= MAX_REFUSALS_AT_ONCE) return void connection.destroy();
    refusals += 1;
    connection.on("close", () => refusals -= 1);
    connection.write(plainAnswer("503 Service Unavailable", "Too many connections\n"));
    connection.destroySoon();
  }

  const accepting = acceptAll();
  return {
    port: listener.addr.port,
    async close(graceMs): Promise<void> {
      closed = true;
      listener.close();
      await accepting;
      const deadline = setTimeout(() => open.forEach((connection) => connection.destroy()), graceMs);
      server.close();
      open.forEach((connection) => connection.requestCount > 0 || connection.destroy());
      await Promise.all(
        [...open].map((connection) => new Promise((resolve) => connection.once("close", resolve))),
      );
      clearTimeout(deadline);
    },
  };
}

/** It never listens itself, and is told that it does: otherwise it would end each connection after one answer, and time none. */
function createHttp(limits: ConnectionLimits, onRequest: RequestListener): Server {
  const server = createServer({
    headersTimeout: limits.headMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: Math.min(limits.headMs, 5_000),
    keepAliveTimeout: limits.idleMs,
    // Answered by us, with the headers of every other answer.
    requireHostHeader: false,
  }, onRequest);
  server.prependListener("request", ({ socket }, response) => {
    if (!(socket instanceof Connection)) return;
    socket.requestCount += 1;
    response.on("close", () => socket.requestCount -= 1);
  });
  server.timeout = limits.stallMs;
  Object.defineProperty(server, "listening", { value: true });
  server.emit("listening");
  server.on("clientError", (error: Error & { readonly code?: string }, connection) => {
    if (!connection.writable || !(connection instanceof Connection)) return void connection.destroy();
    const status = error.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? "408 Request Timeout"
      : error.code === "HPE_HEADER_OVERFLOW"
      ? "431 Request Header Fields Too Large"
      : "400 Bad Request";
    connection.write(plainAnswer(status, `${status.slice(4)}\n`));
    connection.destroySoon();
  });
  return server;
}
