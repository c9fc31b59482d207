import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { say, sentences } from "../../schema/sentences.ts";

const root = new URL("../../", import.meta.url);

Deno.test("say() makes the English text, and keeps what it was made with", () => {
  const why = say("CRON_STEP", { most: 59 });

  const sentence = say("CRON", { quoted: "*/99", why });

  deepStrictEqual(sentence, {
    key: "CRON",
    values: { quoted: "*/99", why: { key: "CRON_STEP", values: { most: 59 }, text: "a step is 1-59" } },
    text: 'Cannot read "*/99": a step is 1-59',
  });
});

Deno.test("say() takes no values where the sentence has none", () => {
  deepStrictEqual(say("BODY_BROKEN"), {
    key: "BODY_BROKEN",
    values: {},
    text: "Cannot read the request: its body broke off",
  });
});

Deno.test("sentences has every key once", async () => {
  const keys: string[] = [];
  for await (const { name } of Deno.readDir(new URL("schema/sentences/", root))) {
    const part: Record<string, unknown> = await import(new URL(`schema/sentences/${name}`, root).href);
    for (const value of Object.values(part)) {
      if (typeof value === "object" && value !== null && !Array.isArray(value)) {
        keys.push(...Object.keys(value));
      }
    }
  }

  strictEqual(new Set(keys).size, keys.length);
  deepStrictEqual(Object.keys(sentences).sort(), keys.sort());
});

Deno.test("no sentence is left that nobody says", async () => {
  const source = await readSources(["server/", "schema/graphql/"]);

  const unsaid = Object.keys(sentences).filter((key) => !source.includes(`"${key}"`));

  deepStrictEqual(unsaid, []);
});

Deno.test("an error of GraphQL's is made only where it is given its key", async () => {
  const makers: string[] = [];
  for await (const path of sourcesIn(["server/", "schema/"])) {
    if ((await Deno.readTextFile(path)).includes("new GraphQLError(")) {
      makers.push(path.href.slice(root.href.length));
    }
  }

  deepStrictEqual(makers.sort(), ["schema/graphql/refusals.ts", "server/http/operations.ts"]);
});

async function readSources(folders: readonly string[]): Promise<string> {
  const texts: string[] = [];
  for await (const path of sourcesIn(folders)) texts.push(await Deno.readTextFile(path));
  return texts.join("\n");
}

async function* sourcesIn(folders: readonly string[]): AsyncGenerator<URL> {
  for (const folder of folders) {
    for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
      if (isDirectory) yield* sourcesIn([`${folder}${name}/`]);
      else if (name.endsWith(".ts")) yield new URL(`${folder}${name}`, root);
    }
  }
}
