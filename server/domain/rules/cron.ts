/**
 * The cron dialect: a small reader in front of croner, which keeps what it knows (calendar search, L, W and #). Ours
 * are the shape of the text, seven fields, macros, `H`, ` | `, and refusals that name the place of a fault.
 */
import { CronPattern } from "croner";
import { type FieldPath, InvalidCronError, InvalidInputError } from "../../../schema/errors.ts";
import { say } from "../../../schema/sentences.ts";
import { isCalendarEvent, toCronText } from "./calendar_event.ts";
import {
  cronError,
  type CronPiece,
  type CronSource,
  quotePiece,
  refuseCron,
  splitPiece,
  trimPiece,
} from "./cron_fault.ts";
import { type FieldKind, fieldsOf, FIRST_YEAR, LAST_YEAR } from "./cron_field.ts";
import { type FieldReading, readField } from "./cron_item.ts";
import { type EveryPart, type InstantsPart, readMacro, type RebootPart } from "./cron_macro.ts";

/** Characters of an expression, and expressions that ` | ` may join. */
const MAX_LENGTH = 4_000;
const MAX_PARTS = 16;
/** Longer than any name of the zone database. */
const MAX_ZONE_LENGTH = 64;

export interface Expression {
  /** What was read, without the time zone in front. */
  readonly text: string;
  /** It fires when any of them does. */
  readonly parts: readonly Part[];
  /** It holds an `H`: the same text means other instants for another container. */
  readonly spread: boolean;
}

export type Part = CalendarPart | EveryPart | InstantsPart | RebootPart;

/** Fires where the wall clock matches. */
export interface CalendarPart {
  readonly kind: "calendar";
  /** It fires where any of these matches. */
  readonly patterns: readonly CronPattern[];
  /** The hour has a wildcard or a step: it goes by real time, whatever the clocks do. */
  readonly realTime: boolean;
  /** As cronstrue reads it; a sentence each. */
  readonly spoken: readonly string[];
}

/** Croner keeps 10,000 entries for the years of each pattern; those that hold in every year share one table. */
const everyYear = {
  pattern: `${FIRST_YEAR}-${LAST_YEAR}`,
  table: new CronPattern(`* * * * * * ${FIRST_YEAR}-${LAST_YEAR}`).year,
};
/** In front of the weekday: it has to hold together with the day of month, where otherwise one of them is enough. */
const BOTH_DAYS = "+";
const prefixShape = /^\s*(?:CRON_)?TZ=(\S*)\s*/;

/** The path is the one of the caller's argument; offsets count from the beginning of the text as it was given. */
export function readExpression(
  text: string,
  seed: { readonly containerId: number },
  path: FieldPath,
): Expression {
  const source = { path, containerId: seed.containerId };
  const piece = { text, offset: 0, field: null };
  if (text.length > MAX_LENGTH) {
    refuseCron(source, piece, say("CRON_LONG", { most: MAX_LENGTH }));
  }
  const prefix = prefixShape.exec(text)?.[0].length ?? 0;
  const whole = trimPiece({ ...piece, text: text.slice(prefix), offset: prefix });
  const pieces = splitPiece(whole, /\|/);
  if (pieces.length > MAX_PARTS) refuseCron(source, whole, say("CRON_PARTS", { most: MAX_PARTS }));
  const readings = pieces.map((part) => readPart(part, source));
  return {
    text: whole.text,
    parts: readings.map((reading) => reading.part),
    spread: readings.some((reading) => reading.spread),
  };
}

/** Takes a `TZ=` or `CRON_TZ=` off the front. The zone is null when there is none, and not checked here. */
export function splitTimezone(
  text: string,
): { readonly expression: string; readonly timezone: string | null } {
  const prefix = prefixShape.exec(text);
  const expression = text.slice(prefix?.[0].length ?? 0).trim();
  return { expression, timezone: prefix?.[1] ?? null };
}

/** The zone's name with its usual capitals. Another name for the same zone stays as it was written. */
export function readTimezone(text: string, path: FieldPath): string {
  const zone = findZone(text.trim());
  if (zone !== null) return zone;
  const quoted = text.length > MAX_ZONE_LENGTH ? `${text.slice(0, MAX_ZONE_LENGTH)}…` : text;
  throw new InvalidInputError(
    say("TIMEZONE_UNKNOWN", { quoted }),
    path,
  );
}

function findZone(name: string): string | null {
  // Offsets such as +02:00 would be taken as well, but they are no zones: their clocks never change.
  if (!/^[A-Za-z]/.test(name) || name.length > MAX_ZONE_LENGTH) return null;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

interface PartReading {
  readonly part: Part;
  readonly spread: boolean;
}

function readPart(piece: CronPiece, source: CronSource): PartReading {
  if (piece.text === "") {
    refuseCron(source, piece, say("CRON_EMPTY"));
  }
  if (!piece.text.startsWith("@")) return readCalendar(piece, source);
  const macro = readMacro(piece, source);
  return typeof macro === "string"
    ? readCalendar({ ...piece, text: macro }, source)
    : { part: macro, spread: false };
}

function readCalendar(piece: CronPiece, source: CronSource): PartReading {
  const pieces = splitPiece(piece, /\s+/).map((field, index) => ({ ...field, field: index }));
  const command = pieces[5];
  if (command !== undefined && pieces.slice(5).some(isCommand)) refuseCommand(piece, command, source);
  const definitions = fieldsOf(pieces.map((field) => field.text));
  if (definitions === null) refuseFieldCount(piece, pieces, source);
  let both = false;
  const readings = new Map(definitions.map((definition, index) => {
    const field = pieces[index] ?? piece;
    both ||= definition.kind === "weekday" && field.text.startsWith(BOTH_DAYS);
    return [
      definition.kind,
      readField(withoutSign(field, definition.kind), definition, definitions.length, source),
    ];
  }));
  return {
    part: {
      kind: "calendar",
      patterns: patternsOf(readings, both),
      realTime: readings.get("hour")?.wild ?? false,
      spoken: spokenOf(readings, both),
    },
    spread: [...readings.values()].some((reading) => reading.spread),
  };
}

function withoutSign(field: CronPiece, kind: FieldKind): CronPiece {
  return kind === "weekday" && field.text.startsWith(BOTH_DAYS)
    ? { ...field, text: field.text.slice(1), offset: field.offset + 1 }
    : field;
}

/** Characters that no field has, or a word that is too long for the name of a weekday or a month. */
function isCommand({ text }: CronPiece): boolean {
  return /[^a-z\d*?,/#()+-]|^[/-]|[a-z]{10}/i.test(text);
}

function refuseCommand(piece: CronPiece, command: CronPiece, source: CronSource): never {
  const text = piece.text.slice(command.offset - piece.offset);
  const rest = { ...command, text, field: null };
  throw cronError(source, rest, say("CRON_COMMAND", { quoted: quotePiece(rest) }));
}

function refuseFieldCount(piece: CronPiece, pieces: readonly CronPiece[], source: CronSource): never {
  const extra = pieces[7];
  if (extra === undefined) {
    if (isCalendarEvent(piece.text)) {
      refuseCron(source, piece, say("CRON_CALENDAR_EVENT", { accepted: acceptedFor(piece.text) }));
    }
    return refuseCron(source, piece, say("CRON_FEW_FIELDS", { count: pieces.length }));
  }
  const end = piece.offset + piece.text.length;
  const rest = { ...extra, text: piece.text.slice(extra.offset - piece.offset, end - piece.offset) };
  throw cronError(source, rest, say("CRON_EIGHTH_FIELD", { quoted: quotePiece(rest) }));
}

/** What says the same here as a calendar event of systemd, if anything does. */
function acceptedFor(event: string): string | null {
  const text = toCronText(event);
  try {
    if (text !== null) readExpression(text, { containerId: 0 }, null);
    return text;
  } catch (error) {
    if (error instanceof InvalidCronError) return null;
    throw error;
  }
}

type Readings = ReadonlyMap<FieldKind, FieldReading>;

/** Only the day of month ever has more than one alternative. */
function patternsOf(readings: Readings, both: boolean): readonly CronPattern[] {
  const of = (kind: FieldKind, missing: string): string => readings.get(kind)?.alternatives[0] ?? missing;
  const years = of("year", "*");
  return (readings.get("day")?.alternatives ?? []).map((day) => {
    const fields = [
      of("second", "0"),
      of("minute", "*"),
      of("hour", "*"),
      day,
      of("month", "*"),
      `${both ? BOTH_DAYS : ""}${of("weekday", "*")}`,
    ];
    if (years !== "*") return new CronPattern([...fields, years].join(" "));
    // Years are always named, so that the search for an instant that never comes ends.
    const pattern = new CronPattern([...fields, everyYear.pattern].join(" "));
    pattern.year = everyYear.table;
    return pattern;
  });
}

function spokenOf(readings: Readings, together: boolean): readonly string[] {
  const of = (kind: FieldKind): string => readings.get(kind)?.spoken[0] ?? "";
  const seconds = readings.has("second") ? `${of("second")} ` : "";
  const days = readings.get("day")?.spoken ?? [];
  const weekday = of("weekday");
  // When both restrict the days, either is enough: a sentence each.
  const both = !together && !days.includes("*") && weekday !== "*";
  // With a year the second is needed, or six fields would be read as beginning with it.
  const [first, last] = readings.has("year") ? [seconds || "0 ", ` ${of("year")}`] : [seconds, ""];
  const spoken = both
    ? [...days.map((day) => [day, "*"]), ["*", weekday]]
    : days.map((day) => [day, weekday]);
  return spoken.map(([day, days]) =>
    `${first}${of("minute")} ${of("hour")} ${day} ${of("month")} ${days}${last}`
  );
}
