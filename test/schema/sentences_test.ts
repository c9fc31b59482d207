import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { say, sayParts, type Sentence, type SentenceKey, sentences, textOf } from "../../schema/sentences.ts";

const root = new URL("../../", import.meta.url);

Deno.test("textOf() is the English of what say() keeps, which is plain JSON", () => {
  const why = say("CRON_STEP", { most: 59 });

  const sentence = say("CRON", { quoted: "*/99", why });

  deepStrictEqual(sentence, {
    key: "CRON",
    values: { quoted: "*/99", why: { key: "CRON_STEP", values: { most: 59 } } },
  });
  strictEqual(textOf(JSON.parse(JSON.stringify(sentence))), 'Cannot read "*/99": a step is 1-59');
});

Deno.test("say() takes no values where the sentence has none", () => {
  deepStrictEqual(say("BODY_BROKEN"), { key: "BODY_BROKEN", values: {} });
  strictEqual(textOf(say("BODY_BROKEN")), "Cannot read the request: its body broke off");
});

Deno.test("textOf() is the key of a sentence that only a newer server knows", () => {
  strictEqual(textOf({ key: "WINGS" as SentenceKey, values: {} }), "WINGS");
  strictEqual(textOf({ key: "toString" as SentenceKey, values: {} }), "toString");
});

const texts: readonly (readonly [Sentence, string])[] = [
  [
    say("TASK_FAILED", {
      name: "a",
      why: sayParts([say("EXIT_CODE", { code: 3 }), say("STOPPED")]),
      more: 2,
    }),
    'Task "a" failed: Exit code 3; Stopped (and 2 more)',
  ],
  [say("TASK_CANCELLED", { name: "a", why: null, more: 0 }), 'Task "a" was cancelled'],
  [
    say("TASK_WAITED", { name: "a", condition: "ALWAYS", ended: "TIMED_OUT" }),
    'It waited for "a" to end, which ended timed out',
  ],
  [
    say("TASK_WAITED", { name: "a", condition: "FAILURE", ended: "PASSED" }),
    'It waited for "a" to fail, which was passed over',
  ],
  [
    say("TASK_RETRIED", { attempt: 2, why: say("KILLED_BY", { signal: "SIGKILL" }) }),
    "Attempt 2 failed: Killed by SIGKILL; tried again after a delay",
  ],
  [
    say("PROCESSES_STRAYED", { names: ["sh (7)", "yes (8)"], more: 3 }),
    "Stopped outside its process group: sh (7), yes (8) and 3 more",
  ],
  [
    say("SLOTS_MISSED", { count: null, from: "A", to: "B", why: say("SLOT_OUTAGE") }),
    "All slots from A to B passed without a run: No server was up when it was due",
  ],
  [say("SLOT_MISSED", { at: "A", why: null }), "The slot of A passed without a run"],
  [say("WAITS_FOR_TASKS", { names: ["a", "b"], more: 1 }), 'It waits for the end of "a", "b" and 1 more'],
  [say("WAITS_FOR_SLOT", { running: 4, capacity: 4 }), "All 4 slots are taken"],
  [
    say("VERSION_RESTORED", {
      version: 4,
      changes: sayParts([
        say("TASK_CHANGED", { name: "a", fields: ["command", "shell"] }),
        say("RELATIONS_CHANGED", { count: 1 }),
        say("MORE_CHANGES", { count: 2 }),
      ]),
    }),
    'version 4 restored: task "a" changed: command, shell; 1 relation changed; and 2 more',
  ],
];

for (const [sentence, text] of texts) {
  Deno.test(`textOf() of ${sentence.key} is ${text}`, () => strictEqual(textOf(sentence), text));
}

Deno.test("sentences has every key once", async () => {
  const keys: string[] = [];
  for await (const { name } of Deno.readDir(new URL("schema/sentences/", root))) {
    // It gathers what others have.
    if (name === "stored.ts") continue;
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
