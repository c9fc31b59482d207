import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { eq, sql } from "drizzle-orm";
import { agents } from "../../schema/tables/agent.ts";
import { settings } from "../../schema/tables/project.ts";
import { chooseDatabaseUser } from "../../server/db/bundled_user.ts";
import { openDatabase } from "../../server/db/open.ts";
import { createTestDatabase, createTestLog, openTestDatabase } from "../support/database.ts";
import { freePort, startOwnPostgres, type TestPostgres } from "../support/postgres.ts";
import { until } from "../support/until.ts";

/** Debian has it where only root looks for programs. */
const PGBOUNCER = "/usr/sbin/pgbouncer";

async function refusal(url: string): Promise<string> {
  const opening = openDatabase({ url, dataDir: "", log: createTestLog() });
  const error: unknown = await opening.then((opened) => opened.close().then(() => null), (reason) => reason);
  assert.ok(error instanceof Error && error.name === "StartError", `refused as ${error}`);
  assert.doesNotMatch(error.message, /hunter2|\n/);
  return error.message;
}

Deno.test("openDatabase() answers values as the types say", async () => {
  await using test = await openTestDatabase();
  const lastSeenAt = new Date("2026-03-29T01:30:00.123Z");
  const agent = {
    key: "k",
    name: "Größe ☃ 'quoted'\n",
    labels: ["a,b", '"c"', ""],
    capacity: 3,
    lastSeenAt,
  };

  await test.db.insert(agents).values(agent);
  const [row] = await test.db.select().from(agents);

  assert.equal(typeof row?.id, "number");
  const { id: _id, createdAt, ...rest } = row ?? {};
  assert.deepEqual(rest, {
    ...agent,
    address: null,
    cordoned: false,
    projectIds: null,
    serverId: null,
    version: null,
    weight: 100,
  });
  assert.ok(createdAt instanceof Date);
});

Deno.test("openDatabase() answers statements with the values of our types", async () => {
  await using test = await openTestDatabase();
  const document = { text: "it's", list: [1, null, true], none: null };
  const at = "2026-03-29T01:30:00.123Z";
  const statement = sql`
    select ${
    2 ** 52
  }::bigint as big, ${"{1,2}"}::bigint[] as ids, ${at}::timestamptz as at, null::timestamptz as never,
      sum(${2 ** 40}::bigint) as total, extract(epoch from interval '1.5 seconds') as seconds,
      ${JSON.stringify(document)}::text::jsonb as document`;
  const values = {
    big: 2 ** 52,
    ids: [1, 2],
    at: new Date(at),
    never: null,
    total: 2 ** 40,
    seconds: 1.5,
    document,
  };

  const [row] = await test.db.execute(statement);
  const [within] = await test.db.transaction((tx) => tx.execute(statement));

  assert.deepEqual({ ...row }, values);
  assert.deepEqual({ ...within }, values);
});

Deno.test("openDatabase() refuses to round a number", async () => {
  await using test = await openTestDatabase();

  const answer = test.db.execute(sql`select 9007199254740993 as big`);

  await assert.rejects(answer, ({ cause }: Error) => /9007199254740993/.test(String(cause)));
  assert.deepEqual([...await test.db.execute(sql`select 1::bigint as one`)], [{ one: 1 }]);
});

Deno.test(
  "openDatabase() serves many statements and transactions side by side",
  async () => {
    await using test = await openTestDatabase();

    const answers = await Promise.all(Array.from({ length: 200 }, async (_, number) => {
      if (number % 4 === 0) {
        await test.db.transaction(async (tx) => {
          await tx.insert(settings).values({ key: `key-${number}`, value: String(number) });
          await tx.update(settings).set({ value: "written" }).where(eq(settings.key, `key-${number}`));
        });
      }
      // Many texts, so that each is prepared or parsed on its own.
      const [row] = await test.db.execute<{ sum: number }>(
        sql`select ${sql.raw(String(number % 20))} + ${number}::integer as sum`,
      );
      return row?.sum;
    }));

    assert.deepEqual(answers, Array.from({ length: 200 }, (_, number) => number % 20 + number));
    const written = await test.db.select().from(settings);
    assert.deepEqual(written.map(({ value }) => value), Array(50).fill("written"));
  },
);

Deno.test("openDatabase() tells every statement that is sent", async () => {
  await using test = await openTestDatabase();
  test.statements();

  await test.db.select().from(settings);
  await test.db.transaction((tx) => tx.insert(settings).values({ key: "a", value: "b" }));

  const sent = test.statements();
  assert.equal(sent.filter((statement) => /^(select|insert)/.test(statement)).length, 2);
  assert.deepEqual(test.statements(), []);
});

Deno.test("openDatabase() says that nobody answers", async () => {
  const port = freePort();

  const message = await refusal(`postgres://me:hunter2@127.0.0.1:${port}/orrery`);

  assert.equal(
    message,
    `Cannot reach the database at 127.0.0.1:${port}/orrery: nobody answers there; start PostgreSQL or correct ` +
      "ORRERY_DATABASE_URL",
  );
});

Deno.test("openDatabase() says that there is no such host", async () => {
  const message = await refusal("postgres://me:hunter2@nowhere.invalid/orrery");

  assert.match(message, /^Cannot reach the database at nowhere\.invalid\/orrery: there is no such host; /);
});

Deno.test("openDatabase() says that what answers is not PostgreSQL", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const closing = (async () => {
    for await (const connection of listener) connection.close();
  })();

  const message = await refusal(`postgres://me:hunter2@127.0.0.1:${listener.addr.port}/orrery`);

  assert.match(message, /^Cannot reach the database at 127\.0\.0\.1:\d+\/orrery: .*closed/);
  listener.close();
  await closing;
});

Deno.test("openDatabase() says that there is no such database", async () => {
  const url = new URL(await createTestDatabase(false));
  url.pathname = "/elsewhere";

  assert.match(
    await refusal(url.href),
    /^Cannot reach the database at .+\/elsewhere: there is no such database; create/,
  );
});

Deno.test("openDatabase() says that the password is wrong, and takes the right one", async () => {
  const server = await startOwnPostgres();
  const admin = await openDatabase({ url: server.url("postgres"), dataDir: "", log: createTestLog() });
  await admin.sql`create role careful login password 'right'`;
  await Deno.writeTextFile(
    join(server.directory, "data", "pg_hba.conf"),
    "host all careful 127.0.0.1/32 scram-sha-256\n",
  );
  await admin.sql`select pg_reload_conf()`;
  await admin.close();
  const url = new URL(server.url("postgres"));
  url.username = "careful";

  url.password = "hunter2";
  const message = await refusal(url.href);
  url.password = "right";
  const opened = await openDatabase({ url: url.href, dataDir: "", log: createTestLog() });

  assert.match(message, /: the user or the password is wrong; correct ORRERY_DATABASE_URL$/);
  assert.deepEqual([...await opened.sql`select current_user::text as name`], [{ name: "careful" }]);
  await opened.close();
});

Deno.test("openDatabase() refuses an older PostgreSQL", async () => {
  const url = await createTestDatabase(false);
  const admin = await openDatabase({ url, dataDir: "", log: createTestLog() });
  await admin.sql`create schema old`;
  await admin.sql`create function old.current_setting(text) returns text language sql as 'select ''130012'''`;
  await admin.sql.unsafe(
    `alter database "${new URL(url).pathname.slice(1)}" set search_path = old, pg_catalog, public`,
  );
  await admin.close();

  assert.match(
    await refusal(url),
    /^Cannot use the database at .+: it is PostgreSQL 13, at least 14 is needed$/,
  );
});

Deno.test("openDatabase() refuses a server without TLS when the address asks for it", async () => {
  const url = await createTestDatabase(false);

  assert.match(
    await refusal(`${url}?sslmode=require`),
    /: the server does not speak TLS, which sslmode asks for$/,
  );
  const opened = await openDatabase({ url: `${url}?sslmode=prefer`, dataDir: "", log: createTestLog() });
  assert.deepEqual([...await opened.sql`select 1 as one`], [{ one: 1 }]);
  await opened.close();
});

Deno.test(
  "openDatabase() speaks TLS as the address asks for",
  { ignore: !hasOpenssl() },
  async () => {
    const server = await startOwnPostgres();
    const plain = await openDatabase({ url: server.url("postgres"), dataDir: "", log: createTestLog() });
    await certify(join(server.directory, "data"));
    await plain.sql`alter system set ssl = on`;
    await plain.sql`select pg_reload_conf()`;
    await until("TLS is on", async () => {
      const [row] = await plain.sql`select current_setting('ssl') as ssl`;
      return row?.ssl === "on";
    });
    await plain.close();

    for (const [mode, encrypted] of [["disable", false], ["prefer", true], ["require", true]] as const) {
      const url = `${server.url("postgres")}?sslmode=${mode}`;
      const opened = await openDatabase({ url, dataDir: "", log: createTestLog() });
      const [row] = await opened.sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`;
      await opened.close();
      assert.equal(row?.ssl, encrypted, mode);
    }
    assert.match(
      await refusal(`${server.url("postgres")}?sslmode=verify-full`),
      /: self-signed certificate$/,
    );
  },
);

function hasOpenssl(): boolean {
  return spawnSync("openssl", ["version"]).status === 0;
}

/** A certificate that nobody has signed, where PostgreSQL looks for it. */
async function certify(data: string): Promise<void> {
  const [certificate, key] = [join(data, "server.crt"), join(data, "server.key")];
  const args = [
    "req",
    "-new",
    "-x509",
    "-nodes",
    "-subj",
    "/CN=localhost",
    "-out",
    certificate,
    "-keyout",
    key,
  ];
  assert.equal(spawnSync("openssl", args).status, 0);
  // Its key has to be its own, and this test may run as root.
  const { uid, gid } = await Deno.stat(data);
  for (const path of [certificate, key]) await Deno.chown(path, uid, gid);
  await Deno.chmod(key, 0o600);
}

Deno.test("openDatabase() refuses a database of another encoding, and says how to make one", async () => {
  const server = await startOwnPostgres({
    initdb: ["--encoding=SQL_ASCII", "--locale-provider=libc", "--locale=C"],
  });

  assert.match(
    await refusal(server.url("postgres")),
    /^Cannot use the database at .+: its encoding is SQL_ASCII, UTF8 is needed; .*`create database NAME encoding 'UTF8' /,
  );
});

Deno.test("openDatabase() connects through a socket that the address names", async () => {
  const url = new URL(await createTestDatabase(false));
  const other = await openDatabase({ url: url.href, dataDir: "", log: createTestLog() });
  const [row] = await other.sql`select current_setting('unix_socket_directories') as folder`;
  await other.close();
  const folder: string = row?.folder ?? "";
  const rest = `${url.username}@`;

  for (
    const address of [
      `postgres://${rest}/postgres?host=${folder}&port=${url.port}`,
      `postgres://${rest}${encodeURIComponent(folder)}:${url.port}/postgres`,
    ]
  ) {
    const opened = await openDatabase({ url: address, dataDir: "", log: createTestLog() });
    const [found] = await opened.sql`select inet_server_addr() is null as local`;
    assert.deepEqual({ ...found }, { local: true }, address);
    await opened.close();
  }
  assert.match(
    await refusal(`postgres://${rest}/postgres?host=${folder}/none&port=${url.port}`),
    /^Cannot reach the database at \/.+\/none:\d+\/postgres: nobody answers there; /,
  );
});

Deno.test(
  "openDatabase() refuses a pooler that gives a session to several clients, and takes one that keeps sessions",
  {
    ignore: !hasPgBouncer(),
  },
  async () => {
    const server = await startOwnPostgres();
    const modes = [["transaction", "ignore_startup_parameters = jit"], ["session", ""]] as const;

    for (const [mode, setting] of [...modes, ["session", "ignore_startup_parameters = jit"]] as const) {
      await using pooler = await startPgBouncer(server, mode, setting);
      const url = `postgres://orrery@127.0.0.1:${pooler.port}/postgres`;
      if (mode === "transaction") {
        assert.match(
          await refusal(url),
          /^Cannot use the database at .+: a connection pooler .+; set pool_mode = session /,
        );
      } else if (setting === "") {
        assert.match(
          await refusal(url),
          /; if a connection pooler answers there, set .+ ignore_startup_parameters = jit /,
        );
      } else {
        const opened = await openDatabase({ url, dataDir: "", log: createTestLog() });
        assert.deepEqual([...await opened.sql`select 1 as one`], [{ one: 1 }]);
        await opened.close();
      }
    }
  },
);

function hasPgBouncer(): boolean {
  return spawnSync(PGBOUNCER, ["--version"]).status === 0;
}

async function startPgBouncer(
  { directory, port: target }: TestPostgres,
  mode: string,
  setting: string,
): Promise<AsyncDisposable & { readonly port: number }> {
  const port = freePort();
  const [file, users] = [join(directory, "pgbouncer.ini"), join(directory, "users")];
  await Deno.writeTextFile(users, '"orrery" ""\n');
  await Deno.writeTextFile(
    file,
    [
      "[databases]",
      `postgres = host=127.0.0.1 port=${target} user=orrery`,
      "[pgbouncer]",
      `listen_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =`,
      `auth_type = any\nauth_file = ${users}\npool_mode = ${mode}\n${setting}`,
    ].join("\n"),
  );
  const user = await chooseDatabaseUser(directory);
  const child = user.command(PGBOUNCER, [file], { stdin: "null", stdout: "null", stderr: "null" }).spawn();
  await until("the pooler listens", () =>
    Deno.connect({ hostname: "127.0.0.1", port }).then((connection) => {
      connection.close();
      return true;
    }, () => false));
  return {
    port,
    async [Symbol.asyncDispose](): Promise<void> {
      child.kill("SIGKILL");
      await child.status;
    },
  };
}
