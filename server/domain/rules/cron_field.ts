/** The seven fields of a cron expression: their names, bounds and words, and which of them a text holds. */

export type FieldKind = "second" | "minute" | "hour" | "day" | "month" | "weekday" | "year";

export interface CronField {
  readonly kind: FieldKind;
  /** As refusals name it. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** How a value is written in digits. */
  readonly digits: RegExp;
  /** Words for values, in lower case. */
  readonly names: ReadonlyMap<string, number>;
  readonly maxStep: number;
  /** What `H` chooses from. Days stop at 28, so that no month is left out. Null: no `H` here. */
  readonly spread: readonly [number, number] | null;
  /** What is allowed here, for refusals. */
  readonly allowed: string;
}

export const FIRST_YEAR = 1970;
export const LAST_YEAR = 2099;

/** The last value of a weekday range that ends on Sunday, as in 5-7. */
export const SUNDAY_AS_LAST = 7;

const TWO_DIGITS = /^\d{1,2}$/;
const FOUR_DIGITS = /^\d{4}$/;
const SHAPES = "lists such as 1,3, ranges such as 1-5 and steps such as */2";
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
    name: kind,
    min: 0,
    max,
    digits: TWO_DIGITS,
    names: new Map(),
    maxStep: max,
    spread: [0, max],
    allowed: `0-${max}, *, H, ${SHAPES}`,
  };
}

const fields: Readonly<Record<FieldKind, CronField>> = {
  second: plainField("second", 59),
  minute: plainField("minute", 59),
  hour: plainField("hour", 23),
  day: {
    ...plainField("day", 31),
    name: "day of month",
    min: 1,
    spread: [1, 28],
    allowed: `1-31, *, L (last day), LW (last working day), 15W (working day nearest the 15th), H, ${SHAPES}`,
  },
  month: {
    ...plainField("month", 12),
    min: 1,
    names: namesOf(MONTHS, 1),
    spread: [1, 12],
    allowed: `1-12 or names such as jan, *, H, ${SHAPES}`,
  },
  weekday: {
    ...plainField("weekday", 6),
    name: "day of week",
    names: namesOf(WEEKDAYS, 0),
    allowed:
      `0-7 (0 and 7 are Sunday) or names such as mon, *, 5L (last Friday), 5#2 (second Friday), H, ${SHAPES}`,
  },
  year: {
    ...plainField("year", LAST_YEAR),
    min: FIRST_YEAR,
    digits: FOUR_DIGITS,
    maxStep: LAST_YEAR - FIRST_YEAR,
    spread: null,
    allowed: `${FIRST_YEAR}-${LAST_YEAR}, *, ${SHAPES}`,
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
