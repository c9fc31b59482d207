/** Reads what a client sends, and never keeps more than the limit. */
import { InvalidInputError } from "../../schema/errors.ts";
import { BODY_MS, DISCARDED_BYTES } from "./limits.ts";

const PART_BYTES = 64 * 1024;

/** Null when it is longer than the limit. Throws InvalidInputError when it does not come in time or is no UTF-8. */
export async function readBody(request: Request, limitBytes: number): Promise<string | null> {
  if (request.body === null) return "";
  const reader = request.body.getReader({ mode: "byob" });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void reader.cancel();
  }, BODY_MS);
  try {
    const announced = Number(request.headers.get("content-length") ?? 0);
    const text = await readText(reader, limitBytes, announced > limitBytes);
    if (!late) return text;
  } finally {
    clearTimeout(timer);
    await reader.cancel();
  }
  throw new InvalidInputError(`Cannot read the request: its body took more than ${BODY_MS / 1000} s`);
}

/**
 * What is too long is read on and thrown away: a client that is still sending would not see the refusal. All parts are
 * read into one buffer, or those thrown away would fill the memory until the next collection.
 */
async function readText(
  reader: ReadableStreamBYOBReader,
  limitBytes: number,
  announcedTooLong: boolean,
): Promise<string | null> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const texts: string[] = [];
  let tooLong = announcedTooLong;
  let bytes = 0;
  let buffer = new ArrayBuffer(PART_BYTES);
  while (bytes <= DISCARDED_BYTES) {
    const { value, done } = await reader.read(new Uint8Array(buffer));
    if (done) break;
    bytes += value.byteLength;
    tooLong ||= bytes > limitBytes;
    if (tooLong) texts.length = 0;
    else texts.push(decode(() => decoder.decode(value, { stream: true })));
    buffer = value.buffer;
  }
  return tooLong ? null : texts.join("") + decode(() => decoder.decode());
}

function decode(work: () => string): string {
  try {
    return work();
  } catch (error) {
    if (error instanceof TypeError) throw new InvalidInputError("Cannot read the request: it is not UTF-8");
    throw error;
  }
}
