import { deepStrictEqual, match, notStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { InvalidCronError, InvalidInputError } from "../../../schema/errors.ts";
import { readExpression, readTimezone, splitTimezone } from "../../../server/domain/rules/cron.ts";
import { nextFires } from "../../../server/domain/rules/cron_fires.ts";

const start = new Date("2026-01-01T00:00:00Z");

function refusal(text: string): InvalidCronError {
  let refused: unknown = null;
  throws(() => readExpression(text, { containerId: 0 }, ["expression"]), (error) => {
    refused = error;
    return true;
  });
  ok(refused instanceof InvalidCronError, `${text}: ${String(refused)}`);
  return refused;
}

/** Text, field, the faulty piece, and what the sentence has to say. */
const faults: readonly (readonly [string, number | null, string, RegExp])[] = [
  ["60 * * * *", 0, "60", /minute \(field 1 of 5\): 60 is not known here; allowed are 0-59/],
  ["* 24 * * *", 1, "24", /hour \(field 2 of 5\).*allowed are 0-23/],
  ["* * 32 * *", 2, "32", /day of month \(field 3 of 5\).*1-31.*LW/],
  ["* * * 0 *", 3, "0", /month \(field 4 of 5\).*1-12 or names/],
  ["* * * * 8", 4, "8", /day of week \(field 5 of 5\).*0-7 \(0 and 7 are Sunday\)/],
  ["61 * * * * *", 0, "61", /second \(field 1 of 6\)/],
  ["* * * * * 2100", 5, "2100", /year \(field 6 of 6\).*1970-2099/],
  ["0 * * * * * 1969", 6, "1969", /year \(field 7 of 7\)/],
  ["*/60 * * * *", 0, "*/60", /a step is 1-59/],
  ["* */24 * * *", 1, "*/24", /a step is 1-23/],
  ["* * * */13 *", 3, "*/13", /a step is 1-12/],
  ["*/0 * * * *", 0, "*/0", /a step is 1-59/],
  ["*/ * * * *", 0, "*/", /a step is 1-59/],
  ["*/5/5 * * * *", 0, "*/5/5", /more than one step/],
  ["1,,2 * * * *", 0, "1,,2", /the list has an empty item/],
  ["1, * * * *", 0, "1,", /the list has an empty item/],
  ["* 20-10 * * *", 1, "20-10", /the range is reversed; write 20-23,0-10;/],
  ["* * * * 6-1", 4, "6-1", /the range is reversed; write 6-6,0-1;/],
  ["* * * * 7-2", 4, "7-2", /the range is reversed; write 0-2;/],
  ["* * * * fri-mon", 4, "fri-mon", /the range is reversed; write 5-6,0-1;/],
  ["* * * nov-feb *", 3, "nov-feb", /the range is reversed; write 11-12,1-2;/],
  ["* * LW-1 * *", 2, "LW-1", /LW stands alone/],
  ["* * L/2 * *", 2, "L/2", /L stands alone/],
  ["* * * * 5l-6", 4, "5l-6", /5L stands alone/],
  ["0 3 * * * /usr/local/bin/backup.sh --all", null, "/usr/local/bin/backup.sh --all", /line of a crontab/],
  ["0 3 * * * root run-parts /etc/cron.daily", null, "root run-parts /etc/cron.daily", /line of a crontab/],
  ["*/5 * * * * ./x", null, "./x", /command belongs in a task/],
  ["0 3 * * * cd /srv && make > log 2>&1", null, "cd /srv && make > log 2>&1", /line of a crontab/],
  ["@daily /usr/bin/backup", null, "/usr/bin/backup", /a command belongs in a task/],
  ["1-2-3 * * * *", 0, "1-2-3", /it is no range/],
  ["1- * * * *", 0, "1-", /a value is missing/],
  ["5,x,7 * * * *", 0, "x", /x is not known here/],
  ["  0  12,99 * * *", 1, "99", /hour/],
  ["* * * * fri#6", 4, "fri#6", /not known here/],
  ["* * * * 5#0", 4, "5#0", /not known here/],
  ["* * L-3 * *", 2, "L-3", /stands alone, without a range or a step/],
  ["* * 0W * *", 2, "0W", /not known here/],
  ["* * 1-5W * *", 2, "1-5W", /stands alone, without a range or a step/],
  ["H(10-5) * * * *", 0, "H(10-5)", /H takes a range/],
  ["H(0-99) * * * *", 0, "H(0-99)", /99 is not known here/],
  ["0 0 0 1 1 * H", 6, "H", /H cannot choose a year/],
  ["?/5 * * * *", 0, "?/5", /not known here/],
  ["", null, "", /the expression is empty/],
  ["* * * *", null, "* * * *", /it has 4 of at least 5 fields/],
  ["* * * * * * * * *", 7, "* *", /field 8\): it is one field too many/],
  ["@dialy", null, "@dialy", /known macros are @yearly/],
  ["@reboots", null, "@reboots", /known macros are/],
  ["@every 1d", null, "1d", /write @every 24h$/],
  ["@every 1w2d3h", null, "1w2d3h", /write @every 219h$/],
  ["@every 5 minutes", null, "5 minutes", /write @every 5m$/],
  ["@every 90 sec", null, "90 sec", /write @every 1m30s$/],
  ["@every 5 parsecs", null, "5 parsecs", /whole seconds in hours, minutes and seconds, such/],
  ["Mon..Fri 08:00", null, "Mon..Fri 08:00", /OnCalendar; write 0 8 \* \* MON-FRI$/],
  ["monday,WED..Friday *:0/15", null, "monday,WED..Friday *:0/15", /write 0\/15 \* \* \* MON,WED-FRI$/],
  ["*-*-01 04:00:00", null, "*-*-01 04:00:00", /write 0 4 1 \* \*$/],
  ["*-1,7-01 04:00:30", null, "*-1,7-01 04:00:30", /write 30 0 4 1 1,7 \*$/],
  ["2027-05..06-1/7", null, "2027-05..06-1/7", /write 0 0 1\/7 5-6 \* 2027$/],
  ["08:00 Europe/Berlin", null, "08:00 Europe/Berlin", /write TZ=Europe\/Berlin 0 8 \* \* \*$/],
  ["daily", null, "daily", /write @daily$/],
  ["Weekly", null, "Weekly", /write 0 0 \* \* MON$/],
  ["quarterly", null, "quarterly", /write 0 0 1 1,4,7,10 \*$/],
  ["Mon *-*-01 08:00", null, "Mon *-*-01 08:00", /OnCalendar; here it takes fields/],
  ["*-02~03 08:00", null, "*-02~03 08:00", /OnCalendar; here it takes fields/],
  ["Sat..Mon 08:00", null, "Sat..Mon 08:00", /OnCalendar; here it takes fields/],
  ["0 0 L-3 * *", 2, "L-3", /28 in 1,3,5,7,8,10,12 and 27 in 4,6,9,11/],
  ["0 22-2 * * *", 1, "22-2", /write 22-23,0-2;/],
  ["0 21-2/2 * * *", 1, "21-2/2", /write 21,23,1;/],
  ["0 0 * * FRI-MON", 4, "FRI-MON", /write 5-6,0-1;/],
  ["0 0 * NOV-FEB *", 3, "NOV-FEB", /write 11-12,1-2;/],
  ["0 23-0 * * *", 1, "23-0", /write 23-23,0-0;/],
  ["@daily extra", null, "extra", /nothing may follow @daily/],
  ["@every", null, "@every", /whole seconds/],
  ["@every 5", null, "5", /whole seconds/],
  ["@every 500ms", null, "500ms", /whole seconds/],
  ["@every 1.5s", null, "1.5s", /whole seconds/],
  ["@every 0s", null, "0s", /whole seconds/],
  ["@every 5m extra", null, "5m extra", /whole seconds/],
  ["@every 99999999h", null, "99999999h", /3660 days at most/],
  ["@at", null, "@at", /with Z or an offset/],
  ["@at 2026-12-24T18:00:00", null, "2026-12-24T18:00:00", /with Z or an offset/],
  ["@at 2026-02-30T18:00:00Z", null, "2026-02-30T18:00:00Z", /no such day/],
  ["@at 2026-01-01T25:00:00Z", null, "2026-01-01T25:00:00Z", /with Z or an offset/],
  ["@at 2150-01-01T00:00:00Z", null, "2150-01-01T00:00:00Z", /the year is 1970-2099/],
  ["@daily |", null, "", /the expression is empty/],
  ["@daily | 0 99 * * *", 1, "99", /hour \(field 2 of 5\)/],
  ["TZ=Asia/Tokyo 99 * * * *", 0, "99", /minute/],
  ["TZ=Asia/Tokyo", null, "", /the expression is empty/],
];
for (const [text, field, piece, sentence] of faults) {
  Deno.test(`readExpression() refuses ${JSON.stringify(text)} at its place`, () => {
    const refused = refusal(text);

    match(refused.message, sentence);
    match(refused.message, /^Cannot read /);
    strictEqual(refused.field, field);
    strictEqual(text.slice(refused.offset ?? 0, (refused.offset ?? 0) + (refused.length ?? 0)), piece);
    deepStrictEqual(refused.path, ["expression"]);
  });
}

Deno.test("readExpression() refuses what is too long, too many or a trap, without repeating it all", () => {
  for (
    const text of [
      "*".repeat(5_000),
      Array.from({ length: 17 }, () => "@daily").join("|"),
      `${"1,".repeat(200)}1 * * * *`,
      `@at ${Array.from({ length: 101 }, () => "2026-01-01T00:00:00Z").join(",")}`,
      `@every ${"1h".repeat(1_900)}x`,
    ]
  ) {
    ok(refusal(text).message.length < 600);
  }
});

const sameMeaning: readonly (readonly [string, string])[] = [
  ["0 0 * * 5-7", "0 0 * * 5,6,0"],
  ["0 0 * * fri-sun", "0 0 * * 5,6,0"],
  ["0 0 * * sat-sun", "0 0 * * 6,0"],
  ["0 0 * * sun-sun", "0 0 * * 0"],
  ["0 0 * * 7", "0 0 * * 0"],
  ["0 0 * * 5-7/2", "0 0 * * 5,0"],
  ["0 0 * * Monday,TUE,wednesday", "0 0 * * 1-3"],
  ["0 0 1 DEC,january *", "0 0 1 1,12 *"],
  ["5/20 * * * *", "5,25,45 * * * *"],
  ["10-40/15 * * * *", "10,25,40 * * * *"],
  ["? ? ? ? ?", "* * * * *"],
  ["0 30 6 * * *", "30 6 * * *"],
  ["30 6 * * * 2026-2099", "30 6 * * *"],
  ["@MIDNIGHT", "0 0 * * *"],
  ["0 0 * * FRIDAY#2", "0 0 * * 5#2"],
  ["0 0 * * 7L", "0 0 * * sunL"],
  ["0 0 * * FRI#L", "0 0 * * 5L"],
  ["0 0 * * 7#l", "0 0 * * 0L"],
  ["@at 2030-01-31T18:00:00.000Z", "@at 2030-01-31T18:00:00Z"],
];
for (const [text, same] of sameMeaning) {
  Deno.test(`readExpression() takes "${text}" for "${same}"`, () => {
    const ask = (each: string): readonly Date[] =>
      nextFires(readExpression(each, { containerId: 0 }, null), {
        timezone: "UTC",
        anchorAt: start,
        from: start,
        count: 50,
      });

    deepStrictEqual(ask(text), ask(same));
  });
}

function minutesOf(text: string, containerId: number): readonly number[] {
  const expression = readExpression(text, { containerId }, null);
  return nextFires(expression, { timezone: "UTC", anchorAt: start, from: start, count: 4 })
    .map((fire) => fire.getUTCMinutes());
}

Deno.test("readExpression() spreads H over containers, and gives each the same every time", () => {
  const counts = new Map<number, number>();
  for (let containerId = 1; containerId <= 6_000; containerId++) {
    const [minute = -1] = minutesOf("H * * * *", containerId);
    counts.set(minute, (counts.get(minute) ?? 0) + 1);
  }

  strictEqual(counts.size, 60);
  ok(Math.max(...counts.values()) < 150 && Math.min(...counts.values()) > 50);
  deepStrictEqual(minutesOf("H * * * *", 42), minutesOf("H * * * *", 42));
  notStrictEqual(minutesOf("H * * * *", 42)[0], minutesOf("H * * * *", 43)[0]);
  strictEqual(readExpression("h * * * *", { containerId: 1 }, null).spread, true);
});

Deno.test("readExpression() keeps H within its range and its step", () => {
  for (let containerId = 1; containerId <= 200; containerId++) {
    ok(minutesOf("H(10-19) * * * *", containerId).every((minute) => minute >= 10 && minute <= 19));
    const [a = 0, b = 0, c = 0, d = 0] = [...minutesOf("H/15 * * * *", containerId)].sort((x, y) => x - y);
    ok(a < 15);
    deepStrictEqual([b - a, c - b, d - c], [15, 15, 15]);
    ok(minutesOf("H(20-29)/30 * * * *", containerId).every((minute) => minute >= 20 && minute <= 29));
  }
});

Deno.test("splitTimezone() takes a prefix off, and leaves other text alone", () => {
  deepStrictEqual(splitTimezone(" TZ=Asia/Tokyo  0 0 * * * "), {
    expression: "0 0 * * *",
    timezone: "Asia/Tokyo",
  });
  deepStrictEqual(splitTimezone("CRON_TZ=UTC @daily"), { expression: "@daily", timezone: "UTC" });
  deepStrictEqual(splitTimezone("@daily"), { expression: "@daily", timezone: null });
  deepStrictEqual(splitTimezone("TZ="), { expression: "", timezone: "" });
});

Deno.test("readTimezone() takes every name of the database, with its usual capitals", () => {
  for (const zone of Intl.supportedValuesOf("timeZone")) strictEqual(readTimezone(zone, null), zone);
  strictEqual(readTimezone("europe/berlin", null), "Europe/Berlin");
  strictEqual(readTimezone("Asia/Kolkata", null), "Asia/Kolkata");
  strictEqual(readTimezone("utc", null), "UTC");
});

Deno.test("readTimezone() refuses what is no zone, with its path", () => {
  for (
    const zone of [
      "",
      "Mars/Olympus",
      "+02:00",
      "Europe/Berlin; drop",
      "x".repeat(10_000),
      "2026-01-01T00:00Z[UTC]",
    ]
  ) {
    throws(() => readTimezone(zone, ["input", "timezone"]), (error) => {
      ok(error instanceof InvalidInputError);
      deepStrictEqual(error.path, ["input", "timezone"]);
      return error.message.length < 300;
    });
  }
});
