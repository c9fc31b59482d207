/** Output arrives complete, in order, while the task runs, and never more than its limit. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { endOf, openTestAgent, textsOf, withAgent } from "../support/agent.ts";
import { createFakeServer, type Fault } from "../support/agent_server.ts";
import { createRandom } from "../support/random.ts";
import { until } from "../support/until.ts";

/** One in five calls fails, or its answer does not come. */
const FAULTS: readonly Fault[] = [...new Array<Fault>(8).fill("none"), "absent", "forgetful"];

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
  withAgent(async ({ server, dir }) => {
    const heard = "n=$((n+1)); until test -e heard-$n; do sleep 0.01; done";
    const attempt = server.add(`for i in 1 2 3; do echo out $i; ${heard}; echo err $i >&2; ${heard}; done`);
    for (let count = 1; count <= 6; count++) {
      await until(`line ${count} is there`, () => attempt.lines.length === count);
      await Deno.writeTextFile(join(dir, "work", `heard-${count}`), "");
    }

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

Deno.test("agent keeps what a command wrote before and after it opens its output anew by name", () =>
  withAgent(async ({ server }) => {
    const command =
      "echo one; echo two > /dev/stderr; echo three > /dev/stderr; seq 1 100000; echo four > /dev/stdout; " +
      "echo five | tee /dev/stderr; printf 'six' > /proc/self/fd/2; (until test -e end; do sleep 0.01; done; echo late) & " +
      "touch end; kill -TERM $$";
    const apart = server.add(command);
    const merged = server.add("echo a; echo b > /dev/stderr; echo c > /dev/stdout; exit 3", {
      mergeOutput: true,
    });

    const ends = await Promise.all([endOf(apart), endOf(merged)]);

    equal(ends.map(({ exitCode, reason }) => [exitCode, reason]), [[143, null], [3, null]]);
    const numbers = Array.from({ length: 100_000 }, (_, n) => `${n + 1}`);
    equal(textsOf(apart, "STDOUT"), ["one", ...numbers, "four", "five", "late"]);
    equal(textsOf(apart, "STDERR"), ["two", "three", "five", "six"]);
    equal(textsOf(merged, "STDOUT"), ["a", "b", "c"]);
    equal(textsOf(merged).length, 3);
  }));

Deno.test("agent keeps the last words of a command that is stopped and has opened its output by name", () =>
  withAgent(async ({ server }) => {
    const attempt = server.add(
      "trap 'echo last > /dev/stderr; exit 0' TERM; echo ready > /dev/stdout; sleep 300 & wait",
    );
    await until("it is ready", () => attempt.lines.length === 1);

    server.stop(1);
    const ended = await endOf(attempt);

    equal([ended.cause, ended.reason], ["STOPPED", null]);
    equal(textsOf(attempt), ["ready", "last"]);
  }));

Deno.test("agent hands over 40,000 lines of two streams without losing or doubling one", () =>
  withAgent(async ({ server }) => {
    const attempt = server.add("for i in {1..20000}; do echo o$i; echo e$i >&2; done");

    await endOf(attempt);

    const expected = (letter: string) => Array.from({ length: 20_000 }, (_, n) => `${letter}${n + 1}`);
    equal(textsOf(attempt, "STDOUT"), expected("o"));
    equal(textsOf(attempt, "STDERR"), expected("e"));
  }));

Deno.test("agent hands over a million lines that are written as fast as can be, each once and in order", () =>
  withAgent(async ({ server }) => {
    const attempt = server.add("seq 1 1000000");

    await endOf(attempt);

    equal(attempt.lines.length, 1_000_000);
    ok(attempt.lines.every(({ text }, place) => text === `${place + 1}`));
  }));

Deno.test("agent has several calls under way, and loses nothing when some fail, overtake others or lose their answer", () =>
  withAgent(async ({ server }) => {
    const random = createRandom(11);
    const { appendOutput } = server.port;
    const third = Promise.withResolvers<void>();
    let calls = 0;
    let underWay = 0;
    let most = 0;
    Object.assign(server.port, {
      appendOutput: async (agentId: number, batches: Parameters<typeof appendOutput>[1]) => {
        most = Math.max(most, ++underWay);
        calls++;
        // The second one is not answered before there is another.
        if (calls === 2) await third.promise;
        if (calls === 3) third.resolve();
        for (let turn = random.below(4); turn > 0; turn--) {
          await new Promise((resolve) => setTimeout(resolve, 0));
        }
        if (calls > 3) server.nextFault = () => random.pick(FAULTS);
        return await appendOutput(agentId, batches).finally(() => underWay--);
      },
    });
    const attempt = server.add("seq 1 1000000");

    await endOf(attempt);

    ok(most > 1 && most <= 3);
    equal(attempt.lines.length, 1_000_000);
    ok(attempt.lines.every(({ text }, place) => text === `${place + 1}`));
    server.nextFault = () => "none";
  }));

Deno.test("agent hands over a line of 50 MB in parts that say so, and loses no byte of it", () =>
  withAgent(async ({ server }) => {
    const attempt = server.add("head -c 50000000 /dev/zero | tr '\\0' x; echo; echo next");

    await endOf(attempt);

    const parts = textsOf(attempt);
    equal(parts.pop(), "next");
    ok(parts.every((part, place) => part.startsWith("…") === place > 0));
    ok(parts.every((part, place) => part.endsWith("…") === place < parts.length - 1));
    equal(parts.reduce((sum, part) => sum + part.replaceAll("…", "").length, 0), 50_000_000);
    ok(parts.every((part) => part.length <= 65_538));
  }));

Deno.test("agent puts characters together that are split across writes, and replaces what no text can hold", () =>
  withAgent(async ({ server }) => {
    const attempt = server.add(
      String
        .raw`printf '\303'; sleep 0.2; printf '\244 \360\237'; sleep 0.2; printf '\232\200\n'; printf 'a\0b\377c\303\n'`,
    );

    await endOf(attempt);

    equal(textsOf(attempt), ["ä 🚀", "a\uFFFDb\uFFFDc\uFFFD"]);
  }));

Deno.test("agent hands over long lines in parts, and many bytes in calls of a bounded size", () =>
  withAgent(async ({ server }) => {
    let most = 0;
    const { appendOutput } = server.port;
    Object.assign(server.port, {
      appendOutput: (agentId: number, batches: Parameters<typeof appendOutput>[1]) => {
        const texts = batches.flatMap(({ passages }) => passages.map(({ text }) => text.length));
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

Deno.test("agent keeps head and tail of what writes past the limit, and names the gap to the byte", () =>
  withAgent(async ({ server, spoolDir }) => {
    const attempt = server.add(
      "for i in {1..30}; do seq -f %08.0f $((i * 100000)) $((i * 100000 + 49999)); done; echo last >&2; test -e go || sleep 0.2",
    );

    await endOf(attempt);

    const written = Array.from(
      { length: 1_500_000 },
      (_, n) => String((Math.floor(n / 50_000) + 1) * 100_000 + n % 50_000).padStart(8, "0"),
    );
    const out = attempt.lines.filter(({ stream }) => stream !== "STDERR");
    const [first = 0, second = 0] = out.flatMap(({ stream }, place) => stream === "SYSTEM" ? [place] : []);
    equal(out.filter(({ stream }) => stream === "SYSTEM").length, 2);
    equal(second, first + 1);
    const texts = out.map(({ text }) => text);
    const tail = texts.slice(second + 1);
    equal(texts.slice(0, first), written.slice(0, first));
    equal(tail, written.slice(-tail.length));
    ok(first * 9 > 850_000 && first * 9 <= 1_000_000, `${first}`);
    ok(tail.length * 9 > 62_500 - 9 && tail.length * 9 <= 62_500, `${tail.length}`);
    const missing = (written.length - first - tail.length) * 9;
    equal(
      texts[first],
      "Output limit of 976.6 KiB reached: of what follows on standard output the last 61 KiB are kept",
    );
    equal(texts[second], `${missing} bytes on standard output are left out here`);
    equal(attempt.outOffset, written.length * 9);
    equal(textsOf(attempt, "STDERR"), ["last"]);
    await until("its folder is gone", async () => !await exists(join(spoolDir, "1")));
  }, { outputLimitBytes: 1_000_000 }));

Deno.test("agent has everything of what goes past the limit by no more than its tail", () =>
  withAgent(async ({ server, dir }) => {
    const attempt = server.add(
      "seq 1 18100; while ! test -e go; do sleep 0.02; done; seq 18101 19000; echo err >&2",
    );
    await until("the first part is there", () => attempt.lines.length === 18_100);

    await Deno.writeTextFile(join(dir, "work", "go"), "");
    await endOf(attempt);

    equal(textsOf(attempt, "STDOUT"), Array.from({ length: 19_000 }, (_, n) => `${n + 1}`));
    equal(textsOf(attempt).length, 19_001);
  }, { outputLimitBytes: 100_000 }));

Deno.test("agent says at once that the limit is reached, and never lets one that goes on fill the disk", () =>
  withAgent(async ({ server, spoolDir }) => {
    const attempt = server.add("yes 0123456789", { killGraceSeconds: 1 });
    await until("the limit is told", () => attempt.lines.at(-1)?.stream === "SYSTEM");
    const path = join(spoolDir, "1", "out");
    let kept = Infinity;
    // What comes between two looks is there until the second one, which a machine under load puts off.
    await until("much more was written than is kept", async () => {
      const { size, blocks } = await Deno.stat(path);
      kept = (blocks ?? Infinity) * 512;
      return size > 100_000_000 && (kept < 80_000_000 || size > 4_000_000_000);
    });
    server.stop(1);
    const ended = await endOf(attempt);

    equal(ended.cause, "STOPPED");
    ok(kept < 80_000_000, `${kept}`);
    ok(attempt.outOffset > 100_000_000);
    const [limit, gap] = textsOf(attempt, "SYSTEM");
    match(limit ?? "", /^Output limit of 97.7 KiB reached/);
    match(gap ?? "", /^\d+ bytes on standard output are left out here$/);
  }, { outputLimitBytes: 100_000 }));

Deno.test("agent that is killed past the limit is followed by one that keeps the same head, and the tail", async () => {
  const dir = await Deno.makeTempDir({ prefix: "orrery-agent-" });
  const server = createFakeServer();
  const options = { outputLimitBytes: 100_000 };
  const first = await openTestAgent(dir, server, options);
  first.start();
  const attempt = server.add("seq 1 100000; while ! test -e go; do sleep 0.02; done; echo end");
  await until("the limit is told", () => attempt.lines.at(-1)?.stream === "SYSTEM");
  await first.stop();

  const second = await openTestAgent(dir, server, options);
  second.start();
  await Deno.writeTextFile(join(dir, "work", "go"), "");
  await endOf(attempt);
  await second.stop();

  equal(textsOf(attempt, "SYSTEM").length, 2);
  equal(textsOf(attempt).at(-1), "end");
  const numbers = textsOf(attempt, "STDOUT").slice(0, -1).map(Number);
  const head = numbers.findIndex((number, place) => number !== place + 1);
  equal(
    numbers.slice(head),
    Array.from({ length: numbers.length - head }, (_, n) => (numbers[head] ?? 0) + n),
  );
  equal(numbers.at(-1), 100_000);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("agent keeps the head and says so where no hole can be made in a file", async () => {
  const path = Deno.env.get("PATH") ?? "";
  const empty = await Deno.makeTempDir({ prefix: "orrery-path-" });
  // The agent itself finds no program to make one with; its task has the path that it always has.
  Deno.env.set("PATH", empty);
  try {
    await withAgent(async ({ server }) => {
      const attempt = server.add("yes 0123456789 | head -c 11000000; echo last >&2");

      await endOf(attempt);

      ok(textsOf(attempt, "STDOUT").every((text) => text === "0123456789"));
      equal(textsOf(attempt, "STDERR"), ["last"]);
      const [limit, gap = ""] = textsOf(attempt, "SYSTEM");
      equal(limit, "Output limit of 976.6 KiB reached: of what follows on standard output nothing is kept");
      const told = /^At least (\d+) bytes on standard output are left out here$/.exec(gap)?.[1];
      ok(Number(told) > 9_000_000 && Number(told) < 11_000_000, gap);
    }, { outputLimitBytes: 1_000_000, baseEnvironment: { PATH: path } });
  } finally {
    Deno.env.set("PATH", path);
    await Deno.remove(empty);
  }
});

Deno.test("agent names output that does not end in the gap of a line without end", () =>
  withAgent(async ({ server }) => {
    const attempt = server.add("head -c 3000000 /dev/zero | tr '\\0' x; printf end");

    await endOf(attempt);

    equal(textsOf(attempt, "SYSTEM").length, 2);
    const parts = textsOf(attempt, "STDOUT");
    ok(parts.every((part) => part.replaceAll("…", "").length <= 65_536));
    ok(parts.at(-1)?.startsWith("…x") && parts.at(-1)?.endsWith("xend"));
  }, { outputLimitBytes: 1_000_000 }));

Deno.test("agent whose spool is full takes no work, keeps the ends of what runs, and goes on when there is room", () =>
  withAgent(async ({ server, agent, dir }) => {
    const small = server.add("echo small; while ! test -e go; do sleep 0.02; done; echo still");
    await until("it has said something", () => small.lines.length === 1);
    server.nextFault = () => "absent";
    // In pieces: what is there when the spool is found full is kept, however much it is.
    const pieces = "for piece in $(seq 40); do seq 50000; sleep 0.05; done; echo last; touch done";
    const large = server.add(`${pieces}; while ! test -e go; do sleep 0.02; done`);
    server.nextFault = () => large.startedAt === null ? "none" : "absent";
    await until("the spool is full", () => agent.spool().usedBytes >= agent.spool().limitBytes);
    await until("all is written", () => exists(join(dir, "work", "done")));
    server.nextFault = () => "none";
    const waiting = server.add("echo came");
    await until("the limit is told", () => large.lines.some(({ stream }) => stream === "SYSTEM"));

    equal([waiting.claimed, waiting.startedAt], [false, null]);
    await Deno.writeTextFile(join(dir, "work", "go"), "");
    await Promise.all([small, large, waiting].map(endOf));

    equal(textsOf(small), ["small", "still"]);
    equal(textsOf(waiting), ["came"]);
    match(
      textsOf(large, "SYSTEM")[0] ?? "",
      /^The agent's spool is full, so that no more than .* are kept: of what/,
    );
    match(textsOf(large, "SYSTEM")[1] ?? "", /^\d+ bytes on standard output are left out here$/);
    equal(textsOf(large, "STDOUT").at(-1), "last");
    equal(agent.spool().limitBytes, 3_000_000);
  }, { spoolLimitBytes: 3_000_000 }));

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
