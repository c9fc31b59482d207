import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { ToldRefusal } from "../../../../client/i18n/refusals/words.ts";
import { sayInChinese, zhRefusals } from "../../../../client/i18n/refusals/zh.ts";
import { zh } from "../../../../client/i18n/zh.ts";
import { valuesOf } from "../../../../schema/graphql/refusals.ts";
import {
  say,
  sayParts,
  type Sentence,
  type SentenceKey,
  sentences,
  textOf,
} from "../../../../schema/sentences.ts";
import { storedSentences } from "../../../../schema/sentences/stored.ts";

/** Words of protocols and formats, which no language translates. */
const technical = [
  "Content-Type: application/json",
  "Accept: text/event-stream",
  "Authorization: Bearer",
  'DateTime 7: 须是带偏移量的 RFC 3339 时刻，例如 "2026-01-31T08:00:00.000Z"',
];
/** They are what other programs say, or others put together. */
const wordless: readonly string[] = ["TEXT", "PARTS"] satisfies readonly SentenceKey[];

Deno.test("zhRefusals knows every sentence of the server, and no other", () => {
  deepStrictEqual(Object.keys(zhRefusals).sort(), Object.keys(sentences).sort());
});

for (const sentence of everySentence()) {
  if (wordless.includes(sentence.key)) continue;
  Deno.test(`sayInChinese() says ${sentence.key} in Chinese, with its values`, () => {
    const said = sayInChinese({ ...toldOf(sentence), messageValues: sentence.values }, zh);

    const plain = technical.reduce((rest, words) => rest.replaceAll(words, ""), said);
    match(said, /\p{Script=Han}/u);
    strictEqual(/undefined|\[object|[a-z]+ [a-z]+ [a-z]+/i.exec(plain)?.[0], undefined);
    // What is said at a field leaves the action out, which stands before the first colon.
    if (textOf(sentence).startsWith("Cannot ") && !Object.hasOwn(storedSentences, sentence.key)) {
      match(said, /^无法[^：]+：./);
    }
  });
}

const told: readonly (readonly [Sentence, string])[] = [
  [
    say("FIELD_REFUSED", {
      action: "create task",
      field: "name",
      value: '"x"',
      why: say("NAME_LONG", { most: 200 }),
    }),
    '无法创建任务：名称 "x"：名称最多 200 个字符',
  ],
  [
    say("TASK_FAILED", {
      name: "load; all",
      why: sayParts([say("KILLED_BY", { signal: "SIGTERM" }), say("STOPPED")]),
      more: 2,
    }),
    "任务“load; all”失败：被 SIGTERM 终止；已停止（另有 2 个）",
  ],
  [
    say("TASK_WAITED", { name: "a", condition: "SUCCESS", ended: "TIMED_OUT" }),
    "它等待“a”成功，而后者超时",
  ],
  [say("TASK_WAITED", { name: "a", condition: "FAILURE", ended: "PASSED" }), "它等待“a”失败，而后者被略过"],
  [
    say("START_FAILED", { why: say("DIRECTORY_MISSING", { path: "/x" }) }),
    "无法启动进程：目录“/x”不存在",
  ],
  [
    say("SLOT_MISSED", { at: "2026-11-20T02:30:00.000Z", why: say("SLOT_OUTAGE") }),
    "11月20日周五 02:30 UTC 的触发没有产生运行：到点时没有服务器在运行",
  ],
  [
    say("VERSION_RESTORED", {
      version: 2,
      changes: sayParts([
        say("TASK_CHANGED", { name: "a", fields: ["maxRetries", "command"] }),
        say("TASK_DELETED", { name: "b" }),
        say("MORE_CHANGES", { count: 3 }),
      ]),
    }),
    "恢复了版本 2：更改了任务“a”：重试次数、命令；删除了任务“b”；另有 3 项",
  ],
  [sayParts([say("ENABLED"), say("WAS_NAMED", { name: "Sowing" })]), "已启用；原名“Sowing”"],
  [say("TEXT", { text: "the disk is full" }), "the disk is full"],
];

for (const [sentence, chinese] of told) {
  Deno.test(`sayInChinese() says ${chinese}`, () => strictEqual(sayInChinese(toldOf(sentence), zh), chinese));
}

Deno.test("sayInChinese() leaves what it does not know in English", () => {
  strictEqual(sayInChinese({ message: "Cannot fly" }, zh), "Cannot fly");
  for (const messageKey of ["WINGS", "toString"]) {
    strictEqual(sayInChinese({ messageKey, messageValues: {}, message: "Cannot fly" }, zh), "Cannot fly");
  }
  const inner = { key: "WINGS", values: {}, text: "it has no wings" };
  const values = { attempt: 2, why: inner };
  strictEqual(
    sayInChinese({ messageKey: "TASK_RETRIED", messageValues: values, message: "" }, zh),
    "第 2 次尝试失败：it has no wings；稍后重试",
  );
});

/** As the API tells it. */
function toldOf(sentence: Sentence): ToldRefusal {
  return { messageKey: sentence.key, messageValues: valuesOf(sentence), message: textOf(sentence) };
}

/** One of each key, with values of the kinds that their names promise. */
function everySentence(): readonly Sentence[] {
  const clause = { ...say("CRON_NO_RANGE"), text: "it is no range" };
  const named: Readonly<Record<string, unknown>> = {
    action: "save container",
    argument: "first",
    at: "2026-01-31T08:00:00.000Z",
    changes: clause,
    condition: "SUCCESS",
    cycle: ["a", "b"],
    ended: "FAILED",
    field: "minute",
    fields: ["command", "shell"],
    from: "2026-01-31T08:00:00.000Z",
    known: ["a", "b"],
    missing: "name",
    name: "nightly",
    names: ["a", "b"],
    parts: [clause],
    state: "SUCCEEDED",
    to: "2026-01-31T09:00:00.000Z",
    until: "2026-01-31T09:00:00.000Z",
    what: "container",
    why: clause,
  };
  const values = new Proxy(named, { get: (target, name) => target[String(name)] ?? 7 });
  // The keys of the catalogue are what they are.
  return Object.keys(sentences).map((key) => ({ key: key as SentenceKey, values }));
}
