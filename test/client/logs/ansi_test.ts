import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ansiSpans, type AnsiStyle, plainStyle, styleAfter } from "../../../client/logs/ansi.ts";

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
  ], [
    "(c",
    {},
  ]]],
  ["a progress bar in its last state", "10%\r50%\r100%", [["100%", {}]]],
  ["a carriage return at the end", "done\r", [["done", {}]]],
  ["a cut sequence", `a${escape}[3`, [["a", {}]]],
];

for (const [what, text, spans] of cases) {
  Deno.test(`ansiSpans() reads ${what}`, () => {
    deepStrictEqual(read(text), spans);
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
