/** A task puts something else in the place of its files: its own attempt ends with a reason, and no other is held up. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { endOf, textsOf, withAgent } from "../support/agent.ts";
import { withAgentHost } from "../support/agent_host.ts";
import type { ServerAttempt } from "../support/agent_server.ts";
import { OBSTACLES, SECRET } from "../support/obstacles.ts";
import { readText } from "../support/sentences.ts";
import { until } from "../support/until.ts";

const FILES = ["out", "err", "out.pipe", "err.pipe", "ready", "run", "output", "overflow", "inputs.json"];
const GO = "while ! test -e go; do sleep 0.02; done";

function spoiling(...changes: readonly string[]): string {
  return `d=\${ORRERY_OUTPUT%/*}; ${changes.join("; ")}`;
}

function checkNoSecret({ lines }: ServerAttempt): void {
  ok(!lines.some(({ text }) => text.includes(SECRET)));
}

for (const file of FILES) {
  Deno.test(`agent goes on whatever takes the place of "${file}" while its task runs`, () =>
    withAgent(async ({ server, dir, spoolDir }) => {
      const bad = OBSTACLES.map(() => server.add(`echo first; ${GO}; echo last`));
      await until("all have said something", () => bad.every(({ lines }) => lines.length === 1));

      for (const [n, spoil] of OBSTACLES.entries()) {
        const path = join(spoolDir, `${n + 1}`, file);
        // Those that are not there yet are put there.
        await Deno.writeTextFile(path, "", { create: true, append: true });
        await spoil(path);
      }
      const good = server.add("seq 20; echo a=1 >$ORRERY_OUTPUT");
      const ended = await endOf(good);
      await Deno.writeTextFile(join(dir, "work", "go"), "");
      const ends = await Promise.all(bad.map(endOf));

      equal([ended.outputs, textsOf(good).length], [{ a: "1" }, 20]);
      for (const [n, { cause, exitCode, reason, outputFault }] of ends.entries()) {
        equal([cause, exitCode], ["EXIT", 0]);
        const attempt = bad[n] as ServerAttempt;
        const stream = file === "out" ? "output" : "error";
        if (file === "out" || file === "err") {
          match(readText(reason), new RegExp(`^Cannot read standard ${stream}: the file `));
          match(textsOf(attempt, "SYSTEM").join("\n"), new RegExp(`^The rest of standard ${stream} is lost`));
        } else if (file === "output") match(outputFault ?? "", /^Cannot read all outputs: the file /);
        else equal([reason, textsOf(attempt)], [null, ["first", "last"]]);
        checkNoSecret(attempt);
      }
    }, { capacity: 20 }));
}

Deno.test("agent names the output of a task that removed or replaced it before it was seen", () =>
  withAgent(async ({ server }) => {
    const removed = server.add(spoiling("rm $d/out.pipe $d/err.pipe", "echo lost"));
    const emptied = server.add(spoiling("rm -r $d", "echo lost"));
    const linked = server.add(
      spoiling("mkdir other", `echo ${SECRET} >other/out`, "mv $d $d.x", "ln -s $PWD/other $d", "echo lost"),
    );

    const ends = await Promise.all([removed, emptied, linked].map(endOf));

    for (const { reason } of ends) match(readText(reason), /^Cannot read standard output: the f/);
    checkNoSecret(linked);
  }));

Deno.test("agent says so when a task puts another file in the place of its output", () =>
  withAgent(async ({ server, dir }) => {
    const attempt = server.add(
      `echo first; ${GO}; ${spoiling("echo other >$d/other", "mv $d/other $d/out")}`,
    );
    await until("it has said something", () => attempt.lines.length === 1);

    await Deno.writeTextFile(join(dir, "work", "go"), "");
    const { reason } = await endOf(attempt);

    equal(textsOf(attempt, "STDOUT"), ["first"]);
    equal(readText(reason), "Cannot read standard output: the file was replaced by another one");
  }));

Deno.test("agent is not filled up by a file without end", () =>
  withAgent(async ({ server, agent }) => {
    const attempt = server.add(
      spoiling(
        "echo first",
        "until test -s $d/out; do sleep 0.02; done",
        "truncate -s 8T $d/out",
        "truncate -s 8T $d/output",
        "exit 0",
      ),
    );

    const { outputFault } = await endOf(attempt);
    const good = server.add("echo good");
    await endOf(good);

    match(outputFault ?? "", /the file has \d+ bytes, more than 32768/);
    equal(textsOf(attempt)[0], "first");
    match(textsOf(attempt, "SYSTEM")[0] ?? "", /^Output limit of/);
    equal(textsOf(good), ["good"]);
    ok(agent.spool().usedBytes < 1_000_000);
  }, { outputLimitBytes: 100_000 }));

for (const file of FILES) {
  Deno.test(`agent that starts again goes on whatever takes the place of "${file}"`, () =>
    withAgentHost(async ({ server, start, kill, workDir, spoolDir }) => {
      const command = `echo first; echo $$ >>started; ${GO}; echo last`;
      const alive = OBSTACLES.map(() => server.add(command));
      const over = OBSTACLES.map(() => server.add("echo first; exit 3"));
      start();
      await until("all have started", () => alive.every(({ lines }) => lines.length === 1));
      await Promise.all(over.map(endOf));
      await kill();
      const readers = OBSTACLES.flatMap((_, n) => ["out", "err"].map((name) => `${n + 1}/${name}.reader`));
      for (const reader of readers) {
        await until(`there is ${reader}`, () => Deno.stat(join(spoolDir, reader)).catch(() => null));
      }
      for (const [n, spoil] of OBSTACLES.entries()) {
        const path = join(spoolDir, `${n + 1}`, file);
        await Deno.writeTextFile(path, "", { create: true, append: true });
        await spoil(path);
      }

      start();
      const good = server.add("echo good");
      await endOf(good);
      await Deno.writeTextFile(join(workDir, "go"), "");
      const ends = await Promise.all(alive.map(endOf));

      equal(textsOf(good), ["good"]);
      const causes = new Set(ends.map(({ cause }) => cause));
      equal([...causes], [file === "run" ? "VANISHED" : "EXIT"]);
      if (file === "run") {
        for (const { reason } of ends) match(readText(reason), /^Cannot read how it ended: the file /);
      }
      alive.forEach(checkNoSecret);
      const started = (await Deno.readTextFile(join(workDir, "started"))).trim().split("\n");
      equal(started.length, OBSTACLES.length);
    }, 20));
}
