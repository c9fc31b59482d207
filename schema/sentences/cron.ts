/** Refused expressions, time zones, previews and simulations. */
import type { Format, Sentence } from "../sentences.ts";

const cronFieldKinds = ["second", "minute", "hour", "day", "month", "weekday", "year"] as const;
export type CronFieldKind = typeof cronFieldKinds[number];

interface Bounds {
  readonly least: number;
  readonly most: number;
}

const SHAPES = "lists such as 1,3, ranges such as 1-5 and steps such as */2";
const FIELD_COUNTS =
  "5 fields (minute, hour, day of month, month, day of week), 6 (second first or a year last) " +
  "or 7 (second first and year last) are allowed";
const INSTANTS =
  "@at takes instants in whole seconds with Z or an offset, such as 2030-01-31T18:00:00Z, separated by commas";

/** Clauses: they stand inside CRON_FIELD. */
export const cronFieldFaults = {
  CRON_ITEMS: ({ most }: { readonly most: number }) => `a list has ${most} items at most`,
  CRON_EMPTY_ITEM: () => "the list has an empty item",
  CRON_TWO_STEPS: () => "it has more than one step",
  CRON_STEP: ({ most }: { readonly most: number }) => `a step is 1-${most}`,
  CRON_NO_RANGE: () => "it is no range",
  CRON_REVERSED: ({ accepted }: { readonly accepted: string }) => `the range is reversed; write ${accepted}`,
  CRON_BEFORE_LAST: ({ days }: { readonly days: number }) =>
    `L stands alone, without a range or a step; days before the last are named by month, such as ${
      31 - days
    } in 1,3,5,7,8,10,12 and ${30 - days} in 4,6,9,11, joined with " | "`,
  CRON_ALONE: ({ value }: { readonly value: string }) => `${value} stands alone, without a range or a step`,
  CRON_UNKNOWN: () => "it is not known here",
  CRON_UNKNOWN_VALUE: ({ value }: { readonly value: string }) => `${value} is not known here`,
  CRON_VALUE_MISSING: () => "a value is missing",
  CRON_SPREAD_YEAR: () => "H cannot choose a year",
  CRON_SPREAD_RANGE: () => "H takes a range such as H(0-29)",
} as const;

/** Clauses: they stand inside CRON. */
export const cronFaults = {
  CRON_LONG: ({ most }: { readonly most: number }) => `an expression has ${most} characters at most`,
  CRON_PARTS: ({ most }: { readonly most: number }) => `" | " joins ${most} expressions at most`,
  CRON_EMPTY: () => "the expression is empty; five fields or a macro such as @daily are needed",
  CRON_FEW_FIELDS: ({ count }: { readonly count: number }) =>
    `it has ${count} of at least 5 fields; ${FIELD_COUNTS}`,
  CRON_MACROS: ({ known }: { readonly known: readonly string[] }) => `known macros are ${known.join(", ")}`,
  CRON_CALENDAR_EVENT: ({ accepted }: { readonly accepted: string | null }) =>
    accepted === null
      ? "this looks like systemd's OnCalendar; here it takes fields such as 0 8 * * MON-FRI"
      : `this looks like systemd's OnCalendar; write ${accepted}`,
  CRON_MACRO_ALONE: ({ macro }: { readonly macro: string }) =>
    `nothing may follow ${macro}; a command belongs in a task`,
  CRON_EVERY: () => "@every takes whole seconds in hours, minutes and seconds, such as 90s, 5m or 1h30m",
  CRON_EVERY_UNITS: ({ accepted }: { readonly accepted: string }) =>
    `@every takes whole seconds in hours, minutes and seconds; write ${accepted}`,
  CRON_EVERY_LONG: ({ days }: { readonly days: number }) => `@every takes ${days} days at most`,
  CRON_AT: () => INSTANTS,
  CRON_AT_MANY: ({ most }: { readonly most: number }) => `@at takes ${most} instants at most`,
  CRON_AT_EMPTY_ITEM: () => `the list has an empty item; ${INSTANTS}`,
  CRON_NO_DAY: () => "there is no such day",
  CRON_YEAR: ({ least, most }: Bounds) => `the year is ${least}-${most}`,
} as const;

export const cronSentences = {
  CRON: ({ quoted, why }: { readonly quoted: string; readonly why: Sentence }, format: Format) =>
    `Cannot read "${quoted}": ${format(why)}`,
  CRON_FIELD: (
    { quoted, field, number, count, least, most, why }: Bounds & {
      readonly quoted: string;
      readonly field: CronFieldKind;
      /** From 1. */
      readonly number: number;
      readonly count: number;
      readonly why: Sentence;
    },
    format: Format,
  ) =>
    `Cannot read "${quoted}" in the ${nameOf(field)} (field ${number} of ${count}): ` +
    `${format(why)}; allowed are ${allowedIn(field, { least, most })}`,
  CRON_COMMAND: ({ quoted }: { readonly quoted: string }) =>
    `Cannot read "${quoted}": this looks like a line of a crontab; only its first five fields are the schedule, and the command belongs in a task`,
  CRON_EIGHTH_FIELD: ({ quoted }: { readonly quoted: string }) =>
    `Cannot read "${quoted}" (field 8): it is one field too many; ${FIELD_COUNTS}`,
  CRON_GAP: (
    { expression, seconds, least }: {
      readonly expression: string;
      readonly seconds: number;
      readonly least: number;
    },
  ) =>
    `Cannot use "${expression}": it fires every ${seconds} s at times, and this server allows no gap below ${least} s`,
  TIMEZONE_UNKNOWN: ({ quoted }: { readonly quoted: string }) =>
    `Cannot use time zone "${quoted}": it is not a name of the IANA database, such as Europe/Berlin or UTC`,
  PREVIEW_COUNT: ({ count, most }: { readonly count: number; readonly most: number }) =>
    `Cannot preview ${count} fires: 1 to ${most} are allowed`,
  PREVIEW_FROM: () => "Cannot preview: from is no instant",
  LANGUAGE_UNKNOWN: ({ language }: { readonly language: string }) =>
    `Cannot describe in "${language}": en and zh are known`,
  SIMULATED_FIRES: ({ expression, most }: { readonly expression: string; readonly most: number }) =>
    `Cannot simulate "${expression}": it fires more than ${most} times in this span; choose a shorter one`,
  SIMULATED_SPAN: (
    { from, to, days }: { readonly from: string; readonly to: string; readonly days: number },
  ) => `Cannot simulate from ${from} to ${to}: to is after from, by ${days} days at most`,
} as const;

function nameOf(field: CronFieldKind): string {
  switch (field) {
    case "day":
      return "day of month";
    case "weekday":
      return "day of week";
    default:
      return field;
  }
}

function allowedIn(field: CronFieldKind, { least, most }: Bounds): string {
  switch (field) {
    case "day":
      return `1-31, *, L (last day), LW (last working day), 15W (working day nearest the 15th), H, ${SHAPES}`;
    case "month":
      return `1-12 or names such as jan, *, H, ${SHAPES}`;
    case "weekday":
      return `0-7 (0 and 7 are Sunday) or names such as mon, *, 5L (last Friday), 5#2 (second Friday), H, ${SHAPES}`;
    case "year":
      return `${least}-${most}, *, ${SHAPES}`;
    default:
      return `${least}-${most}, *, H, ${SHAPES}`;
  }
}
