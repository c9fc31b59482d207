/** However a program opens its own output, no line is lost, whoever is away meanwhile. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { endOf, readPid, textsOf, withAgent } from "../support/agent.ts";
import { withAgentHost } from "../support/agent_host.ts";
import { processLives } from "../support/processes.ts";
import { until } from "../support/until.ts";

function numbers(count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `${n + 1}`);
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

const scripts: readonly (readonly [script: string, out: readonly string[], err: readonly string[]])[] = [
  [`log() { echo "$*" > /dev/stderr; }; for n in {1..50}; do log $n; done; echo end`, ["end"], numbers(50)],
  ["echo one; exec > /dev/stdout; echo two; : > /dev/stdout; echo three", ["one", "two", "three"], []],
  [": > /dev/stderr; echo one >&2; exec 2> /proc/self/fd/2; echo two >&2", [], ["one", "two"]],
  ["for n in {1..10000}; do echo $n > /dev/stdout; done", numbers(10_000), []],
  [
    "seq 200000 > /dev/stdout; seq 200000 > /dev/fd/2; echo end > /dev/stdout",
    [...numbers(200_000), "end"],
    numbers(200_000),
  ],
  ["echo one | tee /dev/stderr; echo two >> /dev/stderr; echo three >&2", ["one"], ["one", "two", "three"]],
  [
    "echo one; truncate -s 0 /dev/stdout 2>/dev/null; echo two; echo three | dd of=/dev/stdout status=none",
    [
      "one",
      "two",
      "three",
    ],
    [],
  ],
  [
    `for n in 1 2 3; do awk -v n=$n 'BEGIN { print n | "cat > /dev/stdout" }'; echo e$n > /dev/stderr; sleep 0.1; done`,
    numbers(3),
    ["e1", "e2", "e3"],
  ],
];

for (const [script, out, err] of scripts) {
  Deno.test(`agent loses no line of a program that runs ${script}`, () =>
    withAgent(async ({ server, dir }) => {
      await Deno.writeTextFile(join(dir, "script"), `${script}\n`);
      const attempt = server.add(`bash ${join(dir, "script")}`);

      const { exitCode, reason } = await endOf(attempt);

      equal([exitCode, reason], [0, null]);
      equal(textsOf(attempt, "STDOUT"), out);
      equal(textsOf(attempt, "STDERR"), err);
      equal(textsOf(attempt, "SYSTEM"), []);
    }));
}

Deno.test("agent keeps the exact order of merged streams that a program opens by name", () =>
  withAgent(async ({ server, dir }) => {
    const script = "for n in {1..500}; do echo o$n > /dev/stdout; echo e$n > /dev/stderr; echo p$n; done";
    await Deno.writeTextFile(join(dir, "script"), script);
    const attempt = server.add(`bash ${join(dir, "script")}`, { mergeOutput: true });

    await endOf(attempt);

    equal(textsOf(attempt), numbers(500).flatMap((n) => [`o${n}`, `e${n}`, `p${n}`]));
  }));

Deno.test("agent has what a task wrote by name before it killed its own group", () =>
  withAgent(async ({ server }) => {
    const attempts = Array.from(
      { length: 5 },
      () => server.add("echo one > /dev/stdout; echo two > /dev/stderr; kill -KILL 0"),
    );

    await Promise.all(attempts.map(endOf));

    for (const attempt of attempts) {
      equal([textsOf(attempt, "STDOUT"), textsOf(attempt, "STDERR")], [["one"], ["two"]]);
    }
  }));

Deno.test("agent starts no reader for a task that writes nothing", () =>
  withAgent(async ({ server, dir, spoolDir }) => {
    const silent = server.add("touch begun; until test -e go; do sleep 0.02; done");
    const loud = server.add("echo loud; until test -e go; do sleep 0.02; done");
    await until("both run", async () => loud.lines.length === 1 && await exists(join(dir, "work", "begun")));

    const names = [1, 2].map((id) => [...Deno.readDirSync(join(spoolDir, `${id}`))].map(({ name }) => name));
    await Deno.writeTextFile(join(dir, "work", "go"), "");
    await Promise.all([silent, loud].map(endOf));

    const [silentNames, loudNames] = names.map((list) => list.filter((name) => name.endsWith(".reader")));
    equal([silentNames, loudNames], [[], ["out.reader"]]);
  }));

for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  Deno.test(`agent that was stopped by ${signal} has all that was written by name meanwhile`, () =>
    withAgentHost(async ({ server, start, kill, dir, workDir }) => {
      const script = join(dir, "script");
      await Deno.writeTextFile(
        script,
        `n=0; until test -e go; do echo $((++n)) > /dev/stdout; done; echo $n > last`,
      );
      const writer = server.add(`bash ${script}`);
      const late = server.add(
        "touch begun; until test -e away; do sleep 0.02; done; seq 200000 | tee /dev/stderr; touch all",
      );
      start();
      await until("it has said something", () => writer.lines.length > 10);
      await until("both run", () => exists(join(workDir, "begun")));

      await kill(signal);
      const before = writer.lines.length;
      await Deno.writeTextFile(join(workDir, "away"), "");
      await until("all is written", () => exists(join(workDir, "all")));
      start();
      await until("it has said more", () => writer.lines.length > before);
      await Deno.writeTextFile(join(workDir, "go"), "");
      await Promise.all([writer, late].map(endOf));

      equal(textsOf(writer), numbers(await readPid(join(workDir, "last"))));
      equal(textsOf(late, "STDOUT"), numbers(200_000));
      equal(textsOf(late, "STDERR"), numbers(200_000));
    }));
}

Deno.test("agent that is stopped leaves nothing behind in the pipes of what ends without it", () =>
  withAgentHost(async ({ server, start, kill, workDir }) => {
    const attempts = numbers(20).map((n) =>
      server.add(
        `touch begun-${n}; until test -e go; do sleep 0.01; done; echo out ${n} > /dev/stdout; echo err ${n} >&2`,
      )
    );
    start();
    for (const n of numbers(20)) await until(`task ${n} runs`, () => exists(join(workDir, `begun-${n}`)));

    // They end while there is an agent, while it is killed, and while there is none.
    await Deno.writeTextFile(join(workDir, "go"), "");
    await kill();
    start();
    await Promise.all(attempts.map(endOf));

    for (const [n, attempt] of attempts.entries()) {
      equal(textsOf(attempt).sort(), [`err ${n + 1}`, `out ${n + 1}`]);
    }
  }, 20));

Deno.test("agent neither waits for a service that outlives its run, nor ends or holds it up", () =>
  withAgent(async ({ server, dir }) => {
    const work = join(dir, "work");
    await Deno.writeTextFile(
      join(dir, "service"),
      `echo $$ > pid; until test -e over; do echo tick > /dev/stdout; sleep 0.01; done; seq 200000; echo $? > status`,
    );
    const attempt = server.add(
      `setsid bash ${join(dir, "service")} & until test -e pid; do sleep 0.01; done; echo begun`,
    );

    const ended = await endOf(attempt);
    await Deno.writeTextFile(join(work, "over"), "");
    const status = await readPid(join(work, "status"));

    equal([ended.cause, ended.exitCode, ended.reason, status], ["EXIT", 0, null, 0]);
    equal(textsOf(attempt).filter((text) => text !== "tick"), ["begun"]);
  }));

Deno.test("agent that starts again does not take what a service wrote after the end for output", () =>
  withAgentHost(async ({ server, start, kill, dir, workDir, spoolDir }) => {
    await Deno.writeTextFile(
      join(dir, "service"),
      `echo $$ > pid; until test -e over; do echo tick; sleep 0.01; done; echo late`,
    );
    const attempt = server.add(
      `setsid bash ${
        join(dir, "service")
      } & until test -e pid; do sleep 0.01; done; echo begun; until test -e go; do sleep 0.01; done`,
    );
    start();
    await until("it has said something", () => attempt.lines.length > 1);
    // Its end is not told before the agent is gone.
    server.nextFault = () => "absent";
    await Deno.writeTextFile(join(workDir, "go"), "");
    await until(
      "it is marked",
      async () => (await Deno.readTextFile(join(spoolDir, "1", "out")).catch(() => "")).includes("\0"),
    );
    await kill();
    server.nextFault = () => "none";

    start();
    await endOf(attempt);
    const service = await readPid(join(workDir, "pid"));
    await Deno.writeTextFile(join(workDir, "over"), "");
    await until("the service has ended", () => !processLives(service));

    const texts = textsOf(attempt);
    equal(texts.filter((text) => text !== "tick"), ["begun"]);
    ok(!texts.some((text) => text.includes("\uFFFD")));
  }));
