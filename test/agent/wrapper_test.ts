/** The wrapper claims its attempt before it runs anything, and only one claim holds. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { join } from "node:path";
import { makeFolders } from "../../server/agent/spool/folder_pool.ts";
import { openReaders, READER_REQUESTS } from "../../server/agent/output/readers.ts";
import { fenceFolder, formatNote, readRun } from "../../server/agent/spool/run_record.ts";
import { WRAPPER_SHELL, wrapperArguments } from "../../server/agent/start/wrapper.ts";
import { until } from "../support/until.ts";

const note = { bootId: "boot", startedAt: 1, timeoutSeconds: 2, killGraceSeconds: 3 };

async function withFolder(run: (path: string) => Promise<void>): Promise<void> {
  const spoolDir = await Deno.makeTempDir();
  await makeFolders(spoolDir, ["1"], true);
  const readers = openReaders(spoolDir);
  try {
    await until("requests are read", () => Deno.stat(join(spoolDir, READER_REQUESTS)).catch(() => null));
    await run(join(spoolDir, "1"));
  } finally {
    await readers.stop();
    await Deno.remove(spoolDir, { recursive: true });
  }
}

/** What a reader has moved to the file, which may be a moment later than the end of the wrapper. */
async function readOutput(path: string, bytes = 1): Promise<string> {
  await until(`"${path}" is written`, async () => (await Deno.stat(path)).size >= bytes);
  return await Deno.readTextFile(path);
}

function wrap(path: string, command: string): Promise<Deno.CommandStatus> {
  const args = wrapperArguments(path, { shell: "/bin/sh", command, mergeOutput: false }, formatNote(note));
  return new Deno.Command(WRAPPER_SHELL, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn()
    .status;
}

function folderAt(path: string): Parameters<typeof readRun>[0] {
  return { attemptId: 1, generation: 1, path };
}

Deno.test("wrapper notes who runs the attempt and how it ended", () =>
  withFolder(async (path) => {
    const { code } = await wrap(path, "echo $PPID; exit 3");

    const record = readRun(folderAt(path));
    const pid = Number((await readOutput(join(path, "out"))).trim());
    equal(code, 3);
    equal({ ...record, writtenAt: 0 }, { kind: "claimed", pid, note, exitCode: 3, writtenAt: 0 });
  }));

Deno.test("wrapper adds no word of its own to the output of a command that a signal ends", () =>
  withFolder(async (path) => {
    const { code } = await wrap(path, "echo out; echo err >&2; kill -KILL $$");

    equal(code, 137);
    equal(await readOutput(join(path, "out")), "out\n");
    equal(await readOutput(join(path, "err")), "err\n");
  }));

Deno.test("wrapper runs nothing when the attempt was given up before it came", () =>
  withFolder(async (path) => {
    equal(fenceFolder(folderAt(path)), true);

    const { signal } = await wrap(path, `echo ran > ${path}/ran`);

    equal(signal, "SIGKILL");
    equal(readRun(folderAt(path)), { kind: "fenced" });
    const names = [...(await Array.fromAsync(Deno.readDir(path)))].map(({ name }) => name).sort();
    equal(names, ["err.pipe", "out.pipe", "ready", "run"]);
  }));

Deno.test("fenceFolder() answers false when the wrapper was first", () =>
  withFolder(async (path) => {
    equal(readRun(folderAt(path)), { kind: "absent" });
    await wrap(path, "true");

    equal(fenceFolder(folderAt(path)), false);
  }));

Deno.test("wrapper lets one of many run", () =>
  withFolder(async (path) => {
    const ends = await Promise.all(Array.from({ length: 10 }, () => wrap(path, `echo ran >> ${path}/ran`)));

    equal(ends.filter(({ signal }) => signal === "SIGKILL").length, 9);
    equal(await Deno.readTextFile(join(path, "ran")), "ran\n");
  }));

Deno.test("wrapper runs nothing when its output has no place", () =>
  withFolder(async (path) => {
    await Deno.remove(join(path, "err.pipe"));
    await Deno.mkdir(join(path, "err.pipe"));

    const { signal } = await wrap(path, `echo ran > ${path}/ran`);

    equal(signal, "SIGKILL");
    equal(readRun(folderAt(path)), { kind: "absent" });
  }));

Deno.test("readRun() takes an exit code only once its line is complete", () =>
  withFolder(async (path) => {
    const run = join(path, "run");
    const kinds: unknown[] = [];
    for (const text of ["", "12 boot 1", "12 boot 1 2 3\n", "12 boot 1 2 3\n1", "12 boot 1 2 3\n14\n"]) {
      await Deno.writeTextFile(run, text);
      const record = readRun(folderAt(path));
      kinds.push(record.kind === "claimed" ? record.exitCode : record.kind);
    }

    equal(kinds, ["incomplete", "incomplete", null, null, 14]);
  }));

Deno.test("wrapper leaves the command none of its own descriptors, and keeps its files for their owner", () =>
  withFolder(async (path) => {
    await wrap(
      path,
      `umask; ls -l ${path} | grep ^- | cut -c 1-10 | sort -u; ls -l /proc/self/fd | grep ${path}`,
    );

    const [mask = "", modes, ...descriptors] = (await readOutput(join(path, "out"))).trim().split(
      "\n",
    );
    equal([Number.parseInt(mask, 8), modes], [Deno.umask(), "-rw-------"]);
    // Of what it has from the agent nothing is the wrapper's; its output goes through grep.
    equal(descriptors.map((line) => line.split("/").at(-1)), ["err.pipe"]);
  }));
