/**
 * The forms in which a secret stands in output: as it is, and as the usual tools encode and quote it. Text that a task
 * transforms in any other way cannot be recognised.
 */
import { Buffer } from "node:buffer";

/** Shorter texts stand in output by chance. */
const MIN_CHARACTERS = 6;
const LINE_BREAK = /[\r\n]+/;
/** Characters that URL encoders leave as they are: RFC 3986, JavaScript, Python, and forms. */
const UNRESERVED = [/[A-Za-z0-9\-_.~]/, /[A-Za-z0-9\-_.~!*'()]/, /[A-Za-z0-9\-_.~/]/, /[A-Za-z0-9\-_.*]/];
/** What bash puts a backslash before. */
const SHELL_SPECIAL = /[\s!"$&'()*,;<>?[\\\]^`{|}]/g;
const ANSI_C: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\x1b": "\\E",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  "'": "\\'",
};

/** None of them has a line feed; the longest is several times as long as the value. */
export function formsOf(value: string): ReadonlySet<string> {
  // Shells and editors drop or add line breaks at the end.
  const whole = [...new Set([value, value.replace(/[\r\n]+$/, "")])].filter(isLongEnough);
  const lines = value.split(LINE_BREAK).filter(isLongEnough);
  const forms = [
    ...lines.flatMap((line) => [line, ...quoted(line)]),
    ...whole.flatMap((
      text,
    ) => [...base64(text), ...urlEncoded(text), ...jsonEscaped(text), ...ansiQuoted(text)]),
  ];
  return new Set(forms.filter((form) => isLongEnough(form) && !form.includes("\n")));
}

function isLongEnough(text: string): boolean {
  return text.length >= 2 * MIN_CHARACTERS || [...text].length >= MIN_CHARACTERS;
}

/** Behind 0, 1 or 2 other bytes, without the characters that also depend on what stands before and behind. */
function base64(text: string): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const form = bytes.toString("base64").slice(Math.ceil(before * 8 / 6), Math.floor(bytes.length * 8 / 6));
    return [form, form.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function urlEncoded(text: string): readonly string[] {
  const bytes = [...Buffer.from(text)];
  return UNRESERVED.flatMap((unreserved) => {
    const encode = (hex: (code: string) => string): string =>
      bytes.map((byte) => {
        const character = String.fromCharCode(byte);
        return unreserved.test(character) ? character : `%${hex(byte.toString(16).padStart(2, "0"))}`;
      }).join("");
    const forms = [encode((code) => code.toUpperCase()), encode((code) => code)];
    return [...forms, ...forms.map((form) => form.replaceAll("%20", "+"))];
  });
}

/** With and without non-ASCII characters, and with the slash that some encoders escape. */
function jsonEscaped(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = (hex: (code: string) => string): string =>
    // deno-lint-ignore no-control-regex -- all that is not ASCII
    json.replaceAll(/[^\x00-\x7f]/g, (unit) => `\\u${hex(unit.charCodeAt(0).toString(16).padStart(4, "0"))}`);
  const forms = [json, ascii((code) => code), ascii((code) => code.toUpperCase())];
  return [...forms, ...forms.map((form) => form.replaceAll("/", "\\/"))];
}

/** Inside single quotes, inside double quotes, and with a backslash before each special character. */
function quoted(line: string): readonly string[] {
  const escaped = line.replaceAll(SHELL_SPECIAL, "\\$&");
  return [
    line.replaceAll("'", "'\\''"),
    line.replaceAll("'", `'"'"'`),
    line.replaceAll(/["\\$`]/g, "\\$&"),
    line.replaceAll(/["\\$`!]/g, "\\$&"),
    escaped,
    // Where they would begin something else.
    escaped.replaceAll(/([=:])~/g, "$1\\~"),
  ];
}

/** As in $'...', which `printf %q` uses for control characters, and in the C locale for all that is not ASCII. */
function ansiQuoted(text: string): readonly string[] {
  // deno-lint-ignore no-control-regex -- control characters are what it looks for
  const controls = text.replaceAll(/[\x00-\x1f\x7f\\']/g, (unit) => ANSI_C[unit] ?? octal(unit));
  // deno-lint-ignore no-control-regex -- all that is not ASCII
  const ascii = controls.replaceAll(/[^\x00-\x7f]+/g, (units) => octal(units));
  return [controls, ascii, gnuQuoted(text, "\\x00-\\x1f\\x7f"), gnuQuoted(text, "\\x00-\\x1f\\x7f-\\uffff")];
}

/** GNU printf ends the single quotes before what it escapes, and begins them anew behind it. */
function gnuQuoted(text: string, escaped: string): string {
  const form = text.replaceAll(
    new RegExp(`([${escaped}]+)('?)|'`, "g"),
    (_found, units = "", quote = "'") => {
      const codes = [...units].map((unit) => unit === "\x1b" ? octal(unit) : ANSI_C[unit] ?? octal(unit));
      const begun = quote === "" ? "'" : "\\''";
      return codes.length === 0 ? `'${begun}` : `'$'${codes.join("")}'${begun}`;
    },
  );
  return new RegExp(`[${escaped}]$`).test(text) ? form.slice(0, -1) : form;
}

function octal(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}
