import { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import {
  parseTaskOutputs,
  readTaskOutputs,
  TASK_OUTPUT_BYTES,
  TASK_OUTPUT_KEY_LENGTH,
  TASK_OUTPUT_KEYS,
} from "../../server/agent/end/task_outputs.ts";
import { endOf, withAgent } from "../support/agent.ts";
import { withAgentHost } from "../support/agent_host.ts";
import { readText } from "../support/sentences.ts";
import { until } from "../support/until.ts";

const CASES: readonly (readonly [string, Readonly<Record<string, string>> | null, string | null])[] = [
  ["", null, null],
  ["\n\n", null, null],
  ["a=1\n", { a: "1" }, null],
  ["a=1", { a: "1" }, null],
  ["a=\n_b-2= spaced = \n", { a: "", "_b-2": " spaced = " }, null],
  ["a=1\na=2\n", { a: "2" }, null],
  ["a=x<<y\n", { a: "x<<y" }, null],
  ["a<<END\none\n\nb=two\nEND\nc=3\n", { a: "one\n\nb=two", c: "3" }, null],
  ["a<<END\nEND\n", { a: "" }, null],
  ["a<<END\none\n", null, 'no line after line 1 is "END"'],
  ["a=1\nnonsense\nc=3\n", { a: "1", c: "3" }, "line 2 is not key=value"],
  ["2a=1\n", null, "line 1 is not key=value"],
  ["ä=1\n", null, "line 1 is not key=value"],
  [" a=1\n", null, "line 1 is not key=value"],
  ["a=\0\n", { a: "\uFFFD" }, null],
  ["__proto__=1\n", JSON.parse('{"__proto__":"1"}'), null],
  [
    `${"k".repeat(TASK_OUTPUT_KEY_LENGTH + 1)}=1\n`,
    null,
    `line 1: a key has at most ${TASK_OUTPUT_KEY_LENGTH} characters`,
  ],
];

for (const [text, outputs, fault] of CASES) {
  Deno.test(`parseTaskOutputs() reads ${JSON.stringify(text.slice(0, 40))}`, () => {
    const parsed = parseTaskOutputs(text);

    equal(parsed, { outputs, fault: fault === null ? null : `Cannot read all outputs: ${fault}` });
  });
}

Deno.test("parseTaskOutputs() keeps as many keys as are allowed and names the others", () => {
  const text = Array.from({ length: TASK_OUTPUT_KEYS + 7 }, (_, n) => `k${n}=${n}\n`).join("");

  const { outputs, fault } = parseTaskOutputs(text);

  equal(Object.keys(outputs ?? {}).length, TASK_OUTPUT_KEYS);
  match(fault ?? "", new RegExp(`line ${TASK_OUTPUT_KEYS + 1}: more than .*; and 2 more$`));
});

Deno.test("readTaskOutputs() refuses a file that is too large, and whatever is not a file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    equal(readTaskOutputs(folder, null), { outputs: null, fault: null });
    await Deno.writeTextFile(join(folder, "output"), `a=${"x".repeat(TASK_OUTPUT_BYTES)}\n`);
    match(readTaskOutputs(folder, null).fault ?? "", /more than 32768/);
    await Deno.remove(join(folder, "output"));
    await Deno.symlink("/etc/passwd", join(folder, "output"));
    match(readTaskOutputs(folder, null).fault ?? "", /not a plain file but a link/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("agent tells the outputs of a task that succeeded, and of no other", () =>
  withAgent(async ({ server }) => {
    const good = server.add('echo a=1 >> "$ORRERY_OUTPUT"; printf "b<<E\\nx\\ny\\nE\\n" >> "$ORRERY_OUTPUT"');
    const none = server.add("test ! -e $ORRERY_OUTPUT");
    const failed = server.add('echo a=1 >> "$ORRERY_OUTPUT"; exit 3');
    const late = server.add('echo a=1 >> "$ORRERY_OUTPUT"; sleep 100', { timeoutSeconds: 1 });
    const pipe = server.add('mkfifo "$ORRERY_OUTPUT"');

    const ends = await Promise.all([good, none, failed, late, pipe].map(endOf));

    equal(ends.map(({ outputs }) => outputs), [{ a: "1", b: "x\ny" }, null, null, null, null]);
    equal(ends.map(({ outputFault }) => outputFault === null), [true, true, true, true, false]);
    equal(ends.map(({ cause }) => cause), ["EXIT", "EXIT", "EXIT", "TIMED_OUT", "EXIT"]);
  }));

Deno.test("agent gives a task its inputs as a file, and an empty object when there are none", () =>
  withAgent(async ({ server, dir }) => {
    const inputs = { "up stream": { key: 'va"lue\n☃' } };
    const provided = server.add('cp "$ORRERY_INPUTS" with', { inputs });
    const without = server.add('cp "$ORRERY_INPUTS" without');

    await Promise.all([provided, without].map(endOf));

    equal(JSON.parse(await Deno.readTextFile(join(dir, "work/with"))), inputs);
    equal(JSON.parse(await Deno.readTextFile(join(dir, "work/without"))), {});
  }));

Deno.test("agent does not start a task whose inputs are too many", () =>
  withAgent(async ({ server }) => {
    const inputs = { up: { key: "x".repeat(5 * 1024 * 1024) } };
    const ended = await endOf(server.add("true", { inputs }));

    equal(ended.cause, "NOT_STARTED");
    match(
      readText(ended.reason),
      /^Cannot start the process: the outputs of what it waited for have \d+ bytes/,
    );
  }));

Deno.test("agent that was killed tells the outputs of what ended meanwhile, and of what it finds alive", () =>
  withAgentHost(async ({ server, start, kill, workDir }) => {
    const command = (name: string): string =>
      `echo here > ${name}; while ! test -e go-${name}; do sleep 0.02; done; echo who=${name} >> "$ORRERY_OUTPUT"; echo done > ${name}`;
    const names = ["meanwhile", "alive"];
    const [meanwhile, alive] = names.map((name) => server.add(command(name)));
    const said = (name: string, text: string): Promise<boolean> =>
      until(
        `${name} says ${text}`,
        async () => (await Deno.readTextFile(join(workDir, name)).catch(() => "")) === `${text}\n`,
      );
    start();
    await Promise.all(names.map((name) => said(name, "here")));
    await kill();
    await Deno.writeTextFile(join(workDir, "go-meanwhile"), "");
    await said("meanwhile", "done");

    start();
    await until("the living one is adopted", () => alive?.startedAt !== null);
    await Deno.writeTextFile(join(workDir, "go-alive"), "");

    if (meanwhile === undefined || alive === undefined) throw new Error("No attempts");
    equal((await endOf(meanwhile)).outputs, { who: "meanwhile" });
    equal((await endOf(alive)).outputs, { who: "alive" });
  }));
