/** Between node's HTTP messages and the Request and Response that everything else here is written for. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Peer } from "./peers.ts";

/** What no Request can be made of; answered with 400. */
export class MalformedRequestError extends Error {}

/** A proxy may have left the prefix in the path or taken it away. */
export function toRequest(
  message: IncomingMessage,
  { origin, prefix }: Pick<Peer, "origin" | "prefix">,
): Request {
  const { method = "GET", url = "" } = message;
  const whole = url.replace(/^https?:\/\/[^/]*/i, "");
  const path = whole.startsWith(`${prefix}/`) ? whole.slice(prefix.length) : whole;
  try {
    if (!path.startsWith("/")) throw new Error("No path");
    const headers = new Headers();
    for (const [name, value = ""] of Object.entries(message.headers)) headers.set(name, value.toString());
    const bodiless = method === "GET" || method === "HEAD";
    // Deno's type of a node stream's other side lacks its own buffer's type.
    const body = bodiless
      ? null
      : Readable.toWeb(message) as unknown as ReadableStream<Uint8Array<ArrayBuffer>>;
    return new Request(origin + path, { method, headers, body });
  } catch (error) {
    throw new MalformedRequestError("The request cannot be read", { cause: error });
  }
}

/** Resolves when the last byte is handed over; rejects when the client is gone or the body fails, which cuts the connection. */
export async function writeResponse(response: Response, to: ServerResponse): Promise<void> {
  to.statusCode = response.status;
  // The rest of a body that nobody reads is not parsed either.
  if (!to.req.complete) to.setHeader("connection", "close");
  for (const [name, value] of response.headers) to.appendHeader(name, value);
  if (response.body === null) return void to.end();
  await pipeline(Readable.fromWeb(response.body), to);
}
