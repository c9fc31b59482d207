import { deepStrictEqual as equal } from "node:assert/strict";
import { join } from "node:path";
import { OBSTACLES } from "../support/obstacles.ts";
import { openSpool, type Spool } from "../../server/agent/spool/spool.ts";

const DAY_MS = 24 * 3_600_000;
const log = { info: () => {}, warn: () => {} };

async function withSpoolDir(run: (dir: string) => Promise<void>): Promise<void> {
  const parent = await Deno.makeTempDir();
  try {
    await run(join(parent, "spool"));
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

async function listFolders(dir: string): Promise<readonly string[]> {
  const entries = await Array.fromAsync(Deno.readDir(dir));
  return entries.map(({ name }) => name).filter((name) => /^\d/.test(name)).sort();
}

function generations({ folders }: Spool): readonly (readonly [number, number])[] {
  return [...folders.values()].map(({ attemptId, generation }) => [attemptId, generation] as const).sort();
}

Deno.test("openSpool() creates a folder for its owner alone, and keeps its identity", () =>
  withSpoolDir(async (dir) => {
    const first = await openSpool(dir, "boot", log);
    await first.confirmBoot();

    const second = await openSpool(dir, "boot", log);
    const afterReboot = await openSpool(dir, "other", log);

    equal(((await Deno.stat(dir)).mode ?? 0) & 0o777, 0o700);
    equal([first.sameBoot, second.sameBoot, afterReboot.sameBoot], [false, true, false]);
    equal([second.id, afterReboot.id], [first.id, first.id]);
  }));

Deno.test("openSpool() starts anew whatever a task has put in the place of its identity", async () => {
  for (const spoil of OBSTACLES) {
    await withSpoolDir(async (dir) => {
      const path = join(dir, "identity");
      const first = await openSpool(dir, "boot", log);
      await first.confirmBoot();
      await spoil(path);

      const second = await openSpool(dir, "boot", log);
      await second.confirmBoot();
      const third = await openSpool(dir, "boot", log);

      equal([second.sameBoot, third.sameBoot], [false, true]);
      equal(third.id, second.id);
      equal(((await Deno.lstat(path)).mode ?? 0) & 0o777, 0o600);
    });
  }
});

Deno.test("createFolder() takes the place of whatever a task has put there", async () => {
  for (const spoil of OBSTACLES) {
    await withSpoolDir(async (dir) => {
      const spool = await openSpool(dir, "boot", log);
      await Deno.mkdir(join(dir, "1"));
      await Deno.mkdir(join(dir, "2"));
      await spoil(join(dir, "1"));
      await spoil(join(dir, "2"));

      await spool.createFolder(1, 1);
      const folder = spool.createFolderAtOnce(2, 1) ?? await spool.createFolder(2, 1);

      equal([folder?.path, await listFolders(dir)], [join(dir, "2"), ["1", "2"]]);
      for (const name of ["1", "2"]) {
        const names = (await Array.fromAsync(Deno.readDir(join(dir, name)))).map(({ name }) => name);
        equal(names.sort(), ["err.pipe", "out.pipe", "ready"]);
        equal(((await Deno.lstat(join(dir, name))).mode ?? 0) & 0o777, 0o700);
      }
    });
  }
});

Deno.test("openSpool() finds the last start of each attempt, and remove() removes all of them", () =>
  withSpoolDir(async (dir) => {
    const spool = await openSpool(dir, "boot", log);
    await spool.createFolder(7, 1);
    await spool.createFolder(7, 2);
    await spool.createFolder(8, 1);
    const again = await openSpool(dir, "boot", log);

    const folder = again.folders.get(7);
    if (folder !== undefined) again.remove(folder);
    await again.finishRemoval();

    equal(generations(again), [[7, 2], [8, 1]]);
    equal(await listFolders(dir), ["8"]);
  }));

Deno.test("sweep() removes what is older than a week and that nobody keeps", () =>
  withSpoolDir(async (dir) => {
    const spool = await openSpool(dir, "boot", log);
    for (const attemptId of [1, 2, 3]) await spool.createFolder(attemptId, 1);
    const now = Date.now();
    await Deno.utime(join(dir, "1"), new Date(now - 8 * DAY_MS), new Date(now - 8 * DAY_MS));
    await Deno.utime(join(dir, "2"), new Date(now - 8 * DAY_MS), new Date(now - 8 * DAY_MS));

    spool.sweep(now, (attemptId) => attemptId === 2);
    await spool.finishRemoval();

    equal(await listFolders(dir), ["2", "3"]);
  }));
