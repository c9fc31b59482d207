import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { lockDataDirectory } from "../../server/db/data_lock.ts";
import { startDatabaseHolder, untilOpen } from "../support/database_holder.ts";
import { canMount, openSmallDisk } from "../support/small_disk.ts";

Deno.test("lockDataDirectory() makes a directory for its owner alone", async () => {
  const parent = await Deno.makeTempDir();
  const dataDir = join(parent, "a", "b");

  const lock = await lockDataDirectory(dataDir);

  assert.equal(((await Deno.stat(dataDir)).mode ?? 0) & 0o777, 0o700);
  lock.release();
  await Deno.remove(parent, { recursive: true });
});

Deno.test("lockDataDirectory() refuses a second one until the first is released", async () => {
  const dataDir = await Deno.makeTempDir();
  const first = await lockDataDirectory(dataDir);

  await assert.rejects(lockDataDirectory(dataDir), {
    name: "StartError",
    message:
      `Cannot use data directory "${dataDir}": another Orrery is running on it; stop that one or name another ` +
      "directory with ORRERY_DATA_DIR",
  });
  first.release();
  const second = await lockDataDirectory(dataDir);

  second.release();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("lockDataDirectory() refuses a second program with one sentence, and is free once the first is killed", async () => {
  const dataDir = await Deno.makeTempDir();
  await using first = startDatabaseHolder(dataDir);
  await untilOpen(first);

  await using second = startDatabaseHolder(dataDir);

  assert.equal(await second.ended, 1);
  assert.match(
    second.complained(),
    /^Cannot use data directory ".+": another Orrery is running on it; [^\n]+\n$/,
  );
  await first.kill();
  await using third = startDatabaseHolder(dataDir);
  await untilOpen(third);
  await third.kill();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("lockDataDirectory() refuses what is not a directory", async () => {
  const file = await Deno.makeTempFile();

  for (const dataDir of [file, join(file, "data")]) {
    await assert.rejects(lockDataDirectory(dataDir), {
      name: "StartError",
      message: `Cannot use data directory "${dataDir}": it is not a directory`,
    });
  }

  await Deno.remove(file);
});

Deno.test(
  "lockDataDirectory() refuses a directory that it may not write",
  { ignore: Deno.uid() === 0 },
  async () => {
    const dataDir = await Deno.makeTempDir();
    await Deno.chmod(dataDir, 0o500);

    await assert.rejects(lockDataDirectory(dataDir), {
      name: "StartError",
      message: /: permission denied; /,
    });

    await Deno.remove(dataDir, { recursive: true });
  },
);

Deno.test("lockDataDirectory() closes a directory that was there to others", async () => {
  const dataDir = await Deno.makeTempDir();
  await Deno.chmod(dataDir, 0o755);

  const lock = await lockDataDirectory(dataDir);

  assert.equal(((await Deno.stat(dataDir)).mode ?? 0) & 0o777, 0o700);
  lock.release();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test(
  "lockDataDirectory() says that a file system can only be read",
  { ignore: !canMount() },
  async () => {
    await using disk = await openSmallDisk(1024 * 1024);
    assert.equal(spawnSync("mount", ["-o", "remount,ro", disk.dir]).status, 0);

    for (const dataDir of [disk.dir, join(disk.dir, "new")]) {
      await assert.rejects(lockDataDirectory(dataDir), {
        name: "StartError",
        message:
          /: it is on a file system that can only be read; name another directory with ORRERY_DATA_DIR$/,
      });
    }
  },
);
