/** Which field of an expression a place in its text belongs to: what the reader is told about while typing. */

export const fieldNames = ["second", "minute", "hour", "day", "month", "weekday", "year"] as const;
export type FieldName = typeof fieldNames[number];

export interface FieldSpan {
  readonly name: FieldName;
  readonly from: number;
  readonly to: number;
}

const FIVE = fieldNames.slice(1, 6);
const SEVEN = fieldNames.length;
const FOUR_DIGIT_YEAR = /^(\*|\d{4})/;

/** The fields of every part of the text; none for macros, and where their number says nothing. */
export function findFields(text: string): readonly FieldSpan[] {
  let offset = 0;
  return text.split("|").flatMap((part) => {
    const spans = fieldsOfPart(part, offset);
    offset += part.length + 1;
    return spans;
  });
}

/** The field at a place; at the gap between two the one that has just been left. */
export function fieldAt(spans: readonly FieldSpan[], place: number): FieldSpan | null {
  return spans.find(({ from, to }) => place >= from && place <= to) ?? null;
}

/** A text in three pieces: before the fault, the fault, after it. A fault behind the end is one blank there. */
export function splitFault(
  text: string,
  offset: number,
  length: number,
): { readonly before: string; readonly fault: string; readonly after: string } {
  const from = Math.min(Math.max(offset, 0), text.length);
  const to = Math.min(from + Math.max(length, 1), text.length);
  return { before: text.slice(0, from), fault: text.slice(from, to) || " ", after: text.slice(to) };
}

function fieldsOfPart(part: string, offset: number): readonly FieldSpan[] {
  const words = [...part.matchAll(/\S+/g)].filter(([word]) => !/^(CRON_)?TZ=/.test(word));
  if (words[0]?.[0].startsWith("@")) return [];
  const names = namesFor(words.map(([word]) => word));
  return words.flatMap(({ 0: word, index }, place) => {
    const name = names[place];
    return name === undefined ? [] : [{ name, from: offset + index, to: offset + index + word.length }];
  });
}

/** Six fields begin with the second, unless the last is a year. Fewer than five are five to be. */
function namesFor(words: readonly string[]): readonly FieldName[] {
  if (words.length <= FIVE.length) return FIVE;
  if (words.length >= SEVEN) return fieldNames;
  return FOUR_DIGIT_YEAR.test(words.at(-1) ?? "") && words.at(-1) !== "*"
    ? fieldNames.slice(1)
    : fieldNames.slice(0, -1);
}
