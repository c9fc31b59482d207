/** Reads what a client sends, and keeps never more than the limit. */
import { BODY_BYTES, DISCARDED_BYTES } from "./limits.ts";
import { refusal } from "./refusals.ts";

const BODY_MS = 60_000;

/** The request with its body in memory, or the refusal of one that is too long. */
export async function readBody(request: Request): Promise<Request | Response> {
  if (request.body === null) return request;
  const reader = request.body.getReader();
  // Whoever sends a byte a minute must not hold a place for ever.
  const timer = setTimeout(() => void reader.cancel(), BODY_MS);
  try {
    const body = await readParts(reader, Number(request.headers.get("content-length") ?? 0) > BODY_BYTES);
    if (body === null) return tooLong();
    const { url, method, headers, signal } = request;
    return new Request(url, { method, headers, signal, body });
  } finally {
    clearTimeout(timer);
    await reader.cancel();
  }
}

/** Null when it is too long: then it is read on, up to a limit, since a client that still sends sees no answer. */
async function readParts(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  announcedTooLong: boolean,
): Promise<Blob | null> {
  let tooLong = announcedTooLong;
  let bytes = 0;
  let parts: Uint8Array<ArrayBuffer>[] = [];
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    bytes += part.value.byteLength;
    tooLong ||= bytes > BODY_BYTES;
    if (tooLong) parts = [];
    else parts.push(part.value);
    if (bytes > DISCARDED_BYTES) break;
  }
  return tooLong ? null : new Blob(parts);
}

function tooLong(): Response {
  return refusal(
    413,
    "LIMIT_EXCEEDED",
    `Cannot read the request: its body is longer than ${BODY_BYTES} bytes`,
  );
}
