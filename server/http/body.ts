/** Reads what a client sends, and never keeps more than the limit. */
import { InvalidInputError } from "../../schema/errors.ts";
import { say } from "../../schema/sentences.ts";
import { BODY_MS, DISCARDED_BYTES } from "./limits.ts";

const PART_BYTES = 64 * 1024;

/** Null when it is longer than the limit. Throws InvalidInputError when it does not come in time, breaks off or is no UTF-8. */
export async function readBody(request: Request, limitBytes: number): Promise<string | null> {
  if (request.body === null) return "";
  const reader = openReader(request.body);
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
    // It rejects for a body that broke off, which is told already.
    await Promise.allSettled([reader.cancel()]);
  }
  throw new InvalidInputError(say("BODY_SLOW", { seconds: BODY_MS / 1000 }));
}

type Part = Uint8Array<ArrayBuffer>;
type Reader = ReadableStreamBYOBReader | ReadableStreamDefaultReader<Part>;

/** A short body may be there already: then it is no stream of bytes, and no buffer can be lent to it. */
function openReader(body: ReadableStream<Part>): Reader {
  try {
    return body.getReader({ mode: "byob" });
  } catch (error) {
    if (error instanceof TypeError) return body.getReader();
    throw error;
  }
}

/**
 * What is too long is read on and thrown away: a client that is still sending would not see the refusal. All parts are
 * read into one buffer, or those thrown away would fill the memory until the next collection.
 */
async function readText(
  reader: Reader,
  limitBytes: number,
  announcedTooLong: boolean,
): Promise<string | null> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const texts: string[] = [];
  let tooLong = announcedTooLong;
  let bytes = 0;
  let buffer = new ArrayBuffer(PART_BYTES);
  while (bytes <= DISCARDED_BYTES) {
    const { value, done } = await readPart(reader, buffer);
    if (done) break;
    bytes += value.byteLength;
    tooLong ||= bytes > limitBytes;
    if (tooLong) texts.length = 0;
    else texts.push(decode(() => decoder.decode(value, { stream: true })));
    buffer = value.buffer;
  }
  return tooLong ? null : texts.join("") + decode(() => decoder.decode());
}

async function readPart(
  reader: Reader,
  buffer: ArrayBuffer,
): Promise<ReadableStreamReadResult<Part>> {
  try {
    return reader instanceof ReadableStreamBYOBReader
      ? await reader.read(new Uint8Array(buffer))
      : await reader.read();
  } catch (error) {
    const brokeOff = error instanceof Deno.errors.Http || error instanceof Deno.errors.BadResource;
    // A client that goes away is no fault of ours.
    if (brokeOff) throw new InvalidInputError(say("BODY_BROKEN"));
    throw error;
  }
}

function decode(work: () => string): string {
  try {
    return work();
  } catch (error) {
    if (error instanceof TypeError) throw new InvalidInputError(say("BODY_NO_TEXT"));
    throw error;
  }
}
