import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ansiSpans, type AnsiStyle, plainStyle, plainText, styleAfter } from "../../../client/logs/ansi.ts";

const escape = "\u001b";

/** Spans as text and what their style adds. */
function read(text: string, style = plainStyle): readonly (readonly [string, Partial<AnsiStyle>])[] {
  return ansiSpans(text, style).map((span) => [
    span.text,
    Object.fromEntries(Object.entries(span.style).filter(([, value]) => value !== null && value !== false)),
  ]);
}

const cases: readonly (readonly [string, string, readonly (readonly [string, Partial<AnsiStyle>])[]])[] = [
  ["plain text", "plain", [["plain", {}]]],
  ["a colour and its end", `a${escape}[31mb${escape}[0mc`, [["a", {}], ["b", { foreground: 1 }], ["c", {}]]],
  ["several codes at once", `${escape}[1;4;93;44mx`, [["x", {
    foreground: 11,
    background: 4,
    bold: true,
    underline: true,
  }]]],
  ["an empty code as the end", `${escape}[31ma${escape}[mb`, [["a", { foreground: 1 }], ["b", {}]]],
  ["the cube of the 256 colours", `${escape}[38;5;196mx`, [["x", { foreground: "#ff0000" }]]],
  ["a grey of the 256 colours", `${escape}[48;5;232mx`, [["x", { background: "#080808" }]]],
  ["one of the sixteen by number", `${escape}[38;5;9mx`, [["x", { foreground: 9 }]]],
  ["a colour by its parts", `${escape}[38;2;1;2;255mx`, [["x", { foreground: "#0102ff" }]]],
  ["codes after a long colour", `${escape}[38;5;9;1mx`, [["x", { foreground: 9, bold: true }]]],
  ["default colours", `${escape}[31;41ma${escape}[39;49mb`, [["a", { foreground: 1, background: 1 }], [
    "b",
    {},
  ]]],
  ["other escapes, which are dropped", `a${escape}[2K${escape}]0;title\u0007b${escape}(c`, [["a", {}], [
    "b",
    {},
  ]]],
  ["a progress bar in its last state", "10%\r50%\r100%", [["100%", {}]]],
  ["a carriage return at the end", "done\r", [["done", {}]]],
  ["a style that was set before a carriage return", `${escape}[31m10%\r20%`, [["20%", { foreground: 1 }]]],
  ["an underline of a kind", `${escape}[4:3ma${escape}[4:0mb`, [["a", { underline: true }], ["b", {}]]],
  ["a double underline", `${escape}[21mx`, [["x", { underline: true }]]],
  ["a colour by parts of one code", `${escape}[38:2::1:2:255mx`, [["x", { foreground: "#0102ff" }]]],
  ["a colour by parts without a colour space", `${escape}[48:2:1:2:255mx`, [["x", {
    background: "#0102ff",
  }]]],
  ["a palette colour by parts of one code", `${escape}[38:5:9;1mx`, [["x", { foreground: 9, bold: true }]]],
  ["the colour of an underline, which is dropped", `${escape}[58;5;1;3mx`, [["x", { italic: true }]]],
  ["the same by parts", `${escape}[58:2::1:3:4mx`, [["x", {}]]],
  ["a private sequence that ends like a colour", `${escape}[>4;1mx`, [["x", {}]]],
  ["a sequence with an intermediate that ends like a colour", `${escape}[1 mx`, [["x", {}]]],
  ["a reset of the terminal", `${escape}[1ma${escape}cb${escape}[1mc${escape}[!pd`, [
    ["a", { bold: true }],
    ["b", {}],
    ["c", { bold: true }],
    ["d", {}],
  ]],
  ["the controls of eight bits", "a\u009b1mb\u009b0m\u009d0;title\u009cc\u0085", [["a", {}], ["b", {
    bold: true,
  }], [
    "c",
    {},
  ]]],
  ["a control within a sequence", `${escape}[3\u00071mx`, [["x", { foreground: 1 }]]],
  ["a cut sequence", `a${escape}[3`, [["a", {}]]],
];

for (const [what, text, spans] of cases) {
  Deno.test(`ansiSpans() reads ${what}`, () => {
    deepStrictEqual(read(text), spans);
  });
}

const dropped: readonly (readonly [string, string])[] = [
  ["a private mode", "[?25l"],
  ["two private modes", "[?1000;1006h"],
  ["a keyboard mode", "[<u"],
  ["a request with =", "[=3u"],
  ["a cursor style, with an intermediate", "[2 q"],
  ["a soft reset", "[!p"],
  ["a rectangle", "[1;2$r"],
  ["a designation of a character set", "(B"],
  ["one of G1 with a digit", ")0"],
  ["one with two intermediates", '("4'],
  ["UTF-8 selected", "%G"],
  ["an alignment test", "#8"],
  ["keypad modes", "="],
  ["a saved cursor", "7"],
  ["a lower case final", "c"],
  ["a locking shift", "~"],
  ["OSC ended by BEL", "]0;title\u0007"],
  ["OSC ended by ST", "]8;;https://example.test\u001b\\"],
  ["DCS", "P1;2|abc\u001b\\"],
  ["DCS with a BEL in it", "P+q\u0007abc\u001b\\"],
  ["SOS", "Xabc\u001b\\"],
  ["PM", "^abc\u001b\\"],
  ["APC", "_Gf=32;AAAA\u001b\\"],
  ["a string ended by CAN", "Pabc\u0018"],
  ["a string ended by another sequence", "Pabc\u001b[0m"],
  ["a sequence restarted by ESC", "[12\u001b[0m"],
];

for (const [what, sequence] of dropped) {
  Deno.test(`ansiSpans() drops ${what}, whole`, () => {
    strictEqual(read(`one${escape}${sequence}two`).map(([text]) => text).join(""), "onetwo");
    strictEqual(plainText(`one${escape}${sequence}two`), "onetwo");
  });
}

Deno.test("ansiSpans() begins where the line before left off", () => {
  const style = styleAfter(`${escape}[32mgreen`, plainStyle);

  deepStrictEqual(read("still green", style), [["still green", { foreground: 2 }]]);
});

Deno.test("styleAfter() hands an unchanged style on", () => {
  const bold = { ...plainStyle, bold: true };

  strictEqual(styleAfter("no escape here", bold), bold);
});
