import assert from "node:assert/strict";
import { join } from "node:path";
import type postgres from "postgres";
import { openBundled } from "../../server/db/bundled.ts";
import { clusterOf, stopEarlierServer } from "../../server/db/bundled_cluster.ts";
import { migrateDatabase } from "../../server/db/migrate.ts";
import { type OpenDatabase, openDatabase } from "../../server/db/open.ts";
import { createTestLog } from "../support/database.ts";
import { startDatabaseHolder, untilOpen } from "../support/database_holder.ts";
import { canMount, openSmallDisk } from "../support/small_disk.ts";
import { processLives } from "../support/processes.ts";
import { until } from "../support/until.ts";

const STRACE = "/usr/bin/strace";

function open(dataDir: string, log = createTestLog()): Promise<OpenDatabase> {
  return openDatabase({ url: null, dataDir, log });
}

let template: Promise<string> | null = null;

/** A data directory with an initialised cluster that nobody runs: a copy is quicker to make than a cluster. */
async function makeDataDir(): Promise<string> {
  const from = await (template ??= makeTemplate());
  const dataDir = await Deno.makeTempDir({ prefix: "orrery-bundled-" });
  const { success } = await new Deno.Command("cp", { args: ["-a", join(from, "postgres"), dataDir] })
    .output();
  assert.ok(success);
  return dataDir;
}

async function makeTemplate(): Promise<string> {
  const dataDir = await Deno.makeTempDir({ prefix: "orrery-bundled-template-" });
  const opened = await open(dataDir);
  await opened.close();
  addEventListener("unload", () => Deno.removeSync(dataDir, { recursive: true }));
  return dataDir;
}

async function readNumbers(sql: postgres.Sql): Promise<ReadonlySet<number>> {
  return new Set((await sql<{ number: number }[]>`select number from written`).map(({ number }) => number));
}

async function readPid(dataDir: string): Promise<number> {
  const text = await Deno.readTextFile(join(dataDir, "postgres", "data", "postmaster.pid"));
  return Number(text.split("\n")[0]);
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function refusal(dataDir: string): Promise<string> {
  const error: unknown = await open(dataDir).then((opened) => opened.close(), (reason) => reason);
  assert.ok(error instanceof Error && error.name === "StartError", `refused as ${error}`);
  assert.doesNotMatch(error.message, /\n/);
  return error.message;
}

async function removeCluster(dataDir: string): Promise<void> {
  await stopEarlierServer(clusterOf(dataDir));
  await Deno.remove(clusterOf(dataDir), { recursive: true });
}

Deno.test("openBundled() makes a cluster after kills at every stage of the first initialisation", async () => {
  const dataDir = await Deno.makeTempDir();
  const folder = join(dataDir, "postgres");
  /** The folder that is made has a name of its own each time. */
  const unfinished = (): string | null => {
    if (!isThere(folder)) return null;
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    return names.find((name) => name.startsWith("data.new-") && !left.has(name)) ?? null;
  };
  const left = new Set<string>();
  const stages: readonly (readonly [string, () => boolean])[] = [
    ["its folder", () => isThere(folder)],
    ...["", "global", "base/5/PG_VERSION"].map((path) =>
      [`an unfinished ${path}`, () => isThere(join(folder, unfinished() ?? "none", path))] as const
    ),
    ["a cluster", () => isThere(join(folder, "data"))],
  ];

  for (const [stage, reached] of stages) {
    // A quick machine may be done before anybody has looked: then it begins anew.
    for (let seen = false; !seen;) {
      await using holder = startDatabaseHolder(dataDir);
      await until(`there is ${stage}`, () => (seen = reached()) || isThere(join(folder, "data")), 60_000);
      await holder.kill();
      const name = unfinished();
      if (name !== null) left.add(name);
      if (!seen) await removeCluster(dataDir);
    }
  }
  const opened = await open(dataDir);
  await migrateDatabase(opened);

  assert.deepEqual([...await opened.sql`select count(*)::integer as count from containers`], [{ count: 0 }]);
  assert.ok(left.size >= 3);
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  assert.deepEqual(names.filter((name) => left.has(name)), []);
  await opened.close();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openBundled() stops the server that a kill of ours has left, and finds all that was acknowledged", async () => {
  const dataDir = await makeDataDir();
  await using holder = startDatabaseHolder(dataDir, { write: true });
  await until("hundreds are committed", () => holder.said().length > 500, 60_000);
  const left = await readPid(dataDir);

  await holder.kill();
  assert.ok(processLives(left));
  const acknowledged = holder.said().slice(1).map(Number);
  const opened = await open(dataDir);

  assert.ok(!processLives(left));
  const there = await readNumbers(opened.sql);
  assert.deepEqual(acknowledged.filter((number) => !there.has(number)), []);
  await opened.close();
  assert.ok(!processLives(await readPid(dataDir).catch(() => left)));
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openBundled() asks the disk for each commit", { ignore: !isThere(STRACE) }, async () => {
  const dataDir = await makeDataDir();
  const trace = join(dataDir, "trace");
  await using holder = startDatabaseHolder(dataDir, { write: true });
  await untilOpen(holder);
  const tracer = new Deno.Command(STRACE, {
    args: [
      "-f",
      "-qq",
      "-e",
      "trace=fsync,fdatasync",
      "-e",
      "signal=none",
      "-o",
      trace,
      ...await tracedProcesses(dataDir),
    ],
    stdout: "null",
    stderr: "null",
  }).spawn();
  await until("it is traced", () => isThere(trace) && Deno.statSync(trace).size > 0, 60_000);
  const synced = (): number => Deno.readTextFileSync(trace).split("sync(").length - 1;
  const [syncedBefore, saidBefore] = [synced(), holder.said().length];

  await until("some are committed", () => holder.said().length >= saidBefore + 40, 60_000);

  // Writers that wait at the same time may share one.
  assert.ok(synced() - syncedBefore >= 5, `${synced() - syncedBefore} times`);
  tracer.kill("SIGINT");
  await tracer.status;
  await holder.kill();
  await (await open(dataDir)).close();
  await Deno.remove(dataDir, { recursive: true });
});

/** `-p PID` for the postmaster, whose later children are followed, and for those that it has. */
async function tracedProcesses(dataDir: string): Promise<readonly string[]> {
  const parent = await readPid(dataDir);
  const text = await Deno.readTextFile(`/proc/${parent}/task/${parent}/children`);
  return [String(parent), ...text.trim().split(" ")].flatMap((pid) => ["-p", pid]);
}

Deno.test("openBundled() starts its server again under load, with all that was acknowledged, however it is killed", async () => {
  const dataDir = await makeDataDir();
  const log = createTestLog();
  const opened = await open(dataDir, log);
  const { sql } = opened;
  await sql`create table written (number integer primary key)`;
  const acknowledged: number[] = [];
  let [next, stopped, refused] = [1, false, 0];
  const writers = Array.from({ length: 3 }, async () => {
    while (!stopped) {
      const number = next++;
      try {
        await sql.begin((tx) => tx`insert into written values (${number})`);
        acknowledged.push(number);
      } catch (error) {
        // Its connection went; whether it was committed is open.
        assert.match(String((error as NodeJS.ErrnoException).code), /^(CONNECT\w+|E[A-Z]+|57P0\d)$/);
        refused++;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  });

  for (const signal of ["SIGKILL", "SIGQUIT", "SIGINT", "SIGKILL"] as const) {
    const before = acknowledged.length;
    await until("it works", () => acknowledged.length > before + 20);
    Deno.kill(await readPid(dataDir), signal);
    await until("connections are lost", () => refused > 0);
    refused = 0;
  }
  const before = acknowledged.length;
  await until("it works again", () => acknowledged.length > before + 20);
  stopped = true;
  await Promise.all(writers);

  const there = await readNumbers(sql);
  assert.deepEqual(acknowledged.filter((number) => !there.has(number)), []);
  assert.equal(log.lines.filter((line) => /^error The bundled database has stopped/.test(line)).length, 4);
  await opened.close();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openBundled() goes on after the kill of a process that serves a connection", async () => {
  const dataDir = await makeDataDir();
  const opened = await open(dataDir);
  const [row] = await opened.sql`select pg_backend_pid() as pid`;

  Deno.kill(row?.pid, "SIGKILL");

  await until("it answers", () => opened.sql`select 1`.then(() => true, () => false));
  await opened.close();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openBundled() tries again until its server can be started", async () => {
  const dataDir = await makeDataDir();
  const log = createTestLog();
  const opened = await open(dataDir, log);
  const { sql } = opened;
  await sql`create table written (number integer primary key)`;
  await sql`insert into written values (1)`;
  const wal = join(dataDir, "postgres", "data", "pg_wal");

  await Deno.rename(wal, join(dataDir, "away"));
  Deno.kill(await readPid(dataDir), "SIGKILL");
  await until(
    "a start has failed",
    () => log.lines.some((line) => /cannot be started; the next try/.test(line)),
  );
  await assert.rejects(async () => await sql`select 1`);
  await Deno.rename(join(dataDir, "away"), wal);

  const found = await until("it answers", () => sql`select number from written`.catch(() => null));
  assert.deepEqual([...found], [{ number: 1 }]);
  assert.ok(log.lines.some((line) => /^error PostgreSQL: .*pg_wal/.test(line)));
  await opened.close();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openBundled() closes in the middle of its tries", async () => {
  const dataDir = await makeDataDir();
  const log = createTestLog();
  const opened = await open(dataDir, log);

  await Deno.rename(join(dataDir, "postgres", "data", "global"), join(dataDir, "away"));
  Deno.kill(await readPid(dataDir), "SIGKILL");
  await until("a start has failed", () => log.lines.some((line) => /cannot be started/.test(line)));
  await opened.close();

  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openBundled() starts its server again when the socket is gone", async () => {
  const dataDir = await makeDataDir();
  const bundled = await openBundled(dataDir, createTestLog());
  const socket = join(bundled.socketDirectory, ".s.PGSQL.5432");
  const first = bundled.pid();

  bundled.onUnreachable();
  assert.equal(bundled.pid(), first);
  await Deno.remove(socket);
  bundled.onUnreachable();

  await until("another one serves", () => bundled.pid() !== null && bundled.pid() !== first);
  assert.ok(isThere(socket));
  await bundled.close();
  assert.ok(!isThere(socket));
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openBundled() does not touch the process that a stale postmaster.pid names", async () => {
  const dataDir = await makeDataDir();
  const stranger = new Deno.Command("sleep", { args: ["100"] }).spawn();
  const data = join(dataDir, "postgres", "data");
  await Deno.writeTextFile(
    join(data, "postmaster.pid"),
    `${stranger.pid}\n${data}\n1767225600\n5432\n/tmp\n\n  1  2\nready\n`,
  );

  const opened = await open(dataDir);

  assert.deepEqual([...await opened.sql`select 1 as one`], [{ one: 1 }]);
  assert.ok(processLives(stranger.pid));
  await opened.close();
  assert.ok(processLives(stranger.pid));
  stranger.kill("SIGKILL");
  await stranger.status;
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openBundled() listens at no port, and keeps its files to its owner, also in a folder that others could enter", async () => {
  const dataDir = await makeDataDir();
  for (const folder of ["postgres", "postgres/data"]) await Deno.chmod(join(dataDir, folder), 0o755);

  const opened = await open(dataDir);

  assert.deepEqual([...await opened.sql`show listen_addresses`], [{ "listen_addresses": "" }]);
  for (const path of ["postgres", "postgres/data"]) {
    assert.equal(((await Deno.stat(join(dataDir, path))).mode ?? 0) & 0o077, 0, path);
  }
  const socket = await Deno.lstat(join(dataDir, "postgres", ".s.PGSQL.5432"));
  assert.equal((socket.mode ?? 0) & 0o077, 0);
  await opened.close();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openBundled() passes what PostgreSQL logs on at its level, and no statement", async () => {
  const dataDir = await makeDataDir();
  const log = createTestLog();
  const opened = await open(dataDir, log);

  await assert.rejects(async () => await opened.sql`select 'hunter2'::integer`);
  await opened.sql`do $$ begin raise log 'a notice of the operator'; end $$`;
  await until("it is logged", () => log.lines.some((line) => /a notice of the operator/.test(line)));

  assert.ok(log.lines.some((line) => /^info PostgreSQL: a notice of the operator/.test(line)));
  assert.ok(!log.lines.some((line) => line.includes("hunter2")));
  await opened.close();
  assert.deepEqual(log.lines.filter((line) => !line.startsWith("info")), []);
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openBundled() refuses a cluster of another major version, and one that is none", async () => {
  const dataDir = await makeDataDir();
  const data = join(dataDir, "postgres", "data");
  await Deno.writeTextFile(join(data, "PG_VERSION"), "16\n");
  assert.match(
    await refusal(dataDir),
    /^Cannot open the bundled database in ".+": it is of PostgreSQL 16, .+ `export` .+ `import` /,
  );

  await Deno.remove(join(data, "PG_VERSION"));
  assert.match(
    await refusal(dataDir),
    /^Cannot open the bundled database: ".+" is not a PostgreSQL cluster$/,
  );

  await Deno.writeTextFile(join(data, "PG_VERSION"), "18\n");
  await Deno.remove(join(data, "global", "pg_control"));
  assert.match(await refusal(dataDir), /^Cannot start the bundled database in ".+": /);
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openBundled() refuses the database of an earlier engine, and leaves it as it is", async () => {
  const dataDir = await Deno.makeTempDir();
  await Deno.mkdir(join(dataDir, "database"));
  await Deno.writeTextFile(join(dataDir, "database", "PG_VERSION"), "18\n");

  assert.match(await refusal(dataDir), /is a database of an earlier Orrery, .+ `export` .+ `import` /);

  assert.equal(await Deno.readTextFile(join(dataDir, "database", "PG_VERSION")), "18\n");
  assert.ok(!isThere(join(dataDir, "postgres")));
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openBundled() serves a data directory whose path is too long for a socket", async () => {
  const parent = await Deno.makeTempDir();
  const dataDir = join(parent, "long".repeat(30), 'and, "quoted"');
  await Deno.mkdir(dataDir, { recursive: true });

  const bundled = await openBundled(dataDir, createTestLog());

  const { socketDirectory } = bundled;
  assert.ok(!socketDirectory.startsWith(parent));
  assert.equal(((await Deno.stat(socketDirectory)).mode ?? 0) & 0o777, 0o700);
  assert.ok(isThere(join(socketDirectory, ".s.PGSQL.5432")));
  await bundled.close();
  assert.ok(!isThere(socketDirectory));
  await Deno.remove(parent, { recursive: true });
});

Deno.test("openBundled() refuses a path that the library path cannot contain", async () => {
  const parent = await Deno.makeTempDir();

  assert.match(await refusal(join(parent, "a:b")), /its path contains a colon, /);

  await Deno.remove(parent, { recursive: true });
});

Deno.test("openBundled() names the disk when it is full, and starts once there is room", {
  ignore: !canMount(),
}, async () => {
  await using disk = await openSmallDisk(100 * 1024 * 1024);
  await disk.fill();
  assert.match(await refusal(disk.dir), /[Nn]o space left on device.*; free some space on the disk/);
  await disk.empty();

  const opened = await open(disk.dir);

  assert.deepEqual([...await opened.sql`select 1 as one`], [{ one: 1 }]);
  await opened.close();
});
