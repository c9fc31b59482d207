/** How the outcomes of days are laid on a calendar: a row for each week, the newest on top. */

export interface DayOutcome {
  readonly day: string;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
}
export interface CalendarDay extends DayOutcome {
  readonly total: number;
  /** 0 to 1, of the fullest day; a root, so that a busy day does not flatten the others. */
  readonly level: number;
}
export interface CalendarWeek {
  /** YYYY-MM, that of its newest day. */
  readonly month: string;
  /** True for the newest week of its month. */
  readonly newestOfMonth: boolean;
  /** Seven from Monday on; null before the first day and after today. */
  readonly days: readonly (CalendarDay | null)[];
}

const DAYS = 7;
/** So many weeks are shown even if nothing ran in the older ones. */
const MIN_WEEKS = 5;

export function layCalendar(days: readonly DayOutcome[]): readonly CalendarWeek[] {
  const totals = days.map(({ succeeded, failed, cancelled }) => succeeded + failed + cancelled);
  const fullest = Math.max(1, ...totals);
  const laid = days.map((day, index): CalendarDay => {
    const total = totals[index] ?? 0;
    return { ...day, total, level: Math.sqrt(total / fullest) };
  });
  const [first] = days;
  const lead = first === undefined ? 0 : (new Date(`${first.day}T00:00:00Z`).getUTCDay() + 6) % DAYS;
  const places = [...Array.from({ length: lead }, () => null), ...laid];
  const weeks: (CalendarDay | null)[][] = [];
  for (let place = 0; place < places.length; place += DAYS) {
    const week = places.slice(place, place + DAYS);
    weeks.push([...week, ...Array.from({ length: DAYS - week.length }, () => null)]);
  }
  const busy = weeks.findIndex((week) => week.some((day) => (day?.total ?? 0) > 0));
  // What lies before the first run of all says nothing.
  const empty = Math.max(
    0,
    busy === -1 ? weeks.length - MIN_WEEKS : Math.min(busy, weeks.length - MIN_WEEKS),
  );
  const newestFirst = weeks.slice(empty).reverse();
  const months = newestFirst.map((week) => monthOf(week.findLast((day) => day !== null)?.day ?? ""));
  return newestFirst.map((days, index) => {
    const month = months[index] ?? "";
    return { month, newestOfMonth: month !== months[index - 1], days };
  });
}

/** YYYY-MM of a day. */
export function monthOf(day: string): string {
  return day.slice(0, "YYYY-MM".length);
}

/** The local day as instants. */
export function dayRange(day: string): { readonly from: string; readonly to: string } {
  const from = new Date(`${day}T00:00:00`);
  const to = new Date(from);
  // By the calendar and not by 24 hours: a day of a clock change is longer or shorter.
  to.setDate(to.getDate() + 1);
  return { from: from.toISOString(), to: to.toISOString() };
}
