/** Replaces secrets in text, in all forms that can be recognised (secret_forms.ts). */
import { Buffer } from "node:buffer";
import { formsOf } from "./secret_forms.ts";

export const REPLACEMENT = "***";
/** Longer forms are recognised in pieces, so that only so much has to be read ahead. */
const MAX_FORM_CHARACTERS = 4096;
/** No form needs more bytes: a UTF-16 code unit has three at most. */
export const MAX_FORM_BYTES = 3 * MAX_FORM_CHARACTERS;
/** So much of each form is searched for at once with all others; the rest is compared where that was found. */
const PREFIX_CHARACTERS = 12;

export interface Redacted {
  readonly text: string;
  /** How many places were replaced. */
  readonly count: number;
}

/** The place of a secret; places that overlap are one. */
export interface SecretRange {
  readonly start: number;
  readonly end: number;
}

export interface Redactor {
  redact(text: string): Redacted;
  find(text: string): readonly SecretRange[];
  /** Without what stands at its end and may be the beginning of a secret. */
  withoutBeginnings(text: string): string;
}

/** Null when there is nothing to redact. The forms are made when they are first needed: many tasks print nothing. */
export function createRedactor(secrets: readonly string[]): Redactor | null {
  if (secrets.length === 0) return null;
  let made: Search | null = null;
  const search = (): Search => made ??= createSearch(secrets);
  const find = (text: string): readonly SecretRange[] => findRanges(search(), text);
  return {
    find,
    redact: (text) => replaceRanges(text, find(text)),
    withoutBeginnings: (text) => text.slice(0, text.length - longestBeginning(search(), text)),
  };
}

export function replaceRanges(text: string, ranges: readonly SecretRange[]): Redacted {
  if (ranges.length === 0) return { text, count: 0 };
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of ranges) {
    parts.push(text.slice(from, start), REPLACEMENT);
    from = end;
  }
  return { text: parts.join("") + text.slice(from), count: ranges.length };
}

interface Search {
  readonly forms: readonly string[];
  /** Finds where one of the prefixes stands. */
  readonly scan: RegExp;
  /** Prefix -> forms that begin so, the longest first. */
  readonly byPrefix: ReadonlyMap<string, readonly string[]>;
  /** The longest first. */
  readonly prefixLengths: readonly number[];
}

function createSearch(secrets: readonly string[]): Search {
  const all = new Set(secrets.flatMap((secret) => [...formsOf(secret)].flatMap(splitForm)));
  const forms = [...all].sort((one, other) => other.length - one.length);
  const byPrefix = Map.groupBy(forms, (form) => form.slice(0, PREFIX_CHARACTERS));
  const prefixes = [...byPrefix.keys()];
  return {
    forms,
    // Without forms it finds nothing.
    scan: new RegExp(prefixes.length === 0 ? "(?!)" : prefixes.map(RegExp.escape).join("|"), "g"),
    byPrefix,
    prefixLengths: [...new Set(prefixes.map(({ length }) => length))].sort((one, other) => other - one),
  };
}

function splitForm(form: string): readonly string[] {
  const count = Math.ceil(form.length / MAX_FORM_CHARACTERS);
  const length = Math.ceil(form.length / count);
  return Array.from({ length: count }, (_, place) => form.slice(place * length, (place + 1) * length));
}

function findRanges(search: Search, text: string): readonly SecretRange[] {
  const { scan } = search;
  const ranges: SecretRange[] = [];
  scan.lastIndex = 0;
  for (let found = scan.exec(text); found !== null; found = scan.exec(text)) {
    const start = found.index;
    // Another one may begin inside this one and reach beyond it.
    scan.lastIndex = start + 1;
    const end = start + lengthAt(search, text, start);
    const last = ranges.at(-1);
    if (end === start) continue;
    if (last === undefined || last.end <= start) ranges.push({ start, end });
    else ranges[ranges.length - 1] = { start: last.start, end: Math.max(last.end, end) };
  }
  return ranges;
}

/** Of the longest form that stands there; 0 when none does. */
function lengthAt({ byPrefix, prefixLengths }: Search, text: string, start: number): number {
  const lengths = prefixLengths.map((length) => {
    const forms = byPrefix.get(text.slice(start, start + length)) ?? [];
    return forms.find((form) => text.startsWith(form, start))?.length ?? 0;
  });
  return Math.max(...lengths);
}

function longestBeginning({ forms }: Search, text: string): number {
  const most = Math.min(text.length, (forms[0]?.length ?? 1) - 1);
  for (let length = most; length > 0; length--) {
    const end = text.slice(-length);
    if (forms.some((form) => form.length > length && form.startsWith(end))) return length;
  }
  return 0;
}

/** Bytes of the text in UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
