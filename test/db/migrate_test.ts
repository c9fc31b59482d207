import assert from "node:assert/strict";
import { join } from "node:path";
import { listMigrations, migrateDatabase } from "../../server/db/migrate.ts";
import { type OpenDatabase, openDatabase } from "../../server/db/open.ts";
import { createTestDatabase, createTestLog, openTestDatabase } from "../support/database.ts";

/** Two small ones; the second needs the first. */
async function makeMigrations(): Promise<string> {
  const folder = await Deno.makeTempDir();
  const migrations = {
    "20200101000000_first": "create table letters (id integer primary key);",
    "20200201000000_second": "alter table letters add column body text;",
  };
  for (const [name, text] of Object.entries(migrations)) {
    await Deno.mkdir(join(folder, name));
    await Deno.writeTextFile(join(folder, name, "migration.sql"), text);
  }
  return folder;
}

function openPostgres(url: string): Promise<OpenDatabase> {
  return openDatabase({ url, dataDir: "", log: createTestLog() });
}

Deno.test("migrateDatabase() does nothing the second time", async () => {
  await using test = await openTestDatabase();
  const before = await test.sql`select * from drizzle.__drizzle_migrations`;

  const newest = await migrateDatabase(test);

  assert.equal(newest, listMigrations().at(-1));
  assert.deepEqual([...await test.sql`select * from drizzle.__drizzle_migrations`], [...before]);
});

Deno.test(
  "migrateDatabase() refuses a database that a newer program has migrated",
  async () => {
    await using test = await openTestDatabase();
    await test.sql`
    insert into drizzle.__drizzle_migrations (hash, created_at, name) values ('x', 1, '29990101000000_future')`;

    await assert.rejects(migrateDatabase(test), {
      name: "StartError",
      message:
        'Cannot use this database: a newer Orrery has migrated it ("29990101000000_future" is not known here); ' +
        "start the newer one",
    });
  },
);

Deno.test(
  "migrateDatabase() stops where it is told, and goes on from there",
  async () => {
    const folder = await makeMigrations();
    const opened = await openPostgres(await createTestDatabase(false));

    const first = await migrateDatabase(opened, { folder, upTo: "20200101000000_first" });
    await opened.sql`insert into letters values (1)`;
    const second = await migrateDatabase(opened, { folder });
    const again = await migrateDatabase(opened, { folder, upTo: "20200101000000_first" });

    assert.deepEqual([first, second, again], [
      "20200101000000_first",
      "20200201000000_second",
      "20200201000000_second",
    ]);
    assert.deepEqual([...await opened.sql`select * from letters`], [{ id: 1, body: null }]);
    await opened.close();
    await Deno.remove(folder, { recursive: true });
  },
);

Deno.test(
  "migrateDatabase() leaves nothing of a migration that fails",
  async () => {
    const folder = await makeMigrations();
    await Deno.writeTextFile(
      join(folder, "20200201000000_second", "migration.sql"),
      "create table half (id integer);--> statement-breakpoint\nalter table nowhere add column x text;",
    );
    const opened = await openPostgres(await createTestDatabase(false));

    await assert.rejects(migrateDatabase(opened, { folder }));

    assert.deepEqual([...await opened.sql`select to_regclass('half')::text as half`], [{ half: null }]);
    await opened.close();
    await Deno.remove(folder, { recursive: true });
  },
);

Deno.test(
  "migrateDatabase() lets servers start at once on an empty database",
  async () => {
    const url = await createTestDatabase(false);
    const servers = await Promise.all(Array.from({ length: 4 }, () => openPostgres(url)));

    const reached = await Promise.all(servers.map((server) => migrateDatabase(server)));

    assert.deepEqual(new Set(reached), new Set([listMigrations().at(-1)]));
    const other = await openPostgres(url);
    const [row] = await other.sql`select count(*)::integer as count from drizzle.__drizzle_migrations`;
    assert.equal(row?.count, listMigrations().length);
    await Promise.all([other, ...servers].map((server) => server.close()));
  },
);

Deno.test(
  "migrateDatabase() says that the user may not create tables",
  async () => {
    const url = await createTestDatabase(false);
    const admin = await openPostgres(url);
    // Users belong to the whole server, which other tests share.
    const name = `guest_${crypto.randomUUID()}`;
    await admin.sql.unsafe(`create role "${name}" login`);
    await admin.close();
    const guest = new URL(url);
    guest.username = name;
    const opened = await openPostgres(guest.href);

    await assert.rejects(migrateDatabase(opened), {
      name: "StartError",
      message: /^Cannot migrate the database: its user may not create schemas and tables there; /,
    });

    await opened.close();
  },
);
