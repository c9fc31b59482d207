/**
 * Which chunks may hold a text, told without reading them: beside each larger chunk lie 8,192 bits, one set for each
 * hashed trigram of its text in lower case. A chunk whose bits lack one of the needle's cannot have it.
 */
import { Buffer } from "node:buffer";
import { TRIGRAM_BITS } from "../../../schema/tables/log.ts";

/** A smaller chunk is looked through as fast as its bits would be, and is kept without. */
const MIN_CHARACTERS = 1024;
const GRAM = 3;
/** 2^32 divided by the golden ratio: spreads what is alike. */
const HASH_FACTOR = 0x9e3779b1;
const HASH_SHIFT = 32 - Math.log2(TRIGRAM_BITS);

/** As the database reads a bit string; null for a chunk that is kept without. */
export function chunkTrigrams(body: string): string | null {
  return body.length < MIN_CHARACTERS ? null : formatTrigrams([body.toLowerCase()]);
}

/** The bits that a chunk needs in order to hold the text; null when it is too short to tell. */
export function needleTrigrams(contains: string): string | null {
  const folded = contains.toLowerCase();
  // A sigma is another letter at the end of a word than within: which of them the chunk has is not known.
  return folded.length < GRAM ? null : formatTrigrams(folded.split(/[σς]/));
}

/** Of texts whose case is folded as for the test of a line, so that what that finds is never missed here. */
function formatTrigrams(texts: readonly string[]): string {
  const bits = new Uint8Array(TRIGRAM_BITS / 8);
  for (const text of texts) setBits(bits, text);
  return `x${Buffer.from(bits.buffer).toString("hex")}`;
}

function setBits(bits: Uint8Array, folded: string): void {
  let first = folded.charCodeAt(0);
  let second = folded.charCodeAt(1);
  for (let place = GRAM - 1; place < folded.length; place++) {
    const third = folded.charCodeAt(place);
    // The upper bits of a product depend on all that went into it.
    const bit = Math.imul(first + (second << 10) + (third << 20), HASH_FACTOR) >>> HASH_SHIFT;
    bits[bit >>> 3] = (bits[bit >>> 3] ?? 0) | 1 << (bit & 7);
    first = second;
    second = third;
  }
}
