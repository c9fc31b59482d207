/** JSON as clients send it, refused before it costs more than its own bytes, or is kept where it cannot be. */
import { InvalidInputError } from "../../schema/errors.ts";
import { say, type Values } from "../../schema/sentences.ts";
import { JSON_DEPTH, JSON_VALUES } from "./limits.ts";

/** NUL and half a surrogate pair can only come as escapes: the bytes are valid UTF-8, and JSON takes no bare NUL. */
const suspiciousEscape = /\\u(?:0000|d[89a-f])/i;

/** Throws InvalidInputError. */
export function parseJson(text: string, what: Values<"NO_JSON">["what"]): unknown {
  refuseLarge(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new InvalidInputError(say("NO_JSON", { what }));
  }
  if (suspiciousEscape.test(text)) refuseUnstorable(value, []);
  return value;
}

/** What neither PostgreSQL nor JSON itself can keep. */
export function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

/** Whether all texts of a JSON text can be kept, names too. The text has to be JSON. */
export function hasStorableTexts(text: string): boolean {
  if (!suspiciousEscape.test(text)) return true;
  let storable = true;
  JSON.parse(text, (key, value) => {
    storable &&= isStorable(key) && (typeof value !== "string" || isStorable(value));
    return value;
  });
  return storable;
}

function refuseUnstorable(value: unknown, path: readonly string[]): void {
  if (typeof value === "string" && !isStorable(value)) {
    throw new InvalidInputError(say("TEXT_UNSTORABLE", { field: path.join(".") }), path);
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    refuseUnstorable(key, path);
    refuseUnstorable(inner, [...path, key]);
  }
}

/** Values are counted by what stands between and around them, before millions of them are made. */
function refuseLarge(text: string): void {
  let values = 1;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"':
        at = endOfText(text, at);
        break;
      case "{":
      case "[":
        values += 1;
        depth += 1;
        break;
      case "}":
      case "]":
        depth -= 1;
        break;
      case ",":
        values += 1;
    }
    if (values > JSON_VALUES) throw new InvalidInputError(say("REQUEST_LARGE", { most: JSON_VALUES }));
    if (depth > JSON_DEPTH) throw new InvalidInputError(say("REQUEST_DEEP", { most: JSON_DEPTH }));
  }
}

/** The index of the quote that ends the text which begins here, or of the end of all. */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}
