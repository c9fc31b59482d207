import { deepStrictEqual as equal, ok } from "node:assert/strict";
import {
  CONTINUATION,
  cutLines,
  type CutOptions,
  LINE_BYTES,
  PIECE_BYTES,
  PIECE_LINES,
} from "../../server/agent/output/lines.ts";
import { createRandom } from "../support/random.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
/** As the agent's reader has them, told line by line. */
function cutTexts(
  bytes: Uint8Array,
  options: CutOptions,
): { readonly texts: readonly string[]; readonly length: number } {
  const { pieces, length } = cutLines(bytes, options);
  const texts = pieces.flatMap(({ count, text }) => {
    equal(text.split("\n").length, count);
    return text.split("\n");
  });
  return { texts, length };
}

const options = { final: false, continued: false, maxLines: 1_000_000, redactor: null };

const cases:
  readonly (readonly [name: string, bytes: Uint8Array, texts: readonly string[], length: number])[] = [
    ["nothing", encode(""), [], 0],
    ["whole lines", encode("a\nb\n"), ["a", "b"], 4],
    ["empty lines", encode("\n\n"), ["", ""], 2],
    ["a line without its end", encode("a\nb"), ["a"], 2],
    ["a carriage return before the end", encode("a\r\nb\rc\r\n"), ["a", "b\rc"], 8],
    ["escape sequences", encode("\x1b[31mred\x1b[0m\n"), ["\x1b[31mred\x1b[0m"], 13],
    ["NUL", encode("a\0b\n"), ["a\uFFFDb"], 4],
    ["bytes that are no UTF-8", new Uint8Array([0xff, 0x41, 0xc3, 10]), ["\uFFFDA\uFFFD"], 4],
    ["characters of many bytes", encode("äöü €\n🚀\n"), ["äöü €", "🚀"], encode("äöü €\n🚀\n").length],
  ];

for (const [name, bytes, texts, length] of cases) {
  Deno.test(`cutLines() reads ${name}`, () => {
    equal(cutTexts(bytes, options), { texts, length });
  });
}

Deno.test("cutLines() takes what has no end as a line when nothing follows", () => {
  equal(cutTexts(encode("a\nb"), { ...options, final: true }), { texts: ["a", "b"], length: 3 });
});

Deno.test("cutLines() tells a long line in parts, none of which cuts a character", () => {
  const text = "ä".repeat(LINE_BYTES);
  const first = cutTexts(encode(`${text}\nnext\n`), options);

  equal(first.texts.at(-1), "next");
  equal(first.texts.slice(0, -1).map((part) => part.replaceAll(CONTINUATION, "")).join(""), text);
  ok(first.texts[0]?.endsWith(CONTINUATION) && first.texts[1]?.startsWith(CONTINUATION));
  ok(first.texts.slice(0, -1).every((part) => encode(part).length <= LINE_BYTES + 6));
});

Deno.test("cutLines() goes on within a long line as if it had never stopped", () => {
  const bytes = encode(`${"x".repeat(LINE_BYTES + 10)}\nnext\n`);
  const first = cutTexts(bytes.subarray(0, LINE_BYTES + 2), options);

  const second = cutTexts(bytes.subarray(first.length), { ...options, continued: true });

  equal(first.length, LINE_BYTES);
  equal(second.texts, [`${CONTINUATION}xxxxxxxxxx`, "next"]);
});

Deno.test("cutLines() answers no more lines than it was asked for", () => {
  equal(cutTexts(encode("a\nb\nc\n"), { ...options, maxLines: 2, redactor: null }), {
    texts: ["a", "b"],
    length: 4,
  });
});

Deno.test("cutLines() gives lines together, up to so many bytes and lines", () => {
  const short = cutLines(encode("a\n".repeat(PIECE_LINES + 1)), options);
  const long = cutLines(encode(`${"x".repeat(PIECE_BYTES / 4 - 1)}\n`.repeat(6)), options);

  equal(short.pieces.map(({ count }) => count), [PIECE_LINES, 1]);
  equal(long.pieces.map(({ count, text }) => [count, text.length]), [[4, PIECE_BYTES - 1], [
    2,
    PIECE_BYTES / 2 - 1,
  ]]);
});

Deno.test("cutLines() gives the same lines however the bytes come", () => {
  const random = createRandom(7);
  const pieces = ["a", "ä", "🚀", "\n", "\r\n", "\0", "x".repeat(30_000)];
  for (let round = 0; round < 50; round++) {
    const text = Array.from({ length: 40 }, () => random.pick(pieces)).join(
      "",
    );
    const bytes = encode(text);
    const whole = cutTexts(bytes, { ...options, final: true });

    const texts: string[] = [];
    let from = 0;
    let to = 0;
    while (from < bytes.length) {
      to = Math.min(bytes.length, to + 1 + random.below(20_000));
      const cut = cutTexts(bytes.subarray(from, to), {
        final: to === bytes.length,
        continued: from > 0 && bytes[from - 1] !== 10,
        maxLines: 1 + random.below(5),
        redactor: null,
      });
      texts.push(...cut.texts);
      from += cut.length;
    }

    equal(texts, whole.texts);
  }
});
