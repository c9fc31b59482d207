import { ok, strictEqual } from "node:assert/strict";
import { readExpression } from "../../../server/domain/rules/cron.ts";
import { describeExpression, languages } from "../../../server/domain/rules/cron_words.ts";
import { randomExpression, seededRandom } from "./cron_naive.ts";
import reference from "./cron_reference_cases.json" with { type: "json" };

function describe(text: string, language: "en" | "zh"): string {
  return describeExpression(readExpression(text, { containerId: 0 }, null), language);
}

const cases: readonly (readonly [string, string, string])[] = [
  ["*/5 * * * *", "Every 5 minutes", "每隔 5 分钟"],
  ["30 2 * * *", "At 02:30", "在02:30"],
  ["0 9 * * mon-fri", "At 09:00, Monday through Friday", "在09:00, 星期一至星期五"],
  ["0 9 * * Friday#2", "At 09:00, on the second Friday of the month", "在09:00, 限每月的第二个 星期五"],
  [
    "0 0 1 september ?",
    "At 00:00, on day 1 of the month, only in September",
    "在00:00, 限每月 1 号, 仅于九月份",
  ],
  ["0 0 LW * *", "At 00:00, on the last weekday of the month", "在00:00, 限每月的最后一个工作日"],
  [
    "30 6 1 1 * 2026-2030/2",
    "At 06:30, on day 1 of the month, only in January, every 2 years, 2026 through 2030",
    "在06:30, 限每月 1 号, 仅于一月份, 每隔 2 年, 从2026年至2030年",
  ],
  [
    "0 0 LW,15 * *",
    "At 00:00, on day 15 of the month; and at 00:00, on the last weekday of the month",
    "在00:00, 限每月 15 号；以及在00:00, 限每月的最后一个工作日",
  ],
  ["@daily", "At 00:00", "在00:00"],
  ["@every 90s", "Every 1 minute 30 seconds", "每隔 1 分钟 30 秒"],
  ["@every 1h", "Every hour", "每隔 1 小时"],
  ["@at 2026-12-24T18:00:00Z", "Once at 2026-12-24 18:00:00 UTC", "一次性在 2026-12-24 18:00:00 UTC"],
  ["@hourly | @every 5m", "Every hour; and every 5 minutes", "每小时；以及每隔 5 分钟"],
  ["*/45 * * * *", "At 0 and 45 minutes past the hour", "在整点后的第 0 和 45 分钟"],
  ["0-59/45 * * * *", "At 0 and 45 minutes past the hour", "在整点后的第 0 和 45 分钟"],
  ["0 */10 * * *", "At 00:00, 10:00 and 20:00", "在 00:00, 10:00 和 20:00"],
  [
    "0 0 */10 * *",
    "At 00:00, on day 1, 11, 21, and 31 of the month",
    "在00:00, 限每月 1 号,  11 号,  21 号, 和  31 号",
  ],
  [
    "0 0 1 */5 *",
    "At 00:00, on day 1 of the month, only in January, June, and November",
    "在00:00, 限每月 1 号, 仅于一月, 六月, 和 十一月份",
  ],
  [
    "0 0 * * */3",
    "At 00:00, only on Sunday, Wednesday, and Saturday",
    "在00:00, 仅星期日, 星期三, 和 星期六",
  ],
  [
    "0 0 1-7 * 1",
    "At 00:00, between day 1 and 7 of the month; and at 00:00, only on Monday",
    "在00:00, 限每月的  1 号 至  7 号 之间；以及在00:00, 仅星期一",
  ],
  ["0 0 * * 0,7", "At 00:00, only on Sunday", "在00:00, 仅星期日"],
  [
    "0 0 * * 1-5,3",
    "At 00:00, only on Monday, Tuesday, Wednesday, Thursday, and Friday",
    "在00:00, 仅星期一, 星期二, 星期三, 星期四, 和 星期五",
  ],
];
for (const [text, english, chinese] of cases) {
  Deno.test(`describeExpression() says "${text}" in both languages`, () => {
    strictEqual(describe(text, "en"), english);
    strictEqual(describe(text, "zh"), chinese);
  });
}

Deno.test("describeExpression() has words for whatever can be read", () => {
  const random = seededRandom(7);
  const texts = [
    ...reference.cases.map(({ expr }) => expr),
    ...Array.from({ length: 500 }, () => randomExpression(random).text),
    "H H(0-6) * * H",
    "H/20 H/6 H H *",
    "0 0 0 L,15W,LW,3 * 5L,1#2 2030/3",
  ];

  for (const text of texts) {
    for (const language of languages) {
      const words = describe(text, language);
      ok(words.length > 0 && !/undefined|null|NaN|\*/.test(words), `${text}: ${words}`);
    }
  }
});
