/** A calendar event of systemd (OnCalendar=), which people paste: what it is called here, where that can be said exactly. */

const WORDS: ReadonlyMap<string, string> = new Map([
  ["minutely", "* * * * *"],
  ["hourly", "@hourly"],
  ["daily", "@daily"],
  ["weekly", "0 0 * * MON"],
  ["monthly", "@monthly"],
  ["quarterly", "0 0 1 1,4,7,10 *"],
  ["semiannually", "0 0 1 1,7 *"],
  ["yearly", "@yearly"],
  ["annually", "@yearly"],
]);
const NUMBERS = String.raw`[\d*][\d*,./]*`;
const SHAPE = new RegExp(
  String.raw`^(?:(?<weekdays>[a-z][a-z,.]*)(?=\s|$))?\s*` +
    String.raw`(?:(?:(?<year>${NUMBERS})-)?(?<month>${NUMBERS})-(?<day>${NUMBERS})(?=[\sT]|$)[\sT]*)?` +
    String
      .raw`(?:(?<hour>${NUMBERS}):(?<minute>${NUMBERS})(?::(?<second>${NUMBERS}))?)?(?:\s+(?<zone>[A-Za-z]\S*))?$`,
  "i",
);

/** Whether the text is written as a calendar event is, and never as a cron expression. */
export function isCalendarEvent(text: string): boolean {
  return WORDS.has(text.toLowerCase()) || /\d:\d|\.\.|^\S+-\S+-\S+(?:\s|$)/.test(text);
}

/** Null where cron has no words for it: a weekday and a day of month that both have to match, or parts of a second. */
export function toCronText(text: string): string | null {
  const word = WORDS.get(text.toLowerCase());
  if (word !== undefined) return word;
  const { weekdays, year = "*", month = "*", day = "*", hour = "0", minute = "0", second = "0", zone } =
    SHAPE.exec(text)?.groups ?? {};
  if (!isCalendarEvent(text) || SHAPE.exec(text) === null || (weekdays !== undefined && day !== "*")) {
    return null;
  }
  const days = weekdays?.replaceAll(/[a-z]+/gi, (name) => name.slice(0, 3).toUpperCase()) ?? "*";
  const fields = [minute, hour, day, month, days].map(toField);
  const whole = [
    ...toField(second) === "0" ? [] : [toField(second)],
    ...fields,
    ...year === "*" ? [] : [toField(year)],
  ];
  return `${zone === undefined ? "" : `TZ=${zone} `}${whole.join(" ")}`;
}

/** 01..05,10 is 1-5,10 */
function toField(text: string): string {
  return text.replaceAll("..", "-").replaceAll(/\b0+(?=\d)/g, "");
}
