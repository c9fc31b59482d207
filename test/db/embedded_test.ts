import assert from "node:assert/strict";
import { join } from "node:path";
import type postgres from "postgres";
import { migrateDatabase } from "../../server/db/migrate.ts";
import { type OpenDatabase, openDatabase } from "../../server/db/open.ts";
import { copyEmbeddedTemplate, createTestLog } from "../support/database.ts";
import { startDatabaseHolder, untilOpen } from "../support/database_holder.ts";
import { until } from "../support/until.ts";

const STRACE = "/usr/bin/strace";

function open(dataDir: string, log = createTestLog()): Promise<OpenDatabase> {
  return openDatabase({ url: null, dataDir, log });
}

async function readNumbers(sql: postgres.Sql): Promise<ReadonlySet<number>> {
  return new Set((await sql<{ number: number }[]>`select number from written`).map(({ number }) => number));
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

/** In place of a directory, one that no database can be in. */
async function makeHalf(directory: string): Promise<void> {
  await Deno.remove(directory, { recursive: true });
  await Deno.mkdir(directory);
  await Deno.writeTextFile(join(directory, "PG_VERSION"), "half made");
}

Deno.test("openEmbedded() makes a database after kills at every stage of the first initialisation", async () => {
  const dataDir = await Deno.makeTempDir();
  const stages = ["database.new", "database.new/global", "database.new/base/5/PG_VERSION", "database"];

  for (const stage of stages) {
    const path = join(dataDir, stage);
    await using holder = startDatabaseHolder(dataDir);
    await until(`there is ${stage}`, () => isThere(path), 60_000);
    await holder.kill();
    // What this one left must not be taken for the next one's work; half made it stays.
    if (isThere(join(dataDir, "database.new"))) await makeHalf(join(dataDir, "database.new"));
  }
  const opened = await open(dataDir);
  await migrateDatabase(opened);

  assert.deepEqual([...await opened.sql`select count(*)::integer as count from containers`], [{ count: 0 }]);
  assert.ok(!isThere(join(dataDir, "database.new")));
  await opened.close();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openEmbedded() finds everything that was acknowledged before a kill", async () => {
  const dataDir = await copyEmbeddedTemplate();
  await using holder = startDatabaseHolder(dataDir, { write: true });
  await until("hundreds are committed", () => holder.said().length > 500, 60_000);

  await holder.kill();

  const acknowledged = holder.said().slice(1).map(Number);
  const opened = await open(dataDir);
  const there = await readNumbers(opened.sql);
  assert.deepEqual(acknowledged.filter((number) => !there.has(number)), []);
  await opened.close();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openEmbedded() asks the disk for each commit", { ignore: !isThere(STRACE) }, async () => {
  const dataDir = await copyEmbeddedTemplate();
  const trace = join(dataDir, "trace");
  // With -D the program is our child, not strace's: a kill reaches it.
  const under = [STRACE, "-D", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-e", "signal=none", "-o", trace];
  await using holder = startDatabaseHolder(dataDir, { write: true, under });
  await untilOpen(holder);
  const synced = (): number => Deno.readTextFileSync(trace).split("sync(").length - 1;
  const [syncedBefore, saidBefore] = [synced(), holder.said().length];

  await until("some are committed", () => holder.said().length >= saidBefore + 20, 60_000);

  // Writers that wait at the same time may share one.
  assert.ok(synced() - syncedBefore >= 5, `${synced() - syncedBefore} times`);
  await holder.kill();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openEmbedded() goes on after its thread is ended under load, with all that was acknowledged", async () => {
  const dataDir = await copyEmbeddedTemplate();
  const opened = await open(dataDir);
  const { sql, embedded } = opened;
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
        assert.match(String((error as NodeJS.ErrnoException).code), /^(CONNECTION_\w+|E[A-Z]+)$/);
        refused++;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  });

  for (let crash = 1; crash <= 3; crash++) {
    const before = acknowledged.length;
    await until("it works", () => acknowledged.length > before + 20);
    await embedded?.restart();
  }
  const before = acknowledged.length;
  await until("it works again", () => acknowledged.length > before + 20);
  stopped = true;
  await Promise.all(writers);

  const there = await readNumbers(sql);
  assert.deepEqual(acknowledged.filter((number) => !there.has(number)), []);
  assert.ok(refused > 0, "no statement was under way");
  await opened.close();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openEmbedded() never has two threads on one directory: the new one waits for a long statement of the old", async () => {
  const dataDir = await copyEmbeddedTemplate();
  const opened = await open(dataDir);
  const order: string[] = [];
  const long = opened.sql`select count(*) from generate_series(1, 3000000)`.then(
    () => void order.push("the old one ended"),
    () => void order.push("the old one ended"),
  );
  // The one connection sends what it is given at once, in order.
  await new Promise((resolve) => setTimeout(resolve));

  await opened.embedded?.restart();
  order.push("the new one is ready");

  await long;
  assert.deepEqual(order, ["the old one ended", "the new one is ready"]);
  assert.deepEqual([...await opened.sql`select 1 as one`], [{ one: 1 }]);
  await opened.close();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openEmbedded() heals itself when PostgreSQL panics, however often it has to try", async () => {
  const dataDir = await copyEmbeddedTemplate();
  const log = createTestLog();
  const opened = await open(dataDir, log);
  const { sql } = opened;
  await sql`create table written (number integer primary key)`;
  await sql`insert into written values (1)`;
  const wal = join(dataDir, "database", "pg_wal");

  await Deno.rename(wal, join(dataDir, "away"));
  await sql`select pg_switch_wal()`.catch(() => {});
  await assert.rejects(async () => await sql`checkpoint`);
  await until("a new thread failed", () => log.lines.some((line) => /cannot be started/.test(line)));
  await Deno.rename(join(dataDir, "away"), wal);

  const healed = await until("it answers", () => sql`select number from written`.catch(() => null));
  assert.deepEqual([...healed], [{ number: 1 }]);
  assert.ok(log.lines.some((line) => /^error The embedded database died and is started again/.test(line)));
  await opened.close();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openEmbedded() closes in the middle of its tries", async () => {
  const dataDir = await copyEmbeddedTemplate();
  const log = createTestLog();
  const opened = await open(dataDir, log);

  await Deno.rename(join(dataDir, "database", "global"), join(dataDir, "away"));
  const restarting = opened.embedded?.restart();
  await until("a new thread failed", () => log.lines.some((line) => /cannot be started/.test(line)));
  await opened.close();

  await restarting;
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openEmbedded() takes a statement that is refused for what it is", async () => {
  const dataDir = await copyEmbeddedTemplate();
  const log = createTestLog();
  const opened = await open(dataDir, log);

  await assert.rejects(async () => await opened.sql`select nonsense`);
  await assert.rejects(opened.sql.begin((tx) => tx`select 1 / 0`));

  assert.deepEqual([...await opened.sql`select 1 as one`], [{ one: 1 }]);
  assert.deepEqual(log.lines, []);
  await opened.close();
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openEmbedded() refuses a directory of another major version", async () => {
  const dataDir = await copyEmbeddedTemplate();
  await Deno.writeTextFile(join(dataDir, "database", "PG_VERSION"), "16\n");

  await assert.rejects(open(dataDir), {
    name: "StartError",
    message:
      /^Cannot open the embedded database in ".+": it is of PostgreSQL 16, this Orrery has \d+; export it with /,
  });

  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openEmbedded() refuses a directory that is no database, and leaves it as it is", async () => {
  const dataDir = await Deno.makeTempDir();
  await Deno.mkdir(join(dataDir, "database"));
  await Deno.writeTextFile(join(dataDir, "database", "letter.txt"), "Dear Ada");

  await assert.rejects(open(dataDir), { name: "StartError", message: /it is not a database$/ });

  assert.equal(await Deno.readTextFile(join(dataDir, "database", "letter.txt")), "Dear Ada");
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openEmbedded() refuses a damaged database with a sentence", async () => {
  const dataDir = await copyEmbeddedTemplate();
  await Deno.remove(join(dataDir, "database", "global", "pg_control"));

  await assert.rejects(open(dataDir), {
    name: "StartError",
    message: /^Cannot open the embedded database: /,
  });

  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openEmbedded() keeps its socket for its owner alone, and takes it away", async () => {
  const dataDir = await copyEmbeddedTemplate();
  // As a kill leaves it.
  await Deno.writeTextFile(join(dataDir, ".s.PGSQL.5432"), "");

  const opened = await open(dataDir);

  const socket = join(opened.embedded?.socketDirectory ?? "", ".s.PGSQL.5432");
  assert.equal(((await Deno.stat(socket)).mode ?? 0) & 0o777, 0o600);
  await opened.close();
  assert.ok(!isThere(socket));
  await Deno.remove(dataDir, { recursive: true });
});

Deno.test("openEmbedded() serves a data directory whose path is too long for a socket", async () => {
  const parent = await copyEmbeddedTemplate();
  const dataDir = join(parent, "long".repeat(30));
  await Deno.mkdir(dataDir);
  await Deno.rename(join(parent, "database"), join(dataDir, "database"));

  const opened = await open(dataDir);

  const elsewhere = opened.embedded?.socketDirectory ?? "";
  assert.notEqual(elsewhere, dataDir);
  assert.equal(((await Deno.stat(elsewhere)).mode ?? 0) & 0o777, 0o700);
  assert.deepEqual([...await opened.sql`select 1 as one`], [{ one: 1 }]);
  await opened.close();
  assert.ok(!isThere(elsewhere));
  await Deno.remove(parent, { recursive: true });
});
