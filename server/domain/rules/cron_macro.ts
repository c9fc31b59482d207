/** The words that stand for an expression: @daily and its like, @every with a duration, @at with instants. */
import { say } from "../../../schema/sentences.ts";
import { type CronPiece, type CronSource, refuseCron, splitPiece, trimPiece } from "./cron_fault.ts";
import { FIRST_YEAR, LAST_YEAR } from "./cron_field.ts";

export const REBOOT = "@reboot";
const MAX_INSTANTS = 100;
const MAX_EVERY_DAYS = 3_660;
const SECONDS_PER_DAY = 86_400;

/** Fires at a distance that does not change, counted from the schedule's anchor. */
export interface EveryPart {
  readonly kind: "every";
  readonly seconds: number;
}

/** Fires at instants that are written out. */
export interface InstantsPart {
  readonly kind: "instants";
  /** Milliseconds of the epoch, ascending, none twice. */
  readonly instants: readonly number[];
}

/** Fires when the machine of an agent was started anew; no clock says when. */
export interface RebootPart {
  readonly kind: "reboot";
}

const calendars: ReadonlyMap<string, string> = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);
const secondsOf: ReadonlyMap<string, number> = new Map([["h", 3_600], ["m", 60], ["s", 1]]);
/** Words of other schedulers, for the refusal: a day here may be 23 or 25 hours long, and is not meant by all that write it. */
const otherUnits: readonly (readonly [RegExp, number])[] = [
  [/^w(?:eeks?)?$/, 7 * SECONDS_PER_DAY],
  [/^d(?:ays?)?$/, SECONDS_PER_DAY],
  [/^h(?:(?:ou)?rs?)?$/, 3_600],
  [/^m(?:in(?:ute)?s?)?$/, 60],
  [/^s(?:ec(?:ond)?s?)?$/, 1],
];

/** A string is the expression that the macro is short for. */
export function readMacro(
  piece: CronPiece,
  source: CronSource,
): string | EveryPart | InstantsPart | RebootPart {
  const name = /^\S+/.exec(piece.text)?.[0].toLowerCase() ?? "";
  const rest = trimPiece({
    ...piece,
    text: piece.text.slice(name.length),
    offset: piece.offset + name.length,
  });
  if (name === "@every") return readEvery(rest, piece, source);
  if (name === "@at") return readInstants(rest, piece, source);
  const calendar = name === REBOOT ? { kind: "reboot" } as const : calendars.get(name);
  if (calendar === undefined) {
    const known = [...calendars.keys(), REBOOT, "@every 5m", "@at 2030-01-31T18:00:00Z"];
    return refuseCron(
      source,
      { ...piece, text: piece.text.slice(0, name.length) },
      say("CRON_MACROS", { known }),
    );
  }
  if (rest.text !== "") refuseCron(source, rest, say("CRON_MACRO_ALONE", { macro: name }));
  return calendar;
}

function readEvery(duration: CronPiece, whole: CronPiece, source: CronSource): EveryPart {
  const allowed = say("CRON_EVERY");
  if (duration.text === "") refuseCron(source, whole, allowed);
  if (!/^(?:\d+(?:\.\d+)?[hms])+$/i.test(duration.text)) {
    const accepted = acceptedFor(duration.text.toLowerCase());
    refuseCron(source, duration, accepted === null ? allowed : say("CRON_EVERY_UNITS", { accepted }));
  }
  let seconds = 0;
  for (const [, amount, unit] of duration.text.toLowerCase().matchAll(/([\d.]+)([hms])/g)) {
    seconds += Number(amount) * (secondsOf.get(unit ?? "") ?? 0);
  }
  // 1.1h is 3960 seconds, though not in binary fractions.
  const rounded = Math.round(seconds);
  if (Math.abs(seconds - rounded) > 1e-6 || rounded < 1) refuseCron(source, duration, allowed);
  if (rounded > MAX_EVERY_DAYS * SECONDS_PER_DAY) {
    refuseCron(source, duration, say("CRON_EVERY_LONG", { days: MAX_EVERY_DAYS }));
  }
  return { kind: "every", seconds: rounded };
}

/** What says the same in hours, minutes and seconds; null when the text is no duration at all. */
function acceptedFor(text: string): string | null {
  if (!/^(?:\d{1,6}\s*[a-z]+\s*)+$/.test(text)) return null;
  let seconds = 0;
  for (const [, amount, word = ""] of text.matchAll(/(\d+)\s*([a-z]+)/g)) {
    seconds += Number(amount) * (otherUnits.find(([name]) => name.test(word))?.[1] ?? NaN);
  }
  if (!(seconds > 0)) return null;
  const amounts = [[Math.floor(seconds / 3_600), "h"], [Math.floor(seconds / 60) % 60, "m"], [
    seconds % 60,
    "s",
  ]];
  return `@every ${amounts.filter(([amount]) => amount !== 0).map((part) => part.join("")).join("")}`;
}

function readInstants(list: CronPiece, whole: CronPiece, source: CronSource): InstantsPart {
  if (list.text === "") refuseCron(source, whole, say("CRON_AT"));
  const pieces = splitPiece(list, /\s*,\s*|\s+/);
  if (pieces.length > MAX_INSTANTS) refuseCron(source, list, say("CRON_AT_MANY", { most: MAX_INSTANTS }));
  const instants = pieces.map((piece) => readInstant(piece, list, source));
  return { kind: "instants", instants: [...new Set(instants)].sort((a, b) => a - b) };
}

function readInstant(piece: CronPiece, list: CronPiece, source: CronSource): number {
  if (piece.text === "") refuseCron(source, list, say("CRON_AT_EMPTY_ITEM"));
  const shape = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(?::\d\d(?:\.0+)?)?(?:Z|[+-]\d\d:\d\d)$/i.exec(piece.text);
  const instant = shape === null ? NaN : Date.parse(piece.text.toUpperCase());
  if (shape === null || Number.isNaN(instant)) return refuseCron(source, piece, say("CRON_AT"));
  const [, year, month, day] = shape.map(Number);
  if (!existingDay(year ?? 0, month ?? 0, day ?? 0)) return refuseCron(source, piece, say("CRON_NO_DAY"));
  if (instant < Date.UTC(FIRST_YEAR) || instant >= Date.UTC(LAST_YEAR + 1)) {
    return refuseCron(source, piece, say("CRON_YEAR", { least: FIRST_YEAR, most: LAST_YEAR }));
  }
  return instant;
}

/** Date.parse takes 31 February for 3 March. */
function existingDay(year: number, month: number, day: number): boolean {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}
