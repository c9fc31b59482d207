import { ok, strictEqual } from "node:assert/strict";
import { TRIGRAM_BITS } from "../../../schema/tables/log.ts";
import { chunkTrigrams, needleTrigrams } from "../../../server/domain/logs/trigrams.ts";
import { createRandom } from "../../support/random.ts";

/** Cases that fold in odd ways, characters of two code units, and lone halves of them. */
const LETTERS = [..."abcXYZ019 .:/%_\\\tßÄäIİıΣσςЖж漢字🪐", "\ud83e", "\ude90", "\u001b"];

function isWithin(needle: string, body: string): boolean {
  const bodyBits = BigInt(`0${chunkTrigrams(body)}`);
  const needleBits = BigInt(`0${needleTrigrams(needle)}`);
  return (bodyBits & needleBits) === needleBits;
}

Deno.test("chunkTrigrams() has all of any text that is in the chunk, whatever its case", () => {
  const random = createRandom(7);
  let tried = 0;
  for (let round = 0; round < 60; round++) {
    const body = Array.from({ length: 1100 }, () => random.pick(LETTERS)).join("");
    for (let cut = 0; cut < 40; cut++) {
      const from = random.below(body.length - 20);
      const part = body.slice(from, from + 3 + random.below(17));
      const needle = random.pick([part, part.toUpperCase(), part.toLowerCase()]);
      // What the test of a line would find.
      if (!body.toLowerCase().includes(needle.toLowerCase())) continue;
      tried++;
      ok(isWithin(needle, body), JSON.stringify(needle));
    }
  }
  ok(tried > 1500, `${tried} were tried`);
});

Deno.test("chunkTrigrams() lacks nearly every text that is not in the chunk", () => {
  const random = createRandom(8);
  const word = (): string => Array.from({ length: 8 }, () => random.pick([..."abcdefghijklmnop"])).join("");
  const body = Array.from({ length: 200 }, word).join(" ");

  const within = Array.from({ length: 500 }, word).filter((needle) => isWithin(needle, body));

  ok(within.length < 10, `${within.length} of 500`);
});

Deno.test("chunkTrigrams() leaves out small chunks, needleTrigrams() short texts", () => {
  strictEqual(chunkTrigrams("x".repeat(1023)), null);
  strictEqual(chunkTrigrams("x".repeat(1024))?.length, 1 + TRIGRAM_BITS / 4);
  strictEqual(needleTrigrams("ab"), null);
  strictEqual(needleTrigrams(""), null);
  ok(needleTrigrams("abc") !== null);
});
