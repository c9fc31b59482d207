import assert from "node:assert/strict";
import { join } from "node:path";
import { createLog } from "../server/log.ts";
import { openLogFile } from "../server/log_file.ts";
import { StartError } from "../server/start_error.ts";
import { until } from "./support/until.ts";

const LINE = "x".repeat(10_000);

async function inTemp(body: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "orrery-log-" });
  try {
    await body(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function namesIn(dir: string): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(dir));
  return entries.map(({ name }) => name).sort();
}

Deno.test("openLogFile() has a line in the file when the call that logs it returns, for its owner alone", () =>
  inTemp(async (dir) => {
    const stream = await openLogFile({ path: join(dir, "new", "server.log"), megabytes: 1, count: 2 });

    createLog("info", [stream]).info("Said");
    const path = join(dir, "new", "server.1.log");
    const text = await Deno.readTextFile(path);
    const { mode } = await Deno.stat(path);
    stream.end();

    assert.equal(JSON.parse(text).msg, "Said");
    assert.equal((mode ?? 0) & 0o777, 0o600);
  }));

Deno.test("openLogFile() begins the next file at its size, keeps so many, and goes on after a restart", () =>
  inTemp(async (dir) => {
    for (const round of [1, 2]) {
      const stream = await openLogFile({ path: join(dir, "server.log"), megabytes: 1, count: 3 });
      const log = createLog("info", [stream]);
      for (let number = 0; number < 500; number++) {
        log.info(LINE, { round, number });
        // The next file is begun between two turns of the event loop.
        if (number % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
      }
      await until("no more than three are left", async () => (await namesIn(dir)).length === 3);
      stream.end();
    }

    const names = await namesIn(dir);
    const text = (await Promise.all(names.map((name) => Deno.readTextFile(join(dir, name))))).join("");
    const numbers = text.trimEnd().split("\n").map((line) => JSON.parse(line)).filter(({ round }) =>
      round === 2
    )
      .map(({ number }) => number).sort((a, b) => a - b);
    assert.ok(names.every((name) => /^server\.\d+\.log$/.test(name)));
    assert.equal(numbers.at(-1), 499);
    assert.deepEqual(numbers, Array.from({ length: numbers.length }, (_, n) => 500 - numbers.length + n));
    for (const name of names) assert.ok((await Deno.stat(join(dir, name))).size < 1.1 * 1024 * 1024);
  }));

Deno.test("openLogFile() says which file it cannot write", () =>
  inTemp(async (dir) => {
    await Deno.writeTextFile(join(dir, "file"), "");

    await assert.rejects(
      () => openLogFile({ path: join(dir, "file", "server.log"), megabytes: 1, count: 2 }),
      (error) =>
        error instanceof StartError && /^Cannot write the log file ".*server\.log": /.test(error.message),
    );
  }));
