/** Reads what a client sends, and never keeps more than the limit. The listener ends a request that is too slow. */
import { InvalidInputError } from "../../schema/errors.ts";
import { say } from "../../schema/sentences.ts";

/** Null when it is longer than the limit. Throws InvalidInputError when it breaks off or is no UTF-8. */
export async function readBody(request: Request, limitBytes: number): Promise<string | null> {
  if (request.body === null) return "";
  const reader = request.body.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const texts: string[] = [];
  if (Number(request.headers.get("content-length") ?? 0) > limitBytes) return null;
  for (let bytes = 0;;) {
    const { value, done } = await reader.read().catch(() => {
      // A client that goes away is no fault of ours.
      throw new InvalidInputError(say("BODY_BROKEN"));
    });
    if (done) return texts.join("") + decode(() => decoder.decode());
    bytes += value.byteLength;
    if (bytes > limitBytes) return null;
    texts.push(decode(() => decoder.decode(value, { stream: true })));
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
