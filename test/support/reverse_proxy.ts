/** A reverse proxy that serves a server below a path, as people put one in front of it. */
import { createServer, request as forward } from "node:http";
import { once } from "node:events";

export interface ReverseProxy extends AsyncDisposable {
  /** E.g. http://127.0.0.1:40123/orrery */
  readonly address: string;
  /** Addresses that lead nowhere, as they were asked for. */
  readonly astray: readonly string[];
}

export interface ReverseProxyOptions {
  /** E.g. http://127.0.0.1:40123 */
  readonly target: string;
  readonly prefix: string;
  /** The server is asked for the path without the prefix. */
  readonly strips: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function openReverseProxy(options: ReverseProxyOptions): Promise<ReverseProxy> {
  const { target, prefix, strips, headers = {} } = options;
  const astray: string[] = [];
  const listener = createServer((message, answer) => {
    const { url = "", method } = message;
    if (!url.startsWith(`${prefix}/`)) {
      astray.push(`${method} ${url}`);
      answer.writeHead(404).end();
      return;
    }
    const path = strips ? url.slice(prefix.length) : url;
    const onward = forward(
      target + path,
      { method, headers: { ...message.headers, ...headers, connection: "close" } },
      (reply) => {
        // DELETE ends an operation of a stream, which may have ended with its page a moment before.
        if (reply.statusCode === 404 && method !== "DELETE") astray.push(`${method} ${url}`);
        answer.writeHead(reply.statusCode ?? 0, reply.headers);
        reply.pipe(answer);
      },
    );
    onward.on("error", () => answer.destroy());
    answer.on("close", () => onward.destroy());
    message.pipe(onward);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const place = listener.address();
  if (place === null || typeof place === "string") throw new Error("The proxy has no port");
  return {
    address: `http://127.0.0.1:${place.port}${prefix}`,
    astray,
    async [Symbol.asyncDispose](): Promise<void> {
      listener.closeAllConnections();
      listener.close();
      await once(listener, "close");
    },
  };
}
