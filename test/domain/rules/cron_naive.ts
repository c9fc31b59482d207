/**
 * Random cron expressions, each with a matcher of its own that knows nothing of the reader: it is made from the same
 * choices as the text, in the plainest words.
 */

/** The wall clock at one instant. */
export interface Wall {
  readonly second: number;
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
  readonly year: number;
}

export interface NaiveExpression {
  readonly text: string;
  /** The hour has a wildcard or a step. */
  readonly realTime: boolean;
  readonly matches: (wall: Wall) => boolean;
}

interface NaiveField {
  readonly text: string;
  readonly wild: boolean;
  readonly all: boolean;
  readonly holds: (value: number, wall: Wall) => boolean;
}

export type Random = () => number;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Five fields, so that whole minutes are all there is to try. */
export function randomExpression(random: Random): NaiveExpression {
  const minute = list(random, () => numeric(random, 0, 59));
  const hour = list(random, () => numeric(random, 0, 23));
  const day = list(random, () => random() < 0.25 ? specialDay(random) : numeric(random, 1, 31));
  const month = random() < 0.7 ? any("*") : list(random, () => numeric(random, 1, 12));
  const weekday = random() < 0.5 ? any("?") : list(random, () => weekdays(random));
  return {
    text: [minute, hour, day, month, weekday].map((field) => field.text).join(" "),
    realTime: hour.wild,
    matches: (wall) =>
      minute.holds(wall.minute, wall) && hour.holds(wall.hour, wall) && month.holds(wall.month, wall) &&
      dayHolds(day, weekday, wall),
  };
}

/** Both restricted: either is enough. */
function dayHolds(day: NaiveField, weekday: NaiveField, wall: Wall): boolean {
  const ofMonth = day.holds(wall.day, wall);
  const ofWeek = weekday.holds(wall.weekday, wall);
  return day.all || weekday.all ? ofMonth && ofWeek : ofMonth || ofWeek;
}

function pick(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

function any(text: string): NaiveField {
  return { text, wild: true, all: true, holds: () => true };
}

function list(random: Random, item: () => NaiveField): NaiveField {
  const items = Array.from({ length: pick(random, 1, 3) }, item);
  return {
    text: items.map((one) => one.text).join(","),
    wild: items.some((one) => one.wild),
    all: items.some((one) => one.all),
    holds: (value, wall) => items.some((one) => one.holds(value, wall)),
  };
}

function numeric(random: Random, min: number, max: number): NaiveField {
  const a = pick(random, min, max);
  const b = pick(random, a, max);
  const step = pick(random, 1, Math.max(2, max >> 1));
  const none = { wild: false, all: false };
  switch (pick(random, 0, 5)) {
    case 0:
      return random() < 0.5 ? any("*") : { ...none, text: `${a}`, holds: (value) => value === a };
    case 1:
      return { ...none, text: `${a}-${b}`, holds: (value) => value >= a && value <= b };
    case 2:
      return { ...none, wild: true, text: `*/${step}`, holds: (value) => (value - min) % step === 0 };
    case 3:
      return {
        ...none,
        wild: true,
        text: `${a}/${step}`,
        holds: (value) => value >= a && (value - a) % step === 0,
      };
    case 4:
      return {
        ...none,
        wild: true,
        text: `${a}-${b}/${step}`,
        holds: (value) => value >= a && value <= b && (value - a) % step === 0,
      };
    default:
      return { ...none, text: `${a}`, holds: (value) => value === a };
  }
}

const names = ["sun", "mon", "TUE", "Wednesday", "thu", "FRI", "saturday"];

function weekdays(random: Random): NaiveField {
  const a = pick(random, 0, 6);
  const b = pick(random, a, 7);
  const nth = pick(random, 1, 5);
  const none = { wild: false, all: false };
  switch (pick(random, 0, 3)) {
    case 0:
      return { ...none, text: names[a] ?? "", holds: (value) => value === a };
    case 1:
      return {
        ...none,
        text: `${a}-${b}`,
        holds: (value) => (value >= a && value <= b) || (value === 0 && b === 7),
      };
    case 2:
      return {
        ...none,
        text: `${a}#${nth}`,
        holds: (value, wall) => value === a && Math.ceil(wall.day / 7) === nth,
      };
    default:
      return {
        ...none,
        text: `${a}L`,
        holds: (value, wall) => value === a && wall.day + 7 > monthLength(wall),
      };
  }
}

function specialDay(random: Random): NaiveField {
  const none = { wild: false, all: false };
  const nearest = pick(random, 1, 31);
  switch (pick(random, 0, 2)) {
    case 0:
      return { ...none, text: "L", holds: (value, wall) => value === monthLength(wall) };
    case 1:
      return { ...none, text: "LW", holds: (value, wall) => value === lastWorkingDay(wall) };
    default:
      return {
        ...none,
        text: `${nearest}W`,
        holds: (value, wall) => value === nearestWorkingDay(wall, nearest),
      };
  }
}

function monthLength(wall: Wall): number {
  return new Date(Date.UTC(wall.year, wall.month, 0)).getUTCDate();
}

function working(wall: Wall, day: number): boolean {
  const weekday = new Date(Date.UTC(wall.year, wall.month - 1, day)).getUTCDay();
  return day >= 1 && day <= monthLength(wall) && weekday !== 0 && weekday !== 6;
}

function lastWorkingDay(wall: Wall): number {
  const last = monthLength(wall);
  return [last, last - 1, last - 2].find((day) => working(wall, day)) ?? 0;
}

/** Never in another month: a Saturday goes to Friday, a Sunday to Monday, at the month's ends two days inwards. */
function nearestWorkingDay(wall: Wall, day: number): number {
  if (day > monthLength(wall)) return 0;
  return [day, day - 1, day + 1, day + 2, day - 2].find((near) => working(wall, near)) ?? 0;
}
