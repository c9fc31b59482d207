/** What an attempt's end says, what its process is given, and that the number of processes has a limit. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join, relative } from "node:path";
import type { Ended, Work } from "../../server/agent/port.ts";
import { endOf, textsOf, withAgent } from "../support/agent.ts";
import { readText } from "../support/sentences.ts";
import { until } from "../support/until.ts";

Deno.test("agent runs a command and tells its start, its lines and its end", () =>
  withAgent(async ({ server, agent, spoolDir }) => {
    const attempt = server.add("echo one; echo two >&2; exit 0");

    const ended = await endOf(attempt);

    const { cause, exitCode, signal, reason, startedAt, finishedAt } = ended;
    equal({ cause, exitCode, signal, reason }, { cause: "EXIT", exitCode: 0, signal: null, reason: null });
    ok(startedAt !== null && finishedAt >= startedAt);
    equal(attempt.lines.map(({ stream, text }) => `${stream} ${text}`), ["STDOUT one", "STDERR two"]);
    equal(agent.running(), 0);
    await until("the folder is gone", () => Deno.lstat(join(spoolDir, "1")).then(() => false, () => true));
  }));

const ends: readonly (readonly [command: string, exitCode: number | null, signal: string | null])[] = [
  ["exit 7", 7, null],
  ["false", 1, null],
  ["set -e; false; true", 1, null],
  ["if", 2, null],
  ["no-such-program", 127, null],
  ["exec sh -c 'exit 3'", 3, null],
  ["kill -TERM $$; sleep 10", 143, "SIGTERM"],
  ["kill -KILL $$; sleep 10", 137, "SIGKILL"],
  ["trap 'exit 9' TERM; kill -TERM $$; sleep 10", 9, null],
  ["kill -KILL $PPID", null, "SIGKILL"],
  ["exit 255", 255, null],
];

for (const [command, exitCode, signal] of ends) {
  Deno.test(`agent tells exit code ${exitCode} and signal ${signal} of ${command}`, () =>
    withAgent(async ({ server }) => {
      const ended = await endOf(server.add(command));

      equal(
        { cause: ended.cause, exitCode: ended.exitCode, signal: ended.signal },
        { cause: "EXIT", exitCode, signal },
      );
    }));
}

Deno.test("agent gives a command what shell -c would, and its own environment only", () =>
  withAgent(async ({ server, dir }) => {
    Deno.env.set("ORRERY_SECRET_OF_THE_SERVER", "hidden");
    const attempt = server.add(
      `echo "$0 $#"; pwd; cat <<END\nhello $WHO\nEND\nset -o | grep noclobber; env | sort`,
      {
        environment: { WHO: "world", ORRERY_ATTEMPT: "1" },
      },
    );

    await endOf(attempt);

    const [first, directory, heredoc, noclobber, ...environment] = textsOf(attempt);
    equal([first, directory, heredoc], [
      "/bin/bash 0",
      await Deno.realPath(join(dir, "work")),
      "hello world",
    ]);
    match(noclobber ?? "", /off$/);
    equal(
      environment.map((variable) => variable.split("=", 1)[0]),
      [
        "HOME",
        "LANG",
        "ORRERY_ATTEMPT",
        "ORRERY_INPUTS",
        "ORRERY_MARK",
        "ORRERY_OUTPUT",
        "PATH",
        "PWD",
        "SHLVL",
        "WHO",
        "_",
      ],
    );
    Deno.env.delete("ORRERY_SECRET_OF_THE_SERVER");
  }));

Deno.test("agent runs a command of 120 KiB, in any shell", () =>
  withAgent(async ({ server }) => {
    const long = server.add(`: ${"x".repeat(120 * 1024)}\necho long`);
    const other = server.add("echo $0; printf 'a\\0b' | wc -c", { shell: "sh" });

    await Promise.all([endOf(long), endOf(other)]);

    equal(textsOf(long), ["long"]);
    equal(textsOf(other), ["sh", "3"]);
  }));

const obstacles: readonly (readonly [name: string, work: Partial<Work>, reason: RegExp])[] = [
  [
    "the directory is missing",
    { directory: "/no/such/place" },
    /directory "\/no\/such\/place" does not exist$/,
  ],
  ["the directory is a file", { directory: "/etc/passwd" }, /"\/etc\/passwd" is not a directory$/],
  ["the shell is missing", { shell: "/no/shell" }, /shell "\/no\/shell" does not exist or is not a program$/],
  ["the shell is no program", { shell: "/etc/passwd" }, /shell "\/etc\/passwd" does not exist or is not a/],
  ["the shell is not in PATH", { shell: "no-shell" }, /shell "no-shell" is not a program in PATH$/],
  [
    "the command is too long",
    { command: `: ${"x".repeat(2_000_000)}` },
    /together are too long for the system$/,
  ],
];

for (const [name, work, reason] of obstacles) {
  Deno.test(`agent says why there is no process when ${name}`, () =>
    withAgent(async ({ server, agent }) => {
      const ended = await endOf(server.add("true", work));

      equal(
        { cause: ended.cause, exitCode: ended.exitCode, startedAt: ended.startedAt },
        { cause: "NOT_STARTED", exitCode: null, startedAt: null },
      );
      match(readText(ended.reason), reason);
      equal(agent.running(), 0);
    }));
}

Deno.test("agent says that there is no process when the spool cannot be written to", () =>
  withAgent(async ({ server, spoolDir }) => {
    await until("the spool is there", () => Deno.stat(join(spoolDir, "identity")).catch(() => null));
    await Deno.rename(spoolDir, `${spoolDir}.away`);

    const ended: Ended = await endOf(server.add("true"));

    equal(ended.cause, "NOT_STARTED");
    match(readText(ended.reason), /^Cannot start the process: /);
  }));

Deno.test("agent never runs more than its capacity, uses all of it, and claims at most four times as much ahead", () =>
  withAgent(async ({ server, dir }) => {
    const count = "ls run | wc -l >> counts";
    await Deno.mkdir(join(dir, "work", "run"));
    const attempts = Array.from(
      { length: 60 },
      (_, n) => server.add(`: > run/${n}; ${count}; sleep 0.05; rm run/${n}`),
    );

    await Promise.all(attempts.map(endOf));

    const counts = (await Deno.readTextFile(join(dir, "work", "counts"))).trim().split("\n").map(Number);
    equal(counts.length, 60);
    ok(server.mostLiving() > 4 && server.mostLiving() <= 20, `${server.mostLiving()} were claimed at once`);
    equal(Math.max(...counts), 4);
  }, { capacity: 4 }));

Deno.test("agent claims nothing ahead while nothing ends", () =>
  withAgent(async ({ server, dir }) => {
    const first = server.add("while ! test -e go; do sleep 0.02; done");
    server.add("true");
    await until("the first runs and it has asked again", () =>
      first.startedAt !== null && server.exchanges.length > 3);

    equal(server.mostLiving(), 1);

    await Deno.writeTextFile(join(dir, "work", "go"), "");
  }, { capacity: 1 }));

Deno.test("agent claims nothing ahead for what took long", () =>
  withAgent(async ({ server }) => {
    const long = server.add("sleep 1.1");
    const next = server.add("sleep 0.4");
    server.add("true");

    await endOf(long);
    await until("the next one is claimed", () => next.claimed);

    equal(server.mostLiving(), 1);
  }, { capacity: 1 }));

Deno.test("agent gives back what waits too long for a slot, and never starts it", () =>
  withAgent(async ({ server, dir }) => {
    server.add("true");
    server.add("while ! test -e go; do sleep 0.02; done");
    const waiting = server.add("echo start > started");

    const ended = await endOf(waiting);
    await Deno.writeTextFile(join(dir, "work", "go"), "");

    equal([ended.cause, ended.startedAt, ended.reason], ["GIVEN_BACK", null, null]);
    equal(await Deno.stat(join(dir, "work", "started")).catch(() => null), null);
  }, { capacity: 1, inHandMs: 100 }));

Deno.test("agent starts the more urgent first, although it has the other in hand", () =>
  withAgent(async ({ server, dir }) => {
    server.add("true");
    server.add("while ! test -e go; do sleep 0.02; done");
    const waiting = server.add("echo low >> order");
    await until("the low one is in hand", () => waiting.claimed);

    const urgent = server.add("echo high >> order", { priority: 5 });
    await until("the urgent one is in hand too", () => urgent.claimed);
    await Deno.writeTextFile(join(dir, "work", "go"), "");
    await Promise.all([urgent, waiting].map(endOf));

    equal(await Deno.readTextFile(join(dir, "work", "order")), "high\nlow\n");
  }, { capacity: 1 }));

Deno.test("agent does not start what was stopped while it waited for a slot", () =>
  withAgent(async ({ server, dir }) => {
    server.add("true");
    server.add("while ! test -e go; do sleep 0.02; done");
    const waiting = server.add("echo start > started");
    await until("it is in hand", () => waiting.claimed);

    server.stop(3);
    const ended = await endOf(waiting);
    await Deno.writeTextFile(join(dir, "work", "go"), "");

    equal([ended.cause, ended.startedAt, readText(ended.reason)], [
      "STOPPED",
      null,
      "It had not been started yet",
    ]);
    equal(await Deno.stat(join(dir, "work", "started")).catch(() => null), null);
  }, { capacity: 1 }));

Deno.test("agent with no capacity takes nothing", () =>
  withAgent(async ({ server }) => {
    const attempt = server.add("true");
    await until("it has asked three times", () => server.exchanges.length >= 3);

    equal(attempt.claimed, false);
    ok(server.exchanges.every(({ freeSlots }) => freeSlots === 0));
  }, { capacity: 0 }));

Deno.test("agent finds its spool from wherever a task runs, when its own path is relative", async () => {
  const above = relative(Deno.cwd(), await Deno.makeTempDir());
  await withAgent(async ({ server }) => {
    const attempt = server.add('pwd; cat "$ORRERY_INPUTS"', { directory: "/" });

    const ended = await endOf(attempt);

    equal([ended.cause, ended.exitCode, ...textsOf(attempt)], ["EXIT", 0, "/", "{}"]);
  }, { spoolDir: join(above, "spool"), workDir: join(above, "work") });
  await Deno.remove(above, { recursive: true });
});
