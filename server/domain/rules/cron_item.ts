/**
 * Reads one field of a cron expression. Values, lists, ranges, steps and `H` become plain numbers here, where a fault
 * can be told with its place; what L, W and # mean is left to croner.
 */
import { say, type Sentence } from "../../../schema/sentences.ts";
import { cronError, type CronPiece, type CronSource, quotePiece, splitPiece } from "./cron_fault.ts";
import { type CronField, SUNDAY_AS_LAST } from "./cron_field.ts";
import { spreadOffset } from "./cron_spread.ts";

/** Items of one field: more are no schedule but a mistake. */
const MAX_ITEMS = 100;

export interface FieldReading {
  /**
   * The field in croner's words. More than one when croner cannot say it in one (LW takes no other item beside it): the
   * field holds when any of them does.
   */
  readonly alternatives: readonly string[];
  /** A wildcard or a step was written, or every value is named. */
  readonly wild: boolean;
  /** `H` was written: the field depends on the container. */
  readonly spread: boolean;
  /**
   * The field as cronstrue reads it: numbers for names, the chosen value for `H`. More than one when it cannot say it in
   * one, as with alternatives.
   */
  readonly spoken: readonly string[];
}

/** One item of a list. `values` are plain numbers, `special` is for croner to understand. */
interface Item {
  readonly values: readonly number[];
  readonly special: string | null;
  readonly every: boolean;
  readonly wild: boolean;
  readonly spread: boolean;
  readonly spoken: string;
}

interface FieldSource extends CronSource {
  readonly definition: CronField;
  /** How many fields the expression has. */
  readonly fieldCount: number;
}

export function readField(
  piece: CronPiece,
  definition: CronField,
  fieldCount: number,
  source: CronSource,
): FieldReading {
  const field: FieldSource = { ...source, definition, fieldCount };
  const pieces = splitPiece(piece, /,/);
  if (pieces.length > MAX_ITEMS) refuse(field, piece, say("CRON_ITEMS", { most: MAX_ITEMS }));
  const items = pieces.map((item) => readItem(item, piece, field));
  const values = [...new Set(items.flatMap((item) => item.values))].sort((a, b) => a - b);
  const all = items.some((item) => item.every);
  return {
    alternatives: all ? ["*"] : alternativesOf(items, values),
    wild: items.some((item) => item.wild) || values.length === definition.max - definition.min + 1,
    spread: items.some((item) => item.spread),
    spoken: all ? ["*"] : spokenOf(items, values, definition),
  };
}

function alternativesOf(items: readonly Item[], values: readonly number[]): readonly string[] {
  const specials = [...new Set(items.flatMap((item) => item.special ?? []))];
  const together = [...values.map(String), ...specials.filter((special) => special !== "LW")].join(",");
  return [together, specials.includes("LW") ? "LW" : ""].filter((text) => text !== "");
}

/** L and W of a day stand alone in a sentence. Values that several items name are listed, each once. */
function spokenOf(
  items: readonly Item[],
  values: readonly number[],
  definition: CronField,
): readonly string[] {
  const alone = items.filter((item) => item.special !== null && definition.kind === "day");
  const rest = items.filter((item) => !alone.includes(item));
  const named = rest.flatMap((item) => item.values).length;
  const together = named === values.length
    ? rest.map((item) => item.spoken)
    : [...values, ...rest.flatMap((item) => item.special ?? [])];
  return [...new Set([together.join(","), ...alone.map((item) => item.spoken)])].filter((text) =>
    text !== ""
  );
}

function readItem(piece: CronPiece, whole: CronPiece, field: FieldSource): Item {
  const text = piece.text.toLowerCase();
  if (text === "") refuse(field, whole, say("CRON_EMPTY_ITEM"));
  if (text === "*" || text === "?") return { ...plain([], "*"), every: true, wild: true };
  const special = readSpecial(text, field.definition);
  if (special !== null) return { ...plain([], special), special };
  const [body = "", stepText, ...more] = text.split("/");
  if (more.length > 0) refuse(field, piece, say("CRON_TWO_STEPS"));
  const step = stepText === undefined ? null : readStep(stepText, piece, field);
  return text.startsWith("h") ? readSpread(body, step, piece, field) : readNumbers(body, step, piece, field);
}

function plain(values: readonly number[], spoken: string): Item {
  return { values, special: null, every: false, wild: false, spread: false, spoken };
}

/** L, LW and 15W of a day, 5L (also 5#L) and fri#2 of a weekday, as croner writes them; null when it is none of these. */
function readSpecial(text: string, definition: CronField): string | null {
  if (definition.kind === "day") {
    if (text === "l" || text === "lw") return text.toUpperCase();
    const day = /^(\d{1,2})w$/.exec(text)?.[1];
    return day !== undefined && Number(day) >= 1 && Number(day) <= definition.max ? `${Number(day)}W` : null;
  }
  if (definition.kind !== "weekday") return null;
  const [, name = "", suffix = ""] = /^([a-z]+|\d)(#?l|#[1-5])$/.exec(text) ?? [];
  const weekday = valueOf(name, definition);
  return weekday === null ? null : `${weekday % 7}${suffix.replace("#l", "l").toUpperCase()}`;
}

function readStep(text: string, piece: CronPiece, field: FieldSource): number {
  const { maxStep } = field.definition;
  const step = /^\d+$/.test(text) ? Number(text) : 0;
  if (step < 1 || step > maxStep) refuse(field, piece, say("CRON_STEP", { most: maxStep }));
  return step;
}

/** `*`, `a` or `a-b`, with or without a step. */
function readNumbers(body: string, step: number | null, piece: CronPiece, field: FieldSource): Item {
  const { min, max } = field.definition;
  if (body === "*") return stepItem(numbers(min, max, step ?? 1), step ?? 1, `*/${step}`, field);
  const [fromText = "", toText, ...more] = body.split("-");
  if (more.length > 0) refuse(field, piece, say("CRON_NO_RANGE"));
  if (fromText === "l" && field.definition.kind === "day" && /^(?:[1-9]|1\d|2[0-7])$/.test(toText ?? "")) {
    refuse(field, piece, say("CRON_BEFORE_LAST", { days: Number(toText) }));
  }
  const from = readValue(fromText, piece, field);
  if (toText === undefined) {
    if (step === null) return plain([from], `${from}`);
    return stepItem(numbers(from, max, step), step, from === min ? `*/${step}` : `${from}/${step}`, field);
  }
  const to = readRangeEnd(fromText, toText, piece, field);
  // A range that begins at 7 is read as written, so that 7-2 is as reversed as 6-2.
  const written = fromText === `${SUNDAY_AS_LAST}` && field.definition.kind === "weekday"
    ? SUNDAY_AS_LAST
    : from;
  if (written > to) {
    refuse(field, piece, say("CRON_REVERSED", { accepted: acceptedFor(written, to, step, field) }));
  }
  const values = numbers(written, to, step ?? 1).map((value) => fold(value, field.definition));
  const spoken = written === to ? `${values[0]}` : `${written}-${to}${step === null ? "" : `/${step}`}`;
  if (step !== null && from === min && to === max) return stepItem(values, step, spoken, field);
  return { ...plain(values, spoken), wild: step !== null };
}

/** What a range over the end of the field means, as it is written here. */
function acceptedFor(first: number, last: number, step: number | null, { definition }: FieldSource): string {
  const { min, max } = definition;
  const span = max - min + 1;
  if (step !== null) {
    return numbers(first, last + span, step).map((value) => min + (value - min) % span).join(",");
  }
  // Sunday as 7 comes after the last value that is written.
  return `${first > max ? "" : `${first}-${max},`}${min}-${last}`;
}

/** A step up to the end of the field. "Every 45 minutes" would be wrong where it does not go on evenly behind that end. */
function stepItem(
  values: readonly number[],
  step: number,
  spoken: string,
  { definition }: FieldSource,
): Item {
  const { kind, min, max } = definition;
  const even = step === 1 || kind === "year" || (kind !== "day" && (max - min + 1) % step === 0);
  return { ...plain(values, even ? spoken : values.join(",")), wild: true };
}

/** As the end of a range Sunday comes after Saturday: fri-sun and 5-7 are three days; sun-sun is one. */
function readRangeEnd(fromText: string, text: string, piece: CronPiece, field: FieldSource): number {
  const to = readValue(text, piece, field);
  if (field.definition.kind !== "weekday" || to !== 0 || text === "0" || text === "00") return to;
  return text !== `${SUNDAY_AS_LAST}` && fromText.startsWith("sun") ? to : SUNDAY_AS_LAST;
}

/** `H`, `H(a-b)`, with or without a step: the same for one container every time, even over many. */
function readSpread(body: string, step: number | null, piece: CronPiece, field: FieldSource): Item {
  const { spread, kind } = field.definition;
  const [matched, bounds] = /^h(?:\((.*)\))?$/.exec(body) ?? [];
  if (matched === undefined) refuse(field, piece, say("CRON_UNKNOWN"));
  if (spread === null) refuse(field, piece, say("CRON_SPREAD_YEAR"));
  let [first, last] = spread;
  if (bounds !== undefined) {
    const [fromText = "", toText = "", ...more] = bounds.split("-");
    first = readValue(fromText, piece, field);
    last = readValue(toText, piece, field);
    if (more.length > 0 || first > last) refuse(field, piece, say("CRON_SPREAD_RANGE"));
  }
  const span = Math.min(step ?? Infinity, last - first + 1);
  const chosen = first + spreadOffset(field.containerId, kind, span);
  if (step === null) return { ...plain([chosen], `${chosen}`), spread: true };
  const values = numbers(chosen, last, step);
  const item = last === field.definition.max
    ? stepItem(values, step, `${chosen}/${step}`, field)
    : { ...plain(values, `${chosen}-${last}/${step}`), wild: true };
  return { ...item, spread: true };
}

function readValue(text: string, piece: CronPiece, field: FieldSource): number {
  const value = valueOf(text, field.definition);
  if (value !== null) return value;
  const special = readSpecial(text, field.definition);
  if (special !== null) return refuse(field, piece, say("CRON_ALONE", { value: special }));
  const why = text === "" ? say("CRON_VALUE_MISSING") : say("CRON_UNKNOWN_VALUE", { value: text });
  return refuse(field, piece, why);
}

/** A value in digits or as a name; null when it is neither or out of bounds. */
function valueOf(text: string, definition: CronField): number | null {
  const named = definition.names.get(text);
  if (named !== undefined) return named;
  if (!definition.digits.test(text)) return null;
  const value = Number(text);
  if (definition.kind === "weekday" && value === SUNDAY_AS_LAST) return 0;
  return value >= definition.min && value <= definition.max ? value : null;
}

function fold(value: number, definition: CronField): number {
  return definition.kind === "weekday" ? value % 7 : value;
}

function numbers(first: number, last: number, step: number): readonly number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}

function refuse(field: FieldSource, piece: CronPiece, why: Sentence): never {
  const { kind, min, max } = field.definition;
  const place = { field: kind, number: (piece.field ?? 0) + 1, count: field.fieldCount };
  const sentence = say("CRON_FIELD", { ...place, quoted: quotePiece(piece), least: min, most: max, why });
  throw cronError(field, piece, sentence);
}
