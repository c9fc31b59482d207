/** The disk that holds the spool is full: what runs is not lost, what cannot start says why, and room makes it good. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { type AgentScene, endOf, openTestAgent, textsOf, withAgent } from "../support/agent.ts";
import { createFakeServer } from "../support/agent_server.ts";
import { readText } from "../support/sentences.ts";
import { canMount, openSmallDisk, type SmallDisk } from "../support/small_disk.ts";
import { until } from "../support/until.ts";

const DISK_BYTES = 1024 * 1024;
const LOST = "Some of standard output is lost: the disk of the spool had no room for it";
const missing = !canMount();

function test(name: string, run: (scene: AgentScene, disk: SmallDisk) => Promise<void>): void {
  Deno.test(`${name}${missing ? " [no disk may be mounted]" : ""}`, async () => {
    await using disk = await openSmallDisk(DISK_BYTES);
    await withAgent((scene) => run(scene, disk), { spoolDir: join(disk.dir, "spool") });
  });
}

test(
  "agent on a full disk says why nothing starts, and starts again when there is room",
  async ({ server }, disk) => {
    equal((await endOf(server.add("true"))).cause, "EXIT");
    await disk.fill();

    const refused = await Promise.all(Array.from({ length: 5 }, () => endOf(server.add("echo ran"))));
    await disk.empty();
    const good = server.add("echo ran");
    const ended = await endOf(good);

    for (const { cause, exitCode, reason } of refused) {
      equal([cause, exitCode], ["NOT_STARTED", null]);
      match(readText(reason), /^Cannot start the process: /);
    }
    equal([ended.cause, ended.exitCode, ...textsOf(good)], ["EXIT", 0, "ran"]);
  },
);

test(
  "agent tells the exit code of what fills the disk by itself, and all that found room",
  async ({ server }, disk) => {
    const greedy = server.add("yes 0123456789 | head -c 3000000; exit 9");

    const ended = await endOf(greedy);
    // Deleted in the background: until then there is no room for what another one says.
    await until(
      "its folder is gone",
      () => Deno.stat(join(disk.dir, "spool", "1")).then(() => false, () => true),
    );
    const next = server.add("echo next");
    await endOf(next);

    equal([ended.cause, ended.exitCode], ["EXIT", 9]);
    ok(greedy.outOffset > DISK_BYTES / 2);
    equal(textsOf(greedy, "SYSTEM"), [LOST]);
    ok(textsOf(greedy, "STDOUT").slice(0, -1).every((text) => text === "0123456789"));
    equal(textsOf(next), ["next"]);
  },
);

test(
  "agent says that there was no room for what a task wrote on a full disk",
  async ({ server, dir }, disk) => {
    const attempt = server.add("touch begun; until test -e go; do sleep 0.02; done; echo lost; exit 4");
    const loud = server.add("echo one; until test -e go; do sleep 0.02; done; seq 20000; exit 5");
    await until(
      "both run",
      async () => loud.lines.length === 1 && await Deno.stat(join(dir, "work", "begun")).catch(() => null),
    );

    await disk.fill();
    await Deno.writeTextFile(join(dir, "work", "go"), "");
    const ends = await Promise.all([attempt, loud].map(endOf));

    equal(ends.map(({ cause, exitCode }) => [cause, exitCode]), [["EXIT", 4], ["EXIT", 5]]);
    equal(textsOf(attempt), [LOST]);
    equal(textsOf(loud, "SYSTEM"), [LOST]);
    equal(textsOf(loud)[0], "one");
  },
);

test("agent hears of the end of what ran while the disk filled up", async ({ server, dir }, disk) => {
  const attempt = server.add("echo one; while ! test -e go; do sleep 0.02; done; exit 4");
  await until("it has said something", () => attempt.lines.length === 1);

  await disk.fill();
  await Deno.writeTextFile(join(dir, "work", "go"), "");
  const ended = await endOf(attempt);

  equal([ended.cause, ended.exitCode], ["EXIT", 4]);
});

Deno.test({
  name: `agent starts on a full disk, and finds what runs${missing ? " [no disk may be mounted]" : ""}`,
  ignore: missing,
}, async () => {
  await using disk = await openSmallDisk(DISK_BYTES);
  const dir = await Deno.makeTempDir({ prefix: "orrery-agent-" });
  const spoolDir = join(disk.dir, "spool");
  const server = createFakeServer();
  const first = await openTestAgent(dir, server, { spoolDir });
  first.start();
  const attempt = server.add("echo one; while ! test -e go; do sleep 0.02; done; exit 4");
  await until("it has said something", () => attempt.lines.length === 1);
  await first.stop();
  await disk.fill();

  const second = await openTestAgent(dir, server, { spoolDir });
  second.start();
  await Deno.writeTextFile(join(dir, "work", "go"), "");
  const ended = await endOf(attempt);

  equal([ended.cause, ended.exitCode, ...textsOf(attempt)], ["EXIT", 4, "one"]);
  await second.stop();
  await Deno.remove(dir, { recursive: true });
});
