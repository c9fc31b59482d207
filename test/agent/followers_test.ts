/** Work that follows other work of the same agent: started without a word of the server, and told in order. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { endOf, withAgent } from "../support/agent.ts";
import { withAgentHost } from "../support/agent_host.ts";
import { until } from "../support/until.ts";

const after = (attemptId: number, task: string) => ({ follows: { attemptId, task } });

Deno.test("agent starts what follows with the outputs of what it follows, while the server is away", () =>
  withAgent(async ({ server, dir }) => {
    const first = server.add("while ! test -e go; do sleep 0.02; done; echo n=1 > $ORRERY_OUTPUT");
    const second = server.add('cat "$ORRERY_INPUTS" > inputs; echo m=2 > $ORRERY_OUTPUT', after(1, "first"));
    const third = server.add('cat "$ORRERY_INPUTS" >> inputs', after(2, "second"));
    await until("the first runs", () => first.startedAt !== null);
    equal(third.claimed, true);
    server.nextFault = () => "absent";
    await Deno.writeTextFile(join(dir, "work", "go"), "");

    const inputs = join(dir, "work", "inputs");
    const lines = await until("the third has run", async () => {
      const text = await Deno.readTextFile(inputs).catch(() => "");
      return text.split("\n").length > 2 ? text.trim().split("\n") : null;
    });
    equal(lines.map((line) => JSON.parse(line)), [{ first: { n: "1" } }, { second: { m: "2" } }]);
    equal([second.startedAt, third.startedAt], [null, null]);

    server.nextFault = () => "none";
    await endOf(third);
    equal([first, second].map(({ ended }) => ended?.followed), [true, true]);
    // In whichever exchange: nothing of a follower comes before the end of what it follows.
    const order = server.exchanges.flatMap(({ started, ended }) =>
      [...ended, ...started].map(({ attemptId }) => attemptId)
    );
    ok(order.indexOf(2) > order.indexOf(1) && order.indexOf(3) > order.indexOf(2), `${order}`);
  }));

Deno.test("agent drops what follows a task that does not succeed, and says STOPPED of one that is to be stopped", () =>
  withAgent(async ({ server, dir }) => {
    server.add("while ! test -e go; do sleep 0.02; done; exit 3");
    const second = server.add("touch second", after(1, "first"));
    const other = server.add("while ! test -e go; do sleep 0.02; done");
    const stopped = server.add("touch stopped", after(3, "other"));
    const last = server.add("touch last", after(4, "stopped"));
    await until("all are claimed", () => last.claimed && server.attempts.get(3)?.startedAt !== null);
    server.stop(4);
    server.wake();

    const ended = await endOf(stopped);
    equal([ended.cause, ended.startedAt], ["STOPPED", null]);
    await Deno.writeTextFile(join(dir, "work", "go"), "");
    await endOf(other);
    await until("the first is told", () => server.attempts.get(1)?.ended !== null);

    equal([second.ended, last.ended], [null, null]);
    const names = await Array.fromAsync(Deno.readDir(join(dir, "work")), ({ name }) => name);
    equal(names, ["go"]);
  }));

Deno.test("agent that is killed between a start and its report finds both again, and starts nothing twice", () =>
  withAgentHost(async ({ server, start, kill, workDir }) => {
    const first = server.add("while ! test -e go; do sleep 0.02; done; echo first >> order");
    const second = server.add(
      "echo second >> order; while ! test -e on; do sleep 0.02; done",
      after(1, "first"),
    );
    const third = server.add("echo third >> order", after(2, "second"));
    start();
    await until("the first runs", () => first.startedAt !== null && third.claimed);
    server.nextFault = () => "absent";
    await Deno.writeTextFile(join(workDir, "go"), "");
    const order = () => Deno.readTextFile(join(workDir, "order")).catch(() => "");
    await until("the second runs", async () => await order() === "first\nsecond\n");
    await kill();
    server.nextFault = () => "none";
    start();
    await until("the second is found", () => second.startedAt !== null);
    await Deno.writeTextFile(join(workDir, "on"), "");

    const ends = await Promise.all([first, second, third].map(endOf));

    equal(ends.map(({ cause, exitCode }) => [cause, exitCode]), [["EXIT", 0], ["EXIT", 0], ["EXIT", 0]]);
    equal(await order(), "first\nsecond\nthird\n");
  }));
