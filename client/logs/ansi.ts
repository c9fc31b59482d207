/**
 * The colours that programs write (SGR escape sequences), read into spans of plain text with a style. Every other
 * escape sequence is dropped. A style reaches beyond its line, so each line begins with the one before it left off.
 */

/** A colour of the theme's own sixteen (0 to 15), or `#rrggbb`; null is the default. */
export type AnsiColour = number | string | null;

export interface AnsiStyle {
  readonly foreground: AnsiColour;
  readonly background: AnsiColour;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
  readonly strike: boolean;
}

export interface AnsiSpan {
  readonly text: string;
  readonly style: AnsiStyle;
}

export const plainStyle: AnsiStyle = {
  foreground: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  strike: false,
};

const ESCAPE = "\u001b";
/** CSI sequences, OSC up to its end, and two-character escapes; also what a cut line leaves of one. */
// deno-lint-ignore no-control-regex -- control characters are what it looks for
const sequence = /\u001b(?:\[([0-9;:]*)([ -/]*[@-~])?|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_a-z]?)/g;
/** Bell, backspace and their like have no picture; a tab has. */
// deno-lint-ignore no-control-regex -- control characters are what it looks for
const invisible = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f]/g;

/** The style at the end of a line that began with `style`. */
export function styleAfter(text: string, style: AnsiStyle): AnsiStyle {
  if (!text.includes(ESCAPE)) return style;
  let after = style;
  for (const [, codes, end] of text.matchAll(sequence)) {
    if (end === "m") after = applyCodes(after, codes ?? "");
  }
  return after;
}

/** The line as spans, the first in `style`. */
export function ansiSpans(text: string, style: AnsiStyle): readonly AnsiSpan[] {
  const shown = overwritten(text);
  if (!shown.includes(ESCAPE)) return [{ text: shown.replace(invisible, ""), style }];
  const spans: AnsiSpan[] = [];
  let current = style;
  let start = 0;
  const push = (end: number): void => {
    const piece = shown.slice(start, end).replace(invisible, "");
    if (piece !== "") spans.push({ text: piece, style: current });
  };
  for (const match of shown.matchAll(sequence)) {
    push(match.index);
    start = match.index + match[0].length;
    if (match[2] === "m") current = applyCodes(current, match[1] ?? "");
  }
  push(shown.length);
  return spans;
}

/** What a reader sees of the line, without its colours. */
export function plainText(text: string): string {
  const shown = overwritten(text);
  return (shown.includes(ESCAPE) ? shown.replace(sequence, "") : shown).replace(invisible, "");
}

/** A carriage return goes back to the start of the line: progress bars show their last state. */
function overwritten(text: string): string {
  if (!text.includes("\r")) return text;
  return text.split("\r").findLast((piece) => piece !== "") ?? "";
}

function applyCodes(style: AnsiStyle, codes: string): AnsiStyle {
  const numbers = codes.split(/[;:]/).map((code) => code === "" ? 0 : Number(code));
  let next = style;
  for (let index = 0; index < numbers.length; index++) {
    const code = numbers[index] ?? 0;
    if (code === 38 || code === 48) {
      const [colour, used] = extendedColour(numbers.slice(index + 1));
      next = { ...next, [code === 38 ? "foreground" : "background"]: colour };
      index += used;
    } else next = applyCode(next, code);
  }
  return next;
}

function applyCode(style: AnsiStyle, code: number): AnsiStyle {
  if (code >= 30 && code <= 37) return { ...style, foreground: code - 30 };
  if (code >= 90 && code <= 97) return { ...style, foreground: code - 82 };
  if (code >= 40 && code <= 47) return { ...style, background: code - 40 };
  if (code >= 100 && code <= 107) return { ...style, background: code - 92 };
  switch (code) {
    case 0:
      return plainStyle;
    case 1:
      return { ...style, bold: true };
    case 2:
      return { ...style, dim: true };
    case 3:
      return { ...style, italic: true };
    case 4:
      return { ...style, underline: true };
    case 7:
      return { ...style, inverse: true };
    case 9:
      return { ...style, strike: true };
    case 22:
      return { ...style, bold: false, dim: false };
    case 23:
      return { ...style, italic: false };
    case 24:
      return { ...style, underline: false };
    case 27:
      return { ...style, inverse: false };
    case 29:
      return { ...style, strike: false };
    case 39:
      return { ...style, foreground: null };
    case 49:
      return { ...style, background: null };
    default:
      return style;
  }
}

/** What follows 38 or 48: `5;n` of the 256 colours or `2;r;g;b`. Answers the colour and how many numbers it took. */
function extendedColour(numbers: readonly number[]): readonly [AnsiColour, number] {
  const [kind, first = 0, second = 0, third = 0] = numbers;
  if (kind === 5) return [paletteColour(first), 2];
  if (kind === 2) return [hex(first, second, third), 4];
  return [null, 0];
}

function paletteColour(number: number): AnsiColour {
  if (number < 16) return number;
  if (number >= 232) {
    const grey = 8 + (Math.min(255, number) - 232) * 10;
    return hex(grey, grey, grey);
  }
  const cube = number - 16;
  const level = (step: number): number => step === 0 ? 0 : 55 + step * 40;
  return hex(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function hex(...channels: readonly number[]): string {
  return `#${channels.map((value) => Math.min(255, value).toString(16).padStart(2, "0")).join("")}`;
}
