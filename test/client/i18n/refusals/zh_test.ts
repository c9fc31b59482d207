import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { ToldRefusal } from "../../../../client/i18n/refusals/words.ts";
import { sayInChinese, zhRefusals } from "../../../../client/i18n/refusals/zh.ts";
import { zh } from "../../../../client/i18n/zh.ts";
import { say, type Sentence, type SentenceKey, sentences } from "../../../../schema/sentences.ts";

/** Words of protocols and formats, which no language translates. */
const technical = [
  "Content-Type: application/json",
  "Accept: text/event-stream",
  "Authorization: Bearer",
  'DateTime 7: 须是带偏移量的 RFC 3339 时刻，例如 "2026-01-31T08:00:00.000Z"',
];

Deno.test("zhRefusals knows every sentence of the server, and no other", () => {
  deepStrictEqual(Object.keys(zhRefusals).sort(), Object.keys(sentences).sort());
});

for (const sentence of everySentence()) {
  Deno.test(`sayInChinese() says ${sentence.key} in Chinese, with its values`, () => {
    const said = sayInChinese(toldOf(sentence), zh);

    const plain = technical.reduce((rest, words) => rest.replaceAll(words, ""), said);
    match(said, /\p{Script=Han}/u);
    strictEqual(/undefined|\[object|[a-z]+ [a-z]+ [a-z]+/i.exec(plain)?.[0], undefined);
    // What is said at a field leaves the action out, which stands before the first colon.
    if (sentence.text.startsWith("Cannot ")) match(said, /^无法[^：]+：./);
  });
}

Deno.test("sayInChinese() says the clauses of a sentence", () => {
  const why = say("NAME_LONG", { most: 200 });
  const sentence = say("FIELD_REFUSED", { action: "create task", field: "name", value: '"x"', why });

  strictEqual(sayInChinese(toldOf(sentence), zh), '无法创建任务：名称 "x"：名称最多 200 个字符');
});

Deno.test("sayInChinese() leaves what it does not know in English", () => {
  strictEqual(sayInChinese({ message: "Cannot fly" }, zh), "Cannot fly");
  strictEqual(
    sayInChinese({ messageKey: "WINGS", messageValues: {}, message: "Cannot fly" }, zh),
    "Cannot fly",
  );
  strictEqual(
    sayInChinese({ messageKey: "toString", messageValues: {}, message: "Cannot fly" }, zh),
    "Cannot fly",
  );
});

function toldOf({ key, values, text }: Sentence): ToldRefusal {
  return { messageKey: key, messageValues: values, message: text };
}

/** One of each key, with values of the kinds that their names promise. */
function everySentence(): readonly Sentence[] {
  const named: Readonly<Record<string, unknown>> = {
    action: "save container",
    argument: "first",
    cycle: ["a", "b"],
    field: "minute",
    known: ["a", "b"],
    missing: "name",
    name: "nightly",
    state: "SUCCEEDED",
    what: "container",
    why: say("CRON_NO_RANGE"),
  };
  const values = new Proxy(named, { get: (target, name) => target[String(name)] ?? 7 });
  return Object.entries(sentences).map(([key, sentence]) => ({
    // The keys of the catalogue are what they are, and each sentence takes the values that it names.
    key: key as SentenceKey,
    values,
    text: (sentence as (values: object) => string)(values),
  }));
}
