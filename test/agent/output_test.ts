/** Output arrives complete, in order, while the task runs, and never more than its limit. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { endOf, textsOf, withAgent } from "../support/agent.ts";
import { until } from "../support/until.ts";

Deno.test("agent tells a line while the task that wrote it runs", () =>
  withAgent(async ({ server, dir }) => {
    const attempt = server.add(
      "echo first; printf half; while ! test -e go; do sleep 0.02; done; echo ' line'",
    );

    await until("the first line is there", () => attempt.lines.length === 1);
    equal(attempt.ended, null);
    await Deno.writeTextFile(join(dir, "work", "go"), "");
    await endOf(attempt);

    equal(textsOf(attempt), ["first", "half line"]);
  }));

Deno.test("agent tells the last line of a task that ends without a line feed, or is killed", () =>
  withAgent(async ({ server }) => {
    const unfinished = server.add("printf 'a\\nb'");
    const killed = server.add("echo one; printf two; kill -KILL 0");

    await Promise.all([endOf(unfinished), endOf(killed)]);

    equal(textsOf(unfinished), ["a", "b"]);
    equal(textsOf(killed), ["one", "two"]);
  }));

Deno.test("agent keeps the order of two streams as well as looking can, and times that never go back", () =>
  withAgent(async ({ server }) => {
    const attempt = server.add(
      "for i in 1 2 3; do echo out $i; sleep 0.15; echo err $i >&2; sleep 0.15; done",
    );

    await endOf(attempt);

    equal(textsOf(attempt), ["out 1", "err 1", "out 2", "err 2", "out 3", "err 3"]);
    const times = attempt.lines.map(({ at }) => at);
    equal(times, times.toSorted((a, b) => a - b));
  }));

Deno.test("agent has the exact order of both streams where a task merges them", () =>
  withAgent(async ({ server }) => {
    const attempt = server.add(
      "for i in {1..2000}; do echo o$i; echo e$i >&2; done; printf 'half ' >&2; (printf 'line\\n')",
      { mergeOutput: true },
    );

    await endOf(attempt);

    const pairs = Array.from({ length: 2000 }, (_, n) => [`o${n + 1}`, `e${n + 1}`]).flat();
    equal(textsOf(attempt, "STDOUT"), [...pairs, "half line"]);
    equal(textsOf(attempt).length, 4001);
  }));

Deno.test("agent hands over 40,000 lines of two streams without losing or doubling one", () =>
  withAgent(async ({ server }) => {
    const attempt = server.add("for i in {1..20000}; do echo o$i; echo e$i >&2; done");

    await endOf(attempt);

    const expected = (letter: string) => Array.from({ length: 20_000 }, (_, n) => `${letter}${n + 1}`);
    equal(textsOf(attempt, "STDOUT"), expected("o"));
    equal(textsOf(attempt, "STDERR"), expected("e"));
  }));

Deno.test("agent hands over long lines in parts, and many bytes in calls of a bounded size", () =>
  withAgent(async ({ server }) => {
    let most = 0;
    const { appendOutput } = server.port;
    Object.assign(server.port, {
      appendOutput: (agentId: number, batches: Parameters<typeof appendOutput>[1]) => {
        const texts = batches.flatMap(({ lines }) => lines.map(({ text }) => text.length));
        most = Math.max(most, texts.reduce((sum, length) => sum + length, 0));
        return appendOutput(agentId, batches);
      },
    });
    const attempts = Array.from(
      { length: 3 },
      () => server.add("head -c 2000000 /dev/zero | tr '\\0' ä; echo"),
    );

    await Promise.all(attempts.map(endOf));

    ok(most > 0 && most <= 513 * 1024);
    for (const attempt of attempts) {
      const parts = textsOf(attempt);
      ok(parts.length > 1 && parts.every((part) => part.length <= 65_538));
      equal(parts.join("").replaceAll("…", "").length, [...parts.join("")].filter((c) => c !== "…").length);
    }
  }));

Deno.test("agent keeps the head of what writes past the limit, frees the disk, and says what is missing", () =>
  withAgent(async ({ server }) => {
    const attempt = server.add("yes 0123456789 | head -c 11000000; echo last >&2; echo also >&2");

    await endOf(attempt);

    const out = textsOf(attempt, "STDOUT");
    ok(out.slice(0, -1).every((text) => text === "0123456789"));
    // An eighth is left to the stream that wrote less.
    equal(attempt.outOffset, 875_000);
    equal(textsOf(attempt, "STDERR"), ["last", "also"]);
    equal(attempt.lines.at(-1)?.stream, "SYSTEM");
    equal(attempt.lines.filter(({ stream }) => stream === "SYSTEM").length, 1);
    const told = /^Output limit of 976.6 KiB reached: at least (\d+) more bytes/.exec(
      attempt.lines.at(-1)?.text ?? "",
    );
    ok(told?.[1] !== undefined && Number(told[1]) > 9_000_000 && Number(told[1]) <= 11_000_000 - 875_000);
  }, { outputLimitBytes: 1_000_000 }));

Deno.test("agent never lets one that does not stop writing fill the disk", () =>
  withAgent(async ({ server, spoolDir }) => {
    const attempt = server.add("yes", { killGraceSeconds: 1 });
    await until("its output was cut", () => Deno.stat(join(spoolDir, "1", "overflow")).catch(() => null));

    server.stop(1);
    const ended = await endOf(attempt);

    equal(ended.cause, "STOPPED");
    equal(attempt.outOffset, 87_500);
    match(attempt.lines.at(-1)?.text ?? "", /^Output limit of 97.7 KiB reached/);
  }, { outputLimitBytes: 100_000 }));
