import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { en } from "../../../client/i18n/en.ts";
import { chooseLanguage } from "../../../client/i18n/language.ts";
import { zh } from "../../../client/i18n/zh.ts";
import { listOwnFiles } from "../../support/machine_words.ts";

/** Texts that are empty on purpose: the common case needs no words. */
const silent = ["edges.SUCCESS"];

/** Names that are the same in every language. */
const names = ["task.shell", "logStreams.SYSTEM", "versions.server"];

for (const [language, words] of Object.entries({ en, zh })) {
  Deno.test(`every text of ${language} says something`, () => {
    const empty = Object.entries(words).flatMap(([part, texts]) =>
      Object.entries(texts).filter(([, text]) => text === "").map(([key]) => `${part}.${key}`)
    );

    deepStrictEqual(empty, silent);
  });
}

Deno.test("every text of zh is told in Chinese, but what is a name", () => {
  const told = flatten(zh);

  const english = Object.entries(flatten(en)).filter(([key, text]) =>
    typeof text === "string" && /[a-z]{2}/i.test(text) && told[key] === text
  );

  deepStrictEqual(english.map(([key]) => key), names);
});

for (const [language, words] of Object.entries({ en, zh })) {
  Deno.test(`every feature's texts are in ${language}, and no two have a part in common`, async () => {
    const files = await listOwnFiles(new URL("../../../", import.meta.url), fileOfWords(language));
    const parts = await Promise.all(files.map(async (file) => {
      const { words } = await import(`../../../${file}`) as { readonly words: object };
      return Object.keys(words);
    }));

    deepStrictEqual([...parts.flat(), "refusals"].sort(), Object.keys(words).sort());
  });
}

Deno.test("every text is used by the console", async () => {
  const source = await readSources(new URL("../../../client/", import.meta.url)) +
    await readSources(new URL("../../../schema/definition/", import.meta.url));
  // Keys that are put together, as `states.${state}`, are used as a whole part.
  const wholeParts = [...source.matchAll(/`(\w+)\.\$\{|words\.(\w+)\[/g)].map(([, put, taken]) =>
    put ?? taken
  );

  const unused = Object.entries(en).filter(([part]) => !wholeParts.includes(part)).flatMap(([part, texts]) =>
    Object.keys(texts).map((key) => `${part}.${key}`).filter((key) =>
      !source.includes(`"${key}"`) && !source.includes(`words.${key}`)
    )
  );

  deepStrictEqual(unused, []);
});

for (
  const [what, remembered, preferred, expected] of [
    ["what was chosen here", "zh", ["en-US"], "zh"],
    ["the browser's language, whatever the country", null, ["zh-CN", "en"], "zh"],
    ["the first of the browser's languages that it speaks", null, ["fr", "zh-Hant-TW", "en"], "zh"],
    ["English otherwise", null, ["fr-FR"], "en"],
    ["English when it remembers a language that it never spoke", "xx", [], "en"],
  ] as const
) {
  Deno.test(`chooseLanguage() takes ${what}`, () => {
    strictEqual(chooseLanguage(remembered, preferred), expected);
  });
}

function fileOfWords(language: string): RegExp {
  return new RegExp(`(?:words|i18n/\\w+)_${language}\\.ts$`);
}

/** "part.key" to its text; one that takes values is a function. */
function flatten(words: typeof en): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(words).flatMap(([part, texts]) =>
      Object.entries(texts).map(([key, text]) => [`${part}.${key}`, text])
    ),
  );
}

async function readSources(folder: URL): Promise<string> {
  let text = "";
  for await (const entry of Deno.readDir(folder)) {
    if (["dist", ".vite", "i18n"].includes(entry.name) || fileOfWords("\\w+").test(entry.name)) continue;
    const path = new URL(entry.isDirectory ? `${entry.name}/` : entry.name, folder);
    if (entry.isDirectory) text += await readSources(path);
    else if (/\.tsx?$/.test(entry.name)) text += await Deno.readTextFile(path);
  }
  return text;
}
