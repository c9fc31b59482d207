/** The seven fields of a cron expression: their bounds and words, and which of them a text holds. */
import type { CronFieldKind } from "../../../schema/sentences/cron.ts";

export type FieldKind = CronFieldKind;

export interface CronField {
  readonly kind: FieldKind;
  readonly min: number;
  readonly max: number;
  /** How a value is written in digits. */
  readonly digits: RegExp;
  /** Words for values, in lower case. */
  readonly names: ReadonlyMap<string, number>;
  readonly maxStep: number;
  /** What `H` chooses from. Days stop at 28, so that no month is left out. Null: no `H` here. */
  readonly spread: readonly [number, number] | null;
}

export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2099;

/** The last value of a weekday range that ends on Sunday, as in 5-7. */
export const SUNDAY_AS_LAST = 7;

const TWO_DIGITS = /^\d{1,2}$/;
const FOUR_DIGITS = /^\d{4}$/;
const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** Each word and its first three letters. */
function namesOf(words: readonly string[], first: number): ReadonlyMap<string, number> {
  return new Map(words.flatMap((word, index) => [[word, index + first], [word.slice(0, 3), index + first]]));
}

function plainField(kind: FieldKind, max: number): CronField {
  return {
    kind,
    min: 0,
    max,
    digits: TWO_DIGITS,
    names: new Map(),
    maxStep: max,
    spread: [0, max],
  };
}

const fields: Readonly<Record<FieldKind, CronField>> = {
  second: plainField("second", 59),
  minute: plainField("minute", 59),
  hour: plainField("hour", 23),
  day: {
    ...plainField("day", 31),
    min: 1,
    spread: [1, 28],
  },
  month: {
    ...plainField("month", 12),
    min: 1,
    names: namesOf(MONTHS, 1),
    spread: [1, 12],
  },
  weekday: {
    ...plainField("weekday", 6),
    names: namesOf(WEEKDAYS, 0),
  },
  year: {
    ...plainField("year", LAST_YEAR),
    min: FIRST_YEAR,
    digits: FOUR_DIGITS,
    maxStep: LAST_YEAR - FIRST_YEAR,
    spread: null,
  },
};

const withoutSeconds: readonly FieldKind[] = ["minute", "hour", "day", "month", "weekday"];

/** The fields that a text of so many pieces holds, in their order; null when there is no such expression. */
export function fieldsOf(pieces: readonly string[]): readonly CronField[] | null {
  return kindsOf(pieces)?.map((kind) => fields[kind]) ?? null;
}

/** Six fields begin with the second, unless the last one holds a four-digit year. */
function kindsOf(pieces: readonly string[]): readonly FieldKind[] | null {
  switch (pieces.length) {
    case 5:
      return withoutSeconds;
    case 6:
      return /\d{4}/.test(pieces[5] ?? "") ? [...withoutSeconds, "year"] : ["second", ...withoutSeconds];
    case 7:
      return ["second", ...withoutSeconds, "year"];
    default:
      return null;
  }
}
