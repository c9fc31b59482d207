import assert from "node:assert/strict";
import { join } from "node:path";
import { getTableName, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import * as tables from "../../schema/tables/mod.ts";
import { exportDatabase } from "../../server/cli/export.ts";
import { importDatabase } from "../../server/cli/import.ts";
import { END, transferTables } from "../../server/cli/transfer.ts";
import { type Config, loadConfig } from "../../server/config.ts";
import { listMigrations, migrateDatabase } from "../../server/db/migrate.ts";
import { type OpenDatabase, openDatabase } from "../../server/db/open.ts";
import { seedExample } from "../../server/domain/containers/example.ts";
import { createTestDatabase, createTestLog } from "../support/database.ts";
import { fillEveryTable } from "../support/every_table.ts";

interface Place extends AsyncDisposable {
  readonly config: Config;
  readonly folder: string;
  open(): Promise<OpenDatabase>;
}

/** A database without rows, and a folder for files. */
async function makePlace({ migrated = true, bundled = false } = {}): Promise<Place> {
  const folder = await Deno.makeTempDir();
  const url = bundled ? {} : { ORRERY_DATABASE_URL: await createTestDatabase(migrated) };
  const config = await loadConfig({
    configPath: null,
    environment: { ORRERY_DATA_DIR: folder, ORRERY_LOG_LEVEL: "error", ...url },
    readFile: () => Promise.resolve(""),
    cores: 1,
    workDir: folder,
  });
  return {
    config,
    folder,
    open: () => openDatabase({ url: config.databaseUrl, dataDir: config.dataDir, log: createTestLog() }),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function within<T>(place: Place, work: (opened: OpenDatabase) => Promise<T>): Promise<T> {
  const opened = await place.open();
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

function allTables(): readonly string[] {
  return Object.values(tables).filter((value) => is(value, PgTable)).map((table) => getTableName(table))
    .sort();
}

/** Every row of every table as the database writes it, in an order of its own. */
async function readEverything({ sql }: OpenDatabase): Promise<Readonly<Record<string, readonly string[]>>> {
  const found: Record<string, readonly string[]> = {};
  for (const table of allTables()) {
    const rows = await sql.unsafe<{ row: string }[]>(`select t::text as row from "${table}" t`);
    found[table] = rows.map(({ row }) => row).sort();
  }
  return found;
}

async function fill(place: Place): Promise<Readonly<Record<string, readonly string[]>>> {
  return await within(place, async (opened) => {
    await migrateDatabase(opened);
    await fillEveryTable(opened);
    return await readEverything(opened);
  });
}

/** The file of a filled database, as text to be changed. */
async function exportFilled(place: Place): Promise<string> {
  await fill(place);
  const file = join(place.folder, "export");
  await exportDatabase(place.config, file);
  return await Deno.readTextFile(file);
}

async function refusal(place: Place, text: string): Promise<string> {
  const file = join(place.folder, "changed");
  await Deno.writeTextFile(file, text);
  const error: unknown = await importDatabase(place.config, file).then(() => null, (reason) => reason);
  assert.ok(error instanceof Error && error.name === "StartError", `refused as ${error}`);
  assert.doesNotMatch(error.message, /\n/);
  return error.message;
}

Deno.test("transferTables() has every table, each after those that it names", () => {
  const names = transferTables().map(({ name }) => name);

  assert.deepEqual(names.toSorted(), allTables());
  assert.ok(names.indexOf("containers") < names.indexOf("tasks"));
  assert.ok(names.indexOf("runs") < names.indexOf("task_runs"));
  assert.ok(names.indexOf("agents") < names.indexOf("attempts"));
});

Deno.test(
  "importDatabase() brings back every row that exportDatabase() wrote, from bundled to external and back",
  async () => {
    await using source = await makePlace({ bundled: true });
    await using middle = await makePlace();
    await using target = await makePlace({ bundled: true });
    const before = await fill(source);
    const [first, second] = [join(source.folder, "first"), join(source.folder, "second")];

    await exportDatabase(source.config, first);
    await importDatabase(middle.config, first);
    const between = await within(middle, readEverything);
    await exportDatabase(middle.config, second);
    await importDatabase(target.config, second);

    assert.deepEqual(
      Object.entries(before).filter(([_, rows]) => rows.length === 0).map(([table]) => table),
      [],
    );
    assert.deepEqual(between, before);
    assert.deepEqual(await within(target, readEverything), before);
    assert.equal(await Deno.readTextFile(second), await Deno.readTextFile(first));
    assert.equal(((await Deno.stat(first)).mode ?? 0) & 0o777, 0o600);
  },
);

Deno.test(
  `importDatabase() never gives an id a second time, of a deleted row neither`,
  async () => {
    await using source = await makePlace();
    await using target = await makePlace();
    await fill(source);
    const last = await within(source, async ({ sql }) => {
      const [row] =
        await sql`insert into projects (slug, name) values ('gone', 'Gone') returning id::integer as id`;
      await sql`delete from projects where slug = 'gone'`;
      return row?.id as number;
    });
    const file = join(source.folder, "export");

    await exportDatabase(source.config, file);
    await importDatabase(target.config, file);

    const [row] = await within(
      target,
      ({ sql }) => sql`insert into projects (slug, name) values ('new', 'New') returning id::integer as id`,
    );
    assert.equal(row?.id, last + 1);
  },
);

Deno.test(
  `importDatabase() refuses a database that has rows, and leaves it as it is`,
  async () => {
    await using source = await makePlace();
    await using target = await makePlace();
    const text = await exportFilled(source);
    await within(target, async (opened) => {
      await opened.sql`insert into settings values ('mine', 'kept')`;
    });

    const message = await refusal(target, text);

    assert.match(
      message,
      /^Cannot import into this database: its table "settings" has rows; name an empty one with /,
    );
    const [settings, users] = await within(
      target,
      ({ sql }) => Promise.all([sql`select * from settings`, sql`select * from users`]),
    );
    assert.deepEqual([...settings], [{ key: "mine", value: "kept" }]);
    assert.deepEqual([...users], []);
  },
);

Deno.test(
  `importDatabase() takes all of a file or nothing, and the whole file after a damaged one`,
  async () => {
    await using source = await makePlace();
    await using target = await makePlace();
    const text = await exportFilled(source);
    const lines = text.trimEnd().split("\n");
    const lastRow = lines.findLastIndex((line) => line.startsWith('{"id"'));

    assert.match(
      await refusal(target, lines.slice(0, -1).join("\n")),
      /: its end is missing; the file is not whole$/,
    );
    assert.match(
      await refusal(target, text.slice(0, text.length / 2)),
      /: its end is missing|the file is damaged$/,
    );
    for (const escape of ["\\u0000", "\\ud83d"]) {
      const spoiled = lines.with(lastRow, lines[lastRow]?.replace(/}$/, `,"${escape}":1}`) ?? "").join("\n");
      assert.match(
        await refusal(target, spoiled),
        new RegExp(`: line ${lastRow + 1} has NUL or half of a character`),
      );
    }
    const torn = lines.with(lastRow, lines[lastRow]?.slice(0, -5) ?? "").join("\n");
    assert.match(
      await refusal(target, torn),
      /: the database refuses rows of table "\w+" \(SQLSTATE \w{5}\); the file is damaged$/,
    );
    const twice = lines.toSpliced(lastRow, 0, lines[lastRow] ?? "").join("\n");
    assert.match(await refusal(target, twice), /SQLSTATE 23505/);
    const counts = Object.values(await within(target, readEverything)).map((rows) => rows.length);
    assert.deepEqual(new Set(counts), new Set([0]));
    const whole = join(target.folder, "whole");
    await Deno.writeTextFile(whole, text);
    await importDatabase(target.config, whole);
    assert.ok(Object.values(await within(target, readEverything)).every((rows) => rows.length > 0));
  },
);

Deno.test(`importDatabase() brings the mark that the example was made`, async () => {
  await using source = await makePlace();
  await using target = await makePlace();
  await within(source, async (opened) => {
    await seedExample(opened.db);
    await opened.sql`delete from containers`;
  });
  const file = join(source.folder, "export");

  await exportDatabase(source.config, file);
  await importDatabase(target.config, file);

  await within(target, async ({ db, sql }) => {
    await seedExample(db);
    assert.deepEqual([...await sql`select name from containers`], []);
  });
});

Deno.test("importDatabase() refuses a file of another program, of another format, of a newer program", async () => {
  await using place = await makePlace({ bundled: true });
  const header = { orrery: "export", format: 1, migration: listMigrations().at(-1) };
  const refused = (changed: object): Promise<string> =>
    refusal(place, `${JSON.stringify({ ...header, ...changed })}\n${END}\n`);

  for (const text of ["", "\n", "PGDMP\0\x01", "{}\n", '{"orrery":"log"}\n', "[1, 2", "null\n"]) {
    assert.match(await refusal(place, text), /^Cannot import ".+": it is not a file that Orrery exported$/);
  }
  assert.match(await refused({ format: 99 }), /: its format 99 is not known here$/);
  assert.match(
    await refused({ migration: "29990101000000_future" }),
    /: a newer Orrery wrote it .+; use that one$/,
  );
  // Nothing was touched for that.
  await assert.rejects(Deno.stat(join(place.folder, "postgres")), Deno.errors.NotFound);
});

Deno.test("importDatabase() refuses a file that is not there", async () => {
  await using place = await makePlace();

  await assert.rejects(importDatabase(place.config, join(place.folder, "none")), {
    name: "StartError",
    message: /^Cannot read ".+\/none": there is no such file$/,
  });
});

Deno.test("exportDatabase() refuses a folder that is not there, and leaves nothing half written", async () => {
  await using place = await makePlace();
  await fill(place);

  await assert.rejects(exportDatabase(place.config, join(place.folder, "nowhere", "export")), {
    name: "StartError",
    message: /^Cannot write ".+\/nowhere\/export\.part": there is no such folder$/,
  });
});

Deno.test("exportDatabase() refuses a bundled database that a server has open", async () => {
  await using place = await makePlace({ bundled: true });
  using lock = await Deno.open(join(place.config.dataDir, "lock"), { create: true, write: true });
  await lock.lock(true);

  await assert.rejects(exportDatabase(place.config, join(place.folder, "export")), {
    name: "StartError",
    message: /another Orrery is running on it/,
  });
});

Deno.test(
  "importDatabase() makes the tables of an older file first, and migrates its rows",
  async () => {
    await using place = await makePlace({ migrated: false });
    const folder = join(place.folder, "migrations");
    const migrations = {
      "20200101000000_first":
        "create table letters (id bigint generated always as identity primary key, body text);",
      "20200201000000_second": "alter table letters rename column body to words;",
    };
    for (const [name, text] of Object.entries(migrations)) {
      await Deno.mkdir(join(folder, name), { recursive: true });
      await Deno.writeTextFile(join(folder, name, "migration.sql"), text);
    }
    const file = join(place.folder, "old");
    const lines = [
      { orrery: "export", format: 1, migration: "20200101000000_first" },
      { table: "letters", identity: "id", last: 8 },
      { id: 7, body: "Dear Ada" },
    ];
    await Deno.writeTextFile(file, [...lines.map((line) => JSON.stringify(line)), END, ""].join("\n"));

    await importDatabase(place.config, file, folder);

    const rows = await within(place, async ({ sql }) => {
      await sql`insert into letters (words) values ('Dear Charles')`;
      return await sql`select id::integer, words from letters order by id`;
    });
    assert.deepEqual([...rows], [{ id: 7, words: "Dear Ada" }, { id: 9, words: "Dear Charles" }]);
    const again = importDatabase(place.config, file, folder);
    await assert.rejects(again, {
      name: "StartError",
      message: /: it is at migration "20200201000000_second" already;/,
    });
  },
);
