import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { textOf } from "../../../schema/sentences.ts";
import { readExpression } from "../../../server/domain/rules/cron.ts";
import { nextFires } from "../../../server/domain/rules/cron_fires.ts";
import { readCrontab } from "../../../server/domain/rules/crontab.ts";
import { cronFires } from "../../../server/domain/rules/crontab_fires.ts";
import { readCronTimes } from "../../../server/domain/rules/crontab_times.ts";
import { unwrap } from "../../../server/domain/rules/crontab_wrappers.ts";

const DAY_MS = 24 * 3_600_000;

Deno.test("readCrontab() reads variables from where they stand, users, comments, escapes and input", () => {
  const text = `# m h dom mon dow user command
MAILTO="ops@example.org"
PATH = /usr/sbin:/usr/bin

# Checks the arrays
#  on the first Sunday
57 0 * * 0 root if [ $(date +\\%d) -le 7 ]; then check; fi
SHELL='/bin/bash'
  @Daily\tbackup   tar czf /b/$(date +\\%F).tgz /etc \t
*/5 9-17 * jan-mar mon-fri www-data mail -s hi a@b%Dear all,%%100\\% sure%
-0 4 1 * 7 root run
`;

  const jobs = readCrontab(text, "SYSTEM");

  const mail = { MAILTO: "ops@example.org", PATH: "/usr/sbin:/usr/bin" };
  deepStrictEqual(jobs.map(({ times, ...job }) => ({ ...job, expression: times?.expression })), [
    {
      line: 7,
      environment: mail,
      description: "Checks the arrays\n on the first Sunday",
      user: "root",
      command: "if [ $(date +%d) -le 7 ]; then check; fi",
      standardInput: null,
      fault: null,
      expression: "57 0 * * 0",
    },
    {
      line: 9,
      environment: { ...mail, SHELL: "/bin/bash" },
      description: "",
      user: "backup",
      command: "tar czf /b/$(date +%F).tgz /etc",
      standardInput: null,
      fault: null,
      expression: "@daily",
    },
    {
      line: 10,
      environment: { ...mail, SHELL: "/bin/bash" },
      description: "",
      user: "www-data",
      command: "mail -s hi a@b",
      standardInput: "Dear all,\n\n100% sure\n",
      fault: null,
      expression: "*/5 9-17 * jan-mar mon-fri",
    },
    {
      line: 11,
      environment: { ...mail, SHELL: "/bin/bash" },
      description: "",
      user: "root",
      command: "run",
      standardInput: null,
      fault: null,
      expression: "0 4 1 * 7",
    },
  ]);
});

Deno.test("readCrontab() names what is wrong with a line and goes on behind it", () => {
  const text = [
    "60 * * * * root x",
    "* * * * root",
    "* * * * * root",
    "@fortnightly root x",
    "5/10 * * * * root x",
    "30-10 * * * * root x",
    "* * ? * * root x",
    "hello world",
    "* * * * * /usr/bin/job --all",
    '"X" = "y" z',
    "1 2 3 4 5 root fine",
  ].join("\r\n");

  const faults = readCrontab(text, "SYSTEM").map(({ fault }) => fault === null ? null : textOf(fault));

  const expected = [
    /"60" as a minute/,
    /"root" as a day of week/,
    /no command/,
    /does not know "@fortnightly"/,
    /"5\/10" as a minute/,
    /"30-10" as a minute/,
    /"\?" as a day of month/,
    /neither a variable nor a job/,
    /"\/usr\/bin\/job" is no user/,
    /neither a variable nor a job/,
    null,
  ];
  strictEqual(faults.length, expected.length);
  for (const [place, pattern] of expected.entries()) {
    const fault = faults[place] ?? null;
    strictEqual(
      pattern === null ? fault === null : pattern.test(fault ?? ""),
      true,
      `line ${place + 1}: ${fault}`,
    );
  }
});

const days = ["*", "*/2", "*/1", "1", "13", "1-31", "1,15", "10,*", "2-30/7", "31", "*,3", "29-31"];
const weekdays = ["*", "*/2", "*/1", "1", "sun", "7", "0-7", "1-5", "5-7", "6,*", "mon,Fri", "*,2", "0-6/3"];

/** Vixie's entry.c and cron.c, word for word: a bit for each value, and a flag when the field begins with `*`. */
function naiveDays(day: string, weekday: string, from: Date, count: number): readonly string[] {
  const names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
  const bits = (text: string, low: number, high: number): boolean[] => {
    const set: boolean[] = [];
    for (const item of text.toLowerCase().split(",")) {
      const [range = "", step = "1"] = item.split("/");
      const number = (word: string): number => names.includes(word) ? names.indexOf(word) : Number(word);
      const [first = low, last] = range === "*" ? [low, high] : range.split("-").map(number);
      for (let value = first; value <= (last ?? first); value += Number(step)) set[value] = true;
    }
    return set;
  };
  const ofMonth = bits(day, 1, 31);
  const ofWeek = bits(weekday, 0, 7);
  if (ofWeek[0] || ofWeek[7]) ofWeek[0] = ofWeek[7] = true;
  const star = day.startsWith("*") || weekday.startsWith("*");
  const found: string[] = [];
  for (let at = from.getTime(); found.length < count; at += DAY_MS) {
    const date = new Date(at);
    const [month, week] = [ofMonth[date.getUTCDate()] === true, ofWeek[date.getUTCDay()] === true];
    if (star ? month && week : month || week) found.push(date.toISOString());
  }
  return found;
}

Deno.test("a line fires on the days of cron's own rule, by cronFires() and by its expression here", () => {
  const from = new Date("2026-01-01T00:00:00Z");
  const before = new Date(from.getTime() - 1);
  for (const day of days) {
    for (const weekday of weekdays) {
      const text = `0 0 ${day} * ${weekday}`;
      const read = readCronTimes(text);
      if (read.kind === "fault" || read.times.fields === null) throw new Error(`${text} is refused`);
      const expected = naiveDays(day, weekday, from, 40);

      const own = cronFires(read.times.fields, "UTC", before, 40);
      const expression = readExpression(read.times.expression, { containerId: 0 }, null);
      const here = nextFires(expression, { timezone: "UTC", anchorAt: before, from: before, count: 40 });

      deepStrictEqual(own.map((at) => at.toISOString()), expected, `cronFires() of ${text}`);
      deepStrictEqual(here.map((at) => at.toISOString()), expected, `${read.times.expression} for ${text}`);
    }
  }
});

Deno.test("cronFires() goes by the clock with a wildcard, and runs anything else once", () => {
  const firesOf = (text: string, from: string, count: number): readonly string[] => {
    const read = readCronTimes(text);
    if (read.kind === "fault" || read.times.fields === null) throw new Error(`${text} is refused`);
    return cronFires(read.times.fields, "Europe/Berlin", new Date(from), count).map((at) => at.toISOString());
  };

  // 2026-03-29 02:00 becomes 03:00, and on 2026-10-25 03:00 becomes 02:00.
  deepStrictEqual(firesOf("30 2 * * *", "2026-03-28T12:00:00Z", 2), [
    "2026-03-29T01:00:00.000Z",
    "2026-03-30T00:30:00.000Z",
  ]);
  deepStrictEqual(firesOf("*/30 2 * * *", "2026-03-28T12:00:00Z", 1), ["2026-03-30T00:00:00.000Z"]);
  deepStrictEqual(firesOf("30 2 * * *", "2026-10-24T12:00:00Z", 2), [
    "2026-10-25T00:30:00.000Z",
    "2026-10-26T01:30:00.000Z",
  ]);
  deepStrictEqual(firesOf("30 * * * *", "2026-10-25T00:00:00Z", 3), [
    "2026-10-25T00:30:00.000Z",
    "2026-10-25T01:30:00.000Z",
    "2026-10-25T02:30:00.000Z",
  ]);
  deepStrictEqual(firesOf("0 0 29 2 1", "2026-01-01T00:00:00Z", 2), [
    "2026-02-01T23:00:00.000Z",
    "2026-02-08T23:00:00.000Z",
  ]);
});

Deno.test("readCronTimes() writes what cron takes and this dialect does not in another way", () => {
  const expressionOf = (text: string): string => {
    const read = readCronTimes(text);
    return read.kind === "times" ? read.times.expression : textOf(read.fault);
  };

  strictEqual(expressionOf("*/60 * * * *"), "0 * * * *");
  strictEqual(expressionOf("*/5 * * * *"), "*/5 * * * *");
  strictEqual(expressionOf("0 0 */2 * 1"), "0 0 */2 * +1");
  strictEqual(expressionOf("0~29 ~ * * *"), "H(0-29) H(0-23) * * *");
  strictEqual(expressionOf("@Reboot"), "@reboot");
});

const wrapped: readonly (readonly [string, object])[] = [
  ["flock -n /run/a.lock backup --all", { command: "backup --all", overlap: "SKIP" }],
  ["/usr/bin/flock --nonblock '/run/a b.lock' backup > /dev/null 2>&1", {
    command: "backup > /dev/null 2>&1",
    overlap: "SKIP",
  }],
  ["flock -w 60 /run/a.lock backup", { command: "backup", overlap: "QUEUE" }],
  ["flock /run/a.lock backup", { command: "backup", overlap: "QUEUE" }],
  ["timeout 5m backup", { command: "backup", timeoutSeconds: 300 }],
  ["timeout -k 10 1h backup", { command: "backup", timeoutSeconds: 3600, killGraceSeconds: 10 }],
  ["cd /srv/app && ./run | tee log", { command: "./run | tee log", directory: "/srv/app" }],
  ["cd '/srv/my app' && flock -n /run/x.lock timeout 60 php artisan", {
    command: "php artisan",
    directory: "/srv/my app",
    overlap: "SKIP",
    timeoutSeconds: 60,
  }],
];
const kept = [
  "flock -n /run/a.lock backup && mail",
  "flock -n 9 backup",
  "flock -n -E 0 /run/a.lock backup",
  "flock -n /run/a.lock -c 'backup'",
  "flock -n $LOCK backup",
  "flock -n /run/shared.lock backup",
  "timeout 0.5 backup",
  "timeout -s KILL 5 backup",
  "timeout 5m backup; mail",
  "timeout 5m backup || true",
  "timeout 5m backup &",
  "cd /srv/app; run",
  "cd /srv/app && run; mail",
  "cd /srv/app && run || mail",
  "cd srv && run",
  "cd /srv/$NAME && run",
  "cd /srv/app && echo `date`",
  "cd /srv && (run)",
  "echo 'flock -n /run/a.lock' x",
  "nice -n 10 timeout 5m backup",
];

Deno.test("unwrap() takes apart what a container has by itself", () => {
  const options = { sharedLocks: new Set(["/run/shared.lock"]), delays: true };
  for (const [command, expected] of wrapped) {
    const { notes, ...unwrapped } = unwrap(command, options);
    const plain = {
      directory: null,
      timeoutSeconds: 0,
      killGraceSeconds: null,
      overlap: "ALLOW",
      jitterSeconds: 0,
    };
    deepStrictEqual(unwrapped, { ...plain, ...expected }, command);
    strictEqual(notes.length > 0, true, command);
  }
  for (const command of kept) strictEqual(unwrap(command, options).command, command);
  const delayed = unwrap("sleep $((RANDOM % 300)) && run", options);
  deepStrictEqual([delayed.command, delayed.jitterSeconds], ["run", 300]);
  strictEqual(unwrap("sleep $((RANDOM % 300)); run", { ...options, delays: false }).jitterSeconds, 0);
});
