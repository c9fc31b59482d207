/** Stopping: what is told to stop is gone when its end is told, and whatever was in the way is named. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { endOf, readPid, textsOf, withAgent } from "../support/agent.ts";
import { processLives } from "../support/processes.ts";
import { readText } from "../support/sentences.ts";
import { until } from "../support/until.ts";

Deno.test("agent stops a task and all its children with SIGTERM", () =>
  withAgent(async ({ server, dir }) => {
    const attempt = server.add("echo $$ > shell; sleep 100 & echo $! > child; wait");
    const pids = await Promise.all(["shell", "child"].map((name) => readPid(join(dir, "work", name))));

    server.stop(1);
    const ended = await endOf(attempt);

    equal([ended.cause, ended.exitCode, ended.signal, ended.reason], ["STOPPED", 143, "SIGTERM", null]);
    equal(pids.map(processLives), [false, false]);
  }));

Deno.test("agent lets a task end by itself within its grace period", () =>
  withAgent(async ({ server, dir }) => {
    const attempt = server.add(
      "trap 'echo tidied; exit 5' TERM; echo $$ > shell; while :; do sleep 0.02; done",
    );
    await readPid(join(dir, "work", "shell"));

    server.stop(1);
    const ended = await endOf(attempt);

    equal([ended.cause, ended.exitCode, ended.signal], ["STOPPED", 5, null]);
    equal(textsOf(attempt, "STDOUT"), ["tidied"]);
  }));

Deno.test("agent kills what ignores SIGTERM once its grace period is over", () =>
  withAgent(async ({ server, dir }) => {
    const attempt = server.add("trap '' TERM; echo $$ > shell; sleep 100 & sleep 100", {
      killGraceSeconds: 1,
    });
    const shell = await readPid(join(dir, "work", "shell"));

    server.stop(1);
    const ended = await endOf(attempt);

    equal([ended.cause, ended.signal], ["STOPPED", "SIGKILL"]);
    ok(!processLives(shell));
  }));

Deno.test("agent stops and names a process that left the group", () =>
  withAgent(async ({ server, dir }) => {
    const attempt = server.add(
      `setsid bash -c 'trap "" TERM; echo $$ > stray; while :; do sleep 0.02; done' & sleep 100`,
      { killGraceSeconds: 1 },
    );
    const stray = await readPid(join(dir, "work", "stray"));

    server.stop(1);
    const ended = await endOf(attempt);

    equal(ended.cause, "STOPPED");
    match(readText(ended.reason), new RegExp(`^Stopped outside its process group: .*bash \\(${stray}\\)`));
    ok(!processLives(stray));
  }));

Deno.test("agent stops a held up process, and one that forks without end", () =>
  withAgent(async ({ server, dir }) => {
    const held = server.add("echo $$ > held; kill -STOP $$; sleep 100", { killGraceSeconds: 20 });
    const forking = server.add(
      `trap '' TERM; for i in $(seq 200); do sleep 100 & done; echo $$ > forking; while :; do sleep 0.01 & done`,
      { killGraceSeconds: 0 },
    );
    await Promise.all(["held", "forking"].map((name) => readPid(join(dir, "work", name))));

    server.stop(1);
    server.stop(2);
    const [heldEnd, forkingEnd] = await Promise.all([endOf(held), endOf(forking)]);

    equal([heldEnd.cause, heldEnd.signal, heldEnd.reason], ["STOPPED", "SIGTERM", null]);
    equal([forkingEnd.cause, forkingEnd.signal, forkingEnd.reason], ["STOPPED", "SIGKILL", null]);
  }));

Deno.test("agent takes a stop that comes twice, too late or for nobody calmly", () =>
  withAgent(async ({ server, agent, dir }) => {
    const quick = server.add("exit 0");
    await endOf(quick);
    const port = server.port.exchange;
    let stops = 0;
    Object.assign(server.port, {
      exchange: async (exchange: Parameters<typeof port>[0]) => {
        const reply = await port(exchange);
        stops++;
        return { ...reply, stops: [...reply.stops, ...reply.stops, { attemptId: 1 }, { attemptId: 4711 }] };
      },
    });
    const slow = server.add("echo $$ > pid; exec sleep 100");
    await readPid(join(dir, "work", "pid"));

    server.stop(2);
    const ended = await endOf(slow);

    equal([quick.ended?.cause, ended.cause, ended.signal], ["EXIT", "STOPPED", "SIGTERM"]);
    ok(stops > 0);
    equal(agent.running(), 0);
  }));

Deno.test("agent stops a task whose time is over", () =>
  withAgent(async ({ server }) => {
    const ended = await endOf(server.add("sleep 100", { timeoutSeconds: 1 }));

    equal([ended.cause, ended.signal], ["TIMED_OUT", "SIGTERM"]);
    ok(ended.startedAt !== null && ended.finishedAt - ended.startedAt >= 1000);
  }));

Deno.test("agent does not count with a clock that is set", () => {
  let offset = 0;
  return withAgent(async ({ server, dir }) => {
    const attempt = server.add("echo $$ > shell; while ! test -e go; do sleep 0.02; done; echo done", {
      timeoutSeconds: 60,
    });
    await readPid(join(dir, "work", "shell"));
    offset = 3_600_000;
    await until("it was looked after", () => attempt.startedAt);
    server.add("echo later");
    offset = -3_600_000;

    await Deno.writeTextFile(join(dir, "work", "go"), "");
    const ended = await endOf(attempt);

    equal([ended.cause, ended.exitCode], ["EXIT", 0]);
    ok(ended.startedAt !== null && ended.finishedAt >= ended.startedAt);
    ok(attempt.lines.every(({ at }) => at >= (ended.startedAt ?? Infinity)));
  }, { clock: { now: () => Date.now() + offset } });
});

Deno.test("agent lets the stop win that came before the time was over", () =>
  withAgent(async ({ server, dir }) => {
    const attempt = server.add("trap '' TERM; echo $$ > shell; sleep 100", {
      timeoutSeconds: 1,
      killGraceSeconds: 2,
    });
    await readPid(join(dir, "work", "shell"));

    server.stop(1);
    const ended = await endOf(attempt);

    equal(ended.cause, "STOPPED");
  }));

Deno.test("agent waits for children of a shell that ended, and stops and names them after the grace period", () =>
  withAgent(async ({ server, dir }) => {
    const patient = server.add("(sleep 0.3; echo late) & exit 4");
    const stubborn = server.add("sleep 100 & echo $! > child; exit 3", { killGraceSeconds: 1 });
    const child = await readPid(join(dir, "work", "child"));

    const [patientEnd, stubbornEnd] = await Promise.all([endOf(patient), endOf(stubborn)]);

    equal([patientEnd.cause, patientEnd.exitCode, patientEnd.reason], ["EXIT", 4, null]);
    equal(patient.lines.map(({ text }) => text), ["late"]);
    equal([stubbornEnd.cause, stubbornEnd.exitCode], ["EXIT", 3]);
    equal(readText(stubbornEnd.reason), `Stopped because they outlived the shell: sleep (${child})`);
    ok(!processLives(child));
  }));

Deno.test("agent leaves a daemon alone that left the group of a task that ended by itself", () =>
  withAgent(async ({ server, dir }) => {
    const attempt = server.add("setsid sleep 100 >/dev/null 2>&1 & echo $! > daemon; sleep 0.1; exit 0");

    const ended = await endOf(attempt);

    const daemon = await readPid(join(dir, "work", "daemon"));
    equal([ended.cause, ended.exitCode, ended.reason], ["EXIT", 0, null]);
    ok(processLives(daemon));
    Deno.kill(daemon, "SIGKILL");
  }));

Deno.test("agent stops and forgets an attempt that the server does not know any more", () =>
  withAgent(async ({ server, agent, dir, spoolDir }) => {
    const attempt = server.add("echo $$ > shell; while :; do echo line; sleep 0.02; done");
    const shell = await readPid(join(dir, "work", "shell"));

    attempt.disowned = true;

    await until("it is gone", () => !processLives(shell) && agent.running() === 0);
    await until(
      "its folder is gone",
      () => [...Deno.readDirSync(spoolDir)].every(({ name }) => name !== "1"),
    );
    equal(attempt.ended, null);
  }));

Deno.test("agent stops a silent attempt that the server gave up while it could not be reached", () =>
  withAgent(async ({ server, agent, dir }) => {
    const attempt = server.add("echo $$ > shell; sleep 100");
    const kept = server.add("while ! test -e go; do sleep 0.02; done");
    const shell = await readPid(join(dir, "work", "shell"));
    await until("both have started", () => attempt.startedAt !== null && kept.startedAt !== null);
    let calls = 0;
    server.nextFault = () => (calls++, "absent");
    server.wake();
    await until("the server was asked in vain", () => calls > 0);

    attempt.disowned = true;
    server.nextFault = () => "none";

    await until("it is gone", () => !processLives(shell) && agent.running() === 1);
    await Deno.writeTextFile(join(dir, "work", "go"), "");
    equal((await endOf(kept)).cause, "EXIT");
  }));
