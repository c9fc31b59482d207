/** A server that is slow, away, forgetful and repetitive: no line is lost or doubled, and nothing is started twice. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { retryDelayMs } from "../../server/agent/backoff.ts";
import { endOf, textsOf, withAgent } from "../support/agent.ts";
import type { ServerAttempt } from "../support/agent_server.ts";
import { createRandom } from "../support/random.ts";
import { until } from "../support/until.ts";

const TASKS = 30;
const MAX_DELAY_MS = 200;

function addTasks(add: (command: string) => ServerAttempt): readonly ServerAttempt[] {
  return Array.from(
    { length: TASKS },
    (_, n) =>
      add(`echo start >> start-${n}; echo ${n}.1; echo ${n}.2 >&2; sleep 0.02; echo ${n}.3; exit ${n}`),
  );
}

async function checkTasks(attempts: readonly ServerAttempt[], workDir: string): Promise<void> {
  for (const [n, attempt] of attempts.entries()) {
    const ended = await endOf(attempt);
    equal([ended.cause, ended.exitCode], ["EXIT", n]);
    equal(textsOf(attempt, "STDOUT"), [`${n}.1`, `${n}.3`]);
    equal(textsOf(attempt, "STDERR"), [`${n}.2`]);
    equal(await Deno.readTextFile(join(workDir, `start-${n}`)), "start\n");
  }
}

Deno.test("agent loses, doubles and starts nothing twice when calls fail and answers are lost", () =>
  withAgent(async ({ server, dir }) => {
    const random = createRandom(5);
    server.nextFault = () => random.pick(["none", "none", "absent", "forgetful"] as const);

    const attempts = addTasks(server.add);

    await checkTasks(attempts, join(dir, "work"));
    server.nextFault = () => "none";
    // Half of the calls fail, and a row of failures would take minutes.
  }, { retryDelayMs: (faults) => Math.min(MAX_DELAY_MS, retryDelayMs(faults)) }));

Deno.test("agent starts nothing twice when the same work is named again and again by a slow server", () =>
  withAgent(async ({ server, dir }) => {
    server.repetitive = true;
    server.delayMs = 20;

    const attempts = addTasks(server.add);

    await checkTasks(attempts, join(dir, "work"));
    // Four times as many in hand as there are slots.
    ok(server.mostLiving() <= 40);
  }));

Deno.test("agent tells what ended while it waited for an answer all at once", () =>
  withAgent(async ({ server, agent, dir }) => {
    const attempts = Array.from(
      { length: 20 },
      (_, n) => server.add(`while ! test -e go; do sleep 0.02; done; exit ${n}`),
    );
    await until("all have started", () => attempts.every(({ startedAt }) => startedAt !== null));
    const { port } = server;
    const exchange = port.exchange;
    const answered = Promise.withResolvers<void>();
    let asked = false;
    Object.assign(port, {
      exchange: async (told: Parameters<typeof exchange>[0]) => {
        asked = true;
        await answered.promise;
        return await exchange(told);
      },
    });
    server.wake();
    await until("it waits for an answer", () => asked);

    await Deno.writeTextFile(join(dir, "work", "go"), "");
    await until("nobody runs", () => agent.running() === 0);
    const before = server.exchanges.length;
    answered.resolve();
    await Promise.all(attempts.map(endOf));

    // The one that was under way, and one with all the endings.
    equal(server.exchanges.slice(before).map(({ ended }) => ended.length).filter((count) => count > 0), [20]);
  }, { capacity: 20 }));

Deno.test("agent keeps all output and its times while the server is away", () =>
  withAgent(async ({ server, agent, dir }) => {
    const attempt = server.add(
      "while ! test -e away; do sleep 0.01; done; echo seen; echo $$ > said; exit 3",
    );
    await until("it has started", () => attempt.startedAt);
    let calls = 0;
    server.nextFault = () => (calls++, "absent");
    await Deno.writeTextFile(join(dir, "work", "away"), "");
    await until("it has ended", () => Deno.stat(join(dir, "work", "said")).catch(() => null));
    await until("the server was asked in vain", () => calls >= 5);
    const before = Date.now();
    equal([attempt.lines.length, agent.running()], [0, 1]);

    server.nextFault = () => "none";
    const ended = await endOf(attempt);

    equal([ended.cause, ended.exitCode], ["EXIT", 3]);
    equal(textsOf(attempt), ["seen"]);
    ok(attempt.lines.every(({ at }) => at < before));
    ok(ended.finishedAt < before);
  }));

/** How often a server is asked in vain that is away for a minute. */
const FAULTS_OF_A_MINUTE = countFaults(60_000);
/** Time between two calls passes so many times as fast. */
const HASTE = 100;
const LINES = 2_000;
/** What the numbers up to there take at least: three digits and more, and the end of the line. */
const WRITTEN_BYTES = 4 * (LINES - 100);

Deno.test("agent loses, doubles and starts nothing twice when the server is away for a minute", async () => {
  const waits = new Map<number, number>();
  const retryDelay = (faults: number): number => {
    waits.set(faults, retryDelayMs(faults));
    return retryDelayMs(faults) / HASTE;
  };
  await withAgent(async ({ server, agent, dir }) => {
    const work = join(dir, "work");
    const start = (n: number): string => `echo start >> start-${n}; until test -e away; do sleep 0.01; done`;
    server.add("true");
    const talker = server.add(
      `${start(0)}; n=0; until test -e back; do echo $((n++)); sleep 0.01; done; exit 4`,
    );
    const silent = server.add(`${start(1)}; exit 5`);
    // In hand when the server goes away: each is started when one before it has ended.
    const quiet = server.add(`${start(2)}; exit 6`);
    const writer = server.add(`${start(3)}; seq ${LINES}; echo over >&2; : > written; exit 7`);
    const attempts = [talker, silent, quiet, writer];
    await until(
      "all are claimed, and two have started",
      () =>
        attempts.every(({ claimed }) => claimed) && talker.startedAt !== null && silent.startedAt !== null,
    );

    server.nextFault = () => "absent";
    await Deno.writeTextFile(join(work, "away"), "");
    await until("the last one has written all", () => Deno.stat(join(work, "written")).catch(() => null));
    await until("a minute has passed", () => waits.has(FAULTS_OF_A_MINUTE));
    await until("the spool holds what nobody took", () => agent.spool().usedBytes > WRITTEN_BYTES);
    const before = Date.now();
    equal(attempts.map(({ ended }) => ended), [null, null, null, null]);
    equal(attempts.map(({ lines }) => lines.length), [0, 0, 0, 0]);
    server.nextFault = () => "none";
    await Deno.writeTextFile(join(work, "back"), "");
    const ends = await Promise.all(attempts.map(endOf));

    equal(ends.map(({ cause, exitCode }) => `${cause} ${exitCode}`), [
      "EXIT 4",
      "EXIT 5",
      "EXIT 6",
      "EXIT 7",
    ]);
    ok([silent, quiet].every(({ ended }) => ended !== null && ended.finishedAt <= before));
    const said = textsOf(talker);
    ok(said.length > 0);
    equal(said, said.map((_, n) => `${n}`));
    equal(textsOf(writer, "STDOUT"), Array.from({ length: LINES }, (_, n) => `${n + 1}`));
    equal(textsOf(writer, "STDERR"), ["over"]);
    for (const n of attempts.keys()) {
      equal(await Deno.readTextFile(join(work, `start-${n}`)), "start\n");
    }
    equal([...waits.values()].slice(0, 8), [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
  }, { capacity: 2, retryDelayMs: retryDelay });
});

function countFaults(absenceMs: number): number {
  let faults = 0;
  for (let passedMs = 0; passedMs < absenceMs; passedMs += retryDelayMs(faults)) faults++;
  return faults;
}

Deno.test("agent ends all others while the output of one task is never taken", () =>
  withAgent(async ({ server }) => {
    const { appendOutput } = server.port;
    let spoiled = true;
    const bad = server.add("echo bad");
    Object.assign(server.port, {
      appendOutput: (agentId: number, batches: Parameters<typeof appendOutput>[1]) => {
        const named = batches.some(({ attemptId }) => attemptId === bad.work.attemptId);
        return spoiled && named ? Promise.reject(new Error("Never")) : appendOutput(agentId, batches);
      },
    });
    const others = Array.from({ length: 20 }, (_, n) => server.add(`echo ${n}; sleep 0.1; echo more`));

    await Promise.all(others.map(endOf));

    equal(others.map((attempt) => textsOf(attempt)), others.map((_, n) => [`${n}`, "more"]));
    equal(bad.ended, null);
    spoiled = false;
    await endOf(bad);
    equal(textsOf(bad), ["bad"]);
  }));
