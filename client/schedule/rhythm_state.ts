/**
 * The rhythms that the builder knows, and their expressions. The expression is the only truth: what is chosen is read
 * from it, and every choice writes it anew. What the builder cannot say is a rhythm of its own, `text`.
 */

/** 1 is Monday, 7 is Sunday. */
export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
export type Weekday = typeof weekdays[number];

/** A day of the month, or the last one. */
export type MonthDay = number | "L";

export const intervalUnits = ["s", "m", "h"] as const;
export type IntervalUnit = typeof intervalUnits[number];

export type Rhythm =
  | { readonly kind: "hand" }
  | { readonly kind: "minutes"; readonly every: number }
  | { readonly kind: "hours"; readonly every: number; readonly minute: number }
  | { readonly kind: "days"; readonly hour: number; readonly minute: number }
  | {
    readonly kind: "weekdays";
    readonly days: readonly Weekday[];
    readonly hour: number;
    readonly minute: number;
  }
  | {
    readonly kind: "monthDays";
    readonly days: readonly MonthDay[];
    readonly hour: number;
    readonly minute: number;
  }
  | { readonly kind: "interval"; readonly count: number; readonly unit: IntervalUnit }
  | { readonly kind: "text" };

export type RhythmKind = Rhythm["kind"];

export const rhythmKinds = [
  "hand",
  "minutes",
  "hours",
  "days",
  "weekdays",
  "monthDays",
  "interval",
  "text",
] as const;

/** Ready-made expressions, each with the key of its words. */
export const presets = [
  { name: "everyFiveMinutes", expression: "*/5 * * * *" },
  { name: "hourly", expression: "0 * * * *" },
  { name: "nightly", expression: "30 2 * * *" },
  { name: "workdays", expression: "0 9 * * MON-FRI" },
  { name: "mondays", expression: "0 6 * * MON" },
  { name: "firstOfMonth", expression: "0 4 1 * *" },
  { name: "lastOfMonth", expression: "0 20 L * *" },
  { name: "spread", expression: "H H(1-4) * * *" },
] as const;

/** Where a rhythm begins that nothing is known of yet: at night, when little else runs. */
const DEFAULT_HOUR = 2;
const DEFAULT_MINUTE = 30;
const HOURS = 24;
const MINUTES = 60;
const LAST_MONTH_DAY = 31;
/** Shorter lists of days are clearer than a range. */
const SHORTEST_RANGE = 3;

const weekdayNames = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"] as const;

const macros: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
};

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

/** "6:05", "06:05" and "0605"; null for what is no time of a day of 24 hours. */
export function readTimeOfDay(text: string): TimeOfDay | null {
  const [, hour, minute] = /^(\d{1,2}):?(\d{2})$/.exec(text.trim()) ?? [];
  const time = { hour: Number(hour), minute: Number(minute) };
  return time.hour < HOURS && time.minute < MINUTES ? time : null;
}

/** "06:05". */
export function writeTimeOfDay({ hour, minute }: TimeOfDay): string {
  return [hour, minute].map((value) => String(value).padStart(2, "0")).join(":");
}

export function readRhythm(expression: string): Rhythm {
  const text = expression.trim();
  if (text === "") return { kind: "hand" };
  const interval = text.match(/^@every\s+([1-9]\d{0,6})([smh])$/);
  if (interval) return { kind: "interval", count: Number(interval[1]), unit: readUnit(interval[2]) };
  const fields = (macros[text.toLowerCase()] ?? text).split(/\s+/);
  const [minute, hour, day, month, weekday] = fields;
  if (fields.length !== 5 || month !== "*") return { kind: "text" };
  return readFields(minute ?? "", hour ?? "", day ?? "", weekday ?? "") ?? { kind: "text" };
}

export function writeRhythm(rhythm: Exclude<Rhythm, { kind: "text" }>): string {
  switch (rhythm.kind) {
    case "hand":
      return "";
    case "minutes":
      return `${step(rhythm.every)} * * * *`;
    case "hours":
      return `${rhythm.minute} ${step(rhythm.every)} * * *`;
    case "days":
      return `${rhythm.minute} ${rhythm.hour} * * *`;
    case "weekdays":
      return `${rhythm.minute} ${rhythm.hour} * * ${writeWeekdays(rhythm.days)}`;
    case "monthDays":
      return `${rhythm.minute} ${rhythm.hour} ${sortMonthDays(rhythm.days).join(",")} * *`;
    case "interval":
      return `@every ${rhythm.count}${rhythm.unit}`;
  }
}

/** The rhythm of another kind that keeps what the old one says of the time of day. Null: it cannot be made of nothing. */
export function turnInto(rhythm: Rhythm, kind: RhythmKind): Exclude<Rhythm, { kind: "text" }> | null {
  const hour = "hour" in rhythm ? rhythm.hour : DEFAULT_HOUR;
  const minute = "minute" in rhythm ? rhythm.minute : DEFAULT_MINUTE;
  switch (kind) {
    case "hand":
      return { kind };
    case "minutes":
      return { kind, every: 15 };
    case "hours":
      return { kind, every: 1, minute: "minute" in rhythm ? minute : 0 };
    case "days":
      return { kind, hour, minute };
    case "weekdays":
      return { kind, days: [1, 2, 3, 4, 5], hour, minute };
    case "monthDays":
      return { kind, days: [1], hour, minute };
    case "interval":
      return { kind, count: 90, unit: "s" };
    case "text":
      return null;
  }
}

/** A day more or less. The last one stays: a rhythm without a day says nothing. */
export function toggleDay<Day>(days: readonly Day[], day: Day): readonly Day[] {
  if (!days.includes(day)) return [...days, day];
  return days.length === 1 ? days : days.filter((one) => one !== day);
}

/** True when the steps do not fill the hour, or the day, so that the last gap of each is a shorter one. */
export function isUneven(rhythm: Rhythm): boolean {
  if (rhythm.kind === "minutes") return MINUTES % rhythm.every !== 0;
  return rhythm.kind === "hours" && HOURS % rhythm.every !== 0;
}

function readFields(minute: string, hour: string, day: string, weekday: string): Rhythm | null {
  const at = readNumber(minute, MINUTES - 1);
  const calendar = day === "*" && weekday === "*";
  if (calendar && hour === "*" && at === null) return readMinutes(minute);
  if (at === null) return null;
  if (calendar) {
    const every = readStep(hour, HOURS - 1);
    if (every !== null) return { kind: "hours", every, minute: at };
  }
  const hourOfDay = readNumber(hour, HOURS - 1);
  if (hourOfDay === null) return null;
  if (calendar) return { kind: "days", hour: hourOfDay, minute: at };
  if (day === "*") {
    const days = readWeekdays(weekday);
    return days === null ? null : { kind: "weekdays", days, hour: hourOfDay, minute: at };
  }
  const days = weekday === "*" ? readMonthDays(day) : null;
  return days === null ? null : { kind: "monthDays", days, hour: hourOfDay, minute: at };
}

function readMinutes(minute: string): Rhythm | null {
  const every = readStep(minute, MINUTES - 1);
  return every === null ? null : { kind: "minutes", every };
}

function readStep(field: string, most: number): number | null {
  if (field === "*") return 1;
  const every = field.startsWith("*/") ? readNumber(field.slice(2), most) : null;
  return every === null || every === 0 ? null : every;
}

function readNumber(field: string, most: number): number | null {
  return /^\d{1,2}$/.test(field) && Number(field) <= most ? Number(field) : null;
}

function readWeekdays(field: string): readonly Weekday[] | null {
  const days = new Set<Weekday>();
  for (const item of field.split(",")) {
    const [first = "", last = first, ...rest] = item.split("-");
    const from = readWeekday(first);
    const to = readWeekday(last);
    if (rest.length > 0 || from === null || to === null) return null;
    // 0-3 begins on Sunday; every other range that runs backwards is refused by the dialect.
    if (first !== last && first === "0") days.add(7);
    const begin = first !== last && first === "0" ? 1 : from;
    if (begin > to) return null;
    for (const day of weekdays) if (day >= begin && day <= to) days.add(day);
  }
  return weekdays.filter((day) => days.has(day));
}

function readWeekday(word: string): Weekday | null {
  const named = weekdayNames.indexOf(word.toUpperCase() as typeof weekdayNames[number]); // -1 when it is no name
  const number = named >= 0 ? named + 1 : /^[0-7]$/.test(word) ? Number(word) || 7 : 0;
  return weekdays.find((day) => day === number) ?? null;
}

function writeWeekdays(days: readonly Weekday[]): string {
  const items: string[] = [];
  // A range must not end on Sunday by its name, which counts as the first day of a week.
  let run: Weekday[] = [];
  const close = (): void => {
    const names = run.map((day) => weekdayNames[day - 1] ?? "");
    items.push(...(names.length >= SHORTEST_RANGE ? [`${names[0]}-${names.at(-1)}`] : names));
    run = [];
  };
  for (const day of weekdays.filter((one) => days.includes(one))) {
    if (run.length > 0 && (day === 7 || day !== (run.at(-1) ?? 0) + 1)) close();
    run.push(day);
  }
  close();
  return items.join(",");
}

function readMonthDays(field: string): readonly MonthDay[] | null {
  const days = field.split(",").map((item) =>
    item.toUpperCase() === "L" ? "L" : readNumber(item, LAST_MONTH_DAY)
  );
  if (days.some((day) => day === null || day === 0)) return null;
  return sortMonthDays(days.filter((day) => day !== null));
}

function sortMonthDays(days: readonly MonthDay[]): readonly MonthDay[] {
  const rank = (day: MonthDay): number => day === "L" ? LAST_MONTH_DAY + 1 : day;
  return [...new Set(days)].sort((one, other) => rank(one) - rank(other));
}

function step(every: number): string {
  return every === 1 ? "*" : `*/${every}`;
}

function readUnit(letter: string | undefined): IntervalUnit {
  return intervalUnits.find((unit) => unit === letter) ?? "s";
}
