import assert from "node:assert/strict";
import { sql as text } from "drizzle-orm";
import { openDatabase } from "../../server/db/open.ts";
import { createTestDatabase, createTestLog, openTestDatabase } from "../support/database.ts";
import { startOwnPostgres } from "../support/postgres.ts";
import { until } from "../support/until.ts";

Deno.test("openClient() keeps the types of values after a connection was lost", async () => {
  await using test = await openTestDatabase();
  const read = async (): Promise<
    unknown
  > => [...await test.sql`select now() as at, '{"a": [1]}'::jsonb as document, '{x,y}'::text[] as list`];
  const before = await read();

  await killConnections(test.url);
  const after = await until("it answers", () => read().catch(() => null));

  assert.deepEqual(shapes(after), shapes(before));
});

function shapes(rows: unknown): unknown {
  assert.ok(Array.isArray(rows));
  return rows.map(({ at, ...rest }) => ({ ...rest, at: typeof at }));
}

/** As an administrator ends them; answers how many. */
async function killConnections(url: string): Promise<number> {
  const other = await openDatabase({ url, dataDir: "", log: createTestLog() });
  const killed = await other.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;
  await other.close();
  return killed.length;
}

Deno.test("openClient() never runs the rest of a transaction whose connection was lost", async () => {
  const url = await createTestDatabase(false);
  const log = createTestLog();
  const opened = await openDatabase({ url, dataDir: "", log });
  const { db } = opened;
  await db.execute(text`create table written (number integer)`);

  const failing = db.transaction(async (tx) => {
    await tx.execute(text`insert into written values (1)`);
    assert.ok(await killConnections(url) >= 1);
    // Others are at work meanwhile, over new connections.
    await until("another statement works", () => db.execute(text`select 1`).then(() => true, () => false));
    await assert.rejects(tx.execute(text`insert into written values (2)`));
    await tx.execute(text`insert into written values (3)`);
  });

  await assert.rejects(failing);
  assert.deepEqual([...await db.execute(text`select number from written`)], []);
  assert.ok(log.lines.some((line) => /^warn A connection to the database was lost/.test(line)));
  await opened.close();
});

Deno.test(
  "openClient() loses nothing acknowledged and goes on while connections are killed under load",
  async () => {
    const url = await createTestDatabase(false);
    const opened = await openDatabase({ url, dataDir: "", log: createTestLog() });
    const { sql } = opened;
    await sql`create table written (number integer primary key)`;
    const acknowledged: number[] = [];
    let [next, stopped] = [1, false];
    const writers = Array.from({ length: 20 }, async () => {
      while (!stopped) {
        const number = next++;
        try {
          await sql.begin((tx) => tx`insert into written values (${number})`);
          acknowledged.push(number);
        } catch {
          // Lost with its connection; whether it was committed is open.
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      }
    });

    for (let round = 0; round < 10; round++) {
      const before = acknowledged.length;
      await until("it works", () => acknowledged.length > before + 100);
      await killConnections(url);
    }
    const before = acknowledged.length;
    await until("it works again", () => acknowledged.length > before + 100);
    stopped = true;
    await Promise.all(writers);

    const there = new Set(
      (await sql<{ number: number }[]>`select number from written`).map(({ number }) => number),
    );
    assert.deepEqual(acknowledged.filter((number) => !there.has(number)), []);
    await opened.close();
  },
);

Deno.test(
  "openClient() refuses at once while the server is away, and goes on when it is back",
  async () => {
    const server = await startOwnPostgres();
    const opened = await openDatabase({ url: server.url("postgres"), dataDir: "", log: createTestLog() });
    const answers = (): Promise<boolean> => opened.sql`select 1`.then(() => true, () => false);
    assert.ok(await answers());

    server.kill();
    await until("it is noticed", async () => !await answers());
    await assert.rejects(opened.sql.begin((tx) => tx`select 1`));
    await server.start();

    await until("it answers", answers);
    await Promise.all(Array.from({ length: 30 }, () => opened.sql`select 1`));
    await opened.close();
  },
);

Deno.test(
  "openClient() closes while statements wait and the server is gone",
  async () => {
    const server = await startOwnPostgres();
    const opened = await openDatabase({ url: server.url("postgres"), dataDir: "", log: createTestLog() });
    const waiting = Array.from(
      { length: 30 },
      () => opened.sql`select pg_sleep(60)`.then(() => "done", () => "refused"),
    );
    await until("they are under way", async () => {
      const other = await openDatabase({ url: server.url("postgres"), dataDir: "", log: createTestLog() });
      const [row] = await other
        .sql`select count(*)::integer as count from pg_stat_activity where query like '%sleep(60)'`;
      await other.close();
      return row?.count >= 10;
    });

    server.kill();
    const outcomes = await Promise.all(waiting);
    await opened.close();

    assert.deepEqual(new Set(outcomes), new Set(["refused"]));
  },
);

/** Stands between a server and its clients; silent connections stay open and pass nothing on. */
function openRelay(port: number): AsyncDisposable & { readonly port: number; silence(): number } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const pairs: { readonly ends: readonly Deno.Conn[]; silent: boolean }[] = [];
  const accepting = (async () => {
    for await (const client of listener) {
      const server = await Deno.connect({ hostname: "127.0.0.1", port });
      const pair = { ends: [client, server], silent: false };
      pairs.push(pair);
      const pass = async (from: Deno.Conn, to: Deno.Conn): Promise<void> => {
        const buffer = new Uint8Array(65_536);
        try {
          for (let length = await from.read(buffer); length !== null; length = await from.read(buffer)) {
            if (!pair.silent) await to.write(buffer.subarray(0, length));
          }
        } catch {
          // One end was closed; the other follows.
        }
        if (!pair.silent) { for (const end of pair.ends) closeQuietly(end); }
      };
      void pass(client, server);
      void pass(server, client);
    }
  })();
  return {
    port: listener.addr.port,
    silence(): number {
      for (const pair of pairs) pair.silent = true;
      return pairs.length;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      listener.close();
      await accepting.catch(() => {});
      for (const { ends } of pairs) for (const end of ends) closeQuietly(end);
    },
  };
}

function closeQuietly(end: Deno.Conn): void {
  try {
    end.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

Deno.test("openClient() gives connections up that went silent, frees what they have locked, and goes on", async () => {
  const direct = new URL(await createTestDatabase(false));
  await using relay = openRelay(Number(direct.port));
  const url = new URL(direct);
  url.port = String(relay.port);
  const opened = await openDatabase({ url: url.href, dataDir: "", log: createTestLog() });
  const { sql } = opened;
  await sql`create table counted (number integer)`;
  await sql`insert into counted values (0)`;
  const locked = Promise.withResolvers<void>();
  const stuck = sql.begin(async (tx) => {
    await tx`update counted set number = 1`;
    locked.resolve();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await tx`update counted set number = 2`;
  }).then(() => "done", () => "lost");
  await locked.promise;
  assert.ok(relay.silence() > 0);

  // It may be given to a connection that is dead, or wait for what a dead one has locked.
  await until("it goes on", () => sql`update counted set number = 3`.then(() => true, () => false), 30_000);

  assert.equal(await stuck, "lost");
  assert.deepEqual([...await sql`select number from counted`], [{ number: 3 }]);
  await opened.close();
});

Deno.test("openClient() leaves a slow statement alone", async () => {
  const opened = await openDatabase({
    url: await createTestDatabase(false),
    dataDir: "",
    log: createTestLog(),
  });

  const [row] = await opened.sql`select 1 as one, pg_sleep(6)`;

  assert.equal(row?.one, 1);
  await opened.close();
});
