import assert from "node:assert/strict";
import { createMessageCounter } from "../../server/db/message_counter.ts";

/** A message as the protocol has it; without a type it is a client's first. */
function message(type: string, body: string): readonly number[] {
  const bytes = [...new TextEncoder().encode(body)];
  return [...new TextEncoder().encode(type), 0, 0, 0, bytes.length + 4, ...bytes];
}

const stream = Uint8Array.from([
  ...message("", "user me S database S"),
  ...message("P", "select 'S'"),
  ...message("S", ""),
  ...message("Q", "SSS"),
  ...message("X", ""),
  ...message("S", ""),
]);

Deno.test("createMessageCounter() counts messages of its types, however the bytes are divided", () => {
  for (const size of [1, 2, 3, 5, 7, stream.length]) {
    const counter = createMessageCounter("SQ", { untyped: true });
    let count = 0;
    for (let offset = 0; offset < stream.length; offset += size) {
      count += counter.count(stream.subarray(offset, offset + size));
    }
    assert.equal(count, 3, `in pieces of ${size}`);
  }
});

Deno.test("createMessageCounter() begins with a type where the first message has one", () => {
  const counter = createMessageCounter("Z");

  assert.equal(
    counter.count(Uint8Array.from([...message("Z", "I"), ...message("T", "Z"), ...message("Z", "I")])),
    2,
  );
});
