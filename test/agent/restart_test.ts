/** The agent is killed at any instant and started again: nothing is lost, doubled or mistaken for something else. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { formatNote } from "../../server/agent/spool/run_record.ts";
import { endOf, readPid, textsOf } from "../support/agent.ts";
import { withAgentHost } from "../support/agent_host.ts";
import { killGroupOf, processLives } from "../support/processes.ts";
import { createRandom } from "../support/random.ts";
import { until } from "../support/until.ts";

const BOOT_ID = (await Deno.readTextFile("/proc/sys/kernel/random/boot_id").catch(() => "this boot")).trim();
const note = formatNote({ bootId: BOOT_ID, startedAt: Date.now(), timeoutSeconds: 0, killGraceSeconds: 1 });

Deno.test("agent finds a running task again, all of its output and its exit code", () =>
  withAgentHost(async ({ server, start, kill, workDir }) => {
    const attempt = server.add(
      "echo before; echo $$ > shell; while ! test -e go; do sleep 0.02; done; echo after; exit 6",
    );
    start();
    const shell = await readPid(join(workDir, "shell"));
    await until("the first line is there", () => attempt.lines.length === 1);

    await kill();
    ok(processLives(shell));
    start();
    await Deno.writeTextFile(join(workDir, "go"), "");
    const ended = await endOf(attempt);

    equal([ended.cause, ended.exitCode, ended.startedAt], ["EXIT", 6, attempt.startedAt]);
    equal(textsOf(attempt), ["before", "after"]);
  }));

Deno.test("agent knows how a task ended while there was no agent", () =>
  withAgentHost(async ({ server, start, kill, workDir, spoolDir }) => {
    const plain = server.add("echo $$ > plain; while ! test -e go; do sleep 0.02; done; echo end; exit 6");
    const signalled = server.add("echo $$ > signalled; sleep 100");
    start();
    const pids = await readPids(workDir, "plain", "signalled");
    await kill();
    await Deno.writeTextFile(join(workDir, "go"), "");
    Deno.kill(pids[1], "SIGTERM");
    // The first line is the claim, the second the exit code.
    const tellsEnd = async (id: number): Promise<boolean> =>
      /\n.+\n$/.test(await Deno.readTextFile(join(spoolDir, `${id}`, "run")));
    await until("both have told their end", async () => await tellsEnd(1) && await tellsEnd(2));
    const before = Date.now();

    start();
    const [plainEnd, signalledEnd] = await Promise.all([endOf(plain), endOf(signalled)]);

    equal([plainEnd.cause, plainEnd.exitCode], ["EXIT", 6]);
    equal(textsOf(plain), ["end"]);
    ok(plainEnd.finishedAt <= before);
    equal([signalledEnd.cause, signalledEnd.exitCode, signalledEnd.signal], ["EXIT", 143, "SIGTERM"]);
  }));

Deno.test("agent that stops gives back what it has in hand", () =>
  withAgentHost(async ({ server, start, kill, workDir }) => {
    server.add("true");
    const running = server.add("while ! test -e go; do sleep 0.02; done");
    const waiting = server.add("true");
    start();
    await until("it is in hand", () => waiting.claimed);

    await kill("SIGTERM");
    const given = waiting.ended?.cause;
    await Deno.writeTextFile(join(workDir, "go"), "");
    start();
    await endOf(running);

    equal(given, "GIVEN_BACK");
  }, 1));

Deno.test("agent says that a task vanished whose processes were killed, before or after its start", () =>
  withAgentHost(async ({ server, start, kill, workDir, spoolDir }) => {
    const early = server.add("echo $$ > early; echo out; sleep 100");
    const late = server.add("echo $$ > late; sleep 100");
    start();
    const pids = await readPids(workDir, "early", "late");
    await kill();
    await untilRead(spoolDir, 1);
    killGroupOf(pids[0]);

    start();
    const earlyEnd = await endOf(early);
    killGroupOf(pids[1]);
    const lateEnd = await endOf(late);

    for (const ended of [earlyEnd, lateEnd]) {
      equal([ended.cause, ended.exitCode, ended.signal], ["VANISHED", null, null]);
    }
    equal(textsOf(early), ["out"]);
  }));

Deno.test("agent says that attempts of another boot are lost, those too that left no trace, and starts none", () =>
  withAgentHost(async ({ server, start, kill, workDir, spoolDir }) => {
    const known = server.add("echo one; echo $$ > known; echo start >> starts; sleep 100");
    const traceless = server.add("echo $$ > traceless; echo start >> starts; sleep 100");
    start();
    const pids = await readPids(workDir, "known", "traceless");
    await kill();
    await untilRead(spoolDir, 1);
    for (const pid of pids) killGroupOf(pid);
    await replace(join(spoolDir, "identity"), BOOT_ID, "another-boot");
    await replace(join(spoolDir, "1", "run"), BOOT_ID, "another-boot");
    await Deno.remove(join(spoolDir, "2"), { recursive: true });

    start();
    const ends = await Promise.all([endOf(known), endOf(traceless)]);
    const next = server.add("echo next");
    await endOf(next);

    equal(ends.map(({ cause }) => cause), ["LOST", "LOST"]);
    equal(textsOf(known), ["one"]);
    equal(textsOf(next), ["next"]);
    equal(await Deno.readTextFile(join(workDir, "starts")), "start\nstart\n");
  }));

Deno.test("agent neither adopts nor stops a stranger with the number of its process", () =>
  withAgentHost(async ({ server, start, spoolDir }) => {
    const stranger = new Deno.Command("sleep", { args: ["100"], detached: true }).spawn();
    const attempt = server.add("echo never");
    attempt.claimed = true;
    await Deno.mkdir(join(spoolDir, "1"), { recursive: true });
    await Deno.writeTextFile(join(spoolDir, "identity"), `some-spool ${BOOT_ID}\n`);
    await Deno.writeTextFile(join(spoolDir, "1", "run"), `${stranger.pid} ${note}\n`);
    server.stop(1);

    start();
    const ended = await endOf(attempt);

    equal(ended.cause, "VANISHED");
    equal(textsOf(attempt), []);
    ok(processLives(stranger.pid));
    stranger.kill("SIGKILL");
    await stranger.status;
  }));

Deno.test("agent starts what it had only prepared, and the wrapper of the first start does nothing", () =>
  withAgentHost(async ({ server, start, workDir, spoolDir }) => {
    const attempt = server.add("echo start >> starts");
    attempt.claimed = true;
    await Deno.mkdir(join(spoolDir, "1"), { recursive: true });
    await Deno.writeTextFile(join(spoolDir, "identity"), `some-spool ${BOOT_ID}\n`);

    start();
    const ended = await endOf(attempt);

    equal([ended.cause, ended.exitCode], ["EXIT", 0]);
    equal(await Deno.readTextFile(join(workDir, "starts")), "start\n");
  }));

Deno.test("agent goes on with a stop, and with the count of a timeout", () =>
  withAgentHost(async ({ server, start, kill, workDir }) => {
    const stopped = server.add("trap '' TERM; echo $$ > stopped; sleep 100", { killGraceSeconds: 1 });
    const timed = server.add("echo $$ > timed; sleep 100", { timeoutSeconds: 2 });
    start();
    await Promise.all(["stopped", "timed"].map((name) => readPid(join(workDir, name))));
    server.stop(1);

    await kill();
    start();
    const [stoppedEnd, timedEnd] = await Promise.all([endOf(stopped), endOf(timed)]);

    equal(stoppedEnd.cause, "STOPPED");
    equal(timedEnd.cause, "TIMED_OUT");
  }));

Deno.test("agent stops what lives on in its spool and that the server does not know any more", () =>
  withAgentHost(async ({ server, start, kill, workDir, spoolDir }) => {
    const attempt = server.add("echo $$ > shell; sleep 100");
    start();
    const shell = await readPid(join(workDir, "shell"));
    await kill();
    attempt.disowned = true;

    start();
    await until("it is gone", () => !processLives(shell));

    await until("its folder is gone", () => Deno.stat(join(spoolDir, "1")).then(() => false, () => true));
    equal(attempt.ended, null);
  }));

Deno.test("agent leaves its tasks alive when it is stopped, and has told what ended before", () =>
  withAgentHost(async ({ server, start, kill, workDir }) => {
    const quick = server.add("echo quick");
    const slow = server.add("echo $$ > shell; while ! test -e go; do sleep 0.02; done; echo slow");
    start();
    const shell = await readPid(join(workDir, "shell"));
    await endOf(quick);

    await kill("SIGTERM");
    ok(processLives(shell));
    start();
    await Deno.writeTextFile(join(workDir, "go"), "");
    const ended = await endOf(slow);

    equal([ended.cause, ended.exitCode, textsOf(slow)], ["EXIT", 0, ["slow"]]);
  }));

Deno.test("agent that is killed again and again starts every task once and loses no line", () =>
  withAgentHost(async ({ server, start, kill, workDir }) => {
    const random = createRandom(20);
    const attempts = Array.from(
      { length: 40 },
      (_, n) =>
        server.add(
          `echo start >> start-${n}; for i in 1 2 3 4 5; do echo ${n}.$i; sleep 0.0${
            random.below(10)
          }; done; exit ${n}`,
        ),
    );
    server.nextFault = () =>
      random.below(10) === 0 ? (random.below(2) === 0 ? "absent" : "forgetful") : "none";

    for (let round = 0; round < 8; round++) {
      start();
      const exchanges = server.exchanges.length;
      const enough = exchanges + 1 + random.below(12);
      await until(
        "it has said something",
        () => server.exchanges.length >= enough || attempts.every(({ ended }) => ended !== null),
      );
      await kill();
    }
    server.nextFault = () => "none";
    start();
    const ends = await Promise.all(attempts.map(endOf));

    equal(ends.map(({ cause, exitCode }) => `${cause} ${exitCode}`), attempts.map((_, n) => `EXIT ${n}`));
    for (const [n, attempt] of attempts.entries()) {
      equal(textsOf(attempt), [1, 2, 3, 4, 5].map((i) => `${n}.${i}`));
      equal(await Deno.readTextFile(join(workDir, `start-${n}`)), "start\n");
    }
  }, 6));

/** What lives without an agent has its output in a file soon. */
async function untilRead(spoolDir: string, attemptId: number): Promise<void> {
  const path = join(spoolDir, `${attemptId}`, "out");
  await until("its output is read", () => Deno.stat(path).then(({ size }) => size > 0, () => false));
}

function readPids(workDir: string, one: string, other: string): Promise<readonly [number, number]> {
  return Promise.all([readPid(join(workDir, one)), readPid(join(workDir, other))]);
}

async function replace(path: string, from: string, to: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  match(text, new RegExp(from));
  await Deno.writeTextFile(path, text.replaceAll(from, to));
}
