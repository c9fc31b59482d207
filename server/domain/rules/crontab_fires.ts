/**
 * When cron itself would run a line, told apart from our own dialect, so that a preview can lay the two side by side. It
 * goes through the days, hours and minutes that the fields name, on the clock of the zone.
 */
import { type CronFields, needsBothDays } from "./crontab_times.ts";
import { type Stretch, stretchAt, stretchesOf } from "./cron_zone.ts";

/** 29 February on a given weekday comes every 28 years, and once after 40. */
const MAX_DAYS = 41 * 366;
const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;

export function cronFires(fields: CronFields, timezone: string, from: Date, count: number): readonly Date[] {
  const stretches = stretchesOf(timezone);
  const offset = stretches[stretchAt(stretches, from.getTime())]?.offset ?? 0;
  // A day earlier, since its last minutes may lie in an hour that comes twice.
  const firstDay = Math.floor((from.getTime() + offset) / DAY_MS) - 1;
  const fires = new Set<number>();
  for (let day = firstDay; day < firstDay + MAX_DAYS; day++) {
    if (!isDay(fields, new Date(day * DAY_MS))) continue;
    const near = stretches.slice(
      stretchAt(stretches, (day - 1) * DAY_MS),
      stretchAt(stretches, (day + 2) * DAY_MS) + 1,
    );
    for (const wall of minutesOf(fields, day)) {
      for (const at of instantsOf(fields, near, wall)) if (at > from.getTime()) fires.add(at);
      // Near a change of the clocks what comes first on the clock may come later in time: the whole day is looked at.
      if (fires.size >= count && near.length === 1) return sortFires(fires, count);
    }
  }
  return sortFires(fires, count);
}

function sortFires(fires: ReadonlySet<number>, count: number): readonly Date[] {
  return [...fires].sort((one, two) => one - two).slice(0, count).map((at) => new Date(at));
}

function isDay(fields: CronFields, day: Date): boolean {
  if (!fields.month.values.includes(day.getUTCMonth() + 1)) return false;
  const ofMonth = fields.day.values.includes(day.getUTCDate());
  const ofWeek = fields.weekday.values.includes(day.getUTCDay());
  return needsBothDays(fields) ? ofMonth && ofWeek : ofMonth || ofWeek;
}

function* minutesOf({ hour, minute }: CronFields, day: number): Generator<number> {
  for (const hours of hour.values) {
    for (const minutes of minute.values) yield day * DAY_MS + (hours * 60 + minutes) * MINUTE_MS;
  }
}

/**
 * A line with a wildcard in its minute or hour goes by the clock as it stands. Any other runs once: the first time where
 * the clock shows its time twice, and as soon as the clock has jumped over it.
 */
function instantsOf(fields: CronFields, near: readonly Stretch[], wall: number): readonly number[] {
  const found = near.flatMap(({ startAt, endAt, offset }) => {
    const at = wall - offset;
    return at >= startAt && at < endAt ? [at] : [];
  });
  if (isWildcard(fields)) return found;
  if (found.length > 0) return found.slice(0, 1);
  const jump = near.find((stretch, place) => {
    const before = near[place - 1];
    return before !== undefined && wall >= stretch.startAt + before.offset &&
      wall < stretch.startAt + stretch.offset;
  });
  return jump === undefined ? [] : [jump.startAt];
}

/** Cron's own test: a `*` in front of the minute or the hour. */
export function isWildcard({ minute, hour }: CronFields): boolean {
  return minute.star || hour.star;
}
