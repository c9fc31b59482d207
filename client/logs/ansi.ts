/**
 * The colours that programs write (SGR control sequences), read into spans of plain text with a style. Every other
 * control sequence is dropped. A style reaches beyond its line, so each line begins with the one before it left off.
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

/** What begins a control sequence: ESC, or one of the controls U+0080 to U+009F. */
// deno-lint-ignore no-control-regex -- control characters are what it looks for
const introducer = /[\u001b\u0080-\u009f]/;
/**
 * The grammar of ECMA-48, so that unknown sequences are recognised to their end too. Each alternative also takes what a
 * cut line leaves. A control string ends with its line at the latest: what a program leaves open hides no other line.
 * Within a control sequence terminals obey other controls and go on; ESC, CAN and SUB end it.
 */
const sequence = new RegExp(
  [
    // CSI: parameters and intermediates, then the final byte.
    "(?:\\u001b\\[|\\u009b)([ -?\\u0000-\\u0017\\u0019\\u001c-\\u001f\\u007f]*)([@-~])?",
    // OSC, which BEL ends too.
    "(?:\\u001b\\]|\\u009d)[^\\u0007\\u0018\\u001a\\u001b\\u009c]*(?:[\\u0007\\u009c]|\\u001b\\\\)?",
    // DCS, SOS, PM and APC.
    "(?:\\u001b[PX^_]|[\\u0090\\u0098\\u009e\\u009f])[^\\u0018\\u001a\\u001b\\u009c]*(?:\\u009c|\\u001b\\\\)?",
    // All others, such as the designation of a character set: intermediates, then the final byte.
    "\\u001b[ -/]*([0-~])?",
  ].join("|"),
  "g",
);
/** Bell, backspace and their like have no picture; a tab has. */
// deno-lint-ignore no-control-regex -- control characters are what it looks for
const invisible = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;

/** The style at the end of a line that began with `style`. */
export function styleAfter(text: string, style: AnsiStyle): AnsiStyle {
  if (!introducer.test(text)) return style;
  return text.matchAll(sequence).reduce(applySequence, style);
}

/** The line as spans, the first in `style`. */
export function ansiSpans(text: string, style: AnsiStyle): readonly AnsiSpan[] {
  const shown = overwritten(text);
  if (!introducer.test(text)) return [{ text: shown.replace(invisible, ""), style }];
  const spans: AnsiSpan[] = [];
  let current = styleAfter(text.slice(0, text.lastIndexOf(shown)), style);
  let start = 0;
  const push = (end: number): void => {
    const piece = shown.slice(start, end).replace(invisible, "");
    if (piece !== "") spans.push({ text: piece, style: current });
  };
  for (const match of shown.matchAll(sequence)) {
    push(match.index);
    start = match.index + match[0].length;
    current = applySequence(current, match);
  }
  push(shown.length);
  return spans;
}

/** What a reader sees of the line, without its colours. */
export function plainText(text: string): string {
  return overwritten(text).replace(sequence, "").replace(invisible, "");
}

/** A carriage return goes back to the start of the line: progress bars show their last state. */
function overwritten(text: string): string {
  if (!text.includes("\r")) return text;
  return text.split("\r").findLast((piece) => piece !== "") ?? "";
}

/** Of all sequences SGR sets the style, and both resets (DECSTR and RIS) end it. */
function applySequence(style: AnsiStyle, [, body, final, escape]: RegExpExecArray): AnsiStyle {
  const codes = body?.replace(invisible, "") ?? "";
  if (final === "m" && /^[0-9:;]*$/.test(codes)) return applyCodes(style, codes);
  return escape === "c" || (final === "p" && codes === "!") ? plainStyle : style;
}

/** `;` separates codes; `:` separates what belongs to one code. */
function applyCodes(style: AnsiStyle, codes: string): AnsiStyle {
  const parameters = codes.split(";").map((code) => code.split(":"));
  let next = style;
  for (let index = 0; index < parameters.length; index++) {
    const [code = 0, ...parts] = (parameters[index] ?? []).map(Number);
    if (code === 38 || code === 48 || code === 58) {
      const [colour, used] = parts.length > 0
        ? [colourOfParts(parts), 0]
        : extendedColour(parameters.slice(index + 1).map(([part]) => Number(part)));
      if (code !== 58) next = { ...next, [code === 38 ? "foreground" : "background"]: colour };
      index += used;
    } else if (code === 4) next = { ...next, underline: parts[0] !== 0 };
    else next = applyCode(next, code);
  }
  return next;
}

/** `5:n`, `2:r:g:b`, or `2:space:r:g:b`, in which the colour space is nearly always empty. */
function colourOfParts([kind = 0, ...values]: readonly number[]): AnsiColour {
  return extendedColour([kind, ...(kind === 2 && values.length > 3 ? values.slice(1) : values)])[0];
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
    case 21:
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
