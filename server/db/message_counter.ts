/** Counts messages of PostgreSQL's protocol in a stream of bytes, which may be divided anywhere. */

/** A type, and the length of the rest with its own four bytes. */
const HEADER_BYTES = 5;

interface MessageCounter {
  /** Answers how many of the messages that were looked for begin in these bytes. */
  count(bytes: Uint8Array): number;
}

/** `types` are those that are counted; `untyped`: the first message has no type, as a client's first one. */
export function createMessageCounter(types: string, { untyped = false } = {}): MessageCounter {
  const counted: ReadonlySet<number> = new Set(Array.from(types, (type) => type.charCodeAt(0)));
  const header = new Uint8Array(HEADER_BYTES);
  /** A message without a type is read as if its type, which is none, had been read already. */
  let headerBytes = untyped ? 1 : 0;
  let bodyBytes = 0;
  return {
    count(bytes): number {
      let found = 0;
      for (let offset = 0; offset < bytes.length;) {
        if (bodyBytes > 0) {
          const skipped = Math.min(bodyBytes, bytes.length - offset);
          bodyBytes -= skipped;
          offset += skipped;
          continue;
        }
        header[headerBytes++] = bytes[offset++] ?? 0;
        if (headerBytes < HEADER_BYTES) continue;
        if (counted.has(header[0] ?? 0)) found++;
        bodyBytes = new DataView(header.buffer).getUint32(1) - 4;
        headerBytes = 0;
        header[0] = 0;
      }
      return found;
    },
  };
}
