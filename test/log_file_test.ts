import assert from "node:assert/strict";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createLog } from "../server/log.ts";
import { openLogFile } from "../server/log_file.ts";
import { StartError } from "../server/start_error.ts";

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

const clock = { now: () => Date.now() };

/** In the order of their numbers, also what is compressed. */
async function textsIn(dir: string): Promise<readonly string[]> {
  const names = [...await namesIn(dir)].sort((a, b) => numberOf(a) - numberOf(b));
  return await Promise.all(names.map(async (name) => {
    const bytes = await Deno.readFile(join(dir, name));
    return new TextDecoder().decode(name.endsWith(".gz") ? gunzipSync(bytes) : bytes);
  }));
}

function numberOf(name: string): number {
  return Number(/\.(\d+)\./.exec(name)?.[1]);
}

Deno.test("openLogFile() has a line in the file when the call that logs it returns, for its owner alone", () =>
  inTemp(async (dir) => {
    const path = join(dir, "new", "server.log");
    const stream = openLogFile({ path, megabytes: 1, hours: 1, count: 2, clock });

    createLog("info", [stream]).info("Said");
    const written = join(dir, "new", "server.1.log");
    const text = await Deno.readTextFile(written);
    const { mode } = await Deno.stat(written);
    await stream.end();

    assert.equal(JSON.parse(text).msg, "Said");
    assert.equal((mode ?? 0) & 0o777, 0o600);
  }));

Deno.test("openLogFile() begins the next file at its size, compresses and keeps so many, and goes on after a restart", () =>
  inTemp(async (dir) => {
    for (const round of [1, 2]) {
      const stream = openLogFile({ path: join(dir, "server.log"), megabytes: 1, hours: 1, count: 3, clock });
      const log = createLog("info", [stream]);
      for (let number = 0; number < 500; number++) log.info(LINE, { round, number });
      await stream.end();
    }

    const names = await namesIn(dir);
    assert.deepEqual(
      names.map((name) => name.replace(/\d+/, "N")),
      ["server.N.log", "server.N.log.gz", "server.N.log.gz"].sort(),
    );
    for (const name of names) assert.equal(((await Deno.stat(join(dir, name))).mode ?? 0) & 0o777, 0o600);
    const texts = await textsIn(dir);
    for (const text of texts) assert.ok(text.length < 1.1 * 1024 * 1024);
    const numbers = texts.join("").trimEnd().split("\n").map((line) => JSON.parse(line))
      .filter(({ round }) => round === 2).map(({ number }) => number);
    assert.equal(numbers.at(-1), 499);
    assert.deepEqual(numbers, Array.from({ length: numbers.length }, (_, n) => 500 - numbers.length + n));
  }));

Deno.test("openLogFile() begins the next file at its age, and compresses what a server that was killed left", () =>
  inTemp(async (dir) => {
    await Deno.writeTextFile(join(dir, "server.7.log"), "left\n");
    await Deno.writeTextFile(join(dir, "other.log"), "not ours\n");
    let now = 0;
    const stream = openLogFile({
      path: join(dir, "server.log"),
      megabytes: 1,
      hours: 24,
      count: 5,
      clock: { now: () => now },
    });

    stream.write("first\n");
    now = 24 * 3_600_000 - 1;
    stream.write("second\n");
    now += 1;
    stream.write("third\n");
    await stream.end();

    assert.deepEqual(await namesIn(dir), ["other.log", "server.7.log.gz", "server.8.log.gz", "server.9.log"]);
    await Deno.remove(join(dir, "other.log"));
    assert.deepEqual(await textsIn(dir), ["left\n", "first\nsecond\n", "third\n"]);
  }));

Deno.test("openLogFile() says which file it cannot write", () =>
  inTemp(async (dir) => {
    await Deno.writeTextFile(join(dir, "file"), "");

    assert.throws(
      () => openLogFile({ path: join(dir, "file", "server.log"), megabytes: 1, hours: 1, count: 2, clock }),
      (error) =>
        error instanceof StartError && /^Cannot write the log file ".*server\.log": /.test(error.message),
    );
  }));
