/** Times and durations as people read them. Every function is given the present and the language; none asks a clock. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Below this the tenths of a second matter. */
const TENTHS_BELOW = 10 * SECOND;

const relativeUnits: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", DAY],
  ["hour", HOUR],
  ["minute", MINUTE],
  ["second", SECOND],
];

/** "0.4 s", "42 s", "3 min 12 s", "2 h 5 min", "3 d 4 h": two units at most. */
export function formatDuration(durationMs: number): string {
  const duration = Math.max(0, durationMs);
  if (duration < TENTHS_BELOW) return `${(Math.floor(duration / 100) / 10).toFixed(1)} s`;
  const units = [["d", DAY], ["h", HOUR], ["min", MINUTE], ["s", SECOND]] as const;
  const first = units.findIndex(([, size]) => duration >= size);
  const parts = units.slice(first, first + 2).map(([name, size], index) => {
    const count = index === 0 ? Math.floor(duration / size) : Math.floor((duration % sizeAbove(size)) / size);
    return count === 0 ? "" : `${count} ${name}`;
  });
  return parts.filter((part) => part !== "").join(" ");
}

/** How long something took, or has been going on; null when it has not begun. */
export function elapsedMs(startedAt: string | null, finishedAt: string | null, now: number): number | null {
  if (startedAt === null) return null;
  const end = finishedAt === null ? now : Date.parse(finishedAt);
  return Math.max(0, end - Date.parse(startedAt));
}

/** "in 3 minutes", "12 seconds ago", in the largest unit that fits. */
export function formatRelative(at: string, now: number, language: string): string {
  const distance = Date.parse(at) - now;
  const [unit, size] = relativeUnits.find(([, size]) => Math.abs(distance) >= size) ?? ["second", SECOND];
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "narrow" });
  return format.format(Math.trunc(distance / size), unit);
}

/** "2026-11-21 04:39:03 UTC". */
export function formatUtc(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}

/** Local date and time; the date is left out when it is today's. */
export function formatLocal(at: string, now: number, language: string): string {
  const date = new Date(at);
  const sameDay = date.toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(language, {
    ...(sameDay ? {} : { dateStyle: "medium" }),
    timeStyle: "medium",
    hourCycle: "h23",
  }).format(date);
}

/** Date and time as a clock in that zone shows them; in UTC when there is no such zone. */
export function formatInZone(at: string, timezone: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZone: isKnownZone(timezone) ? timezone : "UTC",
  }).format(new Date(at));
}

/**
 * Date and time in a zone, as short as it stays clear: "Sun, Nov 22, 02:30". The year is said when it is not the
 * present one, seconds when there are some.
 */
export function formatFire(at: string, timezone: string, now: number, language: string): string {
  const date = new Date(at);
  const otherYear = date.getUTCFullYear() !== new Date(now).getUTCFullYear();
  return new Intl.DateTimeFormat(language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: isKnownZone(timezone) ? timezone : "UTC",
    ...(otherYear ? { year: "numeric" } : {}),
    ...(date.getUTCSeconds() === 0 ? {} : { second: "2-digit" }),
  }).format(date);
}

/** Local time of day, "14:30". */
export function formatTimeOfDay(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(
    at,
  );
}

/** Local time of day to the millisecond, as a log's margin shows it. */
export function formatLogTime(at: string): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${
    String(date.getMilliseconds()).padStart(3, "0")
  }`;
}

/** The browser's own time zone; UTC when it cannot tell which that is. */
export function ownTimezone(): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return isKnownZone(timeZone) ? timeZone : "UTC";
}

/** The first instant of the present day by the local clock. */
export function startOfToday(now: number): string {
  return new Date(new Date(now).setHours(0, 0, 0, 0)).toISOString();
}

/** Also the old names of zones, which browsers know but do not list. */
export function isKnownZone(timezone: string): boolean {
  if (timezone === "") return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function sizeAbove(size: number): number {
  return size === SECOND ? MINUTE : size === MINUTE ? HOUR : DAY;
}
