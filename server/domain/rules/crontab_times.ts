/**
 * The time fields of a crontab line by cron's own rules, and the expression that means the same here. Cron looks at the
 * first character of a field: when the day of month or the day of week begins with `*`, both have to hold, and otherwise
 * one is enough.
 */
import { namesOf } from "../../../schema/definition/field.ts";
import { InvalidCronError } from "../../../schema/errors.ts";
import { say, type Sentence } from "../../../schema/sentences.ts";
import { readExpression } from "./cron.ts";
import { REBOOT } from "./cron_macro.ts";

interface CronField {
  readonly text: string;
  /** The values that it names, in order. */
  readonly values: readonly number[];
  /** It begins with `*`. */
  readonly star: boolean;
  /** Cron chooses a value of the range when it reads the file. */
  readonly random: boolean;
}

/** Null: at each start of the machine. */
export interface CronTimes {
  readonly expression: string;
  readonly fields: CronFields | null;
  readonly random: boolean;
}

export interface CronFields {
  readonly minute: CronField;
  readonly hour: CronField;
  readonly day: CronField;
  readonly month: CronField;
  readonly weekday: CronField;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const shapes = {
  minute: { min: 0, max: 59, names: [] },
  hour: { min: 0, max: 23, names: [] },
  day: { min: 1, max: 31, names: [] },
  month: { min: 1, max: 12, names: MONTHS },
  weekday: { min: 0, max: 7, names: WEEKDAYS },
} as const;
type Shape = typeof shapes[keyof typeof shapes];

const nicknames: ReadonlyMap<string, string> = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);

type Reading =
  | { readonly kind: "times"; readonly times: CronTimes }
  | { readonly kind: "fault"; readonly fault: Sentence };

export function readCronTimes(text: string): Reading {
  const name = text.toLowerCase();
  if (name === REBOOT) {
    return { kind: "times", times: { expression: REBOOT, fields: null, random: false } };
  }
  const known = nicknames.get(name);
  if (known === undefined && name.startsWith("@")) {
    const names = [...nicknames.keys(), REBOOT];
    return { kind: "fault", fault: say("CRONTAB_NICKNAME", { name: text.slice(0, 60), known: names }) };
  }
  const fields = readFields(known ?? text);
  if ("fault" in fields) return { kind: "fault", fault: fields.fault };
  const expression = known === undefined ? expressionOf(fields) : name;
  const random = Object.values<CronField>({ ...fields }).some((field) => field.random);
  return { kind: "times", times: { expression, fields, random } };
}

/** Whether both days have to hold. */
export function needsBothDays({ day, weekday }: CronFields): boolean {
  return day.star || weekday.star;
}

function readFields(text: string): CronFields | { readonly fault: Sentence } {
  const texts = text.split(/\s+/);
  const read = new Map<string, CronField>();
  for (const [place, name] of namesOf(shapes).entries()) {
    const field = readField(texts[place] ?? "", shapes[name]);
    if (field === null) {
      return { fault: say("CRONTAB_FIELD", { field: name, text: (texts[place] ?? "").slice(0, 60) }) };
    }
    read.set(name, field);
  }
  // A field was read for each of the shapes.
  return Object.fromEntries(read) as unknown as CronFields;
}

function readField(text: string, shape: Shape): CronField | null {
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const read = readItem(item, shape);
    if (read === null) return null;
    for (const value of read) values.add(shape === shapes.weekday ? value % 7 : value);
  }
  const sorted = [...values].sort((one, two) => one - two);
  return { text, values: sorted, star: text.startsWith("*"), random: text.includes("~") };
}

/** A number, a name, or a range with a step; cron takes a step behind `*` and behind a range alone. */
function readItem(item: string, shape: Shape): readonly number[] | null {
  const [, from = "", separator, to = "", stepText] =
    /^(\*|[a-z]{3}|\d{1,2}|(?=~))(?:([-~])([a-z]{3}|\d{1,2}|))?(?:\/(\d{1,4}))?$/i.exec(item) ?? [];
  if (from === "" && separator === undefined) return null;
  const whole = from === "*";
  if (whole && separator !== undefined || !whole && separator === undefined && stepText !== undefined) {
    return null;
  }
  const least = whole || from === "" ? shape.min : valueOf(from, shape);
  const most = whole || (separator === "~" && to === "")
    ? shape.max
    : separator === undefined
    ? least
    : valueOf(to, shape);
  const step = Number(stepText ?? 1);
  if (least === null || most === null || least > most || step < 1) return null;
  const last = whole && shape === shapes.weekday ? shape.max - 1 : most;
  return Array.from({ length: Math.floor((last - least) / step) + 1 }, (_, index) => least + index * step);
}

function valueOf(text: string, { min, max, names }: Shape): number | null {
  const named = (names as readonly string[]).indexOf(text.toLowerCase());
  const value = named === -1 ? (/^\d+$/.test(text) ? Number(text) : NaN) : named + (names === MONTHS ? 1 : 0);
  return value >= min && value <= max ? value : null;
}

/** As it was written where that means the same here; otherwise its values one by one. */
function expressionOf(fields: CronFields): string {
  const both = needsBothDays(fields) && fields.day.text !== "*" && fields.weekday.text !== "*";
  const texts = Object.entries(fields).map(([name, field]) => {
    const text = writtenAs(field, name);
    return name === "weekday" && both ? `+${text}` : text;
  });
  return texts.join(" ");
}

function writtenAs({ text, values, star, random }: CronField, name: string): string {
  if (random) return writeRandom(text, name);
  // Behind another item a `*` names every value, but does not make the field a wildcard.
  const named = !star && text.split(",").includes("*") ? values.join(",") : text;
  return isReadable(named, name) ? named : values.join(",");
}

function isReadable(text: string, name: string): boolean {
  const place = Object.keys(shapes).indexOf(name);
  const fields = ["0", "0", "*", "*", "*"];
  fields[place] = text;
  try {
    readExpression(fields.join(" "), { containerId: 0 }, null);
    return true;
  } catch (error) {
    if (error instanceof InvalidCronError) return false;
    throw error;
  }
}

/** `0~29` of OpenBSD and cronie is `H(0-29)` here. */
function writeRandom(text: string, name: string): string {
  const { min, max } = Object.entries(shapes).find(([key]) => key === name)?.[1] ?? shapes.minute;
  return text.split(",").map((item) => {
    const [, from, to] = /^(\d*)~(\d*)$/.exec(item) ?? [];
    if (from === undefined) return item;
    return `H(${from || min}-${to || (name === "weekday" ? 6 : name === "day" ? 28 : max)})`;
  }).join(",");
}
